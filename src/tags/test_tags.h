// A catalog with tags of four customers, two of whom bought.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>

#include "analytics/rules.h"
#include "analytics/test_world.h"
#include "base/clock.h"
#include "base/test_folder.h"
#include "eql/text.h"
#include "exec/selection.h"
#include "io/real_file_system.h"
#include "tags/tags.h"

namespace waypost::tags {

namespace json = boost::json;

inline constexpr int64_t kNoon = 1'775'001'600'000 + kDayMs / 2;  // 2026-04-01T12:00Z

class TagsTest : public testing::Test {
 protected:
  TagsTest() {
    std::filesystem::create_directories(folder_ / "tags");
    catalog_ = catalog::Catalog::Open(folder_ / "catalog.db").value();
    Restart();
    world_.types["assets"] = ValueType::kInt;
    SetAssets({{"ann", 5'000'000}, {"bob", 60'000}, {"cid", 900}});
    world_.Add("ann", "buy", kNoon - 3 * kDayMs);
    world_.Add("bob", "buy", kNoon - kDayMs);
    world_.Add("dan", "look", kNoon - kDayMs);
  }

  void Restart() { tags_ = std::make_unique<Tags>(*files_, *catalog_, folder_ / "tags"); }

  void SetAssets(const std::map<std::string, int64_t>& assets) {
    for (const auto& [user, value] : assets) world_.attributes[user] = {{"assets", value}};
    ++builds_;
  }

  Moment At(int64_t now_ms, std::string who = "li") {
    snapshot_ = world_.Build({});
    snapshot_.id = "s" + std::to_string(builds_);
    return {
        .snapshot = snapshot_,
        .names = world_,
        .now_ms = now_ms,
        .find = [this](std::string_view key, std::string_view value) -> std::optional<uint32_t> {
          for (uint32_t o = 0; key == "login" && o < snapshot_.ordinal_count; ++o) {
            if (world_.UserOf(o) == value) return o;
          }
          return std::nullopt;
        },
        .who = std::move(who)};
  }
  Moment Now() { return At(kNoon); }

  static json::object Read(const Result<std::string>& answer) {
    EXPECT_TRUE(answer.ok()) << answer.error().message();
    return answer.ok() ? json::parse(answer.value()).as_object() : json::object();
  }
  void MakeTier() {
    Read(tags_->Create(R"j({"id":"tier","name_zh":"资产层级","owner":"li","make":{"kind":"layers",
        "layers":[{"value":"高","eql":"assets >= 1000000"},{"value":"中","eql":"assets >= 1000"}],
        "otherwise":"低"}})j",
                       Now()));
  }
  void Certify(const std::string& id) {
    for (const auto& [verb, who] :
         {std::pair{"submit", "li"}, {"certify", "wang"}, {"launch", "li"}})
      Read(tags_->Step(id, verb, "", At(kNoon, who)));
  }
  // What a customer has on a day; "" is the newest.
  std::string ValueOf(const std::string& user, const std::string& tag,
                      const std::string& day = "") {
    json::object body{{"key", "login"}, {"values", {user}}, {"tags", {tag}}};
    if (!day.empty()) body["day"] = day;
    const json::object found = Read(tags_->LookUp(json::serialize(body), Now()));
    return json::serialize(found.at("items").as_array()[0].at("tags").at(tag));
  }
  std::set<std::string> Selected(const std::string& eql) {
    const Moment moment = Now();
    const TagBook book(*tags_, moment.snapshot, analytics::Calendar::Of("UTC").value());
    const auto rule =
        analytics::ResolveQuery(eql::ParseQuery(eql).value(), world_,
                                {.now_ms = kNoon, .tags = &book, .snapshot = &moment.snapshot});
    std::set<std::string> users;
    if (!rule.ok()) return {rule.error().message()};
    const auto bits = analytics::RunQuery(rule.value(), moment.snapshot, 2);
    for (uint32_t o = 0; o < moment.snapshot.ordinal_count; ++o) {
      if (bits[o / 64] >> (o % 64) & 1) users.insert(world_.UserOf(o));
    }
    return users;
  }

  const TestFolder folder_;
  std::unique_ptr<io::FileSystem> files_ = io::MakeRealFileSystem();
  std::unique_ptr<catalog::Catalog> catalog_;
  std::unique_ptr<Tags> tags_;
  analytics::World world_;
  column::SnapshotView snapshot_;
  int builds_ = 0;
};

}  // namespace waypost::tags
