#include "model/error_sentences.h"

#include <gtest/gtest.h>

namespace waypost {
namespace {

struct Said {
  std::string_view en, zh, values;  // the values as "place=value "
};

TEST(ErrorSentencesTest, WhatStandsInThePlacesIsSaidInChineseAndGiven) {
  constexpr Said kCases[] = {
      {"line 1, column 5: there is no event 'transfr'; did you mean 'transfer'?",
       "第 1 行第 5 列：没有事件“transfr”，是否想写“transfer”？", "given=transfr meant=transfer "},
      {"line 2, column 18: expected a condition, found the end",
       "第 2 行第 18 列：这里应为条件，但规则到此结束了", "what=a condition "},
      {"line 1, column 9: expected ')', found 'adn'; did you mean AND?",
       "第 1 行第 9 列：这里应为')'，而不是“adn”，是否想写“AND”？",
       "what=')' given=adn meant=AND "},
      {"who: line 1, column 5: there is no field 'vipp'", "who：第 1 行第 5 列：没有客户属性“vipp”",
       "given=vipp "},
      {"line 1, column 9: there is no list 'x'", "第 1 行第 9 列：没有名单“x”", "given=x "},
      {"line 1, column 6: expected 'customer' (other entities cannot be found yet), found 'a'",
       "第 1 行第 6 列：这里应为 'customer'（尚不能查找其他实体），而不是“a”",
       "what='customer' (other entities cannot be found yet) given=a "},
      {"steps[1].where.op: there is no 'like'; use one of: is, contains",
       "steps[1].where.op：没有“like”，可选：is, contains", "given=like choices=is, contains "},
      {"hour: '25' is none; give *, numbers from 0 to 23, ranges as 1-5, lists as 1,3 and steps as "
       "*/15",
       "时“25”不对：可写 *、0 到 23 的数、范围 1-5、列表 1,3 和步长 */15",
       "part=hour given=25 least=0 most=23 "},
      {"There is no customer with the login eve.", "没有标识 login 为“eve”的客户",
       "key=login given=eve "},
      {"there is no approval_flow 'journey'", "没有审批流程“journey”",
       "kind=approval_flow given=journey "},
      {"the segment 'vip' was changed after it was approved: ask again",
       "客群“vip”在审批之后有改动，请重新申请审批", "kind=segment given=vip "},
      {"wang may not approve: name somebody who may", "“wang”没有审批权限，请另选一位",
       "person=wang "},
      {"wang is asked at level 'Compliance' already",
       "“wang”已经是环节“Compliance”的审批人，请另选一位", "person=wang level=Compliance "},
      {"the request is expired", "这份申请已过期，不能再审批、转交或撤回", "what=expired "},
      {"its approval is open", "审批尚未通过：还在审批中", "what=open "},
      {"The tag 'age' is at version 3, not 0: read it again",
       "标签“age”已经存在，现为版本 3，请重新读取，并在“version”中填写这个版本号",
       "kind=tag given=age version=3 "},
      {"The segment 'vip' is at version 3, not 2: read it again",
       "客群“vip”现为版本 3，而修改所依据的是版本 2，请重新读取后再改",
       "kind=segment given=vip version=3 changed=2 "},
      {"There is no right 'x'.", "没有权限“x”", "kind=right given=x "},
      {"there is no segment 'a' or 'b''", "没有客群“a' or 'b'”", ""},
      {"body: give a text", "body：请填写文本", " "},
      {"A password has at least 8 characters.", "密码至少 8 个字符", "least=8 "},
  };
  for (const Said& one : kCases) {
    const auto said = SayInChinese(one.en);
    if (one.values.empty()) {  // a name with a quote in it: not taken for two
      EXPECT_FALSE(said) << one.en;
      continue;
    }
    ASSERT_TRUE(said) << one.en;
    EXPECT_EQ(said->text, one.zh);
    std::string values;
    for (const auto& [place, value] : said->values) values += place + "=" + value + " ";
    EXPECT_EQ(values.empty() ? " " : values, one.values);
  }
}

TEST(ErrorSentencesTest, WhereAFaultStandsIsToldApart) {
  const struct {
    std::string_view sentence, path;
    int line, column;
    std::string_view what;
  } cases[] = {
      {"give a text", "", 0, 0, "give a text"},
      {"something nobody knows", "", 0, 0, "something nobody knows"},
      {"steps[1].where.op: something nobody knows", "steps[1].where.op", 0, 0,
       "something nobody knows"},
      {"accepted.where./data/code: must be a value or a list of values",
       "accepted.where./data/code", 0, 0, "must be a value or a list of values"},
      {"line 2, column 18: x: y", "", 2, 18, "x: y"},
      {"who.eql: line 1, column 5: there is no field 'a'", "who.eql", 1, 5,
       "there is no field 'a'"},
      {"hour: '25' is none; give *, numbers from 0 to 23, ranges as 1-5, lists as 1,3 and steps as "
       "*/15",
       "", 0, 0,
       "hour: '25' is none; give *, numbers from 0 to 23, ranges as 1-5, lists as 1,3 and steps as "
       "*/15"},
      {"line a, column 2: x", "", 0, 0, "line a, column 2: x"},
      {"line 99999999999, column 2: x", "", 0, 0, "line 99999999999, column 2: x"},
      {"", "", 0, 0, ""},
      {": x", "", 0, 0, ": x"},
  };
  for (const auto& one : cases) {
    const FaultPlace place = PlaceOfFault(one.sentence);
    EXPECT_EQ(place.path, one.path) << one.sentence;
    EXPECT_EQ(place.line, one.line) << one.sentence;
    EXPECT_EQ(place.column, one.column) << one.sentence;
    EXPECT_EQ(place.what, one.what) << one.sentence;
  }
}

TEST(ErrorSentencesTest, OfAListOfFaultsEachIsSaid) {
  constexpr std::pair<std::string_view, std::string_view> kCases[] = {
      {"caps.limit: say how many at most (missing); in_quiet: there is no 'x'; use one of: delay, "
       "drop (unknown_value)",
       "caps.limit：请填写最多几条；in_quiet：没有“x”，可选：delay, drop"},
      {"node 'a' for: is missing (missing); quiet: something else (odd)",
       "节点“a”的 for：未填写；quiet: something else"},
      {"zone: there is no time zone 'Mars' (unknown_zone)", "zone：没有时区“Mars”"},
  };
  for (const auto& [en, zh] : kCases) {
    const auto said = SayInChinese(en);
    ASSERT_TRUE(said) << en;
    EXPECT_EQ(said->text, zh);
  }
  EXPECT_FALSE(SayInChinese("a: something else (odd); b: or other (odd)"));
}

TEST(ErrorSentencesTest, WhatIsNotInTheTableIsNotSaid) {
  for (const std::string_view other :
       {"", "line 1, column 1: ", "line 1", "something else", "steps: something else", ": ",
        "give a text and more", "there is no ''", "; did you mean '?"})
    EXPECT_FALSE(SayInChinese(other)) << other;
}

}  // namespace
}  // namespace waypost
