// Whom runs and lists are for, and how they come in: by and by, and in waves.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <ranges>
#include <tuple>

#include "base/hash.h"
#include "journeys/machine.h"

namespace waypost::journeys {

Result<> Machine::List(std::string_view id, const std::vector<Ordinal>& customers, int64_t at_ms,
                       Out* out) {
  const std::optional<JourneyIndex> journey = state_.FindJourney(id);
  if (!journey) return Error(Code::kNotFound, "there is no journey '" + std::string(id) + "'");
  Begin(at_ms, out);
  ListOnce(customers, {.journey = *journey});
  End(out);
  return {};
}

Result<> Machine::ListRun(std::string_view id, const RunAudience& run, int64_t at_ms, Out* out) {
  const std::optional<JourneyIndex> journey = state_.FindJourney(id);
  if (!journey || !state_.journeys()[*journey].open_runs.contains(run.run))
    return Error(Code::kNotFound, "no run of '" + std::string(id) + "' is open then");
  Begin(at_ms, out);
  ListOnce(run.customers,
           {.journey = *journey, .of_run = true, .run = run.run, .segment_run = run.segment_run});
  End(out);
  return {};
}

Result<> Machine::GiveUpRun(std::string_view id, int64_t run, std::string error, int64_t at_ms,
                            Out* out) {
  const std::optional<JourneyIndex> journey = state_.FindJourney(id);
  if (!journey || !state_.journeys()[*journey].open_runs.contains(run))
    return Error(Code::kNotFound, "no run of '" + std::string(id) + "' is open then");
  Begin(at_ms, out);
  Do(change::RunGivenUp{*journey, run, error});
  Do(change::AlarmRaised{"run_given_up", *journey, {}, std::move(error)});
  End(out);
  return {};
}

void Machine::ListOnce(const std::vector<Ordinal>& customers, change::Listed listed) {
  boost::unordered_flat_set<Ordinal> seen;
  for (const Ordinal customer : customers) {
    if (seen.insert(customer).second) {
      listed.customers.push_back(customer);
    } else {
      Do(change::Refused{listed.journey, customer, Reject::kDuplicateInRun});
    }
  }
  Rank(listed.journey, &listed.customers);
  listed.waves = WavesOf(listed.journey, listed.customers);
  if (listed.of_run || !listed.customers.empty()) Do(std::move(listed));
}

// Smaller comes first; who has no number comes last.
double Machine::RankOf(const EntryRule& rule, Ordinal customer) const {
  const std::string text = world_.customers.Attribute(customer, rule.rank_by).value_or("");
  double place = 0;
  const char* end = text.data() + text.size();
  const auto [read, error] = std::from_chars(text.data(), end, place);
  if (error != std::errc() || read != end || std::isnan(place))
    return std::numeric_limits<double>::infinity();
  return rule.smallest_first ? place : -place;
}

// Equals, by hash.
void Machine::Rank(JourneyIndex journey, std::vector<Ordinal>* customers) const {
  const Journey& definition = state_.journeys()[journey].now();
  const EntryRule& entry = definition.entry;
  const bool some_first = definition.entry_cap > 0 || definition.entry_cap_daily > 0 ||
                          definition.entry_cap_run > 0 || definition.entry_cap_each > 0 ||
                          !entry.waves.each.empty();
  if (entry.rank_by.empty() && !some_first) return;
  const uint64_t seed = Hash64("rank", Hash64(definition.id));
  std::vector<std::tuple<double, uint64_t, Ordinal>> order;
  for (const Ordinal customer : *customers) {
    const double place = entry.rank_by.empty() ? 0 : RankOf(entry, customer);
    order.emplace_back(place, MixBits(seed ^ MixBits(customer + 1)), customer);
  }
  std::ranges::sort(order);
  std::ranges::transform(order, customers->begin(), [](const auto& one) { return get<2>(one); });
}

std::vector<change::ListedWave> Machine::WavesOf(JourneyIndex journey,
                                                 const std::vector<Ordinal>& customers) const {
  const Journey& definition = state_.journeys()[journey].now();
  const EntryRule& rule = definition.entry;
  const uint64_t count = customers.size();
  std::vector<change::ListedWave> waves;
  uint64_t end = 0, shares = 0;
  int64_t start = now();
  for (const Wave& wave : rule.waves.each) {
    switch (wave.by) {
      case Wave::By::kPercent:
        end += count * (shares + wave.share) / 10'000 - count * shares / 10'000;
        shares += wave.share;
        break;
      case Wave::By::kNumber:
        end += wave.number;
        break;
      case Wave::By::kRank: {
        const double last = rule.smallest_first ? wave.rank : -wave.rank;
        while (end < count && RankOf(rule, customers[end]) <= last) ++end;
        break;
      }
    }
    end = std::min(end, count);
    const bool spaced = !wave.start_ms && wave.after.empty() && !waves.empty();
    if (wave.start_ms) start = std::max(start, *wave.start_ms);
    if (!wave.after.empty()) start = std::max(start, AddSpan(now(), wave.after, definition.zone));
    if (spaced) start = AddSpan(start, rule.waves.every, definition.zone);
    waves.push_back({end, start, spaced});
  }
  if (!waves.empty() && !rule.waves.drop_rest) waves.back().end = count;
  return waves;
}

// Since the run was known he came to what the waves are for, or it is no use to write to him now.
bool Machine::StaysOut(JourneyIndex journey, Ordinal customer, int64_t since_ms) const {
  const JourneyState& state = state_.journeys()[journey];
  const Journey& definition = state.now();
  const Waves& waves = definition.entry.waves;
  const auto did = [&](const EventMatch& match) {
    return !match.event.empty() &&
           world_.customers.HasDone(customer, {match.event, match.where, {}, {}}, since_ms - 1,
                                    now());
  };
  if (waves.not_converted && definition.goal) {
    const Facts facts{.customer = customer, .now_ms = now()};
    if (did(definition.goal->on) || GoalHolds(definition, facts).value_or(false)) return true;
  }
  if (waves.not_exited) {
    const auto visits = state.visits.find(customer);
    if (visits != state.visits.end() && visits->second.last_exit_ms >= since_ms) return true;
    if (std::ranges::any_of(definition.exit_on, did)) return true;
  }
  const auto is_capped = [&](const Node& node, const Attempt& attempt) {
    return IsCapped({.customer = customer,
                     .journey = journey,
                     .definition = definition,
                     .node = node,
                     .attempt = attempt,
                     .now_ms = now()},
                    state_, world_);
  };
  return waves.not_capped && std::ranges::all_of(definition.nodes, [&](const Node& node) {
           const size_t ways = node.kind == NodeKind::kSend ? node.attempts.size() : 1;
           return std::ranges::all_of(
               node.attempts | std::views::take(ways),
               [&](const Attempt& attempt) { return is_capped(node, attempt); });
         });
}

// Who is still to come, to be refused one by one (Listing::IsOver).
std::vector<change::Listed> Machine::ListedOver(JourneyIndex journey) const {
  std::vector<change::Listed> over;
  for (const Listing& listing : state_.journeys()[journey].listings) {
    const auto next = listing.customers.begin() + static_cast<ptrdiff_t>(listing.next);
    over.push_back(
        {.journey = journey, .customers = {next, listing.customers.end()}, .waves = {{}}});
  }
  return over;
}

// The oldest list of which somebody may come now, or is to be refused.
std::optional<uint32_t> Machine::OpenListing(JourneyIndex journey, int64_t now_ms) const {
  const JourneyState& state = state_.journeys()[journey];
  const bool running = state.phase == Phase::kRunning;
  const bool alone = state.now().entry.waves.no_overlap;
  for (uint32_t place = 0; place < state.listings.size(); ++place) {
    const Listing& listing = state.listings[place];
    if (listing.IsOver()) return place;
    const bool waits = alone && listing.Begins() && listing.inside > 0;
    if (running && !waits && listing.OpensAt() <= now_ms) return place;
  }
  return {};
}

std::vector<JourneyIndex> Machine::OpenListings(int64_t at_ms) const {
  std::vector<JourneyIndex> journeys;
  for (JourneyIndex i = 0; i < state_.journeys().size(); ++i) {
    if (OpenListing(i, std::max(at_ms, state_.time_ms()))) journeys.push_back(i);
  }
  return journeys;
}

bool Machine::LetIn(size_t most, int64_t at_ms, Out* out) {
  const auto is_over = [&](JourneyIndex journey) {
    return !OpenListing(journey, std::max(at_ms, state_.time_ms()));
  };
  std::vector<JourneyIndex> journeys = OpenListings(at_ms);
  for (; most > 0 && !journeys.empty(); std::erase_if(journeys, is_over)) {
    for (size_t i = 0; most > 0 && i < journeys.size(); ++i, --most) {
      Begin(at_ms, out);
      if (const auto place = OpenListing(journeys[i], now())) TakeListed(journeys[i], *place);
      End(out);
    }
  }
  return !journeys.empty();
}

// Who became one with another in the list comes in as that one, once.
void Machine::TakeListed(JourneyIndex journey, uint32_t place) {
  const Listing& listing = state_.journeys()[journey].listings[place];
  const Ordinal listed = listing.customers[listing.next];
  const std::optional<Ordinal> customer = world_.customers.Root(listed);
  if (listing.IsOver()) {
    if (customer) Do(change::Refused{journey, *customer, Reject::kEnded});
    return Do(change::ListedTaken{journey, false, place});
  }
  const uint64_t most = state_.journeys()[journey].now().entry_cap_run;
  const Place his{listing.number, listing.NextWave(), most > 0 && listing.came >= most};
  const auto is_his = [&](Ordinal other) { return world_.customers.Root(other) == customer; };
  const auto came_before = [&] {
    return std::ranges::any_of(listing.customers | std::views::take(listing.next), is_his);
  };
  const auto& visits = state_.journeys()[journey].visits;
  const auto visit = customer ? visits.find(*customer) : visits.end();
  const bool was_in = visit != visits.end() && visit->second.last_entry_ms >= listing.at_ms;
  const bool other = customer && *customer != listed;
  const bool twice =
      ((other || was_in) && came_before()) ||
      (other && std::ranges::find(listing.customers, *customer) != listing.customers.end());
  const bool left_over = his.wave > listing.waves.size();
  bool came = false;
  if (twice) {
    Do(change::Refused{journey, *customer, Reject::kDuplicateInRun});
  } else if (customer &&
             (left_over || (his.wave > 1 && StaysOut(journey, *customer, listing.at_ms)))) {
    Do(change::Refused{journey, *customer, Reject::kWaveExcluded});
  } else if (customer) {
    came = TryEnter(journey, *customer, {}, {}, {}, his).entry != 0;
  }
  Do(change::ListedTaken{journey, came, place});
}

}  // namespace waypost::journeys
