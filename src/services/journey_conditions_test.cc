// What a definition asks of customers and tables is checked against what there is.
#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "services/test_journeys.h"

namespace waypost::services {
namespace {

namespace json = boost::json;

TEST_F(JourneysTest, WhatATextAsksOfATableIsCheckedWhenItsJourneyIs) {
  Open(true);
  Table deposit;
  deposit.id = "deposit";
  deposit.columns = {{.name = "no", .type = ValueType::kString},
                     {.name = "amount", .type = ValueType::kInt}};
  deposit.key = {"no"};
  deposit.owner = Table::Owner::kCustomer;
  ASSERT_TRUE(engine().ChangeTable({deposit}).ok());
  const auto fault = [&](const std::string& place) {
    std::string definition(kWelcome);
    definition.replace(definition.find("\"hi\""), 4, json::serialize(json::value(place)));
    const json::value checked = json::parse(journeys().Check(definition));
    std::string found;
    for (const json::value& one : checked.at("faults").as_array()) {
      if (one.at("code").as_string() == "template_invalid")
        found += json::value_to<std::string>(one.at("message"));
    }
    EXPECT_EQ(checked.at("valid").as_bool(), found.empty());
    return found;
  };
  EXPECT_EQ(fault("{{deposit.amount|where:\"amount > 5\"}}"), "");
  for (const auto& [place, wrong] :
       {std::pair("{{deposit.amount|where:\"amuont > 5\"}}", "amount"),
        {"{{deposit.amuont|where:\"amount > 5\"}}", "did you mean 'amount'?"},
        {"{{depsit.amount|where:\"amount > 5\"}}", "deposit"},
        {"{{deposit.amount|where:\"amount >\"}}", "expected"}}) {
    EXPECT_THAT(fault(place), testing::HasSubstr(wrong)) << place;
  }
  Close();
}

TEST_F(JourneysTest, AnAttributeThatNobodyHasRanksAndCapsNobody) {
  Open(true);
  BatchWriter out({.project = "default", .source = "test", .ingest_ms = clock_.NowMs()});
  out.BeginItem(ItemKind::kProfile, kProfileSet, {}, {.time_ms = clock_.NowMs()});
  out.AddIdentity("login", "ann");
  out.AddProperty("assets", Value::Int(5));
  out.EndItem();
  Append(out);
  const auto check = [&](const std::string& attribute) {
    std::string definition(kWelcome);
    definition.replace(definition.find(R"("kind":"api")"), 12,
                       R"("kind":"api","rank":{"attribute":")" + attribute + "\"}");
    return journeys().Check(definition);
  };
  EXPECT_THAT(check("assets"), testing::HasSubstr(R"("valid":true)"));
  const std::string checked = check("asset");
  EXPECT_THAT(checked, testing::HasSubstr(R"("field":"entry.rank.attribute")"));
  EXPECT_THAT(checked, testing::HasSubstr(R"("code":"unknown_attribute")"));
  EXPECT_THAT(checked, testing::HasSubstr("did you mean 'assets'?"));
  Close();
}

TEST_F(JourneysTest, AYearWithoutACalendarIsWarnedOfWhereWorkingDaysMatter) {
  Open(true);
  const auto check = [&](std::string_view extra, std::string_view window) {
    std::string definition(kWelcome);
    definition.insert(1, extra);
    if (!window.empty()) {
      const size_t at = definition.find(R"("for":)");
      definition.replace(at, definition.find('}', at) - at, window);
    }
    return journeys().Check(definition);
  };
  constexpr std::string_view kWindow =
      R"("window":[{"on":"working_days","from":"09:00","to":"18:00"}])";
  const std::string warned = check(R"("start":"2029-11-01T00:00:00+08:00",)", kWindow);
  EXPECT_THAT(warned, testing::HasSubstr(R"("valid":true)"));
  EXPECT_THAT(warned,
              testing::HasSubstr(R"("node":"pause","field":"window","code":"unknown_year")"));
  EXPECT_THAT(warned, testing::HasSubstr("working days of 2030"));
  EXPECT_THAT(check(R"("start":"2029-11-01T00:00:00+08:00",)", ""),
              testing::Not(testing::HasSubstr("unknown_year")));
  ASSERT_TRUE(journeys()
                  .SetPolicy(R"({"calendar":[{"year":2029,"days":[]},{"year":2030,"days":[]}]})")
                  .ok());
  EXPECT_THAT(check(R"("start":"2029-11-01T00:00:00+08:00",)", kWindow),
              testing::Not(testing::HasSubstr("unknown_year")));
  Close();
}

TEST_F(JourneysTest, NobodyWaitsForADateThatCustomersCannotHave) {
  Open(true);
  BatchWriter out({.project = "default", .source = "test", .ingest_ms = clock_.NowMs()});
  out.BeginItem(ItemKind::kProfile, kProfileSet, {}, {.time_ms = clock_.NowMs()});
  out.AddIdentity("login", "ann");
  out.AddProperty("assets", Value::Int(5));
  out.AddProperty("born", Value::Date(8'000));
  out.AddProperty("matures", Value::String("2027-03-02"));
  out.EndItem();
  Append(out);
  const auto check = [&](const std::string& attribute) {
    std::string definition(kWelcome);
    definition.replace(definition.find(R"("for":"1d")"), 10, R"("date":")" + attribute + "\"");
    return journeys().Check(definition);
  };
  for (const char* date : {"born", "matures"})
    EXPECT_THAT(check(date), testing::HasSubstr(R"("valid":true)"));
  const std::string unknown = check("birn");
  EXPECT_THAT(unknown,
              testing::HasSubstr(R"("node":"pause","field":"date","code":"unknown_attribute")"));
  EXPECT_THAT(unknown, testing::HasSubstr("did you mean 'born'?"));
  EXPECT_THAT(check("assets"),
              testing::HasSubstr(R"("node":"pause","field":"date","code":"not_date")"));
  Close();
}

}  // namespace
}  // namespace waypost::services
