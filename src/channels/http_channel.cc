#include "channels/http_channel.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>

namespace waypost::channels {
namespace {

constexpr int64_t kMostRetryAfterMs = 24 * 3'600'000;

std::string Base64(std::span<const uint8_t> bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<uint8_t*>(text.data()), bytes.data(),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<size_t>(size));
  return text;
}

std::string Hex(std::span<const uint8_t> bytes) {
  std::string text;
  for (const uint8_t byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

// How the body is written, by the request's Content-Type.
Place PlaceOf(const Request& request) {
  for (const auto& [name, value] : request.headers) {
    std::string lower = name + ":" + value;
    std::ranges::transform(lower, lower.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? char(c | 0x20) : c; });
    if (!lower.starts_with("content-type:")) continue;
    if (lower.find("json") != lower.npos) return Place::kJson;
    if (lower.find("xml") != lower.npos) return Place::kXml;
    if (lower.find("form-urlencoded") != lower.npos) return Place::kUrl;
  }
  return Place::kPlain;
}

}  // namespace

std::optional<std::string> HttpChannel::Value(std::string_view name, const Message& message,
                                              const std::string* body,
                                              const std::string& sign) const {
  if (name == "key") return message.key;
  if (name == "address") return message.address;
  if (name == "text") return message.text;
  if (name == "journey") return message.journey;
  if (name == "node") return message.node;
  if (name == "channel") return message.channel;
  if (name == "time") return std::to_string(message.time_ms / 1'000);
  if (name == "time_ms") return std::to_string(message.time_ms);
  if (name == "body" && body) return *body;
  if (name == "sign") return sign;
  if (!name.starts_with(kSecretPrefix)) return {};
  const auto secret = secrets_.find(std::string(name.substr(kSecretPrefix.size())));
  if (secret == secrets_.end()) return {};
  return secret->second;
}

Result<std::string> HttpChannel::Sign(const Message& message, const std::string* body) const {
  const Signing& signing = description_.signing;
  if (signing.over.empty()) return std::string();
  const auto secret = secrets_.find(signing.secret);
  if (secret == secrets_.end()) {
    return Error(Code::kInvalid, "render_error", "there is no value for " + signing.secret);
  }
  const std::string over = TRY(Fill(signing.over, Place::kPlain, [&](std::string_view name) {
    return Value(name, message, body, {});
  }));
  std::array<uint8_t, EVP_MAX_MD_SIZE> mac;
  unsigned size = 0;
  CHECK(HMAC(EVP_sha256(), secret->second.data(), static_cast<int>(secret->second.size()),
             reinterpret_cast<const uint8_t*>(over.data()), over.size(), mac.data(), &size));
  const std::span<const uint8_t> bytes(mac.data(), size);
  return signing.base64 ? Base64(bytes) : Hex(bytes);
}

// A signature over the body cannot stand in it; any other may.
Result<io::HttpCall> HttpChannel::Make(const Request& request, const Message& message) const {
  const bool over_body = description_.signing.over.find("{{body}}") != std::string::npos;
  std::string sign, body;
  const auto fill = [&](const std::string& text, Place place) {
    return Fill(text, place,
                [&](std::string_view name) { return Value(name, message, &body, sign); });
  };
  if (!over_body) sign = TRY(Sign(message, nullptr));
  body = TRY(fill(request.body, PlaceOf(request)));
  if (over_body) sign = TRY(Sign(message, &body));
  io::HttpCall call{.method = request.method,
                    .url = TRY(fill(request.url, Place::kUrl)),
                    .headers = {},
                    .body = body,
                    .timeout_ms = request.timeout_ms,
                    .repeatable = description_.traits.repeatable};
  for (const auto& [name, value] : request.headers) {
    call.headers.emplace_back(name, TRY(fill(value, Place::kHeader)));
  }
  return call;
}

Answer HttpChannel::Send(const Message& given) {
  const std::optional<Message> addressed = Addressed(description_, given);
  if (!addressed) return {HandOff::kRejected, "no " + description_.address};
  const Message& message = *addressed;
  for (const std::string& secret : description_.secrets) {
    if (!secrets_.contains(secret)) return {HandOff::kBusy, "secret " + secret + " is not set"};
  }
  const Result<io::HttpCall> call = Make(description_.send, message);
  if (!call.ok()) return {HandOff::kRejected, call.error().message()};
  const Result<io::HttpReply> reply = egress_.Call(call.value());
  if (!reply.ok()) {
    const bool sent = reply.error().name() == "no_answer";
    return {sent ? HandOff::kUnknown : HandOff::kBusy, reply.error().message()};
  }
  const std::string status = "status " + std::to_string(reply.value().status);
  if (FitsOne(description_.accepted, reply.value())) {
    return {HandOff::kAccepted, status, Captured(description_.capture, reply.value().body)};
  }
  if (FitsOne(description_.busy, reply.value())) {
    return {HandOff::kBusy, status, {}, std::min(reply.value().retry_after_ms, kMostRetryAfterMs)};
  }
  if (FitsOne(description_.rejected, reply.value())) return {HandOff::kRejected, status};
  return {HandOff::kUnknown, status};
}

std::optional<bool> HttpChannel::Ask(const Message& message, const Request& request,
                                     const std::vector<Match>& yes,
                                     const std::vector<Match>& no) const {
  const std::optional<Message> addressed = Addressed(description_, message);
  if (!addressed) return false;
  Result<io::HttpCall> call = Make(request, *addressed);
  if (!call.ok()) return {};
  call.value().repeatable = true;
  const Result<io::HttpReply> reply = egress_.Call(call.value());
  if (!reply.ok()) return {};
  if (FitsOne(no, reply.value())) return false;
  if (FitsOne(yes, reply.value())) return true;
  return {};
}

std::optional<bool> HttpChannel::Find(const Message& message) {
  if (!description_.traits.can_find) return {};
  return Ask(message, description_.query, description_.found, description_.absent);
}

std::optional<bool> HttpChannel::Recall(const Message& message) {
  if (!description_.traits.can_recall) return {};
  return Ask(message, description_.recall, description_.recalled, description_.too_late);
}

}  // namespace waypost::channels
