// The console that the build packed; web/CMakeLists.txt makes the definition.
#pragma once

#include <span>

#include "api/console_files.h"

namespace waypost::server {

// The program's own memory: never changes, lives as long as the program.
std::span<const api::ConsoleFile> ConsoleFiles();

}  // namespace waypost::server
