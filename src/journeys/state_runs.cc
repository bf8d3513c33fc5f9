// Runs of journeys, and whom they are for.
#include <algorithm>

#include "journeys/state.h"

namespace waypost::journeys {
namespace {

// Clocks somewhere are 26 hours behind those elsewhere, so that a name may come again for so long
// after it was taken, should the journey's zone be another by then.
constexpr int64_t kNamesKeptMs = 2 * kDayMs;
constexpr size_t kAudiencesKept = 20;

// Names that cannot come again. That of a version's one run can, where it is to be run at once.
void ForgetRuns(JourneyState& journey, int64_t taken) {
  if (journey.now().entry.schedule.every == Schedule::Every::kOnce) return;
  std::erase_if(journey.runs, [&](const auto& run) {
    if (run.first >= taken - kNamesKeptMs) return false;
    return std::ranges::none_of(journey.versions, [&](const auto& version) {
      const Schedule& schedule = version.second->entry.schedule;
      return schedule.every == Schedule::Every::kOnce &&
             schedule.anchor_day * kDayMs + schedule.at_ms == run.first;
    });
  });
}

}  // namespace

Result<> State::Do(const change::RunTaken& c) {
  JourneyState& state = *TRY(JourneyAt(c.journey));
  state.runs[c.run] = c.skipped;
  state.next_from_ms = c.next_from_ms;
  if (c.open) {
    // What was written before runs had an end has the grace of most.
    const int64_t until = c.until_ms != 0 ? c.until_ms : time_ms_ + Schedule().grace.ms;
    state.open_runs[c.run] = {time_ms_ - c.late_ms, time_ms_, until};
  }
  ForgetRuns(state, c.run);
  ArmRun(c.journey);
  return {};
}

Result<> State::Do(const change::RunGivenUp& c) {
  JourneyState& state = *TRY(JourneyAt(c.journey));
  const auto open = state.open_runs.find(c.run);
  if (open == state.open_runs.end()) return Corrupt("the run is not open");
  state.failed_runs[c.run] = {open->second.due_ms, time_ms_, c.error};
  state.open_runs.erase(open);
  if (state.failed_runs.size() > kFailedRunsKept)
    state.failed_runs.erase(state.failed_runs.begin());
  return {};
}

// Of decisions that name them by their local day.
Result<> State::NameRuns(Change& change) const {
  const auto name = [&](JourneyIndex index, int64_t* run) -> Result<> {
    if (index >= journeys_.size()) return Corrupt("there is no such journey");
    *run = journeys_[index].RunOn(*run);
    return {};
  };
  if (auto* taken = std::get_if<change::RunTaken>(&change))
    return name(taken->journey, &taken->run);
  if (auto* up = std::get_if<change::RunGivenUp>(&change)) return name(up->journey, &up->run);
  auto* listed = std::get_if<change::Listed>(&change);
  return listed && listed->of_run ? name(listed->journey, &listed->run) : Result<>();
}

uint32_t Listing::NextWave() const {
  const auto wave = std::ranges::find_if(waves, [&](const auto& one) { return next < one.end; });
  return waves.empty() ? 0 : static_cast<uint32_t>(wave - waves.begin()) + 1;
}

bool Listing::Begins() const {
  const uint32_t wave = NextWave();
  return wave > 0 && next == (wave == 1 ? 0 : waves[wave - 2].end);
}

int64_t Listing::OpensAt() const {
  const uint32_t wave = NextWave();
  if (wave == 0) return 0;
  return waves[std::min<size_t>(wave, waves.size()) - 1].start_ms;
}

void Listing::Take(int64_t now_ms) {
  const uint32_t wave = NextWave();
  const int64_t late = now_ms - OpensAt();
  if (Begins() && late > 0) {
    for (size_t i = wave; i < waves.size() && waves[i].spaced; ++i) waves[i].start_ms += late;
  }
  ++next;
}

int64_t State::NextWaveAfter(int64_t time_ms) const {
  int64_t next = kNever;
  for (const JourneyState& journey : journeys_) {
    for (const Listing& listing : journey.listings) {
      if (listing.OpensAt() > time_ms) next = std::min(next, listing.OpensAt());
    }
  }
  return next;
}

uint64_t JourneyState::CountListed() const {
  uint64_t count = 0;
  for (const Listing& listing : listings)
    count += listing.IsOver() ? 0 : listing.customers.size() - listing.next;
  return count;
}

Result<> State::Do(const change::Enlisted& c) {
  unlisted_[c.key] = {++sets_, number_ + 1, c.customer, c.list, c.on};
  return {};
}

Result<> State::Do(const change::ListKept& c) {
  std::erase_if(unlisted_, [&](const auto& one) {
    return one.second.list == c.list && one.second.order <= c.through;
  });
  return {};
}

Listing* JourneyState::FindListing(uint32_t number) {
  const auto found = std::ranges::find(listings, number, &Listing::number);
  return number == 0 || found == listings.end() ? nullptr : &*found;
}

Result<> State::Do(const change::Listed& c) {
  JourneyState& state = *TRY(JourneyAt(c.journey));
  if (!c.customers.empty()) {
    state.listings.push_back({.customers = c.customers,
                              .number = ++state.last_list,
                              .at_ms = time_ms_,
                              .waves = c.waves});
  }
  if (!c.of_run) return {};
  const auto open = state.open_runs.find(c.run);
  if (open == state.open_runs.end()) return Corrupt("the run is not open");
  state.audiences[c.run] = {time_ms_, c.segment_run, c.customers.size(), open->second.due_ms};
  state.open_runs.erase(open);
  if (state.audiences.size() > kAudiencesKept) {
    state.audiences.erase(std::ranges::min_element(
        state.audiences, {}, [](const auto& run) { return run.second.at_ms; }));
  }
  return {};
}

Result<> State::Do(const change::ListedTaken& c) {
  JourneyState& state = *TRY(JourneyAt(c.journey));
  if (c.place >= state.listings.size()) return Corrupt("nobody is listed");
  const auto listing = state.listings.begin() + c.place;
  listing->came += c.came;
  listing->Take(time_ms_);
  if (listing->next >= listing->customers.size()) state.listings.erase(listing);
  return {};
}

}  // namespace waypost::journeys
