// From draft to retired: who may take which step, what keeps a tag, and what ends one that nobody
// uses.
#include "tags/test_tags.h"

namespace waypost::tags {
namespace {

using testing::HasSubstr;

TEST_F(TagsTest, NobodyCertifiesWhatTheySubmitted) {
  MakeTier();
  EXPECT_EQ(tags_->Step("tier", "certify", "", At(kNoon, "wang")).error().name(), "tag_state");
  Read(tags_->Change("tier", R"j({"version":1,"meaning_zh":"按资产分层"})j", Now()));
  Read(tags_->Step("tier", "submit", "", At(kNoon, "li")));
  EXPECT_EQ(tags_->Step("tier", "certify", "", At(kNoon, "li")).error().name(), "same_person");
  EXPECT_EQ(Read(tags_->Step("tier", "certify", "", At(kNoon, "wang"))).at("state"), "certified");
  EXPECT_EQ(Read(tags_->Step("tier", "launch", "", Now())).at("state"), "live");
  EXPECT_EQ(Read(tags_->Step("tier", "freeze", R"j({"note":"源表停更"})j", Now())).at("state"),
            "frozen");
  EXPECT_EQ(tags_->Run("tier", "", Now()).error().name(), "tag_state");
  EXPECT_EQ(Read(tags_->Step("tier", "retire", "", Now())).at("state"), "retired");
}

TEST_F(TagsTest, ATagThatIsUsedCannotBeRetired) {
  MakeTier();
  Certify("tier");
  Read(tags_->Create(R"j({"id":"high","make":{"kind":"rule","eql":"TAG(tier) = 高"}})j", Now()));
  const auto refused = tags_->Step("tier", "retire", "", Now());
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().name(), "in_use");
  EXPECT_THAT(refused.error().message(), HasSubstr("tag 'high'"));
}

TEST_F(TagsTest, TheCertifiedVersionGoesOnUntilTheNextIsCertified) {
  MakeTier();
  Certify("tier");
  const json::object changed = Read(tags_->Change(
      "tier",
      R"j({"version":1,"make":{"kind":"layers","layers":[{"value":"新","eql":"assets > 0"}]}})j",
      Now()));
  EXPECT_EQ(changed.at("state"), "draft");
  Read(tags_->Run("tier", "", Now()));
  EXPECT_EQ(ValueOf("ann", "tier"), "\"高\"");
  EXPECT_EQ(Selected("TAG(tier) = 高"), std::set<std::string>({"ann"}));
  Certify("tier");
  Read(tags_->Run("tier", "", Now()));
  EXPECT_EQ(ValueOf("ann", "tier"), "\"新\"");
}

TEST_F(TagsTest, ATagThatNobodyUsesIsToldThenFrozenThenRetiredByItself) {
  tags_->SetIdleRules({.idle_days = 90, .freeze_days = 30, .retire_days = 60});
  MakeTier();
  Certify("tier");
  const auto after = [&](int64_t days) {
    const auto taken = tags_->TakeIdleSteps(At(kNoon + days * kDayMs));
    EXPECT_TRUE(taken.ok()) << taken.error().message();
    std::string text;
    for (const IdleStep& step : taken.value())
      text += step.id + " " + step.step + " of " + step.owner;
    return text;
  };
  const auto state = [&] { return Read(tags_->Show("tier")).at("state").as_string(); };
  EXPECT_EQ(after(89), "");
  EXPECT_EQ(after(90), "tier idle of li");
  EXPECT_EQ(after(119), "");
  EXPECT_EQ(state(), "live");
  EXPECT_EQ(after(120), "tier freeze of li");
  EXPECT_EQ(state(), "frozen");
  EXPECT_EQ(after(179), "");
  EXPECT_EQ(after(180), "tier retire of li");
  EXPECT_EQ(state(), "retired");
  EXPECT_EQ(after(1'000), "");
  const json::array entries = Read(tags_->Show("tier")).at("entries").as_array();
  EXPECT_EQ(entries[0].at("by").as_string(), "idle");
}

TEST_F(TagsTest, UseOrAReferenceKeepsAnIdleTagAsItIs) {
  tags_->SetIdleRules({.idle_days = 90, .freeze_days = 30, .retire_days = 60});
  MakeTier();
  Certify("tier");
  const auto after = [&](int64_t days) {
    const auto taken = tags_->TakeIdleSteps(At(kNoon + days * kDayMs)).value();
    return taken.empty() ? "" : taken[0].step;
  };
  EXPECT_EQ(after(90), "idle");
  tags_->CountUse("tier");
  EXPECT_EQ(after(100), "");
  EXPECT_EQ(after(189), "");
  EXPECT_EQ(after(190), "idle");
  const auto refer = [&](std::vector<catalog::Reference> uses) {
    catalog::Definition user{.kind = "segment", .id = "vip", .body = "{}", .uses = std::move(uses)};
    ASSERT_TRUE(catalog_->Create(user, kNoon).ok());
  };
  refer({{"tag", "tier"}});
  EXPECT_EQ(after(220), "");
  ASSERT_TRUE(catalog_->Remove({"segment", "vip"}).ok());
  EXPECT_EQ(after(221), "");  // it was used the day before
  EXPECT_EQ(after(310), "idle");
  EXPECT_EQ(after(340), "freeze");
  refer({{"tag", "tier"}});
  EXPECT_EQ(after(500), "");  // named by others: not retired
  ASSERT_TRUE(catalog_->Remove({"segment", "vip"}).ok());
  Read(tags_->Step("tier", "thaw", "", At(kNoon + 500 * kDayMs)));
  Read(tags_->Step("tier", "freeze", "", At(kNoon + 500 * kDayMs)));
  EXPECT_EQ(after(1'000), "");  // people froze it: it is theirs to retire
  tags_->SetIdleRules({.idle_days = 1, .freeze_days = 0});
  Read(tags_->Step("tier", "thaw", "", At(kNoon + 1'000 * kDayMs)));
  EXPECT_EQ(after(1'001), "idle");
  EXPECT_EQ(after(2'000), "");
}

TEST_F(TagsTest, ThatATagWasUsedIsKnownAfterARestart) {
  tags_->SetIdleRules({.idle_days = 90});
  MakeTier();
  Certify("tier");
  for (int64_t day = 1; day < 100; ++day) {
    tags_->CountUse("tier");
    ASSERT_TRUE(tags_->NoteUsage(At(kNoon + day * kDayMs)).ok());
    Restart();
  }
  EXPECT_TRUE(tags_->TakeIdleSteps(At(kNoon + 100 * kDayMs)).value().empty());
}

TEST_F(TagsTest, UseIsNotedAtMostTwiceADayAndNoneIsLost) {
  MakeTier();
  Certify("tier");
  for (int64_t hour = 0; hour < 24; ++hour) {
    tags_->CountUse("tier");
    ASSERT_TRUE(tags_->NoteUsage(At(kNoon + hour * kDayMs / 24)).ok());
  }
  ASSERT_TRUE(tags_->NoteUsage(At(kNoon + 25 * kDayMs / 24)).ok());
  std::vector<int64_t> counts;
  const json::object shown = Read(tags_->Show("tier"));
  for (const json::value& entry : shown.at("entries").as_array()) {
    if (entry.at("what") == "usage") counts.push_back(entry.at("count").to_number<int64_t>());
  }
  EXPECT_THAT(counts, testing::ElementsAre(11, 12, 1));
}

// Of a tag that follows events.
class FollowedTag final : public LiveValues {
 public:
  std::optional<Now> Find(std::string_view id) override {
    if (id != "alive") return {};
    return Now{0, {ValueType::kString, std::make_shared<const column::CustomerColumns>()}};
  }
  void Changed() override {}
};

TEST_F(TagsTest, AnIdleTagThatCannotBeFrozenHoldsUpNoOther) {
  tags_->SetIdleRules({.idle_days = 90, .freeze_days = 30});
  Read(tags_->Create(R"j({"id":"alive","owner":"li","refresh":"live",
      "make":{"kind":"rule","eql":"assets > 0"}})j",
                     Now()));
  MakeTier();
  Certify("alive");
  Certify("tier");
  EXPECT_EQ(tags_->TakeIdleSteps(At(kNoon + 90 * kDayMs)).value().size(), 2u);
  FollowedTag followed;
  tags_->SetLive(&followed);
  std::filesystem::remove_all(folder_ / "tags");  // the values of that moment cannot be kept
  const auto taken = tags_->TakeIdleSteps(At(kNoon + 120 * kDayMs));
  ASSERT_TRUE(taken.ok()) << taken.error().message();
  ASSERT_EQ(taken.value().size(), 1u);
  EXPECT_EQ(taken.value()[0].id, "tier");
  EXPECT_EQ(Read(tags_->Show("alive")).at("state"), "live");
  tags_->SetLive(nullptr);
}

}  // namespace
}  // namespace waypost::tags
