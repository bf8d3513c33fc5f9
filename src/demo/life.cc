#include "demo/life.h"

#include <algorithm>
#include <chrono>

#include "base/clock.h"
#include "demo/session.h"

namespace waypost::demo {
namespace {

// How busy the hours of a day are.
constexpr double kHours[24] = {.3,  .15, .1,  .08, .1,  .3,  .8,  1.5, 2.2, 2.6, 2.6, 2.2,
                               2.0, 1.8, 1.9, 2.1, 2.2, 2.0, 2.1, 2.6, 3.0, 2.8, 1.8, .8};

int64_t LocalDay(int64_t time_ms) { return (time_ms + kLocalOffsetMs) / kDayMs; }

int DayOfMonth(int64_t day) {
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
  return static_cast<int>(unsigned{date.day()});
}

bool IsWeekend(int64_t day) { return (day + 3) % 7 >= 5; }  // 1970-01-01 was a Thursday

class Life {
 public:
  Life(const Customer& customer, const World& world, Random random, Story* story)
      : customer_(customer), world_(world), random_(random), story_(*story) {}

  void Live() {
    const double share =
        static_cast<double>(customer_.leaves_ms - customer_.joins_ms) / (90.0 * kDayMs);
    Visit(customer_.visits * share);
    ReceivePushes(20 * share * random_.Unit());
    MeetPeople(share);
    EarnSalaries();
  }

 private:
  // Some moment while the customer is with the bank, on a busy hour; fewer at week-ends.
  int64_t SomeTime() {
    int64_t day = 0;
    for (int tries = 0; tries < 3; ++tries) {
      day = LocalDay(random_.Between(customer_.joins_ms,
                                     std::max(customer_.joins_ms, customer_.leaves_ms - 1)));
      if (!IsWeekend(day) || random_.Chance(0.7)) break;
    }
    const int64_t hour = static_cast<int64_t>(random_.Weighted(kHours));
    return day * kDayMs - kLocalOffsetMs + hour * kHourMs + random_.Below(kHourMs);
  }

  void Visit(double expected) {
    for (int64_t n = static_cast<int64_t>(expected + random_.Unit()); n > 0; --n) {
      const bool drawn = random_.Chance(0.08);
      const int64_t at = SomeTime();
      const Campaign* from = drawn ? &SomeCampaign(world_, at, &random_) : nullptr;
      TellSession(customer_, world_, at, from, ++sessions_, &random_, &story_);
    }
  }

  // A push in the morning; now and then it is clicked and a session follows. Who is held out gets
  // none, so that one can see what they bring.
  void ReceivePushes(double expected) {
    if (customer_.held_out) return;
    for (int64_t n = static_cast<int64_t>(expected + random_.Unit()); n > 0; --n) {
      const int64_t at =
          LocalDay(SomeTime()) * kDayMs - kLocalOffsetMs + 9 * kHourMs + random_.Below(4 * kHourMs);
      const Campaign* campaign = &SomeCampaign(world_, at, &random_);
      const Property what{"campaign", Value::String(campaign->name)};
      story_.Tell(at, "push_receive", true, {what});
      if (!random_.Chance(0.05)) continue;
      const int64_t click = at + static_cast<int64_t>(random_.Exponential(2 * kHourMs));
      story_.Tell(click, "push_click", true, {what});
      TellSession(customer_, world_, click + 2 * kSecondMs, campaign, ++sessions_, &random_,
                  &story_);
    }
  }

  void MeetPeople(double share) {
    const Property branch{"branch", Value::String(customer_.branch->name)};
    const Property manager{"manager", Value::String(customer_.manager)};
    if (customer_.vip > 0) {
      for (int64_t n = random_.Below(1 + 2 * customer_.vip); n > 0; --n) {
        story_.Tell(SomeTime(), "manager_call", true,
                    {manager, {"duration_ms", Value::Int(random_.Between(1, 15) * kMinuteMs)}});
      }
    }
    if (random_.Chance(0.25 * share)) {
      story_.Tell(SomeTime(), "branch_visit", true,
                  {branch, {"duration_ms", Value::Int(random_.Between(10, 40) * kMinuteMs)}});
    }
  }

  void EarnSalaries() {
    if (customer_.payday == 0) return;
    for (int64_t day = LocalDay(customer_.joins_ms); day <= LocalDay(customer_.leaves_ms); ++day) {
      if (DayOfMonth(day) != customer_.payday) continue;
      const int64_t at = day * kDayMs - kLocalOffsetMs + 10 * kHourMs + random_.Below(2 * kHourMs);
      story_.Tell(at, "salary_received", true, {{"amount", Value::Decimal(customer_.salary)}});
    }
  }

  const Customer& customer_;
  const World& world_;
  Random random_;
  Story& story_;
  int64_t sessions_ = 0;
};

}  // namespace

void LiveThrough(const Customer& customer, const World& world, Random random, Story* story) {
  Life(customer, world, random, story).Live();
}

}  // namespace waypost::demo
