#include "journeys/guards.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/clock.h"
#include "base/hash.h"
#include "model/time_text.h"

namespace waypost::journeys {
namespace {

Ruling Deny(Outcome outcome, std::string why) {
  return {.verdict = Ruling::Verdict::kDeny,
          .outcome = outcome,
          .address = {},
          .accounts = {},
          .unit = {},
          .why = std::move(why)};
}

// Of what is asked of a part alone.
Ruling Pass(std::string address = {}) {
  return {.address = std::move(address), .accounts = {}, .unit = {}, .why = {}};
}

// The unit of the bank that has the customer, where it says anything.
std::string UnitOf(Ordinal customer, const Policy& policy, const World& world) {
  if (policy.unit_rules.empty()) return {};
  std::string unit =
      world.customers.Attribute(customer, policy.unit_attribute).value_or(std::string());
  return policy.unit_rules.contains(unit) ? unit : std::string();
}

Ruling Hold(Outcome outcome, int64_t until_ms, std::string why) {
  return {.verdict = Ruling::Verdict::kHold,
          .outcome = outcome,
          .until_ms = until_ms,
          .address = {},
          .accounts = {},
          .unit = {},
          .why = std::move(why)};
}

// No window of a second holds more than the rate: the new one comes a second after the one that is
// `per_second` places before it.
int64_t NextSlot(const std::deque<int64_t>& slots, const Pacer& pacer) {
  return slots.size() < pacer.per_second ? 0 : slots[slots.size() - pacer.per_second] + 1'000;
}

// The guards of one request, each either silent or with the last word.
class Bench {
 public:
  Bench(const SendRequest& request, const State& state, const World& world)
      : request_(request),
        state_(state),
        world_(world),
        policy_(state.policy()),
        unit_name_(UnitOf(request.customer, policy_, world)),
        unit_(policy_.RulesOfUnit(unit_name_)) {
    for (const std::vector<Cap>* caps : {&policy_.caps, &unit_.caps}) {
      for (const Cap& cap : *caps) caps_.push_back(&cap);
    }
  }

  Ruling Judge();
  Ruling JudgeReach(std::string_view address) {
    if (Word word = Scope()) return *std::move(word);
    if (Word word = Reach()) return *std::move(word);
    if (address_ != address) {
      std::erase_if(caps_, [](const Cap* cap) { return cap->scope != Cap::Scope::kAddress; });
      if (Word word = Caps()) return *std::move(word);
    }
    return Pass(address_);
  }
  bool IsCapped() {
    (void)Reach();  // caps may be of the address
    return Caps().has_value();
  }

 private:
  using Word = std::optional<Ruling>;
  Word Scope();
  Word Reach();
  Word Receiver(const std::vector<ChannelRule::Receiver>& receivers);
  Word Quiet();
  Word Caps();
  std::optional<std::string> AccountOf(const Cap& cap) const;
  change::Pairs Accounts() const;
  std::vector<std::string> AboutOf(const Cap& cap) const;
  const std::vector<TouchMark>& MarksOf(const Cap& cap, const std::string& about) const;
  Word One(const Cap& cap, const std::string& about);
  Word Stock();
  Word Budget();
  Word UnitBudget();
  int64_t Pace() const;
  bool Counts(const Cap& cap, const std::string& about, const TouchMark& mark) const;
  // What is said of the message's category; null: nothing.
  const Uncapped* Said() const {
    const auto said =
        std::ranges::find(policy_.uncapped, request_.definition.category, &Uncapped::category);
    return said == policy_.uncapped.end() ? nullptr : &*said;
  }
  bool Exempt() const { return request_.node.transactional || (Said() && Said()->exempt); }
  bool CountsForOthers() const { return Said() ? Said()->counts : !request_.node.transactional; }

