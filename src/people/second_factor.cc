#include "people/second_factor.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "base/bytes.h"
#include "people/people_json.h"

namespace waypost::people {
namespace {

namespace json = boost::json;

constexpr size_t kSecretBytes = 20, kRecoveryBytes = 10, kRecoveryCodes = 10;

std::string RandomBytes(io::Random& random, size_t size) {
  std::string bytes(size, '\0');
  random.Fill({reinterpret_cast<uint8_t*>(bytes.data()), bytes.size()});
  return bytes;
}

std::string Hex(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return text;
}

std::string UnHex(std::string_view text) {
  std::string bytes;
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  for (size_t at = 0; at + 1 < text.size(); at += 2)
    bytes += static_cast<char>(digit(text[at]) * 16 + digit(text[at + 1]));
  return bytes;
}

// As it was shown, whatever blanks, dashes and small letters it was typed with.
std::string Typed(std::string_view code) {
  std::string plain;
  for (const char c : code) {
    if (c == ' ' || c == '-') continue;
    plain += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  }
  return plain;
}

}  // namespace

std::string CodeOf(std::string_view secret, int64_t step, int digits) {
  std::array<uint8_t, 8> counter;
  for (size_t i = 0; i < counter.size(); ++i)
    counter[i] = static_cast<uint8_t>(static_cast<uint64_t>(step) >> (56 - 8 * i));
  std::array<uint8_t, SHA_DIGEST_LENGTH> mac;
  unsigned size = mac.size();
  CHECK(HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()), counter.data(),
             counter.size(), mac.data(), &size) != nullptr);
  const size_t at = mac.back() & 0x0F;  // RFC 4226 5.3
  const uint32_t number = (mac[at] & 0x7Fu) << 24 | uint32_t{mac[at + 1]} << 16 |
                          uint32_t{mac[at + 2]} << 8 | mac[at + 3];
  uint32_t modulus = 1;
  for (int i = 0; i < digits; ++i) modulus *= 10;
  return fmt::format("{:0{}}", number % modulus, digits);
}

std::string Base32(std::string_view bytes) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string text;
  uint32_t held = 0;
  int bits = 0;
  for (const char byte : bytes) {
    held = held << 8 | static_cast<unsigned char>(byte);
    for (bits += 8; bits >= 5; bits -= 5) text += kDigits[held >> (bits - 5) & 31];
  }
  if (bits > 0) text += kDigits[held << (5 - bits) & 31];
  return text;
}

std::string Fingerprint(std::string_view secret) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest;
  SHA256(AsBytes(secret).data(), secret.size(), digest.data());
  return Hex(AsText(digest));
}

SecondFactor SecondFactor::Make(io::Random& random) {
  return {.secret = RandomBytes(random, kSecretBytes)};
}

std::vector<std::string> SecondFactor::NewRecovery(io::Random& random) {
  recovery.clear();
  std::vector<std::string> codes;
  for (size_t i = 0; i < kRecoveryCodes; ++i) {
    codes.push_back(Base32(RandomBytes(random, kRecoveryBytes)));
    recovery.push_back(Fingerprint(codes.back()));
  }
  return codes;
}

bool SecondFactor::Use(std::string_view code, int64_t now_ms) {
  if (code.size() > 64) return false;
  const std::string typed = Typed(code);
  const int64_t now = now_ms / kStepMs;
  for (int64_t step = std::max(now - 1, last_step + 1); step <= now + 1; ++step) {
    if (CodeOf(secret, step) != typed) continue;
    last_step = step;
    return true;
  }
  const auto left = std::ranges::find(recovery, Fingerprint(typed));
  if (left == recovery.end()) return false;
  recovery.erase(left);
  return true;
}

std::string SecondFactor::Json() const {
  if (secret.empty()) return {};
  return json::serialize(json::value{{"secret", Hex(secret)},
                                     {"confirmed", confirmed},
                                     {"last_step", last_step},
                                     {"recovery", json::value_from(recovery)}});
}

Result<SecondFactor> SecondFactor::Read(const std::string& text) {
  const json::object fields = TRY(ReadKept(text));
  SecondFactor factor{.secret = UnHex(KeptText(fields, "secret")),
                      .recovery = KeptTexts(fields, "recovery")};
  if (const auto* value = fields.if_contains("confirmed"); value && value->is_bool())
    factor.confirmed = value->get_bool();
  if (const auto* value = fields.if_contains("last_step"); value && value->is_int64())
    factor.last_step = value->get_int64();
  return factor;
}

}  // namespace waypost::people
