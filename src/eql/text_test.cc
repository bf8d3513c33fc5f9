#include "eql/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <random>

#include "eql/rule_json.h"

namespace waypost::eql {
namespace {

using testing::HasSubstr;

std::string Again(std::string_view text) {
  const auto query = ParseQuery(text);
  return query.ok() ? FormatQuery(query.value()) : query.error().message();
}

struct Form {
  std::string_view written, formatted;
};

// What people write, and the one form it takes.
TEST(EqlTextTest, EveryKindOfRuleHasOneForm) {
  const Form forms[] = {
      {"vip>=1", "vip >= 1"},
      {"find user where Vip <> 1 and not (a=1 or b=2)", "Vip != 1 AND NOT (a = 1 OR b = 2)"},
      {"a=1 or b=2 and c=3", "a = 1 OR b = 2 AND c = 3"},
      {"城市 in (上海, '北 京', \"x\" )", ""},  // a name is no value
      {"城市 in (上海, '北 京')", "城市 IN ('上海', '北 京')"},
      {"城市＝‘上海’ AND （余额　＞＝ １２．５）", "城市 = '上海' AND 余额 >= 12.5"},
      {"utm.source = 'it''s'", "\"utm.source\" = 'it''s'"},
      {"\"my field\" is not null", "\"my field\" IS NOT NULL"},
      {"a not in (1, -2.50, true)", "a NOT IN (1, -2.5, TRUE)"},
      {"a between 1 and 2 and b contains 'x'", "a BETWEEN 1 AND 2 AND b CONTAINS 'x'"},
      {"tags has all (a, b)", "tags HAS ALL ('a', 'b')"},
      {"name starts with 张", "name STARTS WITH '张'"},
      {"maturity next 30 days", "maturity NEXT 30 DAYS"},
      {"birthday since 1 month ago", "birthday SINCE 1 MONTH AGO"},
      {"did(转账, amount >= 100) last 30 days count >= 2",
       "DID(转账, amount >= 100) LAST 30 DAYS COUNT >= 2"},
      {"DID(pay[channel = app] OR transfer) LAST 7 DAYS INCLUDING CURRENT",
       "DID(pay[channel = 'app'] OR transfer) LAST 7 DAYS INCLUDING CURRENT"},
      {"DID(ANY EVENT) COUNT >= 1", "DID(ANY EVENT)"},
      {"not did(pay) sum(amount) between 1 and 5", "NOT DID(pay) SUM(amount) BETWEEN 1 AND 5"},
      {"DID(pay) last time since today", "DID(pay) LAST TIME SINCE TODAY"},
      {"DID(pay) days since last <= 3", "DID(pay) DAYS SINCE LAST <= 3"},
      {"DID(pay) BETWEEN '2026-01-01' AND NOW DAYS > 3",
       "DID(pay) BETWEEN '2026-01-01' AND NOW DAYS > 3"},
      {"first(pay last 3 months, x=1).channel = app",
       "FIRST(pay LAST 3 MONTHS, x = 1).channel = 'app'"},
      {"seq(view then within 1 day without cancel buy[amount>1] or order then pay) within 2 weeks "
       "last 60 days reached >= 2",
       "SEQ(view THEN WITHIN 1 DAY WITHOUT (cancel) buy[amount > 1] OR order THEN pay) WITHIN 2 "
       "WEEKS LAST 60 DAYS REACHED >= 2"},
      {"top 10% by sum(amount) of (pay) last 30 days",
       "TOP 10% BY SUM(amount) OF (pay) LAST 30 DAYS"},
      {"bottom 100 by aum", "BOTTOM 100 BY aum"},
      {"in segment 高净值 and not in list \"black list\"",
       "IN SEGMENT 高净值 AND NOT IN LIST \"black list\""},
      {"sample 10% seed 'a'", "SAMPLE 10% SEED 'a'"},
      {"tag('risk', at '2026-01-01') = high", "TAG(risk, AT '2026-01-01') = 'high'"},
      {"tag(risk) changed", "TAG(risk) CHANGED"},
      {"tag(risk) changed from low to high last 7 days",
       "TAG(risk) CHANGED FROM 'low' TO 'high' LAST 7 DAYS"},
      {"sum(holdings[type = fund].amount) >= 10000",
       "SUM(holdings[type = 'fund'].amount) >= 10000"},
      {"any manager.org[name = 'x']", "ANY \"manager.org\"[name = 'x']"},
      {"manager.org under '上海'", "\"manager.org\" UNDER '上海'"},
      {"org over 0011 and under = 1", "org OVER 11 AND under = 1"},
      {"vip at '2026-01-01' >= 3 or at at today is null",
       "vip AT '2026-01-01' >= 3 OR at AT TODAY IS NULL"},
      {"none account[org under 1] at 30 days ago", "NONE account[org UNDER 1] AT 30 DAYS AGO"},
      {"sum(holdings[a=1].amount at now) > 1 and count(holdings at '2026-01-01') > 2",
       "SUM(holdings[a = 1].amount AT NOW) > 1 AND COUNT(holdings AT '2026-01-01') > 2"},
      {"a = 1 -- a comment\n and b = 2", "a = 1 AND b = 2"},
      {"count = 1 or sample = 2", "\"count\" = 1 OR sample = 2"},
      {"sum(holdings.amount) > 1 and count(holdings) > 2",
       "SUM(holdings.amount) > 1 AND COUNT(holdings) > 2"},
      {"\"count\" = 1", "\"count\" = 1"},
  };
  for (const Form& form : forms) {
    if (form.formatted.empty()) {
      EXPECT_FALSE(ParseQuery(form.written).ok()) << form.written;
      continue;
    }
    const std::string whole = "FIND customer WHERE " + std::string(form.formatted);
    EXPECT_EQ(Again(form.written), whole);
    EXPECT_EQ(Again(whole), whole);
  }
  EXPECT_EQ(Again("find customer at '2026-03-01' limit 100 seed 's'"),
            "FIND customer AT '2026-03-01' LIMIT 100 SEED 's'");
}

// Where it is wrong, what was expected there, what was found.
TEST(EqlTextTest, AnErrorSaysWhereAndWhatWasExpected) {
  const Form cases[] = {
      {"vip >=", "line 1, column 7: expected a value"},
      {"vip >= 1 ADN b = 2",
       "line 1, column 10: expected AND, OR, LIMIT or the end, found 'ADN'; "
       "did you mean AND?"},
      {"a = 1\n  AND (b = 2", "line 2, column 13: expected ')', found the end"},
      {"城市 LIKE 'x'", "line 1, column 4: expected a comparison"},
      {"name CONTAIN 'x'", "did you mean CONTAINS?"},
      {"a = 'x", "line 1, column 5: this quote has no end"},
      {"a ; b", "line 1, column 3: ';' has no meaning here"},
      {"DID(pay) LAST 3 moons", "line 1, column 17: expected SECONDS"},
      {"SEQ(pay)", "expected THEN and the next event, found ')'"},
      {"SAMPLE 200%", "over 0% and up to 100%"},
      {"TOP 1.5 BY aum", "line 1, column 5"},
      {"FIND product WHERE a = 1", "expected 'customer'"},
      {"a = 1 ORDER BY b", "ORDER is not offered yet"},
      {"a = 1e999", "out of range"},
      {"a = '\xff'", "this is no UTF-8"},
      {"", "line 1, column 1: expected a condition, found the end"},
  };
  for (const Form& wrong : cases) {
    const auto query = ParseQuery(wrong.written);
    ASSERT_FALSE(query.ok()) << wrong.written;
    EXPECT_EQ(query.error().name(), "eql_syntax") << wrong.written;
    EXPECT_THAT(query.error().message(), HasSubstr(wrong.formatted)) << wrong.written;
  }
}

TEST(EqlTextTest, AWordThatStandsInTheWrongPlaceIsNotWhatWasMeant) {
  for (const std::string_view written : {"vip OF 1", "vip of 1", "vip = 1 count", "DID(pay) BY 3"})
    EXPECT_THAT(ParseQuery(written).error().message(), Not(HasSubstr("did you mean"))) << written;
}

std::string Times(std::string_view text, size_t times) {
  std::string all;
  for (size_t i = 0; i < times; ++i) all += text;
  return all;
}

TEST(EqlTextTest, LimitsAreSaidWithoutReadingOn) {
  const std::string texts[] = {Times("(", 10'000),
                               Times("NOT ", 1'000) + "a = 1",
                               Times("a = 1 OR ", 501) + "a = 1",
                               "a IN (1" + Times(",1", 1'001) + ")",
                               std::string(kMaxText + 1, ' '),
                               "DID(a" + Times(" OR a", 1'001) + ")",
                               "SEQ(a" + Times(" THEN a", 40) + ")",
                               Times("DID(a[", 17) + "a = 1" + Times("])", 17)};
  for (const std::string& text : texts) {
    const auto query = ParseQuery(text);
    ASSERT_FALSE(query.ok()) << text.substr(0, 30);
    EXPECT_EQ(query.error().name(), "eql_syntax") << text.substr(0, 30);
    EXPECT_THAT(query.error().message(), HasSubstr("line 1, column ")) << text.substr(0, 30);
  }
  EXPECT_TRUE(ParseQuery(Times("(", 15) + "a = 1" + Times(")", 15)).ok());
  EXPECT_TRUE(ParseQuery(Times("a = 1 OR ", 499) + "a = 1").ok());
}

// Any tree at all, of the kinds the text can say.
class AnyRule {
 public:
  explicit AnyRule(uint32_t seed) : random_(seed) {}

  Query MakeQuery() {
    Query query;
    if (Chance(3)) query.at.push_back(MakeMoment());
    if (!Chance(10)) query.where.push_back(MakeRule(4));
    if (Chance(3)) {
      query.limit = Number(1, 1000);
      query.seed = Chance(2) ? Word() : "";
    }
    return query;
  }

 private:
  bool Chance(int in) { return random_() % static_cast<uint32_t>(in) == 0; }
  int64_t Number(int64_t min, int64_t max) {
    return min + static_cast<int64_t>(random_() % static_cast<uint64_t>(max - min + 1));
  }
  std::string Word() {
    static const std::string words[] = {
        "vip",    "余额", "order", "a b", "it's",        "say \"hi\"", "x.y", "12",
        "select", "last", "（",    "$os", "line\nbreak", "-- x",       "é",   "now"};
    return words[random_() % std::size(words)];
  }
  Name AnyName() { return {Word(), {}}; }
  Span MakeSpan() { return {Number(1, 90), static_cast<Unit>(Number(0, 7))}; }

  Value MakeMoment() {
    Value value;
    const Value::Kind kinds[] = {Value::Kind::kText, Value::Kind::kNow, Value::Kind::kToday,
                                 Value::Kind::kAgo};
    value.kind = kinds[random_() % 4];
    if (value.kind == Value::Kind::kText) value.text = "2026-03-01";
    if (value.kind == Value::Kind::kAgo) value.ago = MakeSpan();
    return value;
  }
  Value MakeValue() {
    Value value;
    switch (random_() % 5) {
      case 0:
        return {.kind = Value::Kind::kWhole, .whole = static_cast<int64_t>(random_()) - (1 << 30)};
      case 1:
        // Boost's JSON reads more digits than these an ulp off.
        return {.kind = Value::Kind::kReal,
                .real = static_cast<double>(Number(-500'000, 500'000)) / 64};
      case 2:
        return {.kind = Value::Kind::kFlag, .whole = Number(0, 1)};
      case 3:
        return MakeMoment();
      default:
        value.text = Chance(5) ? "" : Word();
        return value;
    }
  }
  Range MakeRange(bool between = true) {
    Range range;
    const Range::Kind kinds[] = {Range::Kind::kLast, Range::Kind::kNext, Range::Kind::kSince,
                                 Range::Kind::kBetween};
    range.kind = kinds[random_() % (between ? 4 : 3)];
    if (range.kind == Range::Kind::kSince || range.kind == Range::Kind::kBetween) {
      range.from = MakeMoment();
      if (range.kind == Range::Kind::kBetween) range.to = MakeMoment();
    } else {
      range.span = MakeSpan();
      range.current = Chance(2);
    }
    return range;
  }
  Test MakeTest() {
    Test test;
    test.op = static_cast<Op>(Number(0, static_cast<int64_t>(Op::kWithin)));
    switch (FormOf(test.op).takes) {
      case OpForm::Takes::kNothing:
        break;
      case OpForm::Takes::kOne:
        test.values = {MakeValue()};
        break;
      case OpForm::Takes::kTwo:
        test.values = {MakeValue(), MakeValue()};
        break;
      case OpForm::Takes::kList:
        for (int64_t n = Number(1, 3); n > 0; --n) test.values.push_back(MakeValue());
        break;
      case OpForm::Takes::kRange:
        test.range = MakeRange(false);
        break;
    }
    return test;
  }
  EventRules MakeEvents(int depth) {
    EventRules events;
    for (int64_t n = Number(1, 2); n > 0; --n) {
      EventRule event;
      event.name.text = Chance(4) ? "*" : Word();
      if (depth > 0 && Chance(3)) event.where.push_back(MakeRule(depth - 1));
      events.push_back(std::move(event));
    }
    return events;
  }
  Measure MakeMeasure() {
    Measure measure;
    measure.kind = static_cast<Measure::Kind>(Number(0, 10));
    if (HasProperty(measure.kind)) measure.property = AnyName();
    return measure;
  }
  void MakeGroup(int depth, Rule* rule) {
    rule->events = MakeEvents(depth);
    if (depth > 0 && Chance(3)) rule->where.push_back(MakeRule(depth - 1));
    if (Chance(2)) rule->range = MakeRange();
  }

  Rule MakeRule(int depth) {
    Rule rule;
    rule.kind = static_cast<Rule::Kind>(Number(depth > 0 ? 0 : 3, 13));
    switch (rule.kind) {
      case Rule::Kind::kAnd:
      case Rule::Kind::kOr:
        for (int64_t n = Number(2, 3); n > 0; --n) rule.of.push_back(MakeRule(depth - 1));
        break;
      case Rule::Kind::kNot:
        rule.of.push_back(MakeRule(depth - 1));
        break;
      case Rule::Kind::kDid:
        MakeGroup(depth, &rule);
        rule.measure = MakeMeasure();
        rule.test = MakeTest();
        break;
      case Rule::Kind::kFirst:
      case Rule::Kind::kLast:
        MakeGroup(depth, &rule);
        rule.name = AnyName();
        rule.test = MakeTest();
        break;
      case Rule::Kind::kSequence:
        for (int64_t n = Number(2, 4); n > 0; --n) {
          Step step{.events = MakeEvents(depth)};
          if (!rule.steps.empty() && Chance(2)) step.within = MakeSpan();
          if (!rule.steps.empty() && Chance(3)) step.without = MakeEvents(depth);
          rule.steps.push_back(std::move(step));
        }
        if (Chance(2)) rule.within = MakeSpan();
        if (Chance(2)) rule.range = MakeRange();
        if (Chance(2)) rule.reached = Number(1, static_cast<int64_t>(rule.steps.size()));
        break;
      case Rule::Kind::kRank:
        rule.bottom = Chance(2);
        rule.percent = Chance(2);
        rule.number = rule.percent ? static_cast<double>(Number(1, 1000)) / 10
                                   : static_cast<double>(Number(1, 1'000'000));
        if (Chance(2)) {
          rule.name = AnyName();
        } else {
          rule.measure = MakeMeasure();
          MakeGroup(depth, &rule);
        }
        break;
      case Rule::Kind::kSample:
        rule.number = static_cast<double>(Number(1, 1000)) / 10;
        rule.seed = Chance(2) ? Word() : "";
        break;
      case Rule::Kind::kTag:
        rule.name = AnyName();
        if (Chance(2)) {
          rule.changed = true;
          if (Chance(2)) rule.from.push_back(MakeMoment());
          if (Chance(2)) rule.to.push_back(MakeMoment());
          if (Chance(2)) rule.range = MakeRange();
          break;
        }
        if (Chance(2)) rule.at.push_back(MakeMoment());
        rule.test = MakeTest();
        break;
      case Rule::Kind::kRelated: {
        rule.name = AnyName();
        const bool any = Chance(2);
        rule.words = any ? "NONE" : "SUM";
        if (depth > 0 && Chance(2)) rule.of.push_back(MakeRule(depth - 1));
        if (!any) rule.property = AnyName();
        rule.test = any ? Test{.op = Op::kGreaterEqual,
                               .values = {{.kind = Value::Kind::kWhole, .whole = 1}}}
                        : MakeTest();
        break;
      }
      default:
        rule.name = AnyName();
        if (rule.kind == Rule::Kind::kField) rule.test = MakeTest();
    }
    return rule;
  }

  std::mt19937 random_;
};

TEST(EqlTextTest, TextAndJsonSayTheSameTree) {
  for (uint32_t seed = 0; seed < 2'000; ++seed) {
    const Query query = AnyRule(seed).MakeQuery();
    const std::string text = FormatQuery(query);
    const auto from_text = ParseQuery(text);
    ASSERT_TRUE(from_text.ok()) << seed << ": " << text << "\n" << from_text.error().message();
    ASSERT_TRUE(from_text.value() == query) << seed << ": " << text << "\n"
                                            << FormatQuery(from_text.value());
    const std::string json = boost::json::serialize(QueryToJson(query));
    const auto from_json = QueryFromJson(boost::json::parse(json));
    ASSERT_TRUE(from_json.ok()) << seed << ": " << json << "\n" << from_json.error().message();
    ASSERT_TRUE(from_json.value() == query) << seed << ": " << json << "\n"
                                            << FormatQuery(from_json.value());
  }
}

TEST(EqlJsonTest, AnErrorSaysWhere) {
  const Form cases[] = {
      {R"({"where":{"and":[{"field":"a","op":"=","value":1},{"field":"b","op":"==","value":1}]}})",
       "where.and[1].op: there is no '=='; did you mean '='?"},
      {R"({"where":{"field":"a","op":"=","valeu":1}})",
       "where: there is no 'valeu'; did you mean 'value'?"},
      {R"({"where":{"did":[]}})", "where.did: give at least one event"},
      {R"({"where":{"or":[]}})", "where.or: give at least one rule"},
      {R"({"where":{"felid":"a"}})", "where: a rule has one of"},
      {R"({"where":{"field":"a","op":"in","value":[]}})", "where.value: give at least one value"},
      {R"({"find":"product"})", "find: only 'customer'"},
      {R"({"where":{"top":1.5,"by":"a"}})", "where.top: give a whole number"},
      {R"([])", "give an object"},
  };
  for (const Form& wrong : cases) {
    const auto query = QueryFromJson(boost::json::parse(wrong.written));
    ASSERT_FALSE(query.ok()) << wrong.written;
    EXPECT_EQ(query.error().name(), "eql_syntax");
    EXPECT_THAT(query.error().message(), HasSubstr(wrong.formatted));
  }
}

TEST(EqlJsonTest, DepthIsLimitedAsInText) {
  boost::json::value rule = {{"field", "a"}, {"op", "="}, {"value", 1}};
  for (int i = 0; i < 30; ++i) rule = {{"not", rule}};
  EXPECT_FALSE(QueryFromJson({{"where", rule}}).ok());
}

TEST(EqlTextTest, NamesOfSegmentsAreFoundWhereverTheyAre) {
  const Query query =
      ParseQuery("IN SEGMENT b AND NOT (IN SEGMENT a OR IN SEGMENT b OR IN LIST c)").value();
  EXPECT_EQ(NamesOf(query, Rule::Kind::kSegment), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(NamesOf(query, Rule::Kind::kList), (std::vector<std::string>{"c"}));
}

}  // namespace
}  // namespace waypost::eql
