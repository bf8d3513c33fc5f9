// What a draft would have done over the last days: the events that were kept, played to a machine
// of its own.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <tuple>

#include "base/clock.h"
#include "journeys/rehearsal.h"
#include "model/time_text.h"
#include "services/journey_json.h"
#include "services/journeys.h"
#include "services/past_segment.h"

namespace waypost::services {
namespace {

namespace json = boost::json;
using journeys::Forecast;
using journeys::PastEvent;

constexpr size_t kMaxEvents = 1'000'000;
constexpr size_t kEventsAtOnce = 200;  // while the state is held still
constexpr size_t kMaxRuns = 1'000;
constexpr int64_t kTimersAtOnceMs = 60 * 60'000;

std::string CellText(const column::Column& column, uint32_t row) {
  Value value{.type = static_cast<ValueType>(column.type())};
  std::string list;
  if (value.type == ValueType::kString) {
    value.text = column.Text(row);
  } else if (value.type == ValueType::kDouble) {
    value.real = column.Real(row);
  } else if (value.type == ValueType::kList) {
    std::vector<std::string_view> items;
    const column::RowRange range = column.Items(row);
    for (uint32_t i = range.begin; i < range.end; ++i) {
      items.push_back(column.dictionary().Text(column.ItemCode(i)));
    }
    list = PackList(items);
    value.text = list;
  } else {
    value.whole = column.Whole(row);
  }
  return engine::ValueAsText(value);
}

// Where an event lies, by time; of one moment in the order they came.
struct Place {
  int64_t time_ms = 0;
  size_t part = 0;
  uint64_t tie = 0;
  Ordinal ordinal = 0;
  const column::EventSlice* slice = nullptr;
  uint32_t row = 0;
  friend bool operator<(const Place& a, const Place& b) {
    return std::tie(a.time_ms, a.part, a.tie, a.ordinal, a.row) <
           std::tie(b.time_ms, b.part, b.tie, b.ordinal, b.row);
  }
};

Result<std::vector<Place>> PlacesOf(const column::SnapshotView& view,
                                    const std::vector<bool>& wanted, int64_t from_ms,
                                    int64_t until_ms) {
  std::vector<Place> places;
  for (const column::BlockView& block : view.blocks) {
    for (size_t part = 0; part < block.parts.size(); ++part) {
      const column::EventBlock& events = *block.parts[part];
      if (events.base_ms >= until_ms) continue;
      for (const column::EventSlice& slice : events.slices) {
        if (slice.event_type >= wanted.size() || !wanted[slice.event_type]) continue;
        for (uint32_t local = 0; local < kBlockSize; ++local) {
          const Ordinal ordinal = (block.block << kBlockBits) + local;
          const column::RowRange rows = slice.persons.Rows(local);
          for (uint32_t row = rows.begin; row < rows.end; ++row) {
            const int64_t time_ms = events.base_ms + slice.times[row];
            if (time_ms < from_ms || time_ms >= until_ms || view.IsErased(ordinal)) continue;
            places.push_back({time_ms, part, slice.ties.Offset(row), ordinal, &slice, row});
          }
          if (places.size() > kMaxEvents) {
            return Error(Code::kTooLarge, "too_large",
                         "over 1,000,000 such events: choose fewer days");
          }
        }
      }
    }
  }
  std::ranges::sort(places, std::less<>());
  return places;
}

// As journeys are given it when it is collected.
PastEvent EventAt(const TrackingPlan& plan, const Place& place, const IdentityView& who) {
  PastEvent event{.at_ms = place.time_ms,
                  .customer = place.ordinal,
                  .name = plan.events()[place.slice->event_type].name,
                  .properties = {{std::string(kPersonKey), std::string(who.key)},
                                 {std::string(kPersonValue), std::string(who.value)}}};
  for (const column::Column& column : place.slice->columns) {
    const PlanProperty* property = plan.FindProperty(column.property());
    if (!property || column.IsNull(place.row)) continue;
    event.properties.emplace_back(property->name, CellText(column, place.row));
  }
  return event;
}

template <typename Key>
json::object CountsJson(const std::map<Key, uint64_t>& counts) {
  json::object object;
  for (const auto& [key, count] : counts) object[NameOf(key)] = count;
  return object;
}

}  // namespace

json::object ForecastJson(const Forecast& forecast) {
  json::object messages, hours, waits;
  for (const auto& [channel, by_hour] : forecast.messages) {
    json::object of_days, of_hours;
    std::map<int64_t, uint64_t> days;
    for (const auto& [hour, count] : by_hour) {
      days[hour / 24] += count;
      of_hours[fmt::format("{}T{:02}", DateText(hour / 24), hour % 24)] = count;
    }
    for (const auto& [day, count] : days) of_days[DateText(day)] = count;
    messages[channel] = std::move(of_days);
    hours[channel] = std::move(of_hours);
    waits[channel] = forecast.longest_wait_ms.at(channel);
  }
  json::object kept_back;
  for (const auto& [rule, count] : forecast.kept_back) kept_back[rule] = count;
  return {{"entered", forecast.entered},
          {"inside", forecast.inside},
          {"rejects", CountsJson(forecast.rejects)},
          {"exits", CountsJson(forecast.exits)},
          {"messages", std::move(messages)},
          {"by_hour", std::move(hours)},
          {"longest_wait_ms", std::move(waits)},
          {"denied", CountsJson(forecast.denied)},
          {"kept_back", std::move(kept_back)},
          {"spend", static_cast<double>(forecast.spend) / 10'000},
          {"revenue", static_cast<double>(forecast.revenue) / 10'000},
          {"conversions", forecast.conversions}};
}

// By a segment: for batches at each run, else as they came and left. By a tag likewise.
Result<Journeys::Comings> Journeys::ComingsOf(const journeys::Journey& draft,
                                              const engine::Reading& reading, int64_t from_ms,
                                              int64_t until_ms) {
  Comings comings;
  const journeys::EntryRule& entry = draft.entry;
  if (entry.kind == journeys::EntryKind::kTag) {
    comings.moves = TRY(TagMoves(entry, reading, from_ms, until_ms));
    return comings;
  }
  if (entry.segment.empty()) return comings;
  PastSegment segment =
      TRY(PastSegment::Of(catalogs_, project_, *engine_, reading, answers_.zone(), entry.segment));
  if (entry.kind == journeys::EntryKind::kSegment) {
    comings.existing = TRY(segment.Follow(from_ms, until_ms, &comings.moves));
    return comings;
  }
  journeys::Holidays holidays;
  Look([&](const journeys::State& state) { holidays = state.policy().holidays; });
  if (entry.schedule.run_now) comings.runs[from_ms] = TRY(segment.At(from_ms));
  for (int64_t at = from_ms;;) {
    const auto next = NextOccurrence(entry.schedule, at, draft.zone, holidays);
    if (!next || next->at_ms >= until_ms) return comings;
    if (comings.runs.size() == kMaxRuns)
      return Error(Code::kTooLarge, "too_large", "over 1,000 runs: choose fewer days");
    comings.runs[next->at_ms] = TRY(segment.At(next->at_ms));
    at = next->at_ms + 1;
  }
}

std::vector<Ordinal> Journeys::Comings::MembersAt(int64_t at_ms) const {
  const auto after = runs.upper_bound(at_ms);
  return after == runs.begin() ? std::vector<Ordinal>() : std::prev(after)->second;
}

// As if it had always run, whenever it is meant to. The state is held still for a moment at a time,
// so that collecting goes on meanwhile.
Result<std::string> Journeys::Rehearse(std::string_view definition, int64_t days, bool barred) {
  const journeys::Checked checked = CheckAll(definition, barred);
  if (!checked.journey) return journeys::AsError(checked.faults);
  const journeys::EntryRule& entry = checked.journey->entry;
  if (entry.kind == journeys::EntryKind::kList || entry.kind == journeys::EntryKind::kApi)
    return Error(Code::kInvalid, "not_rehearsable", "entry.kind: only calls lead into it");
  json::object always = json::parse(definition).as_object();
  always.erase("start");
  always.erase("end");
  const int64_t until = NowMs(), from = until - days * kDayMs;
  const engine::Reading reading = TRY(engine_->Read());
  const TrackingPlan& plan = *reading.plan;
  std::vector<bool> wanted(plan.events().size());
  ForEachEventName(*checked.journey, [&](const std::string& name) {
    if (const PlanEvent* event = plan.FindEvent(name)) wanted[event->id] = true;
  });
  const std::vector<Place> places = TRY(PlacesOf(reading.snapshot->view(), wanted, from, until));
  const Comings comings = TRY(ComingsOf(*checked.journey, reading, from, until));

  Answers answers(catalogs_, project_, answers_.zone());
  answers.AskOfThePast();
  const auto hold = [&](const auto& act) {
    engine_->Look([&](const engine::Applier& applied) {
      answers.Attach(applied);
      answers.Changed();
      act();
    });
  };
  std::optional<journeys::Rehearsal> rehearsal;
  Result<> begun;
  hold([&] {
    rehearsal.emplace(machine_->state(), journeys::World{answers, answers, answers},
                      [&](int64_t at_ms) { return comings.MembersAt(at_ms); });
    begun = rehearsal->Begin(json::serialize(always), from, comings.existing);
  });
  TRY(begun);
  // An event comes before what it makes of its customer.
  const auto moves_first = [&](size_t place, size_t move) {
    return move < comings.moves.size() &&
           (place == places.size() || comings.moves[move].at_ms < places[place].time_ms);
  };
  int64_t last = from;
  const auto pass = [&](int64_t until_ms) {
    while (last + kTimersAtOnceMs < until_ms) {
      last += kTimersAtOnceMs;
      hold([&] { rehearsal->End(last); });
    }
  };
  for (size_t place = 0, move = 0; place < places.size() || move < comings.moves.size();) {
    pass(moves_first(place, move) ? comings.moves[move].at_ms : places[place].time_ms);
    hold([&] {
      for (size_t i = 0; i < kEventsAtOnce; ++i) {
        if (moves_first(place, move)) {
          last = comings.moves[move].at_ms;
          rehearsal->Play(comings.moves[move++]);
        } else if (place < places.size()) {
          const auto& identities = answers.identities();
          PastEvent event =
              EventAt(plan, places[place], identities.identity(places[place].ordinal));
          event.customer = identities.root(event.customer);
          last = places[place++].time_ms;
          rehearsal->Play(event);
        }
      }
    });
  }
  pass(until);
  hold([&] { rehearsal->End(until); });
  json::object shown = ForecastJson(rehearsal->forecast());
  shown["from"] = DateTimeText(from);
  shown["until"] = DateTimeText(until);
  shown["events"] = places.size();
  std::string answer = json::serialize(shown);
  if (forecasts_) {
    shown.erase("by_hour");
    TRY(forecasts_->OnRehearsed(definition, std::move(shown)));
  }
  return answer;
}

}  // namespace waypost::services
