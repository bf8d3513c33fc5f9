// Values of tags: made, kept by day, asked for, and forgotten.
#include "tags/test_tags.h"

namespace waypost::tags {
namespace {

using testing::HasSubstr;

TEST_F(TagsTest, ARunKeepsTheValuesOfADay) {
  MakeTier();
  const json::object run = Read(tags_->Run("tier", "", Now()));
  EXPECT_EQ(run.at("day"), "2026-04-01");
  EXPECT_EQ(run.at("with_value"), 4);
  EXPECT_EQ(json::serialize(run.at("values")),
            R"j([{"value":"低","count":2,"share":5E-1},{"value":"中","count":1,"share":2.5E-1},)j"
            R"j({"value":"高","count":1,"share":2.5E-1}])j");
  EXPECT_FALSE(Read(tags_->Show("tier")).at("entries").at(0).as_object().contains("values"))
      << "where erasing a customer would not find what only he had";
  EXPECT_EQ(ValueOf("ann", "tier"), "\"高\"");
  EXPECT_EQ(ValueOf("dan", "tier"), "\"低\"");
  Restart();
  EXPECT_EQ(ValueOf("bob", "tier"), "\"中\"");
}

TEST_F(TagsTest, EveryDayKeepsItsOwnValuesAndDaysCanBeCompared) {
  MakeTier();
  Read(tags_->Run("tier", "", At(kNoon - 2 * kDayMs)));
  SetAssets({{"ann", 10}, {"bob", 2'000'000}});
  Read(tags_->Run("tier", "", Now()));
  EXPECT_EQ(ValueOf("ann", "tier", "2026-03-30"), "\"高\"");
  EXPECT_EQ(ValueOf("ann", "tier", "2026-03-31"), "\"高\"") << "the newest day before";
  EXPECT_EQ(ValueOf("ann", "tier"), "\"低\"");
  const json::object moves =
      Read(tags_->Transitions("tier", R"j({"from":"2026-03-30","to":"2026-04-01"})j", Now()));
  EXPECT_EQ(moves.at("changed"), 2);
  EXPECT_EQ(moves.at("stayed"), 2);
  EXPECT_THAT(json::serialize(moves.at("transitions")),
              HasSubstr(R"j({"from":"高","to":"低","count":1})j"));
  const auto early = tags_->Distribution("tier", R"j({"day":"2026-03-01"})j", Now());
  ASSERT_FALSE(early.ok());
  EXPECT_EQ(early.error().code(), Code::kNotFound);
}

TEST_F(TagsTest, HealthTellsHowManyNumbersThereAreAndWhenThereIsButOne) {
  Read(tags_->Create(
      R"j({"id":"worth","name_zh":"资产","owner":"li","make":{"kind":"value","of":"assets"}})j",
      Now()));
  const auto health = [&] {
    Read(tags_->Run("worth", "", Now()));
    return Read(tags_->Health("worth", Now()));
  };
  EXPECT_EQ(health().at("distinct"), 3);
  SetAssets({{"ann", 60'000}, {"bob", 60'000}, {"cid", 60'000}});
  const json::object one = health();
  EXPECT_EQ(one.at("distinct"), 1);
  EXPECT_THAT(json::serialize(one.at("findings")),
              HasSubstr("nearly every customer has the same value '60000'"));
}

TEST_F(TagsTest, ASecondRunOfADayReplacesTheFirst) {
  MakeTier();
  Read(tags_->Run("tier", "", Now()));
  SetAssets({{"ann", 10}});
  Read(tags_->Run("tier", "", Now()));
  EXPECT_EQ(ValueOf("ann", "tier"), "\"低\"");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_ / "tags"), {}), 1);
}

TEST_F(TagsTest, AFailedRunLeavesTheLastGoodValues) {
  MakeTier();
  Read(tags_->Run("tier", "", Now()));
  world_.attributes.clear();
  world_.Add("eve", "look", kNoon);
  analytics::World empty;
  empty.Add("ann", "look", kNoon);
  snapshot_ = empty.Build({});
  const Moment nothing{.snapshot = snapshot_, .names = empty, .now_ms = kNoon};
  EXPECT_EQ(tags_->Run("tier", "", nothing).error().name(), "eql_unknown");
  const json::object shown = Read(tags_->Show("tier"));
  EXPECT_EQ(shown.at("entries").as_array()[0].at("status"), "failed");
  EXPECT_THAT(json::serialize(shown), HasSubstr("there is no field 'assets'"));
  EXPECT_THAT(json::serialize(Read(tags_->Health("tier", Now()))),
              HasSubstr("没有客户属性“assets”"));
  EXPECT_EQ(ValueOf("ann", "tier"), "\"高\"");
}

// As on a full disk.
TEST_F(TagsTest, ARunWhoseValuesCannotBeWrittenIsAFailedOneToo) {
  MakeTier();
  Read(tags_->Run("tier", "", Now()));
  std::filesystem::rename(folder_ / "tags", folder_ / "away");
  EXPECT_FALSE(tags_->Run("tier", "", Now()).ok());
  std::filesystem::rename(folder_ / "away", folder_ / "tags");
  EXPECT_EQ(Read(tags_->Show("tier")).at("entries").as_array()[0].at("status"), "failed");
  EXPECT_EQ(Read(tags_->Health("tier", Now())).at("level"), "alarm");
  EXPECT_EQ(ValueOf("ann", "tier"), "\"高\"");
}

// As after kill -9 between the two: the file is there and nobody knows it.
TEST_F(TagsTest, AFileThatNoEntryNamesDoesNotCountAndIsSweptAway) {
  MakeTier();
  Read(tags_->Run("tier", "", Now()));
  const std::string good = std::filesystem::directory_iterator(folder_ / "tags")->path();
  std::filesystem::copy_file(good, folder_ / "tags/tier-1-2026-04-02-9.values");
  std::filesystem::copy_file(good, good + ".tmp");
  Restart();
  ASSERT_TRUE(tags_->Sweep().ok());
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_ / "tags"), {}), 1);
  EXPECT_EQ(ValueOf("ann", "tier"), "\"高\"");
}

