// Calls of the server that has the data folder open, with the token of that folder.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "services/config.h"
#include "services/engines.h"
#include "services/machine.h"

namespace waypost::server {

// Sends `body` (POSTs it, unless said) and returns the answer's. Errors: kNotFound when no server
// ever had the data folder; kUnavailable when nobody listens at the configured address; kInvalid
// with the server's answer when it is not 200.
Result<std::string> AskRunningServer(const services::Machine& machine,
                                     const services::Config& config, const std::string& target,
                                     const std::string& body, const std::string& method = "POST");

// A call as the server that has the folder open takes it.
struct ServerCall {
  std::string method, target, body;
};

// The answer of `here` on the project's engine or, when a server has the folder open, that server's
// answer to `there`.
Result<std::string> AnswerHereOrThere(
    const services::Machine& machine, const services::Config& config, const std::string& project,
    const std::function<Result<std::string>(services::Engines&)>& here, const ServerCall& there);
// Prints it.
Result<> PrintAnswer(const services::Machine& machine, const services::Config& config,
                     const std::string& project,
                     const std::function<Result<std::string>(services::Engines&)>& here,
                     const ServerCall& there);

// Makes a call to the running server and prints its answer. What cannot stand in a target is
// escaped.
Result<> PrintCall(const services::Machine& machine, const services::Config& config,
                   const ServerCall& call);

// As a part of a path or of a query: what is no letter, digit, '-', '_' or '.' as %XX.
std::string Escaped(std::string_view text);

}  // namespace waypost::server
