// Names whose values banks must never collect (class C3 of JR/T 0171): passwords, card verification
// codes, one-time codes, magnetic stripes, biometrics.
#pragma once

#include <string_view>

namespace waypost::ingest {

// Judges the last part of a dotted name. Case, '$', and how words are joined make no difference:
// "password", "loginPwd", "user.sms_otp", "支付密码" are sensitive; "password_changed" is not.
bool IsSensitiveName(std::string_view name);

}  // namespace waypost::ingest
