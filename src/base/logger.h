// Structured logs: one JSON object a line on standard error. Values are escaped, so nothing a
// client sends can forge a line.
//
//   LogInfo("log.recovered", {{"records", 12}, {"cut_bytes", 17}});
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace waypost {

struct LogField {
  std::string_view name;
  std::variant<int64_t, double, bool, std::string> value;

  LogField(std::string_view n, int v) : name(n), value(static_cast<int64_t>(v)) {}
  LogField(std::string_view n, int64_t v) : name(n), value(v) {}
  LogField(std::string_view n, uint64_t v) : name(n), value(static_cast<int64_t>(v)) {}
  LogField(std::string_view n, uint32_t v) : name(n), value(static_cast<int64_t>(v)) {}
  LogField(std::string_view n, double v) : name(n), value(v) {}
  LogField(std::string_view n, bool v) : name(n), value(v) {}
  LogField(std::string_view n, std::string v) : name(n), value(std::move(v)) {}
  LogField(std::string_view n, std::string_view v) : name(n), value(std::string(v)) {}
  LogField(std::string_view n, const char* v) : name(n), value(std::string(v)) {}
};

// `what` is a stable dotted word; never put a secret or a customer's data in a field.
void LogInfo(std::string_view what, std::initializer_list<LogField> fields = {});
void LogWarning(std::string_view what, std::initializer_list<LogField> fields = {});
void LogError(std::string_view what, std::initializer_list<LogField> fields = {});

// "text" with quotes, backslashes and control bytes escaped as JSON wants.
std::string JsonQuoted(std::string_view text);
// [a,b] of what is JSON already.
std::string JsonList(const std::vector<std::string>& items);

}  // namespace waypost
