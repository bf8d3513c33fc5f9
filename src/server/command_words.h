// Words of a command line where a command is wanted.
#pragma once

#include <span>

#include "base/result.h"

namespace CLI {
class App;
}

namespace waypost::server {

// Errors: kInvalid for the first word that should name a command of `app`, or of
// a command in it, and names none; it says the nearest that does. Flags before a command are not
// judged.
Result<> CheckCommand(const CLI::App& app, std::span<char*> words);

}  // namespace waypost::server
