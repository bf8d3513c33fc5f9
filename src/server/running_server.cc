#include "server/running_server.h"

#include "server/secret_file.h"

namespace waypost::server {

Result<std::string> AskRunningServer(const Machine& machine, const Config& config,
                                     const std::string& target, const std::string& body,
                                     const std::string& method) {
  const std::string token =
      config.api_token.empty()
          ? TRY(ReadOrMakeSecret(machine.files, machine.random, config.data, "api_token"))
          : config.api_token;
  std::string request = method + " " + target + " HTTP/1.1\r\nHost: " + config.listen_address;
  request +=
      "\r\nAuthorization: Bearer " + token + "\r\nContent-Length: " + std::to_string(body.size());
  request += "\r\nConnection: close\r\n\r\n" + body;
  const std::string answer =
      TRY(machine.network.Exchange(config.listen_address, config.listen_port, request));
  const size_t head = answer.find("\r\n\r\n");
  if (head == answer.npos) return Error(Code::kIo, "the server closed without an answer");
  if (!answer.starts_with("HTTP/1.1 200 ")) {
    return Error(Code::kInvalid, "refused", "the server says: " + answer.substr(head + 4));
  }
  return answer.substr(head + 4);
}

}  // namespace waypost::server