TEST_F(TagsTest, AWrongByteIsCorruptAndNotAValue) {
  MakeTier();
  Read(tags_->Run("tier", "", Now()));
  const std::string path = std::filesystem::directory_iterator(folder_ / "tags")->path();
  const Bytes good = io::ReadFile(*files_, path, 1 << 20).value();
  for (size_t at = 0; at < good.size(); at += 7) {
    Bytes bad = good;
    bad[at] ^= 0x20;
    std::filesystem::remove(path);
    ASSERT_TRUE(io::ReplaceFile(*files_, path, bad).ok());
    const auto read = ReadValues(*files_, path);
    ASSERT_FALSE(read.ok()) << at;
    EXPECT_EQ(read.error().code(), Code::kCorrupt);
  }
}

TEST_F(TagsTest, BackfilledDaysAreWhatARunWouldHaveMadeThen) {
  Read(tags_->Create(
      R"j({"id":"bought","make":{"kind":"value","of":"DID(buy) LAST 30 DAYS COUNT"}})j", Now()));
  Read(tags_->Run("bought", "", At(kNoon - 2 * kDayMs)));
  const std::string ran = ValueOf("ann", "bought", "2026-03-30");
  EXPECT_EQ(ran, "1");
  const json::object filled =
      Read(tags_->Backfill("bought", R"j({"from":"2026-03-27","to":"2026-04-01"})j", Now()));
  EXPECT_EQ(filled.at("runs").as_array().size(), 6u);
  EXPECT_EQ(ValueOf("ann", "bought", "2026-03-30"), ran);
  EXPECT_EQ(ValueOf("ann", "bought", "2026-03-28"), "0");
  EXPECT_EQ(ValueOf("bob", "bought", "2026-03-31"), "0");
  EXPECT_EQ(ValueOf("bob", "bought", "2026-04-01"), "1");
  EXPECT_FALSE(tags_->Run("bought", R"j({"day":"2026-04-02"})j", Now()).ok());
}

TEST_F(TagsTest, DaysOlderThanTheyAreKeptGo) {
  Read(tags_->Create(R"j({"id":"old","keep_days":3,"make":{"kind":"rule","eql":"DID(buy)"}
})j",
                     Now()));
  Read(tags_->Backfill("old", R"j({"from":"2026-03-20","to":"2026-04-01"})j", Now()));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_ / "tags"), {}), 3);
  EXPECT_EQ(ValueOf("ann", "old", "2026-03-30"), "true");
  EXPECT_FALSE(tags_->Distribution("old", R"j({"day":"2026-03-29"})j", Now()).ok());
}

