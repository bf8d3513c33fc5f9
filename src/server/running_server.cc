#include "server/running_server.h"

#include <fmt/format.h>

#include <cstdio>

#include "services/secret_file.h"

namespace waypost::server {
namespace {

// A server makes one at its first start; who asks it does not.
Result<std::string> TokenOf(const services::Machine& machine, const services::Config& config) {
  if (!config.api_token.empty()) return config.api_token;
  const Result<uint64_t> made = machine.files.FileSize(config.data + "/api_token");
  if (!made.ok() && made.error().code() == Code::kNotFound) {
    return Error(Code::kNotFound, "not_found",
                 "no server was started with its data in '" + config.data +
                     "': give --data as it was, or WAYPOST_API_TOKEN");
  }
  return services::ReadOrMakeSecret(machine.files, machine.random, config.data, "api_token");
}

// Letters, digits and `plain` stay as they are.
std::string EscapedBut(std::string_view text, std::string_view plain) {
  std::string out;
  for (const char c : text) {
    const bool stays = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       plain.find(c) != plain.npos;
    out += stays ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

}  // namespace

Result<std::string> AskRunningServer(const services::Machine& machine,
                                     const services::Config& config, const std::string& target,
                                     const std::string& body, const std::string& method) {
  const std::string token = TRY(TokenOf(machine, config));
  std::string request = method + " " + target + " HTTP/1.1\r\nHost: " + config.listen_address;
  request +=
      "\r\nAuthorization: Bearer " + token + "\r\nContent-Length: " + std::to_string(body.size());
  request += "\r\nConnection: close\r\n\r\n" + body;
  Result<std::string> exchanged =
      machine.network.Exchange(config.listen_address, config.listen_port, request);
  if (!exchanged.ok()) {
    return std::move(exchanged).error().While(
        fmt::format("no server answers at {}:{}; start it, or give --listen-address and "
                    "--listen-port as they were given to it",
                    config.listen_address, config.listen_port));
  }
  const std::string answer = std::move(exchanged).value();
  const size_t head = answer.find("\r\n\r\n");
  if (head == answer.npos) return Error(Code::kIo, "the server closed without an answer");
  if (!answer.starts_with("HTTP/1.1 2")) {
    return Error(Code::kInvalid, "refused", "the server says: " + answer.substr(head + 4));
  }
  return answer.substr(head + 4);
}

Result<std::string> AnswerHereOrThere(
    const services::Machine& machine, const services::Config& config, const std::string& project,
    const std::function<Result<std::string>(services::Engines&)>& here, const ServerCall& there) {
  services::Engines engines;
  const Result<> opened = engines.Open(machine, config, {project});
  if (!opened.ok() && opened.error().name() != "locked") return opened.error();
  if (!opened.ok()) {
    return AskRunningServer(machine, config, there.target, there.body, there.method);
  }
  std::string answer = TRY(here(engines));
  engines.Stop();
  return answer;
}

Result<> PrintAnswer(const services::Machine& machine, const services::Config& config,
                     const std::string& project,
                     const std::function<Result<std::string>(services::Engines&)>& here,
                     const ServerCall& there) {
  std::puts(TRY(AnswerHereOrThere(machine, config, project, here, there)).c_str());
  return {};
}

Result<> PrintCall(const services::Machine& machine, const services::Config& config,
                   const ServerCall& call) {
  const std::string target = EscapedBut(call.target, "-_.~/?&=%,:+");
  std::puts(TRY(AskRunningServer(machine, config, target, call.body, call.method)).c_str());
  return {};
}

std::string Escaped(std::string_view text) { return EscapedBut(text, "-_."); }

}  // namespace waypost::server
