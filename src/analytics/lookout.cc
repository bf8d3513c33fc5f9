#include "analytics/lookout.h"

#include <algorithm>
#include <limits>

#include "exec/selector.h"

namespace waypost::analytics {
namespace {

constexpr int64_t kNever = std::numeric_limits<int64_t>::max();
constexpr size_t kBlockWords = exec::BlockBits().size();
// A plan that says another type for a name is seen after so long.
constexpr int64_t kResolvedMs = 1'000;

void SetBit(exec::BlockBits* bits, uint32_t customer) {
  (*bits)[(customer & 0xFFFF) / 64] |= 1ull << (customer % 64);
}

// Who has events in, or ahead of, a range of the rule that rolls.
void FindRolling(const exec::Rule& rule, const column::SnapshotView& snapshot, unsigned threads,
                 exec::CustomerBits* found) {
  for (const exec::Rule& part : rule.of) FindRolling(part, snapshot, threads, found);
  if (!rule.rolls_from && !rule.rolls_to) return;
  const bool sequence = rule.kind == exec::Rule::Kind::kSequence;
  exec::Rule any;
  any.kind = exec::Rule::Kind::kDid;
  any.events = sequence ? rule.sequence.steps[0].events : rule.events;
  any.ignored = sequence ? rule.sequence.ignored : rule.ignored;
  any.test.min = 1;
  if (rule.rolls_from) any.time.from_ms = (sequence ? rule.sequence.entry : rule.time).from_ms;
  const exec::CustomerBits some = exec::Select(any, snapshot, threads);
  found->resize(std::max(found->size(), some.size()));
  for (size_t w = 0; w < some.size(); ++w) (*found)[w] |= some[w];
}

exec::BlockBits BlockOf(const exec::CustomerBits& bits, uint32_t block) {
  exec::BlockBits window{};
  const size_t first = size_t{block} * kBlockWords;
  for (size_t w = 0; w < kBlockWords && first + w < bits.size(); ++w) window[w] = bits[first + w];
  return window;
}

}  // namespace

void Touches::Add(uint32_t customer, uint32_t what) {
  SetBit(&blocks_[customer >> 16].by_what[what], customer);
}

void Touches::Prepare(const column::SnapshotView& snapshot) {
  for (auto& [number, block] : blocks_) {
    exec::BlockBits all{};
    for (const auto& [what, bits] : block.by_what) {
      for (size_t w = 0; w < kBlockWords; ++w) all[w] |= bits[w];
      whats_.push_back(what);
    }
    block.near = exec::Near(snapshot, number, all);
  }
  std::ranges::sort(whats_);
  const auto again = std::ranges::unique(whats_);
  whats_.erase(again.begin(), again.end());
}

void CutAt(int64_t until_ms, exec::Rule* rule) {
  rule->time.to_ms = std::min(rule->time.to_ms, until_ms);
  for (exec::Rule& part : rule->of) CutAt(until_ms, &part);
}

Looker::Rules Lookout::RulesAt(const LookMoment& moment) {
  if (!moment.past) return resolved_;
  cut_ = resolved_;
  for (ResolvedQuery& one : cut_) CutAt(moment.options.now_ms + 1, &one.rule);
  return cut_;
}

Lookout::Lookout(std::vector<eql::Query> queries) : queries_(std::move(queries)) {
  using Kind = eql::Rule::Kind;
  for (const eql::Query& query : queries_) {
    for (const Kind kind : {Kind::kSegment, Kind::kList, Kind::kTag, Kind::kRelated})
      names_sets_ |= !eql::NamesOf(query, kind).empty();
  }
}

Result<> Lookout::Check(const eql::Query& query, const ResolvedQuery& resolved) {
  const auto bad = [](std::string_view what) {
    return Error(Code::kInvalid, "eql_unknown",
                 std::string(what) + ": let it run on a schedule instead");
  };
  if (exec::ComparesCustomers(resolved.rule) || query.limit != 0) {
    return bad("what is live judges each customer alone, and TOP, BOTTOM and LIMIT compare them");
  }
  if (resolved.drifts) {
    return bad(
        "what is live follows events, and here a value is compared with a moment that moves by "
        "hours or less");
  }
  if (!query.at.empty()) return bad("what is live is of now, and the rule says AT");
  return {};
}

void Lookout::FindNeeds(const exec::Rule& rule, Needs* needs) {
  for (const exec::Rule& part : rule.of) FindNeeds(part, needs);
  needs->rolls |= rule.rolls_from || rule.rolls_to;
  const auto add = [&](const exec::EventSet& set) {
    for (const exec::EventChoice& choice : set.choices) {
      needs->any_event |= choice.any;
      if (!choice.any) needs->events.push_back(choice.event_type);
    }
  };
  switch (rule.kind) {
    case exec::Rule::Kind::kAttribute:
      needs->attributes |=
          rule.condition.kind != exec::Condition::Kind::kMember && !rule.condition.values;
      break;
    case exec::Rule::Kind::kSequence:
      for (const auto& step : rule.sequence.steps) add(step.events);
      for (const auto& exclusion : rule.sequence.exclusions) add(exclusion.events);
      break;
    default:
      if (!rule.rows) add(rule.events);
  }
}

bool Lookout::Wants(uint32_t what) const {
  if (what == kIdentityChanged) return true;
  if (what == kAttributesChanged) return needs_.attributes;
  return needs_.any_event || std::ranges::binary_search(needs_.events, what);
}

int64_t Lookout::next_ms() const {
  const int64_t woken = woken_.empty() ? kNever : woken_.top().first;
  return built_ ? std::min(days_until_ms_, woken) : 0;
}

bool Lookout::HasWork(const LookMoment& moment, const Touches& touches) const {
  if (moment.options.now_ms >= next_ms() || moment.snapshot.ordinal_count > ordinals_) return true;
  if (names_sets_ && moment.sets_version != sets_version_) return true;
  return std::ranges::any_of(touches.whats(), [this](uint32_t what) { return Wants(what); });
}

// Sets and values that a rule names are of customers as they were known when it was resolved.
Result<> Lookout::Resolve(const LookMoment& moment, const Touches& touches) {
  const int64_t now_ms = moment.options.now_ms;
  const bool others =
      names_sets_ && (moment.sets_version != sets_version_ ||
                      std::ranges::binary_search(touches.whats(), kIdentityChanged));
  if (!resolved_.empty() && now_ms < resolved_until_ms_ && !others) return {};
  std::vector<ResolvedQuery> all;
  int64_t until_ms = now_ms + kResolvedMs;
  for (const eql::Query& query : queries_) {
    all.push_back(TRY(ResolveQuery(query, moment.names, moment.options)));
    TRY(Check(query, all.back()));
    until_ms = std::min(until_ms, all.back().same_until_ms);
  }
  resolved_until_ms_ = until_ms;
  resolved_ = std::move(all);
  return {};
}

Result<> Lookout::Advance(const LookMoment& moment, const Touches& touches, Looker* looker) {
  if (!HasWork(moment, touches)) return {};
  TRY(Resolve(moment, touches));
  const int64_t now_ms = moment.options.now_ms;
  const bool sets_changed = names_sets_ && moment.sets_version != sets_version_;
  const bool anew = !built_ || now_ms >= days_until_ms_ || sets_changed;
  days_until_ms_ = kNever;
  for (const ResolvedQuery& one : resolved_)
    days_until_ms_ = std::min(days_until_ms_, one.same_days_until_ms);
  sets_version_ = moment.sets_version;
  const uint32_t first_new = std::exchange(ordinals_, moment.snapshot.ordinal_count);
  built_ = false;  // unless all goes well
  TRY(anew ? Begin(moment, looker) : GoOn(moment, touches, first_new, looker));
  built_ = true;
  return {};
}

Result<> Lookout::Begin(const LookMoment& moment, Looker* looker) {
  needs_ = {};
  for (const ResolvedQuery& one : resolved_) FindNeeds(one.rule, &needs_);
  std::ranges::sort(needs_.events);
  TRY(looker->LookAtAll(moment, RulesAt(moment)));
  wake_at_.clear();
  woken_ = {};
  if (!needs_.rolls) return {};
  exec::CustomerBits rolling;
  for (const ResolvedQuery& one : resolved_)
    FindRolling(one.rule, moment.snapshot, moment.options.threads, &rolling);
  for (uint32_t block = 0; block < rolling.size() / kBlockWords; ++block) {
    const exec::BlockBits some = BlockOf(rolling, block);
    const column::SnapshotView near = exec::Near(moment.snapshot, block, some);
    FindChanges(exec::Selector(near, block, some, nullptr), moment.options.now_ms);
  }
  return {};
}

Result<> Lookout::GoOn(const LookMoment& moment, const Touches& touches, uint32_t first_new,
                       Looker* looker) {
  auto who = TakeDue(moment.options.now_ms);
  for (uint32_t customer = first_new; customer < ordinals_; ++customer)
    SetBit(&who[customer >> 16], customer);
  for (const auto& [number, block] : touches.blocks()) {
    exec::BlockBits touched{};
    for (const auto& [what, bits] : block.by_what) {
      if (!Wants(what)) continue;
      for (size_t w = 0; w < kBlockWords; ++w) touched[w] |= bits[w];
    }
    TRY(Look(moment, block.near, number, touched, looker));
    const auto due = who.find(number);
    if (due == who.end()) continue;
    for (size_t w = 0; w < kBlockWords; ++w) due->second[w] &= ~touched[w];
  }
  for (const auto& [number, due] : who) {
    const column::SnapshotView near = exec::Near(moment.snapshot, number, due);
    TRY(Look(moment, near, number, due, looker));
  }
  return {};
}

Result<> Lookout::Look(const LookMoment& moment, const column::SnapshotView& near, uint32_t block,
                       const exec::BlockBits& who, Looker* looker) {
  if (std::ranges::all_of(who, [](uint64_t word) { return word == 0; })) return {};
  TRY(looker->LookAt(moment, RulesAt(moment), near, block, who));
  if (needs_.rolls) FindChanges(exec::Selector(near, block, who, nullptr), moment.options.now_ms);
  return {};
}

void Lookout::FindChanges(const exec::Selector& selector, int64_t now_ms) {
  std::vector<exec::Selector::Turn> turns;
  for (const ResolvedQuery& one : resolved_) selector.FindChanges(one.rule, now_ms, &turns);
  for (const auto& [customer, at_ms] : turns) {
    int64_t& known_ms = wake_at_.try_emplace(customer, kNever).first->second;
    if (at_ms >= known_ms) continue;
    known_ms = at_ms;
    woken_.emplace(at_ms, customer);
  }
}

std::map<uint32_t, exec::BlockBits> Lookout::TakeDue(int64_t now_ms) {
  std::map<uint32_t, exec::BlockBits> due;
  for (; !woken_.empty() && woken_.top().first <= now_ms; woken_.pop()) {
    const auto [at_ms, customer] = woken_.top();
    const auto known = wake_at_.find(customer);
    if (known == wake_at_.end() || known->second != at_ms) continue;
    wake_at_.erase(known);
    SetBit(&due[customer >> 16], customer);
  }
  return due;
}

}  // namespace waypost::analytics
