// Small files read whole.
#pragma once

#include <string>

#include "io/file_system.h"

namespace waypost::services {

// Errors: kNotFound; kTooLarge over 16 MiB; kIo.
Result<std::string> ReadTextFile(io::FileSystem& files, const std::string& path);

}  // namespace waypost::services
