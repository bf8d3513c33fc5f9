// The second factor of a person: codes of an app (TOTP, RFC 6238: SHA-1, 6 digits, 30 seconds), and
// recovery codes for when the app is lost.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "io/random.h"

namespace waypost::people {

inline constexpr int64_t kStepMs = 30'000;

// The code of a step (milliseconds since 1970 / kStepMs). `digits`: 6, or 8 as in the RFC's cases.
std::string CodeOf(std::string_view secret, int64_t step, int digits = 6);

// RFC 4648, without padding, as apps take secrets.
std::string Base32(std::string_view bytes);

// SHA-256 in hexadecimal: what is kept of secrets that are long and random already.
std::string Fingerprint(std::string_view secret);

// What a person has. Codes and recovery codes count once.
struct SecondFactor {
  std::string secret;                 // 20 random bytes; empty: none
  bool confirmed = false;             // a first code has shown that the app has it
  int64_t last_step = 0;              // of the newest code that counted
  std::vector<std::string> recovery;  // fingerprints of the codes that are left

  bool active() const { return !secret.empty() && confirmed; }

  static SecondFactor Make(io::Random& random);
  // Makes ten new recovery codes, of 80 random bits each, and returns them: they are kept as
  // fingerprints only.
  std::vector<std::string> NewRecovery(io::Random& random);
  // Whether the code is that of now, of the step before or after, or a recovery code; it counts no
  // more afterwards.
  bool Use(std::string_view code, int64_t now_ms);

  std::string Json() const;
  static Result<SecondFactor> Read(const std::string& json);
};

}  // namespace waypost::people
