#include "demo/customer.h"

#include <algorithm>
#include <cstdio>

#include "base/clock.h"
#include "demo/random.h"

namespace waypost::demo {
namespace {

constexpr std::string_view kOccupations[] = {"企业职员", "个体经营", "教师", "医生",    "公务员",
                                             "工程师",   "退休",     "学生", "自由职业"};
constexpr std::string_view kPlatforms[] = {"android", "ios", "miniapp", "web"};
constexpr double kPlatformShares[] = {0.48, 0.30, 0.16, 0.06};
constexpr std::string_view kChannels[] = {"网点",     "应用市场", "微信", "代发工资",
                                          "客户推荐", "广告",     "抖音"};

std::string Numbered(const char* format, uint64_t number) {
  char text[32];
  std::snprintf(text, sizeof(text), format, static_cast<unsigned long long>(number));
  return text;
}

void ChoosePerson(const World& world, Random& random, Customer* c) {
  c->female = random.Chance(0.51);
  c->name = MakeName(random, c->female);
  c->branch = &world.branches[random.Popular(world.branches.size())];
  c->manager = random.Pick(std::span<const std::string_view>(c->branch->managers));
  c->occupation = random.Pick(std::span<const std::string_view>(kOccupations));
  c->platform = kPlatforms[random.Weighted(kPlatformShares)];
  c->first_channel = kChannels[random.Popular(std::size(kChannels))];
}

void ChooseMoney(Random& random, Customer* c) {
  const double yuan = std::min(random.LogNormal(9.4, 1.8), 3e8);
  c->assets = static_cast<int64_t>(yuan * 100) * 100;  // whole cents
  c->vip = yuan > 6e6 ? 3 : yuan > 5e5 ? 2 : yuan > 5e4 ? 1 : 0;
  c->risk = 1 + static_cast<int>(5 * random.Unit() * random.Unit());
  if (random.Chance(0.4)) {
    c->payday = static_cast<int>(random.Chance(0.6) ? 15 : random.Between(5, 25));
    c->salary = static_cast<int64_t>(random.LogNormal(9.0, 0.5)) * 10'000;
  }
}

// Most were customers before; some join within the period, and some stop coming.
void ChooseTimes(Random& random, const Period& period, Customer* c) {
  const int64_t first_day = (period.begin_ms + kLocalOffsetMs) / kDayMs;
  const bool joins = random.Chance(0.15);
  c->registered_day = first_day + (joins ? random.Below(period.days()) : -random.Between(1, 3000));
  c->joins_ms = std::max(period.begin_ms, c->registered_day * kDayMs - kLocalOffsetMs);
  const bool leaves = random.Chance(0.18);
  c->leaves_ms = leaves ? random.Between(c->joins_ms, period.end_ms) : period.end_ms;
  c->born_day = first_day - random.Between(18 * 365, 78 * 365);
}

void ChooseHabits(Random& random, Customer* c) {
  c->visits = std::min(random.LogNormal(0.75, 1.15), 300.0);
  c->wealth = 0.10 + (c->vip > 0 ? 0.20 : 0) + 0.10 * random.Unit();
  c->transfer = 0.15 + 0.20 * random.Unit();
  c->pay = 0.20;
  c->loan = 0.03 + (c->vip == 0 ? 0.04 : 0);
  c->card = 0.03;
  c->look = 0.35;
  c->held_out = random.Chance(0.1);
}

}  // namespace

Customer MakeCustomer(const World& world, uint64_t seed, uint32_t number, const Period& period) {
  Random random(seed, /*stream=*/2, number);
  Customer c;
  c.number = number;
  c.login = Numbered("C%07llu", number);
  c.device = Numbered("d-%012llx", random.Bits() >> 16);
  ChoosePerson(world, random, &c);
  ChooseMoney(random, &c);
  ChooseTimes(random, period, &c);
  ChooseHabits(random, &c);
  return c;
}

}  // namespace waypost::demo
