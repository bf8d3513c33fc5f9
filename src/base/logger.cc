#include "base/logger.h"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace waypost {
namespace {

spdlog::logger& Lines() {
  static const auto logger = [] {
    auto made = spdlog::stderr_logger_mt("waypost");
    made->set_pattern("{\"time\":\"%Y-%m-%dT%H:%M:%S.%eZ\",\"level\":\"%l\",%v}",
                      spdlog::pattern_time_type::utc);
    made->flush_on(spdlog::level::info);
    return made;
  }();
  return *logger;
}

void Write(spdlog::level::level_enum level, std::string_view what,
           std::initializer_list<LogField> fields) {
  std::string line = "\"what\":" + JsonQuoted(what);
  for (const LogField& field : fields) {
    line += ',' + JsonQuoted(field.name) + ':';
    if (const auto* text = std::get_if<std::string>(&field.value)) line += JsonQuoted(*text);
    if (const auto* whole = std::get_if<int64_t>(&field.value)) line += fmt::format("{}", *whole);
    if (const auto* real = std::get_if<double>(&field.value)) line += fmt::format("{}", *real);
    if (const auto* flag = std::get_if<bool>(&field.value)) line += *flag ? "true" : "false";
  }
  Lines().log(level, "{}", line);
}

}  // namespace

std::string JsonList(const std::vector<std::string>& items) {
  return fmt::format("[{}]", fmt::join(items, ","));
}

std::string JsonQuoted(std::string_view text) {
  const auto is_plain = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 && byte != 0x7F && c != '"' && c != '\\';
  };
  std::string out;
  out.reserve(text.size() + 2);
  out += '"';
  while (!text.empty()) {
    const size_t plain = std::ranges::find_if_not(text, is_plain) - text.begin();
    out += text.substr(0, plain);
    if (plain == text.size()) break;
    const char c = text[plain];
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else {
      out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    }
    text.remove_prefix(plain + 1);
  }
  return out += '"';
}

void LogInfo(std::string_view what, std::initializer_list<LogField> fields) {
  Write(spdlog::level::info, what, fields);
}
void LogWarning(std::string_view what, std::initializer_list<LogField> fields) {
  Write(spdlog::level::warn, what, fields);
}
void LogError(std::string_view what, std::initializer_list<LogField> fields) {
  Write(spdlog::level::err, what, fields);
}

}  // namespace waypost
