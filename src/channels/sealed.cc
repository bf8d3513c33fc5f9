#include "channels/sealed.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <charconv>
#include <memory>
#include <vector>

namespace waypost::channels {
namespace {

constexpr size_t kNonce = 12, kTag = 16;

using Cipher = std::unique_ptr<EVP_CIPHER_CTX, void (*)(EVP_CIPHER_CTX*)>;
Cipher NewCipher() { return {EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free}; }

const uint8_t* BytesOf(std::string_view text) {
  return reinterpret_cast<const uint8_t*>(text.data());
}

}  // namespace

Result<SealKey> ReadSealKey(std::string_view hex) {
  SealKey key;
  for (size_t i = 0; hex.size() == 2 * key.size() && i < key.size(); ++i) {
    const char* digits = hex.data() + 2 * i;
    const auto [end, error] = std::from_chars(digits, digits + 2, key[i], 16);
    if (error != std::errc() || end != digits + 2) break;
    if (i + 1 == key.size()) return key;
  }
  return Error(Code::kInvalid, "bad_config", "a key for secrets has 64 hexadecimal digits");
}

std::string Seal(const SealKey& key, std::string_view name, std::string_view secret,
                 io::Random& random) {
  std::vector<uint8_t> out(kNonce + secret.size() + kTag);
  random.Fill({out.data(), kNonce});
  const Cipher cipher = NewCipher();
  int size = 0;
  bool ok = EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key.data(), out.data());
  ok = ok && EVP_EncryptUpdate(cipher.get(), nullptr, &size, BytesOf(name),
                               static_cast<int>(name.size()));
  ok = ok && EVP_EncryptUpdate(cipher.get(), out.data() + kNonce, &size, BytesOf(secret),
                               static_cast<int>(secret.size()));
  ok = ok && EVP_EncryptFinal_ex(cipher.get(), out.data() + kNonce + size, &size);
  ok = ok && EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTag,
                                 out.data() + kNonce + secret.size());
  CHECK(ok);
  std::string text(4 * ((out.size() + 2) / 3) + 1, '\0');
  text.resize(static_cast<size_t>(EVP_EncodeBlock(reinterpret_cast<uint8_t*>(text.data()),
                                                  out.data(), static_cast<int>(out.size()))));
  return text;
}

Result<std::string> Unseal(const SealKey& key, std::string_view name, std::string_view sealed) {
  const Error wrong(Code::kCorrupt, "a secret cannot be read: it was kept under another key");
  if (sealed.size() % 4 != 0 || sealed.size() < 4) return wrong;
  std::vector<uint8_t> in(sealed.size() / 4 * 3);
  if (EVP_DecodeBlock(in.data(), BytesOf(sealed), static_cast<int>(sealed.size())) < 0)
    return wrong;
  in.resize(in.size() - (sealed.ends_with("==") ? 2 : sealed.ends_with('=') ? 1 : 0));
  if (in.size() < kNonce + kTag) return wrong;
  const size_t length = in.size() - kNonce - kTag;
  std::string secret(length + 1, '\0');
  const Cipher cipher = NewCipher();
  int size = 0;
  bool ok = EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key.data(), in.data());
  ok = ok && EVP_DecryptUpdate(cipher.get(), nullptr, &size, BytesOf(name),
                               static_cast<int>(name.size()));
  auto* into = reinterpret_cast<uint8_t*>(secret.data());
  ok = ok &&
       EVP_DecryptUpdate(cipher.get(), into, &size, in.data() + kNonce, static_cast<int>(length));
  ok = ok &&
       EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTag, in.data() + kNonce + length);
  ok = ok && EVP_DecryptFinal_ex(cipher.get(), into + size, &size) > 0;
  if (!ok) return wrong;
  secret.resize(length);
  return secret;
}

std::string TokenFor(const SealKey& key, std::string_view what) {
  std::array<uint8_t, EVP_MAX_MD_SIZE> mac;
  unsigned size = 0;
  CHECK(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), BytesOf(what), what.size(),
             mac.data(), &size));
  std::string text;
  for (size_t i = 0; i < 16; ++i) text += fmt::format("{:02x}", mac[i]);
  return text;
}

}  // namespace waypost::channels
