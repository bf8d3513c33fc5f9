// What is kept of a card, identity-card or phone number whose key is `hashed`: a text that tells
// the same number again and nothing else to who has not the project's secret.
#pragma once

#include <string>
#include <string_view>

namespace waypost::identity {

class KeyedHash {
 public:
  KeyedHash() = default;  // has no secret: makes nothing
  explicit KeyedHash(std::string secret) : secret_(std::move(secret)) {}

  bool ready() const { return !secret_.empty(); }
  // "h:" and the first 32 hexadecimal digits of HMAC-SHA256 (RFC 2104) over `key`, a zero byte and
  // `value`. REQUIRES: ready().
  std::string Of(std::string_view key, std::string_view value) const;
  // Whether a text is written as Of() writes them: then it stays as it is, wherever it comes.
  static bool IsOne(std::string_view text);

 private:
  std::string secret_;
};

}  // namespace waypost::identity
