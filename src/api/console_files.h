// The console, as the build packed it: files of one folder, some compressed ahead.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace waypost::api {

struct ConsoleFile {
  std::string_view name;  // "index.html", "assets/index-3f9a0c.js"
  std::string_view content_type;
  std::string_view plain;
  std::string_view gzip, brotli;  // empty: no smaller than plain
};

// What the console is served from.
struct Console {
  std::span<const ConsoleFile> files;      // empty: this build has none
  std::string environment = "production";  // what people are told they work on
};

}  // namespace waypost::api
