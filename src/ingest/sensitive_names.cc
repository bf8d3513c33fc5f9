#include "ingest/sensitive_names.h"

#include <algorithm>
#include <string>

namespace waypost::ingest {
namespace {

// Sensitive as the last word of a name: "sms_otp", "cardPin".
constexpr std::string_view kLastWords[] = {"pwd", "pin",  "otp", "cvv", "cvv2",
                                           "cvc", "cvc2", "cvn", "cvn2"};

// Sensitive as the end of a name whose words are joined: "userpassword".
constexpr std::string_view kEndings[] = {
    "password", "passwd", "passcode", "passphrase", "pwd",  "cvv",  "cvv2", "cvc2",    "cvn2",
    "密码",     "口令",   "验证码",   "指纹",       "声纹", "虹膜", "人脸", "磁道信息"};

// Sensitive as the whole name.
constexpr std::string_view kNames[] = {
    "pincode",     "pinblock",  "otpcode",   "smscode",        "verifycode", "verificationcode",
    "fingerprint", "iris",      "faceprint", "facefeature",    "voiceprint", "track1",
    "track2",      "trackdata", "magstripe", "magneticstripe", "cardexpiry", "cardexpirydate"};

bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsSeparator(char c) { return c == '_' || c == '-' || c == ' ' || c == '$'; }

bool AnyOf(const auto& words, const auto& test) { return std::ranges::any_of(words, test); }

}  // namespace

bool IsSensitiveName(std::string_view name) {
  name.remove_prefix(name.rfind('.') + 1);
  std::string joined;  // lower case, no separators
  size_t last_word = 0;
  bool in_upper = false;
  for (const char c : name) {
    const bool begins_word = IsUpper(c) && !in_upper;
    in_upper = IsUpper(c);
    if (begins_word || IsSeparator(c)) last_word = joined.size();
    if (!IsSeparator(c)) joined.push_back(in_upper ? static_cast<char>(c - 'A' + 'a') : c);
  }
  const std::string_view all = joined;
  return AnyOf(kLastWords, [&](std::string_view word) { return all.substr(last_word) == word; }) ||
         AnyOf(kEndings, [&](std::string_view ending) { return all.ends_with(ending); }) ||
         AnyOf(kNames, [&](std::string_view whole) { return all == whole; });
}

}  // namespace waypost::ingest