TEST_F(TagsTest, UploadedValuesAddToThoseBeforeOrReplaceThem) {
  Read(tags_->Create(R"j({"id":"score","make":{"kind":"uploaded","type":"number"}})j", Now()));
  const json::object first = Read(tags_->Upload(
      "score", R"j({"key":"login","values":[["ann",0.25],["bob",7],["nobody",1]]})j", Now()));
  EXPECT_EQ(first.at("matched"), 2);
  EXPECT_EQ(json::serialize(first.at("unmatched_examples")), R"j(["nobody"])j");
  Read(tags_->Upload("score", R"j({"key":"login","values":[["bob",8]]})j", Now()));
  EXPECT_EQ(ValueOf("ann", "score"), "2.5E-1");
  EXPECT_EQ(ValueOf("bob", "score"), "8E0");
  Read(tags_->Upload("score", R"j({"key":"login","replace":true,"values":[["bob",9]]})j", Now()));
  EXPECT_EQ(ValueOf("ann", "score"), "null");
  EXPECT_EQ(ValueOf("bob", "score"), "9");
  EXPECT_FALSE(tags_->Upload("score", R"j({"key":"login","values":[["bob","x"]]})j", Now()).ok());
  EXPECT_EQ(ValueOf("bob", "score"), "9");
}

TEST_F(TagsTest, ScoresOfAModelKeepToItsRangeAndNewerOnesStay) {
  Read(tags_->Create(R"j({"id":"churn","make":{"kind":"model","model":"gbm","range":[0,1]}})j",
                     Now()));
  const auto push = [&](const std::string& values, const std::string& version, const char* at) {
    return tags_->Upload("churn",
                         R"j({"key":"login","values":)j" + values + R"j(,"model_version":")j" +
                             version + R"j(","at":")j" + at + "\"}",
                         Now());
  };
  const json::object kept =
      Read(push(R"j([["ann",0.75],["bob",1]])j", "v3", "2026-03-30T08:00:00Z"));
  EXPECT_EQ(kept.at("model_version"), "v3");
  EXPECT_EQ(kept.at("scored_at"), "2026-03-30T08:00:00.000Z");
  struct Refusal {
    const char *values, *version, *at, *name;
  };
  for (const Refusal& one :
       {Refusal{R"j([["ann",0.5]])j", "v2", "2026-03-30T07:59:59Z", "older_scores"},
        {R"j([["ann",1.01]])j", "v3", "2026-03-31T00:00:00Z", "bad_tag"},
        {R"j([["nobody",-1]])j", "v3", "2026-03-31T00:00:00Z", "bad_tag"},
        {R"j([["ann",0.5]])j", "", "2026-03-31T00:00:00Z", "bad_tag"},
        {R"j([["ann",0.5]])j", "v3", "soon", "bad_tag"},
        {R"j([["ann",0.5]])j", "v3", "2036-03-31T00:00:00Z", "bad_tag"}}) {
    const auto refused = push(one.values, one.version, one.at);
    ASSERT_FALSE(refused.ok()) << one.values << one.at;
    EXPECT_EQ(refused.error().name(), one.name) << refused.error().message();
  }
  EXPECT_EQ(ValueOf("ann", "churn"), "7.5E-1");
  Read(push(R"j([["ann",0]])j", "v4", "2026-03-31T00:00:00Z"));
  EXPECT_EQ(ValueOf("ann", "churn"), "0");
  EXPECT_EQ(ValueOf("bob", "churn"), "1");
}

TEST_F(TagsTest, EachTypeOfUploadComesBackAsItWas) {
  const std::pair<const char*, const char*> values[] = {
      {"string", "\"高\""},
      {"bool", "true"},
      {"number", "-3"},
      {"datetime", "\"2026-03-01T08:00:00.000Z\""},
      {"list", R"j(["a","b"])j"}};
  for (const auto& [type, value] : values) {
    Read(tags_->Create(json::serialize(json::object{
                           {"id", type}, {"make", {{"kind", "uploaded"}, {"type", type}}}}),
                       Now()));
    Read(tags_->Upload(type, std::string(R"j({"key":"login","values":[["cid",)j") + value + "]]}",
                       Now()));
    EXPECT_EQ(ValueOf("cid", type), value);
    EXPECT_EQ(ValueOf("ann", type), "null");
  }
}

