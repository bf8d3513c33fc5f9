#include "services/table_sources.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <soci/soci.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <sstream>

#include "io/real_sql.h"
#include "services/test_bank.h"

namespace waypost::services {
namespace {

namespace json = boost::json;
using SourceVerb = api::TableCall::Verb;

constexpr int64_t kMinuteMs = 60'000;

// Against the server that WAYPOST_TEST_POSTGRES names, as "host=... port=... user=... password=...
// dbname=...".
class PostgresSourcesTest : public testing::Test {
 protected:
  void SetUp() override {
    const char* server = std::getenv("WAYPOST_TEST_POSTGRES");
    if (!server) GTEST_SKIP() << "WAYPOST_TEST_POSTGRES names no server";
    std::istringstream words(server);
    for (std::string word; words >> word;)
      said_[word.substr(0, word.find('='))] = word.substr(word.find('=') + 1);
    sql_.open("postgresql", server);
    Sql("set client_min_messages = warning");
    Sql("drop table if exists waypost_due");
    Sql("create table waypost_due (id text primary key, amount int, changed int)");
    Sql("insert into waypost_due values ('a', 1, 100), ('b', 2, 101)");
    sources_.emplace(Machine(), bank_.engines, bank_.catalogs, channels::SealKey{},
                     io::EgressRules::Read(said_["host"]).value());
    ASSERT_TRUE(bank_.engines.Find("").value()->ChangeTable({Due()}).ok());
    Set("*/15 * * * *");
    Call({.verb = SourceVerb::kSetPassword,
          .id = "due",
          .body = json::serialize(json::object{{"password", said_["password"]}})});
  }
  ~PostgresSourcesTest() override {
    if (sql_.is_connected()) Sql("drop table waypost_due");
  }

  static Table Due() {
    Table table{.id = "due", .key = {"id"}};
    table.columns = {{.name = "id"}, {.name = "amount", .type = ValueType::kInt}};
    return table;
  }
  services::Machine Machine() {
    services::Machine machine = bank_.machine;
    machine.make_sql_servers = io::MakeRealSqlServers;
    return machine;
  }
  void Sql(const std::string& text) { sql_ << text; }
  json::object Call(const api::TableCall& call) {
    const Result<std::string> answer = sources_->Call(call);
    EXPECT_TRUE(answer.ok()) << answer.error().message();
    return answer.ok() ? json::parse(answer.value()).as_object() : json::object();
  }
  // `whole`: each load is of the whole table.
  void Set(const std::string& cron, bool whole = false) {
    json::object source{{"connection",
                         {{"host", said_["host"]},
                          {"port", std::stoi(said_["port"])},
                          {"database", said_["dbname"]},
                          {"user", said_["user"]},
                          {"tls", "off"}}},
                        {"from", "waypost_due"},
                        {"schedule", {{"cron", cron}, {"zone", "Asia/Shanghai"}}}};
    if (!whole) {
      source["cursor"] = "changed";
      source["overlap"] = 0;
    }
    Call({.verb = SourceVerb::kSetSource, .id = "due", .body = json::serialize(source)});
  }
  uint64_t Rows() {
    uint64_t rows = 0;
    bank_.engines.Find("").value()->Look(
        [&](const engine::Applier& applier) { rows = applier.tables().RowCount("due"); });
    return rows;
  }
  // How many rows each load has read, the newest first; -1: it failed.
  std::vector<int64_t> Loads() {
    std::vector<int64_t> loads;
    const json::object shown = Call({.verb = SourceVerb::kSource, .id = "due"});
    for (const json::value& load : shown.at("loads").as_array()) {
      const json::value* rows = load.as_object().if_contains("rows");
      loads.push_back(rows ? rows->to_number<int64_t>() : -1);
    }
    return loads;
  }
  size_t RunAfter(int64_t ms) {
    clock_.Advance(ms);
    return Scheduler(clock_, {&*sources_}).RunDue();
  }