  const SendRequest& request_;
  const State& state_;
  const World& world_;
  const Policy& policy_;
  const std::string unit_name_;
  const UnitRules& unit_;
  std::vector<const Cap*> caps_;  // the bank's, and the unit's
  std::string address_, why_;
};

// Also who moved out of it since he came in.
Bench::Word Bench::Scope() {
  const std::string& scope = state_.journeys()[request_.journey].now().scope;
  const Facts facts{
      .customer = request_.customer, .now_ms = request_.now_ms, .context = request_.context};
  if (scope.empty() || world_.conditions.Test(scope, facts) == Truth::kYes) return {};
  return Deny(Outcome::kNotPermitted, "scope: not " + scope);
}

Bench::Word Bench::Reach() {
  const std::vector<ChannelRule::Receiver>& to = policy_.RuleOf(request_.attempt.channel).to;
  if (!to.empty()) return Receiver(to);
  const std::optional<std::string> address = world_.customers.Address(
      {.customer = request_.customer, .now_ms = request_.now_ms, .context = request_.context},
      request_.attempt.channel);
  if (!address) return Deny(Outcome::kNotReachable, "address: none on " + request_.attempt.channel);
  address_ = *address;
  return {};
}

// The first who is there: who has the customer in hand, else the branch.
Bench::Word Bench::Receiver(const std::vector<ChannelRule::Receiver>& receivers) {
  const Facts facts{
      .customer = request_.customer, .now_ms = request_.now_ms, .context = request_.context};
  for (const ChannelRule::Receiver& one : receivers) {
    if (!one.when.empty() && world_.conditions.Test(one.when, facts) != Truth::kYes) continue;
    const std::optional<std::string> value =
        world_.customers.Attribute(request_.customer, one.attribute);
    if (!value || value->empty()) continue;
    address_ = one.attribute + ":" + *value;
    return {};
  }
  return Deny(Outcome::kNotReachable, "to: nobody is there for " + request_.attempt.channel);
}

Bench::Word Bench::Quiet() {
  if (request_.node.transactional) return {};
  const Hours hours = HoursOf(request_.customer, request_.definition, policy_, world_);
  const std::string& channel = request_.attempt.channel;
  if (NextFairTime(request_.now_ms, channel, hours) == request_.now_ms) return {};
  const std::optional<int64_t> at = NextRelease(request_.now_ms, channel, request_.customer, hours);
  if (!at) return Deny(Outcome::kQuietDropped, "open: no window opens");
  const std::string why = "quiet: until " + DateTimeText(*at);
  if (policy_.in_quiet == Policy::InQuiet::kDrop) return Deny(Outcome::kQuietDropped, why);
  Ruling hold = Hold(Outcome::kExpired, *at, why);
  hold.other_channel = policy_.in_quiet == Policy::InQuiet::kOtherChannel;
  return hold;
}

std::optional<std::string> Bench::AccountOf(const Cap& cap) const {
  if (request_.context) {
    if (const auto named = FindProperty(*request_.context, cap.of)) return std::string(*named);
  }
  return world_.customers.Attribute(request_.customer, cap.of);
}

change::Pairs Bench::Accounts() const {
  change::Pairs accounts;
  for (const Cap* cap : caps_) {
    if (cap->scope != Cap::Scope::kAccount) continue;
    std::pair<std::string, std::string> account{cap->of, AccountOf(*cap).value_or("")};
    if (!account.second.empty() && std::ranges::find(accounts, account) == accounts.end())
      accounts.push_back(std::move(account));
  }
  return accounts;
}

// What of the message the cap counts by, each for itself; nothing: it is about others.
std::vector<std::string> Bench::AboutOf(const Cap& cap) const {
  std::vector<std::string> about{""};
  switch (cap.scope) {
    case Cap::Scope::kTenant:
    case Cap::Scope::kAddress:
      return about;
    case Cap::Scope::kAccount:
      about = {AccountOf(cap).value_or("")};
      std::erase(about, "");
      return about;
    case Cap::Scope::kChannel:
      about = {request_.attempt.channel};
      break;
    case Cap::Scope::kCategory:
      about = {request_.definition.category};
      break;
    case Cap::Scope::kJourney:
      about = {request_.definition.id};
      break;
    case Cap::Scope::kTag:
      about = request_.definition.tags;
      break;
  }
  if (!cap.of.empty()) std::erase_if(about, [&](const auto& one) { return one != cap.of; });
  return about;
}

const std::vector<TouchMark>& Bench::MarksOf(const Cap& cap, const std::string& about) const {
  static const std::vector<TouchMark> kNone;
  if (cap.scope == Cap::Scope::kAddress)
    return state_.SharedMarks(AddressKey(request_.attempt.channel, address_));
  if (cap.scope == Cap::Scope::kAccount) return state_.SharedMarks(AccountKey(cap.of, about));
  const Customer* customer = state_.FindCustomer(request_.customer);
  return customer ? customer->marks : kNone;
}

bool Bench::Counts(const Cap& cap, const std::string& about, const TouchMark& mark) const {
  switch (cap.scope) {
    case Cap::Scope::kTenant:
    case Cap::Scope::kAddress:
    case Cap::Scope::kAccount:
      return true;
    case Cap::Scope::kChannel:
      return mark.channel == about;
    case Cap::Scope::kCategory:
      return mark.category == about;
    case Cap::Scope::kJourney:
      return mark.journey == request_.journey;
    case Cap::Scope::kTag:
      return std::ranges::find(mark.tags, about) != mark.tags.end();
  }
  return true;
}

Bench::Word Bench::One(const Cap& cap, const std::string& about) {
  int64_t next = 0, begin = 0;
  if (cap.fixed == Cap::Fixed::kRolling) {
    begin = request_.now_ms - cap.rolling_ms + 1;
  } else {
    const Zone zone = cap.tenant_zone
                          ? policy_.zone
                          : ZoneOf(request_.customer, request_.definition, policy_, world_);
    const auto [first, after] = DaysOf(cap.fixed, zone.DayOf(request_.now_ms));
    begin = zone.ToInstant(first * kDayMs);
    next = zone.ToInstant(after * kDayMs);
  }
  std::vector<int64_t> counted;
  std::map<std::string, uint32_t> by_journey;
  std::string lost_to;
  for (const TouchMark& mark : MarksOf(cap, about)) {
    if (mark.time_ms < begin || !Counts(cap, about, mark)) continue;
    counted.push_back(mark.time_ms);
    lost_to = state_.journeys()[mark.journey].id;
    ++by_journey[lost_to];
  }
  uint32_t kept_for_others = 0;
  for (const auto& [journey, slots] : cap.reserved) {
    if (journey == request_.definition.id) continue;
    kept_for_others += slots - std::min(slots, by_journey[journey]);
  }
  const std::string seen = fmt::format("cap {}: {} of {}", cap.name, counted.size(), cap.limit);
  if (counted.size() + kept_for_others < cap.limit) {
    why_ += (why_.empty() ? "" : "; ") + seen;
    return {};
  }
  if (cap.fixed == Cap::Fixed::kRolling) {
    std::ranges::sort(counted);
    next = counted.size() < cap.limit ? request_.now_ms + cap.rolling_ms
                                      : counted[counted.size() - cap.limit] + cap.rolling_ms;
  }
  return Hold(Outcome::kCapped, next,
              seen + (kept_for_others ? fmt::format(", {} kept for others", kept_for_others) : "") +
                  (lost_to.empty() ? "" : ", lost to " + lost_to));
}

// The strictest has the word: of those that refuse, the one that refuses longest.
Bench::Word Bench::Caps() {
  if (Exempt()) return {};
  Word strictest;
  for (const Cap* cap : caps_) {
    for (const std::string& about : AboutOf(*cap)) {
      const Word word = One(*cap, about);
      if (word && (!strictest || word->until_ms > strictest->until_ms)) strictest = word;
    }
  }
  return strictest;
}

Bench::Word Bench::Stock() {
  const std::string& benefit = request_.node.benefit;
  if (benefit.empty()) return {};
  const auto stock = policy_.stock.find(benefit);
  const uint64_t there = stock == policy_.stock.end() ? 0 : stock->second;
  const std::string seen =
      fmt::format("stock {}: {} of {} taken", benefit, state_.StockTaken(benefit), there);
  if (state_.StockTaken(benefit) >= there) return Deny(Outcome::kOutOfStock, seen);
  why_ += (why_.empty() ? "" : "; ") + seen;
  return {};
}

Bench::Word Bench::Budget() {
  const Journey& journey = request_.definition;
  const JourneyState& spent = state_.journeys()[request_.journey];
  if (journey.budget_count > 0 && spent.spent_sends + 1 > journey.budget_count) {
    return Deny(Outcome::kBudgetExhausted,
                fmt::format("budget: {} of {} sends", spent.spent_sends, journey.budget_count));
  }
  if (journey.budget_money > 0 && spent.spent_money + request_.node.price > journey.budget_money) {
    return Deny(Outcome::kBudgetExhausted, fmt::format("budget: {} of {} ten-thousandths",
                                                       spent.spent_money, journey.budget_money));
  }
  return {};
}

Bench::Word Bench::UnitBudget() {
  const UnitRules::Budget& budget = unit_.budget;
  if (budget.sends == 0 && budget.money == 0) return {};
  const auto [first, after] = DaysOf(budget.per, policy_.zone.DayOf(request_.now_ms));
  const Spent spent = state_.SpentOf(unit_name_, first, after);
  if (budget.sends > 0 && spent.sends + 1 > budget.sends) {
    return Deny(Outcome::kBudgetExhausted,
                fmt::format("budget of {}: {} of {} sends", unit_name_, spent.sends, budget.sends));
  }
  if (budget.money > 0 && spent.money + request_.node.price > budget.money) {
    return Deny(Outcome::kBudgetExhausted, fmt::format("budget of {}: {} of {} ten-thousandths",
                                                       unit_name_, spent.money, budget.money));
  }
  return {};
}

int64_t Bench::Pace() const {
  int64_t at = request_.now_ms;
  for (const Pacer& pacer :
       state_.PacersOf(request_.attempt.channel, request_.journey, unit_name_)) {
    const std::deque<int64_t>& slots = state_.SlotsOf(pacer.name);
    at = std::max(at, NextSlot(slots, pacer));
    if (!slots.empty()) at = std::max(at, slots.back());
  }
  return at;
}

Ruling Bench::Judge() {
  if (Word word = Scope()) return *std::move(word);
  const Ruling consent = JudgeConsent(
      {.customer = request_.customer, .now_ms = request_.now_ms, .context = request_.context},
      request_.attempt.channel, request_.definition.category, request_.node.transactional, state_,
      world_);
  if (consent.verdict != Ruling::Verdict::kAllow) return consent;
  for (const auto guard : {&Bench::Reach, &Bench::Quiet, &Bench::Caps, &Bench::Stock,
                           &Bench::Budget, &Bench::UnitBudget}) {
    if (Word word = (this->*guard)()) return *std::move(word);
  }
  return {.not_before_ms = Pace(),
          .counts = CountsForOthers(),
          .address = address_,
          .accounts = Accounts(),
          .unit = unit_name_,
          .why = why_};
}

}  // namespace

Ruling Judge(const SendRequest& request, const State& state, const World& world) {
  return Bench(request, state, world).Judge();
}

Ruling JudgeReach(const SendRequest& request, std::string_view address, const State& state,
                  const World& world) {
  return Bench(request, state, world).JudgeReach(address);
}

bool IsCapped(const SendRequest& request, const State& state, const World& world) {
  return Bench(request, state, world).IsCapped();
}

int64_t PaceOpens(const std::string& channel, std::optional<JourneyIndex> journey,
                  const std::string& unit, const State& state) {
  int64_t opens = 0;
  for (const Pacer& pacer : state.PacersOf(channel, journey, unit))
    opens = std::max(opens, NextSlot(state.SlotsOf(std::string(kClaimSlots) + pacer.name), pacer));
  return opens;
}

int64_t NextOpenPace(int64_t now_ms, const State& state) {
  int64_t next = kNever;
  for (const auto& [channel, ready] : state.ready()) {
    for (auto at = ready.begin(); at != ready.end() && std::get<0>(*at) <= now_ms; ++at) {
      const Touch& touch = *state.FindTouch(std::get<TouchKey>(*at));
      const int64_t opens = PaceOpens(channel, touch.plan.journey, touch.plan.unit, state);
      if (opens > now_ms) next = std::min(next, opens);
      if (PaceOpens(channel, {}, {}, state) > now_ms) break;
    }
  }
  return next;
}

Hours HoursOf(Ordinal customer, const Journey& journey, const Policy& policy, const World& world) {
  return {policy, policy.RulesOfUnit(UnitOf(customer, policy, world)),
          ZoneOf(customer, journey, policy, world)};
}

// Each search only moves forward.
std::optional<int64_t> NextFairTime(int64_t at_ms, const std::string& channel, const Hours& hours) {
  const auto& [policy, unit, zone] = hours;
  const Holidays& holidays = policy.holidays;
  const ChannelRule& rule = policy.RuleOf(channel);
  for (int turn = 0; turn < 800; ++turn) {
    const int64_t before = at_ms;
    for (const std::vector<Window>* open : {&policy.open, &rule.open}) {
      if (open->empty() || (open == &policy.open && !rule.obeys_quiet)) continue;
      const std::optional<int64_t> next = NextInWindows(at_ms, *open, zone, holidays);
      if (!next) return {};
      at_ms = *next;
    }
    for (const std::vector<Window>* quiet : {&policy.quiet, &unit.quiet}) {
      while (rule.obeys_quiet && InWindows(at_ms, *quiet, zone, holidays)) {
        int64_t next = kNever;
        for (const Window& window : *quiet) {
          const int64_t end = window.to_ms == kDayMs ? 0 : window.to_ms;
          next = std::min(next, NextLocalTime(at_ms + 1, end, zone));
        }
        at_ms = next;
      }
    }
    for (const std::vector<Blackout>* blackouts : {&policy.blackouts, &unit.blackouts}) {
      for (const Blackout& blackout : *blackouts) {
        const int64_t day = zone.DayOf(at_ms);
        if (day < blackout.first_day || day > blackout.last_day) continue;
        at_ms = zone.ToInstant((blackout.last_day + 1) * kDayMs);
      }
    }
    if (at_ms == before) return at_ms;
  }
  return {};
}

std::optional<int64_t> NextRelease(int64_t at_ms, const std::string& channel, Ordinal customer,
                                   const Hours& hours) {
  const std::optional<int64_t> first = NextFairTime(at_ms, channel, hours);
  const int64_t jitter_ms = hours.policy.quiet_jitter_ms;
  if (!first || jitter_ms == 0) return first;
  const uint64_t draw = MixBits(customer + Hash64("jitter"));
  const int64_t later = *first + static_cast<int64_t>(draw % static_cast<uint64_t>(jitter_ms));
  return NextFairTime(later, channel, hours) == later ? later : first;
}

Ruling JudgeConsent(const Facts& facts, const std::string& channel, const std::string& purpose,
                    bool transactional, const State& state, const World& world) {
  const Policy& policy = state.policy();
  const UnitRules& unit = policy.RulesOfUnit(UnitOf(facts.customer, policy, world));
  for (const std::vector<Suppression>* suppressed : {&policy.suppressed, &unit.suppressed}) {
    for (const Suppression& one : *suppressed) {
      if (!one.channel.empty() && one.channel != channel) continue;
      const Truth truth = world.conditions.Test(one.when, facts);
      if (truth == Truth::kYes || truth == Truth::kError)
        return Deny(Outcome::kSuppressed, "suppressed: " + one.when);
    }
  }
  const Customer* customer = state.FindCustomer(facts.customer);
  if (customer) {
    for (const std::string& list : customer->lists) {
      if (list == kSuppressedList || list == std::string(kSuppressedList) + ":" + channel) {
        return Deny(Outcome::kSuppressed, "list: " + list);
      }
    }
  }
  if (transactional) return Pass();
  bool agreed = false;
  if (customer) {
    for (const auto& [what, allowed] : customer->consents) {
      if ((what.first != "*" && what.first != channel) ||
          (what.second != "*" && what.second != purpose)) {
        continue;
      }
      if (!allowed) {
        return Deny(Outcome::kNotPermitted,
                    "consent: refused for " + what.first + ", " + what.second);
      }
      agreed = true;
    }
  }
  if (!agreed && policy.RuleOf(channel).opt_in) {
    return Deny(Outcome::kNotPermitted, "consent: never given for " + channel);
  }
  return Pass();
}

bool RefusesAll(const Customer& customer, const std::string& purpose) {
  for (const std::string& what : {std::string("*"), purpose}) {
    const auto found = customer.consents.find({"*", what});
    if (found != customer.consents.end() && !found->second) return true;
  }
  return false;
}

Zone ZoneOf(Ordinal customer, const Journey& journey, const Policy& policy, const World& world,
            bool* invalid) {
  const std::optional<std::string> name = world.customers.Attribute(customer, kZoneAttribute);
  if (name && !name->empty()) {
    if (const std::optional<Zone> zone = Zone::Find(*name)) return *zone;
    if (invalid) *invalid = true;
  }
  if (policy.unit_zones.empty()) return journey.zone;
  const std::optional<std::string> unit =
      world.customers.Attribute(customer, policy.unit_attribute);
  const auto of_unit = policy.unit_zones.find(unit.value_or(""));
  return of_unit == policy.unit_zones.end() ? journey.zone : of_unit->second;
}

}  // namespace waypost::journeys
