#include "catalog/catalog.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <cstdlib>
#include <fstream>

#include "base/test_folder.h"

namespace waypost::catalog {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

enum class Database { kSqlite, kPostgres };

// What is said of PostgreSQL is said to the server that WAYPOST_TEST_POSTGRES names, as "host=...
// user=...".
class CatalogTest : public testing::TestWithParam<Database> {
 protected:
  void SetUp() override {
    if (GetParam() == Database::kPostgres) {
      const char* server = std::getenv("WAYPOST_TEST_POSTGRES");
      if (!server) GTEST_SKIP() << "WAYPOST_TEST_POSTGRES names no server";
      server_ = server;
      soci::session("postgresql", server_) << "drop schema if exists " << kSchema << " cascade";
    }
    Open();
  }

  void Open() {
    catalog_.reset();
    catalog_ = Begin().value();
  }
  Result<std::unique_ptr<Catalog>> Begin(const std::string& before = {}) const {
    return GetParam() == Database::kSqlite ? Catalog::Open(path_)
                                           : Catalog::OpenOn(server_, kSchema, before);
  }
  static Definition Segment(const std::string& id, std::vector<Reference> uses = {}) {
    return {.kind = "segment",
            .id = id,
            .name_zh = "高端客户",
            .owner = "li",
            .state = "draft",
            .body = R"({"eql":"vip = 1"})",
            .uses = std::move(uses)};
  }

  static constexpr const char* kSchema = "waypost_test";
  const TestFolder folder_;
  const std::string path_ = folder_ / "catalog.db";
  std::string server_;
  std::unique_ptr<Catalog> catalog_;
};

INSTANTIATE_TEST_SUITE_P(, CatalogTest, testing::Values(Database::kSqlite, Database::kPostgres),
                         [](const auto& info) {
                           return info.param == Database::kSqlite ? "Sqlite" : "Postgres";
                         });

class SqliteTest : public CatalogTest {};
INSTANTIATE_TEST_SUITE_P(, SqliteTest, testing::Values(Database::kSqlite));

class PostgresTest : public CatalogTest {};
INSTANTIATE_TEST_SUITE_P(, PostgresTest, testing::Values(Database::kPostgres));

TEST_P(CatalogTest, KeepsEveryVersionOfADefinitionAlsoAfterOpeningAgain) {
  Definition made =
      catalog_->Create(Segment("vip", {{"segment", "b"}, {"list", "a"}}), 1'767'225'600'100)
          .value();
  EXPECT_EQ(made.version, 1);
  made.body = "2";
  made.uses = {};
  EXPECT_EQ(catalog_->Change(made, 200).value().version, 2);
  Open();
  const Definition now = catalog_->Get({"segment", "vip"}).value();
  EXPECT_EQ(now.version, 2);
  EXPECT_EQ(now.body, "2");
  EXPECT_EQ(now.name_zh, "高端客户");
  EXPECT_EQ(now.created_ms, 1'767'225'600'100);
  EXPECT_EQ(now.changed_ms, 200);
  const Definition before = catalog_->GetVersion({"segment", "vip"}, 1).value();
  EXPECT_EQ(before.body, R"({"eql":"vip = 1"})");
  EXPECT_THAT(before.uses, ElementsAre(Reference{"list", "a"}, Reference{"segment", "b"}));
  EXPECT_EQ(catalog_->Versions({"segment", "vip"}).value().size(), 2u);
}

TEST_P(CatalogTest, AChangeOfAnOldVersionIsRefusedAndChangesNothing) {
  const Definition made = catalog_->Create(Segment("vip"), 1).value();
  ASSERT_TRUE(catalog_->Change(made, 2).ok());
  const auto late = catalog_->Change(made, 3);
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.error().name(), "conflict");
  EXPECT_EQ(catalog_->Get({"segment", "vip"}).value().version, 2);
}

TEST_P(CatalogTest, AnIdIsTakenOnce) {
  ASSERT_TRUE(catalog_->Create(Segment("vip"), 1).ok());
  EXPECT_EQ(catalog_->Create(Segment("vip"), 2).error().name(), "exists");
  Definition other = Segment("vip");
  other.kind = "tag";
  EXPECT_TRUE(catalog_->Create(other, 2).ok());
}

TEST_P(CatalogTest, IdsAreWords) {
  for (const std::string& bad : {std::string(), std::string("a b"), std::string("../x"),
                                 std::string("a'b"), std::string(65, 'x')}) {
    EXPECT_EQ(catalog_->Create(Segment(bad), 1).error().name(), "bad_id") << bad;
  }
}

