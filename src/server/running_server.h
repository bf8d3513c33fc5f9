// Calls of the server that has the data folder open, with the token of that folder.
#pragma once

#include <string>

#include "server/config.h"
#include "server/machine.h"

namespace waypost::server {

// Sends `body` (POSTs it, unless said) and returns the answer's. Errors: kUnavailable when nobody
// listens at the configured address; kInvalid with the server's answer when it is not 200.
Result<std::string> AskRunningServer(const Machine& machine, const Config& config,
                                     const std::string& target, const std::string& body,
                                     const std::string& method = "POST");

}  // namespace waypost::server
