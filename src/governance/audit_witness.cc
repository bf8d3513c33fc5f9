#include "governance/audit_witness.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <optional>

#include "model/time_text.h"

namespace waypost::governance {
namespace {

constexpr std::string_view kSignatureField = ",\"signature\":\"";
using Key = std::array<uint8_t, 32>;
using Signature = std::array<uint8_t, 64>;

std::string HexOf(std::span<const uint8_t> bytes) {
  std::string text;
  for (const uint8_t byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

template <typename Array>
std::optional<Array> BytesOf(std::string_view hex) {
  Array bytes;
  if (hex.size() != 2 * bytes.size()) return std::nullopt;
  for (size_t i = 0; i < bytes.size(); ++i) {
    const char* begin = hex.data() + 2 * i;
    const auto [end, error] = std::from_chars(begin, begin + 2, bytes[i], 16);
    if (error != std::errc() || end != begin + 2) return std::nullopt;
  }
  return bytes;
}

struct ContextDeleter {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, ContextDeleter>;

bool Signed(std::string_view body, const Signature& signature, const Key& public_key) {
  const std::shared_ptr<EVP_PKEY> key(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, public_key.data(), public_key.size()),
      EVP_PKEY_free);
  const Context context(EVP_MD_CTX_new());
  return key && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
         EVP_DigestVerify(context.get(), signature.data(), signature.size(), AsBytes(body).data(),
                          body.size()) == 1;
}

}  // namespace

Result<WitnessKey> WitnessKey::FromSeed(std::string_view seed) {
  const auto bytes = BytesOf<Key>(seed);
  if (!bytes) return Error(Code::kInvalid, "a witness key is 64 hexadecimal digits");
  WitnessKey key;
  const std::shared_ptr<EVP_PKEY> made(
      EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, bytes->data(), bytes->size()),
      EVP_PKEY_free);
  CHECK(made != nullptr);
  Key public_key;
  size_t size = public_key.size();
  CHECK(EVP_PKEY_get_raw_public_key(made.get(), public_key.data(), &size) == 1);
  key.key_ = made;
  key.public_key_ = HexOf(public_key);
  return key;
}

std::string WitnessKey::Sign(const AuditHead& head, int64_t now_ms) const {
  const std::string body = fmt::format("{{\"seq\":{},\"hash\":\"{}\",\"time\":\"{}\"", head.seq,
                                       head.hash, DateTimeText(now_ms));
  Signature signature;
  size_t size = signature.size();
  const Context context(EVP_MD_CTX_new());
  CHECK(EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr,
                           static_cast<EVP_PKEY*>(key_.get())) == 1);
  CHECK(EVP_DigestSign(context.get(), signature.data(), &size, AsBytes(body).data(), body.size()) ==
        1);
  return fmt::format("{}{}{}\"}}", body, kSignatureField, HexOf(signature));
}

Result<AuditHead> ReadWitness(std::string_view line, std::string_view public_key) {
  const auto wrong = [](const char* what) { return Error(Code::kCorrupt, "audit_broken", what); };
  const size_t at = line.rfind(kSignatureField);
  if (at == line.npos || !line.ends_with("\"}")) return wrong("it is no witnessed head");
  const std::string_view body = line.substr(0, at);
  const std::string_view hex =
      line.substr(at + kSignatureField.size(), line.size() - at - kSignatureField.size() - 2);
  const auto signature = BytesOf<Signature>(hex);
  const auto key = BytesOf<Key>(public_key);
  if (!signature || !key || !Signed(body, *signature, *key)) {
    return wrong("its signature is not of this server's key");
  }
  // The signature vouches for the shape.
  const boost::json::object fields = boost::json::parse(std::string(body) + "}").as_object();
  return AuditHead{fields.at("seq").to_number<uint64_t>(),
                   std::string(fields.at("hash").as_string())};
}

}  // namespace waypost::governance
