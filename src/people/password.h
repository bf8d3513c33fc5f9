// Passwords: what a good one is, and what is kept of one.
//
// Kept is an Argon2id text ("$argon2id$v=19$m=65536,t=3,p=1$salt$hash", RFC 9106), never the
// password.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "io/random.h"

namespace waypost::people {

// What an organisation asks of passwords.
struct PasswordProfile {
  std::string_view name;
  size_t min_length;     // characters
  int min_classes;       // of lower case, upper case, digits, others
  size_t history;        // so many of the last ones, the present one too, may not come again: 1..
  int64_t max_age_days;  // then it must be changed; 0: never
};

inline constexpr size_t kMaxPasswordBytes = 256;

// "asvs": OWASP ASVS 5.0 6.2, long and not guessable, no classes, no ageing. "mlps3": 等保三级
// (GB/T 22239-2019 8.1.4.1 a), complex and changed regularly. Null for another name.
const PasswordProfile* FindPasswordProfile(std::string_view name);

// Errors: kInvalid "weak_password" saying what is missing. Refused are passwords that are too
// short, or guessed early: common words and keyboard walks, whatever digits and signs surround or
// replace their letters; repetitions; the product's name; the person's
// name of three letters or more.
Result<> CheckPassword(const PasswordProfile& profile, std::string_view password,
                       std::string_view person);

// What one hashing costs: memory and passes over it. The default takes some 0.1 s on a server core.
struct HashCost {
  uint32_t kibibytes = 65'536;
  uint32_t passes = 3;
};

// REQUIRES: password.size() <= kMaxPasswordBytes.
std::string HashPassword(std::string_view password, io::Random& random, const HashCost& cost);

// A text as HashPassword gives, which no password fits, without the time: to try passwords on where
// there is no hash, so that it takes as long.
std::string DecoyHash(io::Random& random, const HashCost& cost);

// Takes as long for a right as for a wrong password. False for a `hash` that is none.
bool PasswordFits(const std::string& hash, std::string_view password);

// A password of 20 letters and digits in groups, which any profile takes of this person.
std::string NewPassword(io::Random& random, std::string_view person);

}  // namespace waypost::people
