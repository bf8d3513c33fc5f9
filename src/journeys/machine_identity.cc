// Customers who become one, and who are two again.
#include <algorithm>
#include <set>

#include "journeys/machine.h"

namespace waypost::journeys {

void Machine::OnIdentity(Ordinal root, std::span<const Ordinal> members, int64_t at_ms, Out* out) {
  for (const Ordinal member : members) {
    const Ordinal before = state_.Now(member);
    // Of one who was another nothing may be known: he was erased.
    if (before == root || (before == member && !state_.Knows(before))) continue;
    if (std::ranges::binary_search(members, before)) {
      Merge(before, root, at_ms, out);
    } else {
      Part(before, root, members, at_ms, out);
    }
  }
  if (!state_.Knows(root)) return;
  for (const Ordinal member : members) Merge(member, root, at_ms, out);
}

void Machine::Merge(Ordinal from, Ordinal to, int64_t at_ms, Out* out) {
  if (from == to || state_.Now(from) == to) return;
  Begin(at_ms, out);
  const bool known = state_.Knows(from);
  if (known) MoveArms(from, to);
  Do(change::Merged{from, to});
  if (known && state_.FindCustomer(to)) {
    LeaveTwice(to);
    FollowConsent(to);
    RestAnew(to);
    AskAnew(to, nullptr);
  }
  End(out);
}

// Where a customer is armed once at most, the last one counts, or the first.
void Machine::MoveArms(Ordinal from, Ordinal to) {
  for (JourneyIndex journey = 0; journey < state_.journeys().size(); ++journey) {
    const EntryRule& rule = state_.journeys()[journey].now().entry;
    std::vector<std::pair<std::string, journeys::Arm>> moved;
    const auto& places = state_.journeys()[journey].arms;
    for (auto at = places.lower_bound({from, {}}); at != places.end() && at->first.first == from;
         ++at) {
      for (const journeys::Arm& arm : at->second) moved.emplace_back(at->first.second, arm);
    }
    for (const auto& [key, arm] : moved) {
      Do(change::Disarmed{journey, from, key, arm.number});
      uint64_t number = 1;
      bool counts = true;
      for (const journeys::Arm& other : ArmsAt(journey, to, key)) {
        number = std::max(number, other.number + 1);
        if (rule.repeat == Repeat::kIndependent) continue;
        counts = (arm.deadline_ms > other.deadline_ms) == (rule.repeat == Repeat::kReset);
        if (counts) Do(change::Disarmed{journey, to, key, other.number});
      }
      if (!counts) continue;
      Do(change::Armed{journey, to, key, number, arm.step, arm.deadline_ms, arm.due_ms,
                       arm.context});
    }
  }
}

// Of the entries of one journey, and of one key where it goes by keys, the oldest stays.
void Machine::LeaveTwice(Ordinal customer) {
  std::vector<EntryId> entries = state_.FindCustomer(customer)->entries;
  std::ranges::sort(entries);
  std::vector<std::pair<JourneyIndex, std::string>> seen;
  for (const EntryId id : entries) {
    const Entry* entry = state_.FindEntry(id);
    if (!entry) continue;
    const Reentry policy = state_.JourneyOf(*entry).reentry.policy;
    if (policy == Reentry::kAlways) continue;
    const std::pair<JourneyIndex, std::string> place{
        entry->journey, policy == Reentry::kPerKey ? entry->key : std::string()};
    if (std::ranges::find(seen, place) != seen.end()) {
      Leave(id, Exit::kMerged);
    } else {
      seen.push_back(place);
    }
  }
}

// Dates and the hour of the day may be others now.
void Machine::RestAnew(Ordinal customer) {
  RestAnew(customer,
           [](const Node& node) { return GoesByTheClock(node) || !node.date_attribute.empty(); });
}

void Machine::Part(Ordinal from, Ordinal to, std::span<const Ordinal> members, int64_t at_ms,
                   Out* out) {
  Begin(at_ms, out);
  change::Parted parted{from, to, {members.begin(), members.end()}, {}};
  std::vector<EntryId> all;
  if (const Customer* known = state_.FindCustomer(from)) all = known->entries;
  for (const EntryId id : all) {
    const Entry& entry = EntryOf(id);
    const Ordinal as = world_.customers.Named(FactsOf(entry)).value_or(entry.entered_as);
    if (std::ranges::binary_search(members, as)) parted.entries.push_back(id);
  }
  Do(std::move(parted));
  // What waits to be sent was written for one who is two. Whose it was is not known any more when
  // its entry is over.
  const std::vector<TouchKey> planned = state_.TouchesIn(Outcome::kPlanned);
  for (const TouchKey& key : planned) {
    const Touch& touch = *state_.FindTouch(key);
    const Ordinal customer = state_.Now(touch.plan.customer);
    if ((customer != from && customer != to) || touch.outcome != Outcome::kPlanned) continue;
    if (const Entry* entry = state_.FindEntry(touch.plan.entry)) {
      Reword(key, state_.JourneyOf(*entry));
    } else {
      Cancel(key, "two customers again");
    }
  }
  for (const Ordinal customer : {from, to}) {
    RestAnew(customer);
    AskAnew(customer, nullptr);
  }
  End(out);
}

}  // namespace waypost::journeys
