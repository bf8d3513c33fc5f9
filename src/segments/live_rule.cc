#include "segments/live_rule.h"

#include <algorithm>
#include <bit>
#include <limits>

#include "exec/selector.h"

namespace waypost::segments {
namespace {

constexpr int64_t kNever = std::numeric_limits<int64_t>::max();
constexpr size_t kWords = exec::BlockBits().size();
// A plan that says another type for a name is seen after so long.
constexpr int64_t kResolvedMs = 1'000;

void Set(exec::BlockBits* bits, uint32_t customer) {
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
  const size_t first = size_t{block} * kWords;
  for (size_t w = 0; w < kWords && first + w < bits.size(); ++w) window[w] = bits[first + w];
  return window;
}

}  // namespace

void Touches::Add(uint32_t customer, uint32_t what) {
  Set(&blocks_[customer >> 16].by_what[what], customer);
}

void Touches::Prepare(const column::SnapshotView& snapshot) {
  for (auto& [number, block] : blocks_) {
    exec::BlockBits all{};
    for (const auto& [what, bits] : block.by_what) {
      for (size_t w = 0; w < kWords; ++w) all[w] |= bits[w];
      whats_.push_back(what);
    }
    block.near = exec::Near(snapshot, number, all);
  }
  std::ranges::sort(whats_);
  const auto again = std::ranges::unique(whats_);
  whats_.erase(again.begin(), again.end());
}

LiveRule::LiveRule(eql::Query query) : query_(std::move(query)) {
  using Kind = eql::Rule::Kind;
  for (const Kind kind : {Kind::kSegment, Kind::kList, Kind::kTag, Kind::kRelated})
    names_sets_ |= !eql::NamesOf(query_, kind).empty();
}

Result<> LiveRule::Check(const eql::Query& query, const analytics::ResolvedQuery& resolved) {
  const auto bad = [](std::string_view what) {
    return Error(Code::kInvalid, "eql_unknown",
                 std::string(what) + ": run the segment on a schedule instead");
  };
  if (exec::ComparesCustomers(resolved.rule) || query.limit != 0) {
    return bad("a live segment judges each customer alone, and TOP, BOTTOM and LIMIT compare them");
  }
  if (resolved.drifts) {
    return bad(
        "a live segment follows events, and here a value is compared with a moment that moves by "
        "hours or less");
  }
  if (!query.at.empty()) return bad("a live segment is of now, and the rule says AT");
  return {};
}

void LiveRule::FindNeeds(const exec::Rule& rule, Needs* needs) {
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

bool LiveRule::Wants(uint32_t what) const {
  if (what == kIdentityChanged) return true;
  if (what == kAttributesChanged) return needs_.attributes;
  return needs_.any_event || std::ranges::binary_search(needs_.events, what);
}

int64_t LiveRule::next_ms() const {
  const int64_t woken = woken_.empty() ? kNever : woken_.top().first;
  return built_ ? std::min(days_until_ms_, woken) : 0;
}

bool LiveRule::HasWork(const Moment& moment, const Touches& touches) const {
  if (moment.options.now_ms >= next_ms() || moment.snapshot.ordinal_count > ordinals_) return true;
  if (names_sets_ && moment.sets_version != sets_version_) return true;
  return std::ranges::any_of(touches.whats(), [this](uint32_t what) { return Wants(what); });
}

// Sets and values that a rule names are of customers as they were known when it was resolved.
Result<> LiveRule::Resolve(const Moment& moment, const Touches& touches) {
  const int64_t now_ms = moment.options.now_ms;
  const bool others =
      names_sets_ && (moment.sets_version != sets_version_ ||
                      std::ranges::binary_search(touches.whats(), kIdentityChanged));
  if (resolved_ && now_ms < resolved_until_ms_ && !others) return {};
  analytics::ResolvedQuery resolved =
      TRY(analytics::ResolveQuery(query_, moment.names, moment.options));
  TRY(Check(query_, resolved));
  resolved_until_ms_ = std::min(resolved.same_until_ms, now_ms + kResolvedMs);
  resolved_ = std::move(resolved);
  return {};
}

Result<> LiveRule::Advance(const Moment& moment, const Touches& touches,
                           std::vector<Moved>* moves) {
  if (!HasWork(moment, touches)) return {};
  TRY(Resolve(moment, touches));
  const int64_t now_ms = moment.options.now_ms;
  const bool sets_changed = names_sets_ && moment.sets_version != sets_version_;
  const bool anew = !built_ || now_ms >= days_until_ms_ || sets_changed;
  days_until_ms_ = resolved_->same_days_until_ms;
  sets_version_ = moment.sets_version;
  members_.resize(((size_t{moment.snapshot.ordinal_count} + 0xFFFF) >> 16) * kWords);
  const uint32_t first_new = std::exchange(ordinals_, moment.snapshot.ordinal_count);
  if (anew) {
    needs_ = {};
    FindNeeds(resolved_->rule, &needs_);
    std::ranges::sort(needs_.events);
    Rebuild(moment, moves);
    built_ = true;
    return {};
  }
  auto who = TakeDue(now_ms);
  for (uint32_t customer = first_new; customer < ordinals_; ++customer)
    Set(&who[customer >> 16], customer);
  for (const auto& [number, block] : touches.blocks()) {
    exec::BlockBits touched{};
    for (const auto& [what, bits] : block.by_what) {
      if (!Wants(what)) continue;
      for (size_t w = 0; w < kWords; ++w) touched[w] |= bits[w];
    }
    LookAt(moment, block.near, number, touched, moves);
    const auto due = who.find(number);
    if (due == who.end()) continue;
    for (size_t w = 0; w < kWords; ++w) due->second[w] &= ~touched[w];
  }
  for (const auto& [number, due] : who) {
    const column::SnapshotView near = exec::Near(moment.snapshot, number, due);
    LookAt(moment, near, number, due, moves);
  }
  return {};
}

// A customer who became another's has not left: he is known by another ordinal.
void LiveRule::LookAt(const Moment& moment, const column::SnapshotView& near, uint32_t block,
                      const exec::BlockBits& who, std::vector<Moved>* moves) {
  if (std::ranges::all_of(who, [](uint64_t word) { return word == 0; })) return;
  const exec::Selector selector(near, block, who, nullptr);
  const exec::CustomerBits found = selector.Run(resolved_->rule, selector.everyone());
  const size_t first = size_t{block} * kWords;
  for (size_t w = 0; w < kWords && first + w < members_.size(); ++w) {
    const uint64_t before = members_[first + w];
    members_[first + w] = (before & ~who[w]) | found[w];
    for (uint64_t left = before ^ members_[first + w]; left; left &= left - 1) {
      const auto bit = static_cast<uint32_t>(std::countr_zero(left));
      moves->push_back({static_cast<uint32_t>((first + w) * 64) + bit, (before >> bit & 1) == 0});
    }
  }
  if (needs_.rolls) FindChanges(selector, moment.options.now_ms);
}

void LiveRule::Rebuild(const Moment& moment, std::vector<Moved>* moves) {
  const exec::Rule& rule = resolved_->rule;
  const exec::CustomerBits before = std::exchange(
      members_, exec::Select(rule, moment.snapshot, std::max(1u, moment.options.threads)));
  for (size_t w = 0; w < members_.size(); ++w) {
    const uint64_t was = w < before.size() ? before[w] : 0;
    for (uint64_t left = was ^ members_[w]; left; left &= left - 1) {
      const auto bit = static_cast<uint32_t>(std::countr_zero(left));
      moves->push_back({static_cast<uint32_t>(w * 64) + bit, (was >> bit & 1) == 0});
    }
  }
  if (!needs_.rolls) return;
  wake_at_.clear();
  woken_ = {};
  exec::CustomerBits rolling;
  FindRolling(rule, moment.snapshot, moment.options.threads, &rolling);
  for (uint32_t block = 0; block < rolling.size() / kWords; ++block) {
    const exec::BlockBits some = BlockOf(rolling, block);
    const column::SnapshotView near = exec::Near(moment.snapshot, block, some);
    FindChanges(exec::Selector(near, block, some, nullptr), moment.options.now_ms);
  }
}

void LiveRule::FindChanges(const exec::Selector& selector, int64_t now_ms) {
  std::vector<exec::Selector::Turn> turns;
  selector.FindChanges(resolved_->rule, now_ms, &turns);
  for (const auto& [customer, at_ms] : turns) {
    int64_t& known_ms = wake_at_.try_emplace(customer, kNever).first->second;
    if (at_ms >= known_ms) continue;
    known_ms = at_ms;
    woken_.emplace(at_ms, customer);
  }
}

std::map<uint32_t, exec::BlockBits> LiveRule::TakeDue(int64_t now_ms) {
  std::map<uint32_t, exec::BlockBits> due;
  for (; !woken_.empty() && woken_.top().first <= now_ms; woken_.pop()) {
    const auto [at_ms, customer] = woken_.top();
    const auto known = wake_at_.find(customer);
    if (known == wake_at_.end() || known->second != at_ms) continue;
    wake_at_.erase(known);
    Set(&due[customer >> 16], customer);
  }
  return due;
}

}  // namespace waypost::segments
