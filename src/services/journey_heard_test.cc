// Journeys that live segments and tags lead into, where the power goes between a change and what is
// decided about it.
#include <gtest/gtest.h>

#include "column/block_image.h"
#include "column/column_image.h"
#include "column/customer_columns.h"
#include "services/test_eventually.h"
#include "services/test_journeys.h"

namespace waypost::services {
namespace {

constexpr Ordinal kAnn = 0;

// Of journeys that were published before; their catalog is not asked.
class JourneyHeardTest : public JourneysTest {
 protected:
  void OpenWith(std::string_view entry) {
    Open(false);
    for (const char* login : {"ann", "ben"}) Know(login);
    const journeys::Decision published{
        .number = 1,
        .time_ms = clock_.NowMs(),
        .changes = {journeys::change::Published{
            R"({"id":"j","entry":)" + std::string(entry) +
                R"(,"reentry":{"policy":"always"},"nodes":[{"id":"start","type":"entry"}],)"
                R"("edges":[]})",
            1}}};
    ASSERT_TRUE(engine().AppendDecisions(journeys::EncodeDecisions({&published, 1})).ok());
    Restart();
  }
  void Restart() {
    CutPower();
    Open(false);
  }
  void Members(const std::vector<Ordinal>& who) {
    exec::CustomerBits bits(1);
    for (const Ordinal one : who) bits[0] |= 1ull << one;
    const segments::LiveDefinition vip{.id = "vip", .name_zh = {}, .name_en = {}, .query = {}};
    const LiveSegments::Change change{vip, std::make_shared<const exec::CustomerBits>(bits)};
    journeys().OnMembers({&change, 1});
  }
  // Of ann, then of ben.
  void Mood(std::initializer_list<std::string_view> values) {
    column::ColumnBuilder builder(0, column::ColumnType::kString);
    uint32_t row = 0;
    for (const std::string_view value : values)
      builder.Add(row++, {.type = column::ColumnType::kString, .text = value});
    const auto image = std::make_shared<column::Image>(builder.WriteAlone(values.size()));
    const auto columns = std::make_shared<column::CustomerColumns>();
    columns->Set(0, column::ReadColumnImage(image->bytes()).value(), image);
    const tags::LiveDefinition mood{.id = "mood", .name_zh = {}, .name_en = {}, .making = {}};
    TagChange change{.tag = mood, .at_ms = clock_.NowMs()};
    change.now.columns = columns;
    journeys().OnValues(change);
  }
  uint64_t Entered() {
    uint64_t entered = 0;
    journeys().Look([&](const journeys::State& state) { entered = state.journeys()[0].entered; });
    return entered;
  }
};

TEST_F(JourneyHeardTest, WhoComesIntoASegmentAgainJustBeforeACrashComesInOnce) {
  OpenWith(R"({"kind":"segment","segment":"vip"})");
  Members({});
  Members({kAnn});
  Members({});
  EXPECT_EQ(Entered(), 1u);
  Restart();  // she is in the segment by then, which nobody had looked at
  Members({kAnn});
  EXPECT_EQ(Entered(), 2u);
  Restart();
  Members({kAnn});
  EXPECT_EQ(Entered(), 2u) << "that was decided";
  Close();
}

TEST_F(JourneyHeardTest, WhoWasInASegmentWhenItWasHeardOfFirstIsKnownAfterACrash) {
  OpenWith(R"({"kind":"segment","segment":"vip","when":"leaves"})");
  Members({kAnn});
  Restart();  // she has left it
  Members({});
  EXPECT_EQ(Entered(), 1u);
  Close();
}

TEST_F(JourneyHeardTest, ATagThatBecomesAnotherJustBeforeACrashLetsInOnce) {
  OpenWith(R"({"kind":"tag","tag":"mood","from":"low","to":"high"})");
  Mood({"low", "low"});
  Restart();  // ann's is high by then
  Mood({"high", "low"});
  EXPECT_EQ(Entered(), 1u);
  Mood({"low", "low"});
  Restart();
  Mood({"high", "low"});
  EXPECT_EQ(Entered(), 2u);
  Restart();
  Mood({"high", "low"});
  EXPECT_EQ(Entered(), 2u) << "that was decided";
  Close();
}

TEST_F(JourneyHeardTest, WhoseTagBecameAnotherBeforeACrashHasNotKeptIt) {
  OpenWith(R"({"kind":"tag","tag":"mood","to":"high","min_dwell":"1m"})");
  Mood({"low", "low"});
  Mood({"high", "high"});
  clock_.Advance(2 * 60'000);
  Restart();  // ann's was low again before the minute was over
  Mood({"low", "high"});
  EXPECT_EQ(Entered(), 0u);
  ASSERT_TRUE(engines_->StartJourneys().ok());
  ASSERT_TRUE(Eventually([&] { return Entered() > 0; }));
  EXPECT_EQ(Entered(), 1u);
  Close();
}

TEST_F(JourneyHeardTest, ARunFromBeforeItWasKeptWhenRunsWereDueIsShownWithoutIt) {
  OpenWith(R"({"kind":"batch","segment":"vip","schedule":{"every":"day","at":"00:00"}})");
  const auto take = [&](uint64_t number, int64_t run, int64_t late_ms) {
    const journeys::Decision decision{
        .number = number,
        .time_ms = clock_.NowMs(),
        .changes = {journeys::change::RunTaken{.run = run, .late_ms = late_ms, .open = true},
                    journeys::change::Listed{.of_run = true, .run = run, .segment_run = 4}}};
    ASSERT_TRUE(engine().AppendDecisions(journeys::EncodeDecisions({&decision, 1})).ok());
    Restart();
  };
  take(2, -1, clock_.NowMs());  // before the first of January of 1970
  std::string shown = journeys().Show("j").value();
  EXPECT_NE(shown.find(R"("last_run":{"day":"1969-12-31","at":)"), std::string::npos) << shown;
  EXPECT_EQ(shown.find(R"("due")"), std::string::npos) << "nobody knows when";
  clock_.Advance(1);
  take(3, kDayMs, 5);
  shown = journeys().Show("j").value();
  EXPECT_NE(shown.find(R"("last_run":{"day":"1970-01-02","at":)"), std::string::npos) << shown;
  EXPECT_NE(shown.find(R"("due":"2026-09-21)"), std::string::npos);
  Close();
}

}  // namespace
}  // namespace waypost::services
