// Customers who come into sets that lead into journeys, and leave them.
#include <algorithm>
#include <bit>

#include "journeys/machine.h"

namespace waypost::journeys {
namespace {

// Those of whoever is the first.
template <typename M>
std::span<const M> OfOne(std::span<const M> moves, Ordinal customer) {
  const auto other =
      std::ranges::find_if(moves, [&](const M& move) { return move.customer != customer; });
  return moves.first(static_cast<size_t>(other - moves.begin()));
}

}  // namespace

// In a pause that keeps nobody waiting each is refused, and of a journey that is over as well. Who
// comes in does so by a decision of his own; those who only begin to wait, or wait no more, do it
// together.
void Machine::OnSets(const MembersOf& now, int64_t at_ms, Out* out) {
  Begin(at_ms, out);
  std::vector<SetMove> heard;
  for (const auto& [set, members] : now) {
    const auto before = state_.heard().find(set);
    if (before == state_.heard().end()) {
      Do(change::Heard{set, members.Ordinals(), {}});
      continue;
    }
    for (size_t w = 0; w < std::max(before->second.words(), members.words()); ++w) {
      const uint64_t is = members.Word(w);
      for (uint64_t moved = is ^ before->second.Word(w); moved; moved &= moved - 1) {
        const int bit = std::countr_zero(moved);
        heard.push_back(
            {static_cast<Ordinal>(w * 64) + static_cast<Ordinal>(bit), &set, (is >> bit & 1) != 0});
      }
    }
  }
  End(out);
  if (heard.empty()) return;
  std::ranges::stable_sort(heard, {}, &SetMove::customer);

  std::vector<JourneyMove> moves;
  std::map<JourneyIndex, std::vector<Ordinal>> listed;
  for (JourneyIndex i = 0; i < state_.journeys().size(); ++i) {
    const JourneyState& state = state_.journeys()[i];
    const EntryRule& rule = state.now().entry;
    if (SetsOf(rule).empty()) continue;
    const bool open = state.phase == Phase::kRunning ||
                      (state.phase == Phase::kPaused && state.now().queue_while_paused);
    Moved moved = MovedBy(rule, state_.heard(), now);
    for (const auto& [customers, in] : {std::pair(&moved.came, true), {&moved.left, false}}) {
      // Who is known by another ordinal now has neither come nor left.
      std::erase_if(*customers, [&](Ordinal one) { return world_.customers.Root(one) != one; });
      if (open && LeadsIn(rule, in) && rule.min_dwell.empty() && customers->size() > kMovedAtOnce) {
        listed[i] = std::move(*customers);
      } else {
        for (const Ordinal customer : *customers) moves.push_back({customer, i, in});
      }
    }
  }
  std::ranges::stable_sort(moves, {}, &JourneyMove::customer);

  const auto comes_in = [&](const JourneyMove& move) {
    const EntryRule& rule = state_.journeys()[move.journey].now().entry;
    return LeadsIn(rule, move.in) && rule.min_dwell.empty();
  };
  std::span<const JourneyMove> left = moves;
  for (std::span<const SetMove> rest = heard; !rest.empty();) {
    size_t some = 0, moving = 0;
    for (size_t count = 0; some < rest.size(); ++count) {
      const Ordinal customer = rest[some].customer;
      const auto his = OfOne(left.subspan(moving), customer);
      const bool alone = std::ranges::any_of(his, comes_in);
      if (listed.empty() && count > 0 && (alone || count == kMovedAtOnce)) break;
      some += OfOne(rest.subspan(some), customer).size();
      moving += his.size();
      if (listed.empty() && alone) break;
    }
    Begin(at_ms, out);
    Hear(rest.first(some), left.first(moving), listed);
    End(out);
    rest = rest.subspan(some);
    left = left.subspan(moving);
  }
}

void Machine::Hear(std::span<const SetMove> heard, std::span<const JourneyMove> moves,
                   const std::map<JourneyIndex, std::vector<Ordinal>>& listed) {
  std::map<std::string, change::Heard> of;
  for (const SetMove& move : heard) {
    change::Heard& one = of[*move.set];
    (move.in ? one.came : one.left).push_back(move.customer);
  }
  for (auto& [set, one] : of) {
    one.set = set;
    Do(std::move(one));
  }
  for (const auto& [journey, customers] : listed) ListOnce(customers, {.journey = journey});
  for (const JourneyMove& move : moves) Move(move.journey, move.customer, move.in);
}

}  // namespace waypost::journeys
