// What is known of a kind of identity: how much it proves, and how its values are written.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace waypost::identity {

enum class Strength : uint8_t {
  kWeak,    // a device, a cookie: may pass from one customer to another
  kStrong,  // a login, a customer number: one customer; a customer has one of each such key
};

struct KeyTraits {
  std::string_view name;
  Strength strength = Strength::kWeak;
  // Among the strong identities of a customer the lowest rank is the one it is known by.
  uint8_t rank = 255;
};

// Traits of the keys we know; weak for any other. Views a constant or `key`.
KeyTraits TraitsOf(std::string_view key);

// The one way a value of this key is written: without spaces around it; phone numbers as digits,
// those of mainland China without country code; e-mail addresses in lower case.
std::string Normalised(std::string_view key, std::string_view value);

// True for values that programs send for "nobody": empty, zeros, "-1", "null", "undefined", ...
// Such an identity has a timeline, but joins nobody with anybody.
bool IsBlocked(std::string_view value);

}  // namespace waypost::identity