  std::map<std::string, std::string> said_;
  soci::session sql_;
  ManualClock clock_{1'775'001'600'000 + kMinuteMs};  // 2026-04-01T00:01Z
  TestBank bank_{clock_, 1};
  std::optional<TableSources> sources_;
};

TEST_F(PostgresSourcesTest, ATableIsLoadedWhenItsTimeComesAndThenWhatChangedSince) {
  EXPECT_EQ(RunAfter(13 * kMinuteMs), 0u);
  EXPECT_EQ(Rows(), 0u);
  EXPECT_EQ(RunAfter(kMinuteMs), 1u);
  EXPECT_EQ(Rows(), 2u);
  EXPECT_EQ(RunAfter(0), 0u) << "once when it comes";
  Sql("insert into waypost_due values ('c', 3, 102)");
  Sql("update waypost_due set amount = 4, changed = 103 where id = 'a'");
  EXPECT_EQ(RunAfter(14 * kMinuteMs), 0u);
  EXPECT_EQ(RunAfter(kMinuteMs), 1u);
  EXPECT_EQ(Rows(), 3u);
  EXPECT_EQ(RunAfter(15 * kMinuteMs), 1u);
  // What the last one had read is read again: more may have been written under that number since.
  EXPECT_THAT(Loads(), testing::ElementsAre(1, 2 + 1, 2));
}

TEST_F(PostgresSourcesTest, WhatWasMissedComesOnceAndAFailureWaitsForTheNextTime) {
  EXPECT_EQ(RunAfter(24 * 60 * kMinuteMs), 1u);
  Sql("alter table waypost_due rename to waypost_away");
  EXPECT_EQ(RunAfter(15 * kMinuteMs), 1u);
  EXPECT_EQ(RunAfter(kMinuteMs), 0u);
  Sql("alter table waypost_away rename to waypost_due");
  Sql("insert into waypost_due values ('c', 3, 102)");
  EXPECT_EQ(RunAfter(15 * kMinuteMs), 1u);
  EXPECT_EQ(Rows(), 3u);
  EXPECT_THAT(Loads(), testing::ElementsAre(2, -1, 2));
}

TEST_F(PostgresSourcesTest, AScheduleBeginsWhenItIsSetAndEndsWhenItIsTakenAway) {
  EXPECT_EQ(RunAfter(10 * kMinuteMs), 0u);
  Set("*/5 * * * *");
  EXPECT_EQ(RunAfter(3 * kMinuteMs), 0u);
  EXPECT_EQ(RunAfter(kMinuteMs), 1u);
  Call({.verb = SourceVerb::kRemoveSource, .id = "due"});
  EXPECT_EQ(RunAfter(60 * kMinuteMs), 0u);
  EXPECT_EQ(Rows(), 2u) << "what was loaded stays";
}

TEST_F(PostgresSourcesTest, AWholeTableOfWhichNoRowFitsTakesNothingAway) {
  Set("*/15 * * * *", true);
  EXPECT_EQ(RunAfter(15 * kMinuteMs), 1u);
  Sql("alter table waypost_due alter column amount type text using 'CNY ' || amount");
  EXPECT_EQ(RunAfter(15 * kMinuteMs), 1u);
  EXPECT_EQ(Rows(), 2u);
  Sql("delete from waypost_due where id = 'a'");
  Sql("update waypost_due set amount = 7");
  EXPECT_EQ(RunAfter(15 * kMinuteMs), 1u);
  EXPECT_EQ(Rows(), 1u);
  Sql("delete from waypost_due");
  EXPECT_EQ(RunAfter(15 * kMinuteMs), 1u);
  EXPECT_EQ(Rows(), 0u) << "an empty table is one";
  EXPECT_THAT(Loads(), testing::ElementsAre(0, 1, -1, 2));
  const json::object shown = Call({.verb = SourceVerb::kSource, .id = "due"});
  EXPECT_THAT(json::serialize(shown.at("loads").at(2).at("error").at("message")),
              testing::HasSubstr("amount: is not a whole number (row 1)"));
}

TEST_F(PostgresSourcesTest, AColumnThatIsGoneThereIsAnErrorUntilTheSourceIsSetAgain) {
  Set("*/15 * * * *", true);
  EXPECT_EQ(RunAfter(15 * kMinuteMs), 1u);
  Sql("alter table waypost_due rename column amount to amounts");
  EXPECT_EQ(RunAfter(15 * kMinuteMs), 1u);
  EXPECT_THAT(Loads(), testing::ElementsAre(-1, 2));
  const json::object shown = Call({.verb = SourceVerb::kSource, .id = "due"});
  EXPECT_THAT(json::serialize(shown.at("loads").at(0).at("error").at("message")),
              testing::HasSubstr("no column 'amount' any more; did you mean 'amounts'?"));
  Set("*/15 * * * *", true);
  EXPECT_EQ(RunAfter(15 * kMinuteMs), 1u);
  EXPECT_THAT(Loads(), testing::ElementsAre(2, -1, 2));
}

TEST_F(PostgresSourcesTest, ADayBeforeChristIsNoDayOfOurs) {
  ASSERT_TRUE(bank_.engines.Find("")
                  .value()
                  ->ChangeTable({[] {
                    Table table = Due();
                    table.columns.push_back({.name = "since", .type = ValueType::kDate});
                    table.columns.push_back({.name = "seen", .type = ValueType::kDateTime});
                    return table;
                  }()})
                  .ok());
  Sql("alter table waypost_due add since date default '0044-03-15 BC', add seen timestamptz");
  Sql("insert into waypost_due values ('c', 1, 102, '0044-03-15', '0044-03-15 BC'),"
      " ('d', 1, 103, '0044-03-15', '1969-12-31 23:59:59.999Z'),"
      " ('e', 1, 104, '-infinity', 'infinity')");
  EXPECT_EQ(RunAfter(15 * kMinuteMs), 1u);
  EXPECT_EQ(Rows(), 2u);
}

}  // namespace
}  // namespace waypost::services
