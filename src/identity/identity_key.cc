#include "identity/identity_key.h"

#include <algorithm>
#include <array>

namespace waypost::identity {
namespace {

constexpr std::array kKeys = {
    KeyTraits{"customer_no", Strength::kStrong, 0}, KeyTraits{"login", Strength::kStrong, 1},
    KeyTraits{"certified", Strength::kStrong, 2},   KeyTraits{"card", Strength::kStrong, 3},
    KeyTraits{"phone", Strength::kStrong, 4},       KeyTraits{"email", Strength::kStrong, 5},
    KeyTraits{"unionid", Strength::kStrong, 6},     KeyTraits{"device", Strength::kWeak},
    KeyTraits{"anonymous", Strength::kWeak},        KeyTraits{"cookie", Strength::kWeak},
};

constexpr std::array<std::string_view, 12> kNobody = {
    "-1",      "null",      "nil",   "none", "nan",    "undefined",
    "unknown", "anonymous", "guest", "n/a",  "(null)", "[object object]",
};

constexpr std::string_view kSpaces = " \t\r\n";

std::string_view Trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(kSpaces);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpaces) - begin + 1);
}

std::string Lowered(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

constexpr size_t kChinaMobileDigits = 11;

// As it is when it has anything but digits and the marks people put between them.
std::string PhoneDigits(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      digits += c;
    } else if (std::string_view("+-() ").find(c) == std::string_view::npos) {
      return std::string(text);
    }
  }
  for (const std::string_view code : {"0086", "86"}) {
    const bool mobile =
        digits.size() == code.size() + kChinaMobileDigits && digits[code.size()] == '1';
    if (mobile && digits.starts_with(code)) return digits.substr(code.size());
  }
  return digits;
}

}  // namespace

KeyTraits TraitsOf(std::string_view key) {
  const auto known =
      std::find_if(kKeys.begin(), kKeys.end(), [&](const KeyTraits& k) { return k.name == key; });
  return known == kKeys.end() ? KeyTraits{.name = key} : *known;
}

std::string Normalised(std::string_view key, std::string_view value) {
  const std::string_view trimmed = Trimmed(value);
  if (key == "phone") return PhoneDigits(trimmed);
  if (key == "email") return Lowered(trimmed);
  return std::string(trimmed);
}

bool IsBlocked(std::string_view value) {
  if (value.find_first_not_of("0-") == std::string_view::npos)
    return true;  // also "" and zero UUIDs
  return value.size() <= 15 &&
         std::find(kNobody.begin(), kNobody.end(), Lowered(value)) != kNobody.end();
}

}  // namespace waypost::identity
