#include "engine/timeline.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <random>
#include <set>

#include "base/clock.h"
#include "engine/engine.h"
#include "io/sim_file_system.h"
#include "io/sim_random.h"

namespace waypost::engine {
namespace {

constexpr int64_t kLatestMs = 1'790'000'000'000;

class TimelineTest : public testing::Test {
 protected:
  TimelineTest() : engine_(Engine::Open(disk_, clock_, random_, {.directory = "/data"}).value()) {}

  void Send(Bytes batch) {
    std::promise<bool> answer;
    engine_->Append(std::move(batch), [&](const auto& done) { answer.set_value(done.ok()); });
    ASSERT_TRUE(answer.get_future().get());
  }

  std::vector<Ordinal> Members(std::string_view key, std::string_view value) {
    std::vector<Ordinal> members;
    engine_->Look([&](const Applier& applier) {
      members = applier.identities().Members(*applier.identities().Find(key, value));
    });
    return members;
  }

  io::SimFileSystem disk_;
  ManualClock clock_{kLatestMs};
  io::SimRandom random_{1};
  std::unique_ptr<Engine> engine_;
};

// Events of few milliseconds in several months, in parts of all kinds, under two identities.
TEST_F(TimelineTest, PagesAreTheCustomersEventsNewestFirstEachOnce) {
  std::mt19937 random(3);
  std::vector<int64_t> sent;
  for (int round = 0; round < 6; ++round) {
    BatchWriter out({"default", "test", kLatestMs, {}});
    for (int i = 0; i < 20; ++i) {
      const int64_t time_ms = kLatestMs - static_cast<int64_t>(random() % 4) * 20 * kDayMs -
                              static_cast<int64_t>(random() % 3);
      const bool anns = random() % 3 > 0;
      out.BeginEvent(random() % 2 ? "pay" : "view", {.time_ms = time_ms});
      if (!anns) out.AddIdentity("login", "bob");
      if (anns) out.AddIdentity(random() % 2 ? "login" : "distinct", "ann");
      out.EndItem();
      if (anns) sent.push_back(time_ms);
    }
    out.BeginItem(ItemKind::kLink, "link", {}, {.time_ms = kLatestMs});
    out.AddIdentity("login", "ann");
    out.AddIdentity("distinct", "ann");
    out.EndItem();
    Send(out.Finish());
    ASSERT_TRUE(round % 2 || engine_->Flush().ok());
  }
  std::sort(sent.rbegin(), sent.rend());
  const Reading reading = engine_->Read().value();
  const column::SnapshotView& view = reading.snapshot->view();
  const std::vector<Ordinal> members = Members("distinct", "ann");
  ASSERT_EQ(members.size(), 3u);  // the login; the other before and since it was the login's
  for (const size_t limit : {1, 3, 7, 1000}) {
    std::vector<int64_t> read;
    std::set<std::pair<const void*, uint32_t>> rows;
    for (std::optional<TimelinePlace> at = TimelinePlace(); at;) {
      const TimelinePage page =
          ReadTimeline(view, members, *at, limit, [](EventTypeId) { return true; });
      ASSERT_LE(page.events.size(), limit);
      for (const EventAt& event : page.events) {
        read.push_back(event.time_ms);
        EXPECT_TRUE(rows.emplace(event.slice, event.row).second);
      }
      at = page.next;
    }
    EXPECT_EQ(read, sent) << limit;
  }
  const std::map<EventTypeId, EventCount> counts = CountEvents(view, members);
  EXPECT_EQ(counts.size(), 2u);
  for (const auto& [type, count] : counts) {
    const TimelinePage page =
        ReadTimeline(view, members, {}, 1000, [of = type](EventTypeId one) { return one == of; });
    EXPECT_EQ(count.count, page.events.size());
    EXPECT_EQ(count.last_ms, page.events.front().time_ms);
    EXPECT_EQ(count.first_ms, page.events.back().time_ms);
  }
}

TEST_F(TimelineTest, APageMayHoldOneKindOfEventOnly) {
  BatchWriter out({"default", "test", kLatestMs, {}});
  for (int i = 0; i < 6; ++i) {
    out.BeginEvent(i % 2 ? "pay" : "view", {.time_ms = kLatestMs + i});
    out.AddIdentity("login", "ann");
    out.EndItem();
  }
  Send(out.Finish());
  const Reading reading = engine_->Read().value();
  const EventTypeId pay = reading.plan->FindEvent("pay")->id;
  const TimelinePage page = ReadTimeline(reading.snapshot->view(), Members("login", "ann"), {}, 2,
                                         [&](EventTypeId type) { return type == pay; });
  ASSERT_EQ(page.events.size(), 2u);
  EXPECT_EQ(page.events[0].time_ms, kLatestMs + 5);
  EXPECT_EQ(page.events[1].time_ms, kLatestMs + 3);
  EXPECT_EQ(page.next, (TimelinePlace{kLatestMs + 3, 1}));
}

}  // namespace
}  // namespace waypost::engine
