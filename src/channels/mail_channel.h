// A channel that hands mail to an SMTP server. Its Message-ID is made of the message's key. Where
// the link of `unsubscribe` is, mail programs show a button for it (RFC 8058).
//
// A text may begin with "Subject: " and a line of its own; one that begins with '<' is HTML.
#pragma once

#include <map>
#include <string>

#include "channels/description.h"

namespace waypost::channels {

class MailChannel final : public Channel {
 public:
  // Secrets "user" and "password" sign in. `egress` must outlive the channel.
  MailChannel(Description description, std::map<std::string, std::string> secrets,
              io::Egress& egress)
      : description_(std::move(description)), secrets_(std::move(secrets)), egress_(egress) {}

  const Traits& traits() const override { return description_.traits; }
  Answer Send(const Message& message) override;
  std::optional<bool> Find(const Message&) override { return {}; }

 private:
  const Description description_;
  const std::map<std::string, std::string> secrets_;
  io::Egress& egress_;
};

// One address of a mailbox, that cannot end a command or a header: "a@b.example".
bool IsMailbox(std::string_view text);
// The mail as RFC 5322 has it. Errors: Fill's.
Result<std::string> MakeMail(const Description& description, const Message& message);

}  // namespace waypost::channels