TEST_F(TagsTest, RulesNameTagsAsTheyAreAndWere) {
  MakeTier();
  EXPECT_THAT(*Selected("TAG(tier) = 高").begin(), HasSubstr("only certified tags"));
  Read(tags_->Run("tier", "", At(kNoon - 2 * kDayMs)));
  SetAssets({{"ann", 10}, {"bob", 2'000'000}});
  Read(tags_->Run("tier", "", Now()));
  Certify("tier");
  using Users = std::set<std::string>;
  EXPECT_EQ(Selected("TAG(tier) = 高"), Users({"bob"}));
  EXPECT_EQ(Selected("TAG(资产层级) IN (高, 中)"), Users({"bob"}));
  EXPECT_EQ(Selected("TAG(tier, AT '2026-03-31') = 高"), Users({"ann"}));
  EXPECT_EQ(Selected("TAG(tier) != 高"), Users({"ann", "cid", "dan"}));
  EXPECT_EQ(Selected("TAG(tier) CHANGED"), Users({"ann", "bob"}));
  EXPECT_EQ(Selected("TAG(tier) CHANGED FROM 高 TO 低"), Users({"ann"}));
  EXPECT_EQ(Selected("TAG(tier) CHANGED TO 高 LAST 7 DAYS INCLUDING CURRENT"), Users({"bob"}));
  EXPECT_EQ(Selected("TAG(tier) CHANGED FROM 低 SINCE '2026-03-31'"), Users());
  EXPECT_EQ(Selected("TAG(tier) CHANGED BETWEEN '2026-03-01' AND '2026-03-31'"), Users())
      << "nobody knows what was before the first day";
  EXPECT_THAT(*Selected("TAG(tear) = 高").begin(), HasSubstr("did you mean 'tier'?"));
}

TEST_F(TagsTest, TagsAreMadeOfOthersButNotOfThemselves) {
  MakeTier();
  Read(tags_->Run("tier", "", Now()));
  Read(tags_->Create(R"j({"id":"score","make":{"kind":"score","terms":[
      {"of":"TAG(tier)","points":{"高":10,"中":5}
},{"of":"DID(buy) COUNT","weight":2}]
}
})j",
                     Now()));
  Read(tags_->Run("score", "", Now()));
  EXPECT_EQ(ValueOf("ann", "score"), "12");
  EXPECT_EQ(ValueOf("cid", "score"), "0");
  EXPECT_EQ(tags_->Remove("tier").error().name(), "in_use");
  const auto circle = tags_->Change(
      "tier", R"j({"version":1,"make":{"kind":"rule","eql":"TAG(score) > 1"}})j", Now());
  ASSERT_FALSE(circle.ok());
  EXPECT_THAT(circle.error().message(), HasSubstr("made of itself"));
  EXPECT_TRUE(tags_->Remove("score").ok());
  EXPECT_TRUE(tags_->Remove("tier").ok());
  EXPECT_TRUE(std::filesystem::is_empty(folder_ / "tags"));
}

TEST_F(TagsTest, PlacesHaveEnglishNamesThatTagsAreFoundBy) {
  Read(tags_->Create(R"({"id":"vip","name_zh":"贵宾","owner":"li","categories":["价值/资产/层级"],
        "albums":["高净值"],"make":{"kind":"rule","eql":"assets >= 1000"}})",
                     Now()));
  const auto name = [&](const std::string& body) { return tags_->NamePlaces(body, kNoon); };
  const json::object named = Read(name(
      R"({"categories":[{"name":"价值","name_en":"Value"},{"name":"价值/资产/层级","name_en":"Tier"}],
          "albums":[{"name":"高净值","name_en":"Private clients"}]})"));
  EXPECT_EQ(json::serialize(named.at("categories")),
            R"([{"name":"价值","count":0,"name_en":"Value"},{"name":"价值/资产","count":0},)"
            R"({"name":"价值/资产/层级","count":1,"name_en":"Tier"}])");
  Restart();
  const auto found = [&](const std::string& query) {
    return Read(tags_->List({.query = query})).at("items").as_array().size();
  };
  EXPECT_EQ(found("tier value private"), 1u);
  EXPECT_EQ(found("mass market"), 0u);
  // One wrong place, and nothing is named.
  for (const auto& [body, says] :
       {std::pair{
            R"({"categories":[{"name":"价值","name_en":"Worth"},{"name":"无","name_en":"None"}]})",
            "categories[1].name: no tag is there"},
        {R"({"albums":[{"name":"高净值"}]})", "albums[0]: 'name_en' is missing"},
        {R"({"colours":[]})", "colours"}}) {
    const auto refused = name(body);
    ASSERT_FALSE(refused.ok()) << body;
    EXPECT_EQ(refused.error().name(), "bad_tag");
    EXPECT_THAT(refused.error().message(), HasSubstr(says));
  }
  EXPECT_EQ(found("value"), 1u);
  Read(name(R"({"categories":[{"name":"价值","name_en":""}]})"));
  EXPECT_EQ(found("value"), 0u);
  EXPECT_EQ(found("tier"), 1u);
}

