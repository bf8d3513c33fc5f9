// A channel that calls a provider over HTTP, as its description says.
#pragma once

#include <map>
#include <string>

#include "channels/description.h"
#include "channels/placeholders.h"

namespace waypost::channels {

class HttpChannel final : public Channel {
 public:
  // `egress` must outlive the channel. A secret that has no value yet makes every message busy.
  HttpChannel(Description description, std::map<std::string, std::string> secrets,
              io::Egress& egress)
      : description_(std::move(description)), secrets_(std::move(secrets)), egress_(egress) {}

  const Traits& traits() const override { return description_.traits; }
  Answer Send(const Message& message) override { return SendAll({&message, 1}).front(); }
  std::vector<Answer> SendAll(std::span<const Message> messages) override;
  std::optional<bool> Find(const Message& message) override;
  std::optional<bool> Recall(const Message& message) override;

  // What would be sent; for trying things. Errors: Fill's.
  std::optional<bool> Ask(const Message& message, const Request& request,
                          const std::vector<Match>& yes, const std::vector<Match>& no) const;
  Result<io::HttpCall> Make(const Request& request, const Message& message) const {
    return Make(request, {&message, 1}, {});
  }

 private:
  std::optional<std::string> Value(std::string_view name, const Message& message,
                                   const std::string* body, const std::string& sign) const;
  Result<std::string> Sign(const Message& message, const std::string* body) const;
  Result<io::HttpCall> Make(const Request& request, std::span<const Message> messages,
                            const Batch& batch) const;
  std::vector<Answer> Call(std::span<const Message> messages) const;
  Answer Judge(const io::HttpReply& reply) const;
  std::vector<Answer> JudgeAll(const io::HttpReply& reply, size_t count) const;

  const Description description_;
  const std::map<std::string, std::string> secrets_;
  io::Egress& egress_;
};

}  // namespace waypost::channels
