#include "segments/live_rule.h"

#include <algorithm>
#include <bit>
#include <limits>

#include "exec/selector.h"

namespace waypost::segments {
namespace {

constexpr int64_t kNever = std::numeric_limits<int64_t>::max();
constexpr size_t kWords = exec::BlockBits().size();

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
    }
    block.near = exec::Near(snapshot, number, all);
  }
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
  if (!eql::NamesOf(query, eql::Rule::Kind::kTag).empty())
    return bad("a live segment follows events, and values of tags are made by the day");
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
      (rule.condition.kind == exec::Condition::Kind::kMember ? needs->sets : needs->attributes) =
          true;
      break;
    case exec::Rule::Kind::kSequence:
      for (const auto& step : rule.sequence.steps) add(step.events);
      for (const auto& exclusion : rule.sequence.exclusions) add(exclusion.events);
      break;
    default:
      add(rule.events);
  }
  std::ranges::sort(needs->events);
}

bool LiveRule::Wants(uint32_t what) const {
  if (what == kIdentityChanged) return true;
  if (what == kAttributesChanged) return needs_.attributes;
  return needs_.any_event || std::ranges::binary_search(needs_.events, what);
}

int64_t LiveRule::next_ms() const {
  const int64_t woken = woken_.empty() ? kNever : woken_.begin()->first;
  return built_ ? std::min(days_until_ms_, woken) : 0;
}

bool LiveRule::HasWork(const Moment& moment, const Touches& touches) const {
  if (moment.options.now_ms >= next_ms() || moment.snapshot.ordinal_count > ordinals_) return true;
  if (needs_.sets && moment.sets_version != sets_version_) return true;
  return std::ranges::any_of(touches.blocks(), [&](const auto& block) {
    return std::ranges::any_of(block.second.by_what,
                               [&](const auto& what) { return Wants(what.first); });
  });
}

Result<> LiveRule::Advance(const Moment& moment, const Touches& touches,
                           std::vector<Moved>* moves) {
  if (!HasWork(moment, touches)) return {};
  const analytics::ResolvedQuery resolved =
      TRY(analytics::ResolveQuery(query_, moment.names, moment.options));
  TRY(Check(query_, resolved));
  const int64_t now_ms = moment.options.now_ms;
  const bool sets_changed = needs_.sets && moment.sets_version != sets_version_;
  const bool anew = !built_ || now_ms >= days_until_ms_ || sets_changed;
  days_until_ms_ = resolved.same_days_until_ms;
  sets_version_ = moment.sets_version;
  members_.resize(((size_t{moment.snapshot.ordinal_count} + 0xFFFF) >> 16) * kWords);
  const uint32_t first_new = std::exchange(ordinals_, moment.snapshot.ordinal_count);
  if (anew) {
    needs_ = {};
    FindNeeds(resolved.rule, &needs_);
    Rebuild(moment, resolved.rule, moves);
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
    LookAt(moment, resolved.rule, block.near, number, touched, moves);
    const auto due = who.find(number);
    if (due == who.end()) continue;
    for (size_t w = 0; w < kWords; ++w) due->second[w] &= ~touched[w];
  }
  for (const auto& [number, due] : who) {
    const column::SnapshotView near = exec::Near(moment.snapshot, number, due);
    LookAt(moment, resolved.rule, near, number, due, moves);
  }
  return {};
}

// A customer who became another's has not left: he is known by another ordinal.
void LiveRule::LookAt(const Moment& moment, const exec::Rule& rule,
                      const column::SnapshotView& near, uint32_t block, const exec::BlockBits& who,
                      std::vector<Moved>* moves) {
  if (std::ranges::all_of(who, [](uint64_t word) { return word == 0; })) return;
  const exec::BlockBits found = exec::SelectInBlock(rule, near, block, who);
  const size_t first = size_t{block} * kWords;
  for (size_t w = 0; w < kWords && first + w < members_.size(); ++w) {
    const uint64_t before = members_[first + w];
    members_[first + w] = (before & ~who[w]) | found[w];
    for (uint64_t left = before ^ members_[first + w]; left; left &= left - 1) {
      const auto bit = static_cast<uint32_t>(std::countr_zero(left));
      moves->push_back({static_cast<uint32_t>((first + w) * 64) + bit, (before >> bit & 1) == 0});
    }
  }
  if (!needs_.rolls) return;
  std::map<uint32_t, int64_t> next;
  exec::Selector(near, block, who, nullptr).FindChanges(rule, moment.options.now_ms, &next);
  for (const auto& [customer, at_ms] : next) WakeAt(customer, at_ms);
}

void LiveRule::Rebuild(const Moment& moment, const exec::Rule& rule, std::vector<Moved>* moves) {
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
  woken_.clear();
  exec::CustomerBits rolling;
  FindRolling(rule, moment.snapshot, moment.options.threads, &rolling);
  for (uint32_t block = 0; block < rolling.size() / kWords; ++block) {
    const exec::BlockBits some = BlockOf(rolling, block);
    const column::SnapshotView near = exec::Near(moment.snapshot, block, some);
    std::map<uint32_t, int64_t> next;
    exec::Selector(near, block, some, nullptr).FindChanges(rule, moment.options.now_ms, &next);
    for (const auto& [customer, at_ms] : next) WakeAt(customer, at_ms);
  }
}

void LiveRule::WakeAt(uint32_t customer, int64_t at_ms) {
  const auto [known, added] = wake_at_.try_emplace(customer, kNever);
  if (at_ms < known->second) {
    known->second = at_ms;
    woken_[at_ms].push_back(customer);
  } else if (known->second == kNever) {
    wake_at_.erase(known);
  }
}

// What was put off for somebody stays in the queue and is passed over when its turn comes.
std::map<uint32_t, exec::BlockBits> LiveRule::TakeDue(int64_t now_ms) {
  std::map<uint32_t, exec::BlockBits> due;
  while (!woken_.empty() && woken_.begin()->first <= now_ms) {
    for (const uint32_t customer : woken_.begin()->second) {
      const auto known = wake_at_.find(customer);
      if (known == wake_at_.end() || known->second != woken_.begin()->first) continue;
      wake_at_.erase(known);
      Set(&due[customer >> 16], customer);
    }
    woken_.erase(woken_.begin());
  }
  return due;
}

}  // namespace waypost::segments
