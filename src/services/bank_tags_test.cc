#include "services/bank_tags.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <set>

#include "demo/bank_texts.h"
#include "services/audit_trail.h"
#include "services/delivery_desk.h"
#include "services/tag_service.h"
#include "services/test_bank.h"

namespace waypost::services {
namespace {

namespace json = boost::json;
using TagVerb = api::TagCall::Verb;

// A small bank in a real folder, with all its tags.
TEST(BankTagsTest, EveryTagOfTheBankIsMadeAndSaysSomethingOfSomebody) {
  ManualClock clock(1'775'001'600'000 + 43'200'000);
  TestBank bank(clock, 120);
  EngineTags shelf(bank.machine, bank.engines, bank.catalogs, bank.sights, bank.config);
  const Result<> made = MakeBankTags(shelf, demo::BankTags(), clock.NowMs());
  ASSERT_TRUE(made.ok()) << made.error().message();

  const json::value list = json::parse(shelf.Call({.verb = TagVerb::kList}).value());
  EXPECT_GE(list.at("items").as_array().size(), 40u);
  for (const json::value& tag : list.at("items").as_array()) {
    EXPECT_EQ(tag.at("state"), "live");
    for (const char* key : {"name_zh", "name_en", "owner", "meaning_zh", "meaning_en"})
      EXPECT_FALSE(tag.at(key).as_string().empty()) << tag.at("id") << " " << key;
    const std::string id(tag.at("id").as_string());
    const auto values = shelf.Call({.verb = TagVerb::kDistribution, .id = id});
    ASSERT_TRUE(values.ok()) << id;
    EXPECT_GT(json::parse(values.value()).at("with_value").to_number<int64_t>(), 0) << id;
  }
  EXPECT_GT(list.at("categories").as_array().size(), 8u);
  EXPECT_GT(list.at("albums").as_array().size(), 4u);
  const json::value found =
      json::parse(shelf.Call({.verb = TagVerb::kList, .query = "zichan cengji"}).value());
  ASSERT_EQ(found.at("items").as_array().size(), 1u);
  EXPECT_EQ(found.at("items").as_array()[0].at("id"), "asset_tier");

  // Each has its schedule, and those that others are made of come first.
  clock.Advance(24 * 3'600'000);
  std::set<std::string> came;
  const std::vector<ScheduledWork> works = shelf.Works();
  for (const ScheduledWork& work : works) {
    EXPECT_TRUE(IsDue(work, clock.NowMs())) << work.id;
    if (work.id == "wealth_grade") {
      EXPECT_TRUE(came.contains("wealth_score"));
    }
    if (work.id == "wealth_score") {
      EXPECT_TRUE(came.contains("asset_tier"));
    }
    came.insert(work.id);
  }
  EXPECT_EQ(works.size(), list.at("items").as_array().size());
  Scheduler scheduler(clock, {&shelf});
  EXPECT_EQ(scheduler.RunDue(), works.size());
  EXPECT_EQ(scheduler.RunDue(), 0u);
  const json::value report = json::parse(shelf.Call({.verb = TagVerb::kReport}).value());
  EXPECT_EQ(report.at("tags").as_array().size(), works.size());
  for (const json::value& tag : report.at("tags").as_array()) EXPECT_EQ(tag.at("age_days"), 0);

  // A file that is due is written once, and says so in the audit log.
  const auto audit = ServerAudit::Open(bank.machine, bank.config).value();
  EngineDeliveries deliveries(bank.machine, bank.engines, bank.catalogs, *audit, bank.config);
  const auto nightly = [&](api::DeliveryCall::Verb verb, std::string body = {}) {
    const auto answer =
        deliveries.Call({.verb = verb, .id = "nightly", .who = "li", .body = std::move(body)});
    EXPECT_TRUE(answer.ok()) << answer.error().message();
    return json::parse(answer.value());
  };
  nightly(api::DeliveryCall::Verb::kPut,
          R"({"name":"全量","tags":["asset_tier"],"format":"csv",
              "schedule":{"cron":"0 3 * * *","zone":"Asia/Shanghai"}})");
  Scheduler writer(clock, {&deliveries});
  EXPECT_EQ(writer.RunDue(), 0u);
  clock.Advance(24 * 3'600'000);
  EXPECT_EQ(writer.RunDue(), 1u);
  EXPECT_EQ(writer.RunDue(), 0u);
  const json::value written = nightly(api::DeliveryCall::Verb::kShow).at("files");
  ASSERT_EQ(written.as_array().size(), 1u);
  EXPECT_GE(written.as_array()[0].at("rows").to_number<int64_t>(), 120);
  EXPECT_TRUE(std::filesystem::exists(written.as_array()[0].at("path").as_string().c_str()));
  const auto recorded = [&](std::string_view what, std::string_view target) {
    const json::value log = json::parse(audit->Newest(100));
    return std::ranges::any_of(log.at("records").as_array(), [&](const json::value& record) {
      return record.at("what").as_string() == what && record.at("target").as_string() == target;
    });
  };
  EXPECT_TRUE(recorded("delivery.file", "nightly"));

  // Tags that nobody uses are told of it; what is delivered or makes others is in use.
  EngineTags aging(bank.machine, bank.engines, bank.catalogs, bank.sights, bank.config,
                   audit.get());
  EXPECT_TRUE(aging
                  .Call({.verb = TagVerb::kLookUp,
                         .body = R"({"key":"login","values":[],"tags":["wealth_grade"]})"})
                  .ok());
  for (int turn = 0; turn < 2; ++turn) {
    const std::vector<ScheduledWork> due = aging.Works();
    ASSERT_EQ(due.size(), works.size() + 2);
    const ScheduledWork& noting = due[works.size()];
    EXPECT_TRUE(IsDue(noting, clock.NowMs()));
    aging.Run(noting);
    const json::value used =
        json::parse(aging.Call({.verb = TagVerb::kHealth, .id = "wealth_grade"}).value());
    EXPECT_TRUE(used.as_object().contains("last_used"));
    EXPECT_TRUE(IsDue(due.back(), clock.NowMs()));
    aging.Run(due.back());
    EXPECT_FALSE(IsDue(aging.Works().back(), clock.NowMs()));
    EXPECT_EQ(recorded("tag.idle", "wealth_grade"), turn == 1);
    EXPECT_FALSE(recorded("tag.idle", "asset_tier"));
    clock.Advance(90LL * 24 * 3'600'000);
  }
}

}  // namespace
}  // namespace waypost::services