TEST_P(CatalogTest, WhatIsUsedCannotBeRemoved) {
  ASSERT_TRUE(catalog_->Create(Segment("base"), 1).ok());
  Definition user = catalog_->Create(Segment("user", {{"segment", "base"}}), 1).value();
  EXPECT_THAT(catalog_->UsersOf({"segment", "base"}).value(),
              ElementsAre(Reference{"segment", "user"}));
  const auto refused = catalog_->Remove({"segment", "base"});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().name(), "in_use");
  EXPECT_THAT(refused.error().message(), HasSubstr("'user'"));
  user.uses = {};
  ASSERT_TRUE(catalog_->Change(user, 2).ok());
  EXPECT_TRUE(catalog_->Remove({"segment", "base"}).ok());
  EXPECT_EQ(catalog_->Get({"segment", "base"}).error().name(), "not_found");
}

TEST_P(CatalogTest, ListsNewestVersionsById) {
  const Definition b = catalog_->Create(Segment("b"), 1).value();
  ASSERT_TRUE(catalog_->Create(Segment("a"), 2).ok());
  ASSERT_TRUE(catalog_->Change(b, 3).ok());
  const auto all = catalog_->List("segment").value();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].id, "a");
  EXPECT_EQ(all[1].version, 2);
  EXPECT_TRUE(catalog_->List("tag").value().empty());
}

TEST_P(CatalogTest, EntriesAreNumberedAndGivenNewestFirst) {
  ASSERT_TRUE(catalog_->Create(Segment("vip"), 1).ok());
  EXPECT_EQ(catalog_->Record({"segment", "vip"}, 10, "one").value(), 1);
  EXPECT_EQ(catalog_->Record({"segment", "vip"}, 20, "two").value(), 2);
  const auto entries = catalog_->Entries({"segment", "vip"}, 1).value();
  ASSERT_EQ(entries.size(), 1u);
  EXPECT_EQ(entries[0].number, 2);
  EXPECT_EQ(entries[0].at_ms, 20);
  EXPECT_EQ(entries[0].body, "two");
  EXPECT_EQ(catalog_->Record({"segment", "none"}, 1, "").error().name(), "not_found");
}

TEST_P(CatalogTest, AnEntryMaySaySomethingElse) {
  for (const char* id : {"vip", "new"}) {
    ASSERT_TRUE(catalog_->Create(Segment(id), 1).ok());
    for (const int64_t at : {10, 20})
      ASSERT_TRUE(catalog_->Record({"segment", id}, at, "who").ok());
  }
  ASSERT_TRUE(catalog_->Amend({"segment", "vip"}, 1, "how many").ok());
  const auto entries = catalog_->Entries({"segment", "vip"}, 9).value();
  EXPECT_EQ(entries[1].body, "how many");
  EXPECT_EQ(entries[1].at_ms, 10);
  EXPECT_EQ(entries[0].body, "who");
  EXPECT_EQ(catalog_->Entries({"segment", "new"}, 9).value()[1].body, "who");
}

TEST_P(CatalogTest, StateChangesWithoutANewVersion) {
  ASSERT_TRUE(catalog_->Create(Segment("vip"), 1).ok());
  ASSERT_TRUE(catalog_->SetState({"segment", "vip"}, "live").ok());
  EXPECT_EQ(catalog_->Get({"segment", "vip"}).value().state, "live");
  EXPECT_EQ(catalog_->Get({"segment", "vip"}).value().version, 1);
}

TEST_P(CatalogTest, WhatIsKeptBesideADefinitionIsReplacedAndGoesWithIt) {
  using Values = std::vector<std::pair<std::string, std::string>>;
  ASSERT_TRUE(catalog_->Create(Segment("vip"), 1).ok());
  const Reference vip{"segment", "vip"};
  ASSERT_TRUE(catalog_->Keep(vip, "secret", "one").ok());
  ASSERT_TRUE(catalog_->Keep(vip, "secret", "two").ok());
  ASSERT_TRUE(catalog_->Keep(vip, "other", "x").ok());
  Open();
  EXPECT_EQ(catalog_->Kept(vip).value(), (Values{{"other", "x"}, {"secret", "two"}}));
  ASSERT_TRUE(catalog_->Keep(vip, "other", "").ok());
  EXPECT_EQ(catalog_->Kept(vip).value(), (Values{{"secret", "two"}}));
  ASSERT_TRUE(catalog_->Remove(vip).ok());
  EXPECT_TRUE(catalog_->Kept(vip).value().empty());
  EXPECT_EQ(catalog_->Keep(vip, "secret", "x").error().name(), "not_found");
}

