#include "base/logger.h"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

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
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7F) {
      out += fmt::format("\\u{:04x}", byte);
    } else {
      out += c;
    }
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
