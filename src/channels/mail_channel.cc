#include "channels/mail_channel.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <ctime>

#include "channels/placeholders.h"

namespace waypost::channels {
namespace {

constexpr size_t kMaxMailbox = 254;  // RFC 5321
constexpr size_t kLine = 57;         // bytes of one line of 76 base64 characters
constexpr size_t kWord = 45;         // bytes of one encoded word of 75 characters

std::string Base64(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<uint8_t*>(text.data()),
                                   reinterpret_cast<const uint8_t*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<size_t>(size));
  return text;
}

// At most `limit` bytes from the front, never a part of a UTF-8 character.
std::string_view TakeFront(std::string_view* text, size_t limit) {
  size_t size = std::min(limit, text->size());
  while (size > 0 && size < text->size() && (static_cast<uint8_t>((*text)[size]) & 0xC0) == 0x80) {
    --size;
  }
  if (size == 0) size = std::min(limit, text->size());
  const std::string_view front = text->substr(0, size);
  text->remove_prefix(size);
  return front;
}

// RFC 2047.
std::string HeaderText(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    out += (out.empty() ? "" : "\r\n ") +
           fmt::format("=?UTF-8?B?{}?=", Base64(TakeFront(&text, kWord)));
  }
  return out;
}

// RFC 5322, of UTC.
std::string DateOf(int64_t time_ms) {
  constexpr const char* kDays[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
  constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t seconds = time_ms / 1'000;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} +0000", kDays[(seconds / 86'400) % 7],
                     utc.tm_mday, kMonths[utc.tm_mon], utc.tm_year + 1900, utc.tm_hour, utc.tm_min,
                     utc.tm_sec);
}

}  // namespace

bool IsMailbox(std::string_view text) {
  const size_t at = text.find('@');
  const bool plain = std::ranges::all_of(text, [](char c) {
    return c > ' ' && c <= '~' &&
           std::string_view("<>,;:\\\"()[]").find(c) == std::string_view::npos;
  });
  return plain && text.size() <= kMaxMailbox && at != text.npos && at > 0 && at <= 64 &&
         at + 1 < text.size() && text.find('@', at + 1) == text.npos;
}

Result<std::string> MakeMail(const Description& description, const Message& message) {
  const auto fill = [&](const std::string& text, Place place) {
    return Fill(text, place, [&](std::string_view name) -> std::optional<std::string> {
      if (name == "key") return message.key;
      if (name == "journey") return message.journey;
      if (name == "node") return message.node;
      if (name == "address") return message.address;
      if (name == "proof" && description.prove) return description.prove(message.key);
      return {};
    });
  };
  std::string_view text = message.text;
  std::string subject;
  constexpr std::string_view kSubject = "Subject: ";
  if (text.starts_with(kSubject)) {
    const size_t end = text.find('\n');
    subject = text.substr(kSubject.size(), end == text.npos ? end : end - kSubject.size());
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    text.remove_prefix(std::min(text.find_first_not_of("\r\n"), text.size()));
  } else {
    subject = TRY(fill(description.subject, Place::kHeader));
  }
  const std::string link = TRY(fill(description.unsubscribe, Place::kUrl));
  const std::string_view domain =
      std::string_view(description.from).substr(description.from.find('@') + 1);
  std::string mail = fmt::format(
      "Date: {}\r\nFrom: <{}>\r\nTo: <{}>\r\nMessage-ID: <{}@{}>\r\nSubject: {}\r\n"
      "List-Unsubscribe: <{}>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
      "MIME-Version: 1.0\r\nContent-Type: text/{}; charset=utf-8\r\n"
      "Content-Transfer-Encoding: base64\r\n\r\n",
      DateOf(message.time_ms), description.from, message.address, message.key, domain,
      HeaderText(subject), link, text.starts_with('<') ? "html" : "plain");
  while (!text.empty())
    mail += Base64(text.substr(0, kLine)) + "\r\n",
        text.remove_prefix(std::min(kLine, text.size()));
  return mail;
}

Answer MailChannel::Send(const Message& given) {
  const std::optional<Message> addressed = Addressed(description_, given);
  if (!addressed) return {HandOff::kRejected, "no " + description_.address};
  const Message& message = *addressed;
  if (!IsMailbox(message.address)) return {HandOff::kRejected, "invalid_recipient"};
  const Result<std::string> mail = MakeMail(description_, message);
  if (!mail.ok()) return {HandOff::kRejected, mail.error().message()};
  const auto secret = [&](const char* name) {
    const auto found = secrets_.find(name);
    return found == secrets_.end() ? std::string() : found->second;
  };
  const Result<int> code = egress_.Send({.url = description_.url,
                                         .user = secret("user"),
                                         .password = secret("password"),
                                         .from = description_.from,
                                         .to = message.address,
                                         .data = mail.value()});
  if (!code.ok()) {
    const bool sent = code.error().name() == "no_answer";
    return {sent ? HandOff::kUnknown : HandOff::kBusy, code.error().message()};
  }
  const std::string status = "smtp " + std::to_string(code.value());
  if (code.value() < 400) return {HandOff::kAccepted, status};
  return {code.value() < 500 ? HandOff::kBusy : HandOff::kRejected, status};
}

}  // namespace waypost::channels
