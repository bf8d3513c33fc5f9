// What becomes of what is known when customers become one, are two again, or are erased.
#include <algorithm>
#include <iterator>

#include "journeys/state.h"

namespace waypost::journeys {
namespace {

void Unite(const Visits& more, size_t most, Visits* all) {
  all->last_entry_ms = std::max(all->last_entry_ms, more.last_entry_ms);
  all->last_exit_ms = std::max(all->last_exit_ms, more.last_exit_ms);
  for (const int64_t entry_ms : more.entries_ms) all->Add(entry_ms, most);
  for (const std::string& key : more.keys) {
    if (std::ranges::find(all->keys, key) == all->keys.end()) all->keys.push_back(key);
  }
}

// What keeps messages away: what was sent, what was refused, and lists.
void Unite(const Customer& more, bool with_allowed, Customer* all) {
  for (const TouchMark& mark : more.marks) {
    if (std::ranges::find(all->marks, mark.key, &TouchMark::key) == all->marks.end())
      all->marks.push_back(mark);
  }
  for (const auto& [what, allowed] : more.consents) {
    if (allowed && !with_allowed) continue;
    const auto [known, added] = all->consents.emplace(what, allowed);
    if (!added) known->second = known->second && allowed;
  }
  for (const std::string& list : more.lists) {
    if (std::ranges::find(all->lists, list) == all->lists.end()) all->lists.push_back(list);
  }
}

void Unite(const std::vector<TraceLine>& more, std::vector<TraceLine>* all) {
  all->insert(all->end(), more.begin(), more.end());
  std::ranges::stable_sort(*all, {}, &TraceLine::time_ms);
  if (all->size() > kTraceLines) all->erase(all->begin(), all->end() - kTraceLines);
}

}  // namespace

Ordinal State::Now(Ordinal customer) const {
  for (auto at = known_as_.find(customer); at != known_as_.end(); at = known_as_.find(customer)) {
    customer = at->second;
  }
  return customer;
}

bool State::Knows(Ordinal customer) const {
  if (customers_.contains(customer)) return true;
  const auto is_in = [&](const auto& set) { return set.second.Has(customer); };
  if (std::ranges::any_of(heard_, is_in)) return true;
  return std::ranges::any_of(journeys_, [&](const JourneyState& journey) {
    const auto arms = journey.arms.lower_bound({customer, {}});
    return (arms != journey.arms.end() && arms->first.first == customer) ||
           std::ranges::any_of(journey.queue,
                               [&](const auto& waiting) { return waiting.customer == customer; });
  });
}

// Of two consents the one that forbids stays.
Result<> State::Do(const change::Merged& c) {
  if (c.from == c.to) return Corrupt("a customer who became himself");
  known_as_.erase(c.to);
  known_as_[c.from] = c.to;
  // Who was in a set is in it as the other, and has not come in.
  for (auto& [set, members] : heard_) {
    if (members.Has(c.from)) members.Set(c.to, true);
    members.Set(c.from, false);
  }
  if (const auto from = customers_.find(c.from); from != customers_.end()) {
    const Customer other = std::move(from->second);
    customers_.erase(from);
    Customer& to = customers_[c.to];
    for (const EntryId id : other.entries) {
      TRY(EntryAt(id))->customer = c.to;
      to.entries.push_back(id);
    }
    Unite(other, true, &to);
    Unite(other.trace, &to.trace);
  }
  for (JourneyState& state : journeys_) {
    if (const auto found = state.visits.find(c.from); found != state.visits.end()) {
      const Visits visits = std::move(found->second);
      state.visits.erase(found);
      Unite(visits, state.most_visits, &state.visits[c.to]);
    }
    if (const auto watches = state.watches.extract(c.from); !watches.empty()) {
      std::vector<GoalWatch>& all = state.watches[c.to];
      all.insert(all.end(), watches.mapped().begin(), watches.mapped().end());
    }
    for (change::Waiting& waiting : state.queue) {
      if (waiting.customer == c.from) waiting.customer = c.to;
    }
    for (auto& [node, trial] : state.trials) {
      const auto given = trial.given.find(c.from);
      if (given == trial.given.end()) continue;
      trial.given.emplace(c.to, given->second);
      trial.given.erase(c.from);
    }
  }
  return {};
}

// What was united stays so, but for what only one of them can have: where he is now.
Result<> State::Do(const change::Parted& c) {
  if (c.from == c.to) return Corrupt("a customer parted from himself");
  const auto goes = [&](Ordinal one) { return std::ranges::binary_search(c.members, one); };
  for (auto& [one, now] : known_as_) {
    if (goes(one)) {
      now = c.to;
    } else if (goes(now)) {
      now = c.from;  // he had become one of those who go, and stays
    }
  }
  known_as_.erase(c.to);
  for (auto& [set, members] : heard_) {
    if (members.Has(c.from)) members.Set(c.to, true);
  }
  const Customer from = customers_[c.from];
  Customer& to = customers_[c.to];
  Unite(from, false, &to);
  for (const EntryId id : c.entries) {
    Entry& entry = *TRY(EntryAt(id));
    if (std::erase(customers_[c.from].entries, id) == 0) return Corrupt("an entry of another");
    entry.customer = c.to;
    to.entries.push_back(id);
    for (const TouchKey& key : entry.touches) {
      const auto touch = touches_.find(key);
      if (touch == touches_.end()) return Corrupt("an entry without its message");
      touch->second.plan.customer = c.to;
    }
  }
  std::vector<TraceLine> his;
  std::ranges::copy_if(from.trace, std::back_inserter(his), [&](const TraceLine& line) {
    return std::ranges::find(c.entries, line.entry) != c.entries.end();
  });
  Unite(his, &to.trace);
  for (JourneyState& state : journeys_) {
    const auto found = state.visits.find(c.from);
    if (found == state.visits.end()) continue;
    const Visits visits = found->second;
    Unite(visits, state.most_visits, &state.visits[c.to]);
  }
  return {};
}

// What names the person goes; what was counted stays.
Result<> State::Do(const change::Erased& c) {
  customers_.erase(c.customer);
  std::erase_if(unset_, [&](const auto& item) {
    return item.second.customer == c.customer || Now(item.second.customer) == c.customer;
  });
  std::erase_if(unlisted_, [&](const auto& item) {
    return item.second.customer == c.customer || Now(item.second.customer) == c.customer;
  });
  for (auto& [key, touch] : touches_) {
    if (touch.plan.customer != c.customer && Now(touch.plan.customer) != c.customer) continue;
    touch.erased = true;
    for (std::string* text : {&touch.plan.address, &touch.plan.text, &touch.plan.why, &touch.why})
      text->clear();
    touch.plan.accounts.clear();
    for (const auto& [outcome, when_ms] : touch.reached) untold_.erase({key, outcome});
  }
  for (JourneyState& state : journeys_) {
    state.watches.erase(c.customer);
    state.visits.erase(c.customer);
    std::erase_if(state.queue, [&](const auto& who) { return who.customer == c.customer; });
    for (auto& [node, trial] : state.trials) trial.given.erase(c.customer);
  }
  std::erase_if(untold_lines_, [&](const auto& item) { return item.customer == c.customer; });
  known_as_.erase(c.customer);
  return {};
}

}  // namespace waypost::journeys