TEST_P(CatalogTest, ACopyHoldsWhatTheCatalogHeld) {
  ASSERT_TRUE(catalog_->Create(Segment("vip"), 1).ok());
  const std::string copy = folder_ / "copy.db";
  ASSERT_TRUE(catalog_->CopyTo(copy).ok());
  EXPECT_FALSE(catalog_->CopyTo(copy).ok());
  EXPECT_EQ(Catalog::Open(copy).value()->Get({"segment", "vip"}).value().owner, "li");
}

TEST_P(SqliteTest, ACatalogOfANewerProgramIsLeftAlone) {
  catalog_.reset();
  {
    soci::session sql(soci::sqlite3, "db=\"" + path_ + "\"");
    sql << "pragma user_version = 999";
  }
  EXPECT_EQ(Catalog::Open(path_).error().name(), "newer_catalog");
}

TEST_P(SqliteTest, AFileThatIsNoCatalogIsSaidToBeCorrupt) {
  const std::string other = folder_ / "other.db";
  std::ofstream(other) << std::string(4096, 'x');
  EXPECT_EQ(Catalog::Open(other).error().code(), Code::kCorrupt);
}

TEST_P(PostgresTest, WhatAFileHeldIsTakenOverOnceAndNothingIsMixed) {
  {
    const auto file = Catalog::Open(path_).value();
    Definition made = file->Create(Segment("vip", {{"list", "a"}}), 10).value();
    ASSERT_TRUE(file->Change(made, 20).ok());
    ASSERT_EQ(file->Record({"segment", "vip"}, 30, "ran").value(), 1);
    ASSERT_TRUE(file->Keep({"segment", "vip"}, "secret", "s").ok());
  }
  for (int start = 0; start < 2;
       ++start) {  // the second as after a kill before the file was renamed
    catalog_.reset();
    catalog_ = Begin(path_).value();
    EXPECT_EQ(catalog_->Versions({"segment", "vip"}).value().size(), 2u);
    EXPECT_EQ(catalog_->UsersOf({"list", "a"}).value().size(), 1u);
    EXPECT_EQ(catalog_->Entries({"segment", "vip"}, 9).value()[0].body, "ran");
    EXPECT_EQ(catalog_->Kept({"segment", "vip"}).value()[0].second, "s");
  }
  ASSERT_TRUE(catalog_->Create(Segment("other"), 40).ok());
  catalog_.reset();
  EXPECT_EQ(Begin(path_).error().name(), "two_catalogs");
  EXPECT_EQ(Begin().value()->List("segment").value().size(), 2u);
}

TEST_P(PostgresTest, OneServerAtATimeHasTheCatalog) {
  EXPECT_EQ(Begin().error().name(), "catalog_in_use");
  catalog_.reset();
  EXPECT_TRUE(Begin().ok());
}

TEST_P(PostgresTest, ALostConnectionIsMadeAnew) {
  ASSERT_TRUE(catalog_->Create(Segment("vip"), 1).ok());
  soci::session("postgresql", server_)
      << "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'";
  // The end may come before the next call or within it.
  if (const auto met = catalog_->Get({"segment", "vip"}); !met.ok()) {
    EXPECT_EQ(met.error().name(), "catalog_unavailable");
  }
  EXPECT_EQ(catalog_->Get({"segment", "vip"}).value().owner, "li");
  EXPECT_EQ(Begin().error().name(), "catalog_in_use");  // its lock was taken again
}

TEST(PostgresAddressTest, WhatCannotBePassedOnIsRefused) {
  for (const auto& [server, says] :
       {std::pair{"host=db nonsense=1", "does not read it"},
        {"postgresql://a:b%20c@db/waypost", "the password has a blank"},
        {"host=db password='it\\'s'", "the password has a blank"}}) {
    const auto refused = Catalog::OpenOn(server, "s", "");
    ASSERT_FALSE(refused.ok()) << server;
    EXPECT_EQ(refused.error().name(), "bad_catalog_server");
    EXPECT_THAT(refused.error().message(), HasSubstr(says));
  }
}

TEST_P(PostgresTest, AServerThatIsNotThereIsSaid) {
  EXPECT_EQ(Catalog::OpenOn("host=127.0.0.1 port=1 connect_timeout=2", kSchema, "").error().name(),
            "catalog_unavailable");
}

TEST(UsedFirstTest, WhatOthersAreMadeOfComesFirst) {
  const auto one = [](const std::string& id, const std::vector<std::string>& uses) {
    Definition made{.kind = "tag", .id = id};
    for (const std::string& used : uses) made.uses.push_back({"tag", used});
    return made;
  };
  std::string order;
  for (const Definition& d : UsedFirst({one("a", {"d", "b"}), one("b", {"c"}),
                                        one("c", {"outside"}), one("d", {"c"}), one("e", {})}))
    order += d.id;
  EXPECT_EQ(order, "cdbae");
}

}  // namespace
}  // namespace waypost::catalog
