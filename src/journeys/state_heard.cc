// What was heard of sets that lead into journeys.
#include <algorithm>

#include "journeys/state.h"

namespace waypost::journeys {

Result<> State::Do(const change::Heard& c) {
  Members& members = heard_[c.set];
  for (const Ordinal customer : c.came) members.Set(customer, true);
  for (const Ordinal customer : c.left) members.Set(customer, false);
  return {};
}

// Whoever follows a set again hears of it anew.
void State::ForgetUnheard() {
  std::erase_if(heard_, [&](const auto& heard) {
    return std::ranges::none_of(journeys_, [&](const JourneyState& journey) {
      const std::vector<std::string> sets = SetsOf(journey.now().entry);
      return std::ranges::find(sets, heard.first) != sets.end();
    });
  });
}

// Decisions of before said nothing of it, and only whom they let in, kept waiting or refused. Who
// is listed has come, and comes in later. Who is waited for has come; whom nobody waits for any
// longer has gone again, unless he is in.
void State::HearAgain(const Decision& decision) {
  const auto hear = [&](JourneyIndex index, Ordinal customer, bool moved_on = true) {
    const EntryRule& entry = journeys_[index].now().entry;
    const bool by_tag = entry.kind == EntryKind::kTag;
    for (const std::string& set : SetsOf(entry)) {
      const auto heard = heard_.find(set);
      if (heard == heard_.end()) continue;
      const bool goes_out = by_tag ? set == SetOfValue(entry.tag, entry.from) : entry.on_leave;
      heard->second.Set(customer, moved_on != goes_out);
    }
  };
  for (const Change& change : decision.changes) {
    if (const auto* listed = std::get_if<change::Listed>(&change)) {
      for (const Ordinal customer : listed->customers) hear(listed->journey, customer);
    }
    if (const auto* armed = std::get_if<change::Armed>(&change))
      hear(armed->journey, armed->customer);
    if (const auto* disarmed = std::get_if<change::Disarmed>(&change))
      hear(disarmed->journey, disarmed->customer, false);
    if (const auto* queued = std::get_if<change::Queued>(&change))
      hear(queued->journey, queued->who.customer);
    if (const auto* entered = std::get_if<change::Entered>(&change))
      hear(entered->journey, entered->customer);
    if (const auto* refused = std::get_if<change::Refused>(&change))
      hear(refused->journey, refused->customer);
  }
}

}  // namespace waypost::journeys