TEST_F(TagsTest, AProfileTellsTheNewestValuesOfEveryTagThatRulesMayName) {
  const auto profile = [&](std::vector<std::string> ids, const char* login) {
    const uint32_t root = Now().find("login", login).value();
    const auto told = tags_->Profile(ids, {root});
    return told.ok() ? told.value() : told.error().message();
  };
  MakeTier();
  Read(tags_->Run("tier", "", Now()));
  EXPECT_EQ(profile({}, "ann"), "{}") << "a draft is nobody's to name";
  Certify("tier");
  EXPECT_EQ(profile({}, "ann"), R"({"tier":"高"})") << "it was certified after it was told";
  Read(tags_->Run("tier", R"({"day":"2026-01-01"})", Now()));
  EXPECT_EQ(profile({}, "ann"), R"({"tier":"高"})") << "of a past day, which is not the newest";
  EXPECT_EQ(profile({"tier"}, "dan"), R"({"tier":"低"})");
  EXPECT_THAT(profile({"tierr"}, "dan"), HasSubstr("tierr"));
  Read(tags_->Create(
      R"j({"id":"rich","name_zh":"富","owner":"li","make":{"kind":"layers","layers":[{"value":"是","eql":"assets > 100000000"}]}})j",
      Now()));
  Certify("rich");
  EXPECT_THAT(profile({"rich"}, "ann"), HasSubstr("only certified tags with values"));
  Read(tags_->Run("rich", "", Now()));
  EXPECT_EQ(profile({}, "ann"), R"({"tier":"高"})") << "who has no value of a tag is told none";
  // Who merged is told what a member has.
  const uint32_t ann = Now().find("login", "ann").value();
  const std::vector<uint32_t> with_new = {ann, snapshot_.ordinal_count};
  EXPECT_EQ(tags_->Profile({}, {with_new[1], with_new}).value(), R"({"tier":"高"})");
}

// Values of customers that merged and unmerged since.
TEST_F(TagsTest, ValuesKeepTheirMeaningWhenCustomersMergeAndUnmerge) {
  MakeTier();
  Read(tags_->Run("tier", "", Now()));
  const auto history = tags_->HistoryOf(tags_->FindNamed("tier").value()).value();
  const auto value_at = [&](uint32_t ordinal) {
    const auto values =
        tags_
            ->ValuesOf(tags_->FindNamed("tier").value(), history->days.begin()->first,
                       history->days.begin()->second, snapshot_)
            .value();
    const column::Column* column = values.columns->Find(0);
    return column && ordinal < column->row_count() && !column->IsNull(ordinal)
               ? std::string(column->Text(ordinal))
               : "-";
  };
  Moment merged = Now();
  const uint32_t ann = merged.find("login", "ann").value(),
                 dan = merged.find("login", "dan").value();
  const std::vector<uint32_t> both = {std::min(ann, dan), std::max(ann, dan)};
  // Ann is known by dan's ordinal now, which had a value of its own; a new one takes a member's.
  const std::vector<uint32_t> with_new = {ann, snapshot_.ordinal_count};
  snapshot_.ordinal_count += 1;
  snapshot_.clusters = column::Clusters(std::vector<column::Cluster>{{with_new[1], with_new}});
  snapshot_.id = "merged";
  EXPECT_EQ(value_at(with_new[1]), "高");
  merged.find = [&](std::string_view, std::string_view) { return std::optional(with_new[1]); };
  const json::object looked_up =
      Read(tags_->LookUp(R"({"key":"login","values":["ann"],"tags":["tier"]})", merged));
  EXPECT_EQ(json::serialize(looked_up.at("items").as_array()[0].at("tags")), R"({"tier":"高"})");
  snapshot_.clusters = {};
  snapshot_.id = "unmerged";
  EXPECT_EQ(value_at(ann), "高");
  EXPECT_EQ(value_at(dan), "低");
}

