// Whatever a provider sends is a key set, a token that is not trusted, or claims that fit what was
// asked: never a crash. The first line is the key set, the second the token and its claims too.
#include "base/bytes.h"
#include "base/check.h"
#include "people/id_token.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace waypost::people;
  const std::string_view text = waypost::AsText({data, size});
  const size_t line = std::min(text.find('\n'), size);
  const std::string_view token = text.substr(std::min(line + 1, size));
  const TokenAsk ask{"https://id.example", "waypost", "n", 1'800'000'000'000};
  const auto keys = KeySet::Read(text.substr(0, line));
  if (keys.ok()) CHECK(!ReadIdToken(token, keys.value(), ask).ok());
  if (const auto claims = ReadClaims(token, ask); claims.ok())
    CHECK(claims.value().at("iss") == "https://id.example");
  if (const auto bytes = FromBase64Url(token); bytes.ok())
    CHECK(FromBase64Url(Base64Url(bytes.value())).value() == bytes.value());
  return 0;
}
