#include "ingest/sensitive_names.h"

#include <gtest/gtest.h>

namespace waypost::ingest {
namespace {

TEST(SensitiveNamesTest, FindsC3NamesHoweverWritten) {
  for (const char* name : {"password",     "Password",
                           "PASSWORD",     "user_password",
                           "userpassword", "loginPwd",
                           "$pwd",         "passwd",
                           "cvv",          "card_cvv2",
                           "CVV2",         "cardCVV",
                           "pin",          "card-pin",
                           "cardPin",      "sms_otp",
                           "OTP",          "traits.otp",
                           "fingerprint",  "finger_print",
                           "密码",         "支付密码",
                           "短信验证码",   "指纹",
                           "sms_code",     "$traits.user.password"}) {
    EXPECT_TRUE(IsSensitiveName(name)) << name;
  }
}

TEST(SensitiveNamesTest, LeavesOrdinaryNamesAlone) {
  for (const char* name :
       {"", "price", "shipping", "spin", "pin_count", "password_changed", "opinion", "option",
        "password.length", "coupon_code", "code", "$screen_width", "密码修改次数", "laptop",
        "cvc_count", "device_fingerprint", "pinned", "tracking"}) {
    EXPECT_FALSE(IsSensitiveName(name)) << name;
  }
}

}  // namespace
}  // namespace waypost::ingest
