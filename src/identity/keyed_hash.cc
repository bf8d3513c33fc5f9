#include "identity/keyed_hash.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "base/bytes.h"
#include "base/check.h"

namespace waypost::identity {
namespace {

constexpr std::string_view kMark = "h:";
constexpr size_t kHashBytes = 16;

}  // namespace

std::string KeyedHash::Of(std::string_view key, std::string_view value) const {
  CHECK(ready());
  std::string text(key);
  text += '\0';
  text += value;
  std::array<uint8_t, EVP_MAX_MD_SIZE> mac;
  unsigned size = 0;
  CHECK(HMAC(EVP_sha256(), secret_.data(), static_cast<int>(secret_.size()), AsBytes(text).data(),
             text.size(), mac.data(), &size));
  std::string hash(kMark);
  for (size_t i = 0; i < kHashBytes; ++i) hash += fmt::format("{:02x}", mac[i]);
  return hash;
}

bool KeyedHash::IsOne(std::string_view text) {
  return text.size() == kMark.size() + 2 * kHashBytes && text.starts_with(kMark) &&
         text.find_first_not_of("0123456789abcdef", kMark.size()) == std::string_view::npos;
}

}  // namespace waypost::identity
