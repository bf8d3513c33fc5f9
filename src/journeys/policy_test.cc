#include "journeys/policy.h"

#include <gtest/gtest.h>

#include "model/error_sentences.h"

namespace waypost::journeys {
namespace {

// Each document is wrong in what its name says, and no fault of it is said in English alone.
TEST(PolicyTest, EveryFaultOfRefusedRulesIsSaidInChinese) {
  constexpr std::pair<std::string_view, std::string_view> kWrong[] = {
      {"unknown_field", R"({"cap":[]})"},
      {"unknown_zone", R"({"zone":"Mars"})"},
      {"missing", R"({"caps":[{"name":"a","rolling":"1d"}]})"},
      {"missing", R"({"caps":[{"limit":1,"rolling":"1d"}]})"},
      {"bad_window", R"({"caps":[{"name":"a","limit":1}]})"},
      {"bad_window", R"({"caps":[{"name":"a","limit":1,"rolling":"400d"}]})"},
      {"unknown_value", R"({"caps":[{"name":"a","limit":1,"fixed":"year"}]})"},
      {"out_of_range", R"({"caps":[{"name":"a","limit":0,"rolling":"1d"}]})"},
      {"bad_duration", R"({"caps":[{"name":"a","limit":1,"rolling":"soon"}]})"},
      {"bad_list", R"({"caps":{}})"},
      {"bad_list", R"({"caps":[1]})"},
      {"bad_time", R"({"quiet":[{"from":"25:00","to":"08:00"}]})"},
      {"never_opens", R"({"quiet":[{"from":"08:00","to":"08:00"}]})"},
      {"bad_weekdays", R"({"open":[{"days":["someday"]}]})"},
      {"bad_date", R"({"blackouts":[{"name":"a","from":"soon"}]})"},
      {"bad_date", R"({"blackouts":[{"name":"a","from":"2027-02-05","to":"2027-02-01"}]})"},
      {"no_effect", R"({"uncapped":[{"category":"a","exempt":false,"counts":true}]})"},
      {"no_effect", R"({"in_quiet":"drop","quiet_jitter":"1h"})"},
      {"out_of_range", R"({"quiet_jitter":"3d"})"},
      {"out_of_range", R"({"holdout_percent":101})"},
      {"bad_calendar", R"({"calendar":[{}]})"},
      {"bad_calendar", R"({"calendar":[{"year":2027,"days":[{"isOffDay":true}]}]})"},
      {"not_flag", R"({"channels":[{"name":"sms","recall":1}]})"},
      {"not_text", R"({"channels":[{"name":1}]})"},
      {"not_object", R"({"units":[]})"},
      {"duplicate_unit", R"({"units":{"attribute":"b","rules":[{"unit":"a"},{"unit":"a"}]}})"},
      {"missing",
       R"({"units":{"attribute":"b","rules":[{"unit":"a","channels":[{"name":"sms"}]}]}})"},
      {"missing", R"({"units":{"attribute":"b","rules":[{"unit":"a","budget":{}}]}})"},
      {"out_of_range",
       R"({"units":{"attribute":"b","rules":[{"unit":"a","budget":{"money":-1}}]}})"},
      {"bad_json", "["},
  };
  for (const auto& [code, json] : kWrong) {
    const std::vector<Fault> faults = CheckPolicy(json).faults;
    EXPECT_TRUE(std::ranges::any_of(faults, [&](const Fault& one) { return one.code == code; }))
        << json;
    for (const Fault& one : faults) EXPECT_TRUE(SayInChinese(one.message)) << one.message;
  }
}

}  // namespace
}  // namespace waypost::journeys