// A number or a device that was ann's while values were made is dan's later.
TEST_F(TagsTest, WhatACustomerLosesTakesNoValueAlong) {
  MakeTier();
  Read(tags_->Create(
      R"j({"id":"nps","name_zh":"分","owner":"li","make":{"kind":"uploaded","type":"number"}})j",
      Now()));
  const auto upload = [&](const Moment& moment, std::string_view values) {
    return Read(tags_->Upload("nps", R"({"key":"login","values":)" + std::string(values) + "}",
                              moment))
        .at("with_value");
  };
  upload(Now(), R"([["dan",3]])");
  Moment moment = Now();
  const uint32_t ann = moment.find("login", "ann").value(),
                 dan = moment.find("login", "dan").value();
  const std::vector<uint32_t> both = {std::min(ann, dan), std::max(ann, dan)};
  snapshot_.clusters = column::Clusters(std::vector<column::Cluster>{{ann, both}});
  snapshot_.clustered.assign(snapshot_.ordinal_count / 64 + 1, 0);
  for (const uint32_t member : both) snapshot_.clustered[member / 64] |= 1ull << (member % 64);
  snapshot_.id = "merged";
  EXPECT_EQ(Read(tags_->Run("tier", "", moment)).at("with_value"), 3);
  EXPECT_EQ(upload(moment, R"([["bob",5]])"), 2) << "ann has what dan had";
  EXPECT_EQ(ValueOf("ann", "tier"), "\"高\"") << "and they are two again";
  EXPECT_EQ(ValueOf("dan", "tier"), "null") << "until the next run";
  EXPECT_EQ(ValueOf("dan", "nps"), "3");
  EXPECT_EQ(ValueOf("ann", "nps"), "null");
}

TEST_F(TagsTest, TheValuesOfWhoWasErasedGoFromTheFilesOfAllDays) {
  MakeTier();
  Read(tags_->Run("tier", R"({"day":"2026-02-01"})", Now()));
  Read(tags_->Run("tier", "", Now()));
  Moment moment = Now();
  const uint32_t ann = moment.find("login", "ann").value();
  const auto files_with_high = [&] {
    int files = 0;
    for (const auto& file : std::filesystem::directory_iterator(folder_ / "tags")) {
      const auto values = ReadValues(*files_, file.path()).value();
      const column::Column* column = values->columns.Find(0);
      files += !column->IsNull(ann);
      EXPECT_EQ(column->Text(moment.find("login", "bob").value()), "中");
    }
    return files;
  };
  EXPECT_EQ(tags_->ForgetErased(snapshot_).value(), 0u);
  EXPECT_EQ(files_with_high(), 2);
  snapshot_.erased.assign((snapshot_.ordinal_count + 63) / 64, 0);
  snapshot_.erased[ann / 64] |= uint64_t{1} << (ann % 64);
  EXPECT_EQ(tags_->ForgetErased(snapshot_).value(), 2u);
  EXPECT_EQ(files_with_high(), 0);
  EXPECT_EQ(tags_->ForgetErased(snapshot_).value(), 0u);
  EXPECT_EQ(ValueOf("bob", "tier"), "\"中\"");
}

// As they were recorded when records named values.
TEST_F(TagsTest, ARecordOfARunThatNamesValuesLosesThemAtTheNextStart) {
  MakeTier();
  Read(tags_->Run("tier", "", Now()));
  const std::string run = R"({"what":"run","status":"ok","day":"2026-03-01","type":"string",)";
  for (const char* named :
       {R"("values":[{"value":"张三","count":1,"share":1.0}],"distinct":1})",
        R"("values":[{"value":"李四","count":1,"share":1.0}],"others":7,"distinct":8})"})
    ASSERT_TRUE(catalog_->Record({"tag", "tier"}, kNoon, run + named).ok());
  Restart();
  ASSERT_TRUE(tags_->Sweep().ok());
  const auto entries = catalog_->Entries({"tag", "tier"}, 10).value();
  EXPECT_EQ(entries[1].body, run + R"("distinct":1})");
  EXPECT_EQ(entries[0].body, run + R"("distinct":8})");
  EXPECT_EQ(entries[0].at_ms, kNoon);
  EXPECT_EQ(ValueOf("ann", "tier"), "\"高\"");
}

TEST_F(TagsTest, AListCountsOnceForAnItemThatItHasTwice) {
  Read(tags_->Create(R"j({"id":"likes","make":{"kind":"uploaded","type":"list"}})j", Now()));
  Read(tags_->Upload(
      "likes", R"j({"key":"login","values":[["ann",["茶","酒","茶"]],["bob",["茶"]]]})j", Now()));
  const json::object all = Read(tags_->Distribution("likes", "", Now()));
  EXPECT_EQ(all.at("values"), json::parse(R"([{"value":"茶","count":2,"share":1.0},
                                              {"value":"酒","count":1,"share":0.5}])"));
}

}  // namespace
}  // namespace waypost::tags
