#include "channels/http_channel.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>

#include "base/bytes.h"

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
  if (name == "text_base64") return Base64(AsBytes(message.text));
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

// A signature over the body cannot stand in it; any other may. What is said once of several
// messages says nothing that differs between them (description.cc).
Result<io::HttpCall> HttpChannel::Make(const Request& request, std::span<const Message> messages,
                                       const Batch& batch) const {
  const bool over_body = description_.signing.over.find("{{body}}") != std::string::npos;
  const Message& first = messages.front();
  const Place place = PlaceOf(request);
  std::string sign, body;
  const auto fill = [&](const std::string& text, Place where, const Message& message) {
    return Fill(text, where,
                [&](std::string_view name) { return Value(name, message, &body, sign); });
  };
  if (!over_body) sign = TRY(Sign(first, nullptr));
  std::string said = TRY(fill(batch.before, place, first));
  for (const Message& message : messages) {
    if (&message != &first) said += ',';
    said += TRY(fill(request.body, place, message));
  }
  said += TRY(fill(batch.after, place, first));
  body = std::move(said);
  if (over_body) sign = TRY(Sign(first, &body));
  io::HttpCall call{.method = request.method,
                    .url = TRY(fill(request.url, Place::kUrl, first)),
                    .headers = {},
                    .body = body,
                    .timeout_ms = request.timeout_ms,
                    .repeatable = description_.traits.repeatable};
  for (const auto& [name, value] : request.headers) {
    call.headers.emplace_back(name, TRY(fill(value, Place::kHeader, first)));
  }
  return call;
}

std::vector<Answer> HttpChannel::SendAll(std::span<const Message> given) {
  std::vector<Answer> answers(given.size(), {HandOff::kRejected, "no " + description_.address});
  std::vector<Message> messages;
  std::vector<size_t> places;
  for (size_t i = 0; i < given.size(); ++i) {
    std::optional<Message> addressed = Addressed(description_, given[i]);
    if (!addressed) continue;
    messages.push_back(*std::move(addressed));
    places.push_back(i);
  }
  if (messages.empty()) return answers;
  std::vector<Answer> came = Call(messages);
  for (size_t i = 0; i < came.size(); ++i) answers[places[i]] = std::move(came[i]);
  return answers;
}

std::vector<Answer> HttpChannel::Call(std::span<const Message> messages) const {
  const auto all = [&](Answer answer) { return std::vector<Answer>(messages.size(), answer); };
  for (const std::string& secret : description_.secrets) {
    if (!secrets_.contains(secret))
      return all({HandOff::kBusy, "secret " + secret + " is not set"});
  }
  const Result<io::HttpCall> call = Make(description_.send, messages, description_.batch);
  if (!call.ok()) return all({HandOff::kRejected, call.error().message()});
  const Result<io::HttpReply> reply = egress_.Call(call.value());
  if (!reply.ok()) {
    const bool sent = reply.error().name() == "no_answer";
    return all({sent ? HandOff::kUnknown : HandOff::kBusy, reply.error().message()});
  }
  if (description_.traits.together == 1) return all(Judge(reply.value()));
  return JudgeAll(reply.value(), messages.size());
}

Answer HttpChannel::Judge(const io::HttpReply& reply) const {
  const std::string status = "status " + std::to_string(reply.status);
  if (FitsOne(description_.accepted, reply)) {
    return {HandOff::kAccepted, status, Captured(description_.capture, reply.body)};
  }
  if (FitsOne(description_.busy, reply)) {
    return {HandOff::kBusy, status, {}, std::min(reply.retry_after_ms, kMostRetryAfterMs)};
  }
  if (FitsOne(description_.rejected, reply)) return {HandOff::kRejected, status};
  return {HandOff::kUnknown, status};
}

// A call that is refused as a whole says nothing against any one of its messages.
std::vector<Answer> HttpChannel::JudgeAll(const io::HttpReply& reply, size_t count) const {
  const std::string status = "status " + std::to_string(reply.status);
  if (reply.status / 100 != 2) {
    Answer answer = Judge(reply);
    if (answer.what == HandOff::kRejected) answer.what = HandOff::kBusy;
    return std::vector<Answer>(count, answer);
  }
  if (reply.body.find_first_not_of(" \t\r\n") == reply.body.npos) {
    return std::vector<Answer>(count, {HandOff::kAccepted, status});
  }
  std::vector<Answer> answers;
  for (const io::HttpReply& one : ResultsOf(description_.batch, reply, count)) {
    answers.push_back(Judge(one));
  }
  if (answers.empty()) {
    answers.assign(count, {HandOff::kUnknown, status + " without a result for each message"});
  }
  return answers;
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
