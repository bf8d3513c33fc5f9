// What stands behind the numbers of a node: who is there, who was, until when, and what holds them.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "journeys/standing.h"
#include "model/masking.h"
#include "model/time_text.h"
#include "services/journey_json.h"
#include "services/journeys.h"
#include "services/sights.h"

namespace waypost::services {
namespace {

namespace json = boost::json;
using journeys::Entry;
using journeys::JourneyState;
using journeys::State;
using journeys::TraceLine;

constexpr size_t kCustomersShown = 1'000;
constexpr int64_t kByTheHourMs = 48 * 3'600'000;  // what is due later than this is shown by days

struct AtNode {
  int64_t since_ms = 0;
  Ordinal customer = 0;
};

// One customer at one node, as of a moment.
class Past {
 public:
  Past(const State& state, journeys::JourneyIndex journey, const std::string& node,
       int64_t as_of_ms)
      : state_(state), journey_(journey), node_(node), as_of_ms_(as_of_ms) {}

  // Since when the customer's entries stood at the node then: those that do now, and those that
  // have gone since.
  void CollectHere(Ordinal ordinal, const journeys::Customer& customer,
                   std::vector<AtNode>* found) const {
    for (const journeys::EntryId id : customer.entries) {
      const Entry* entry = state_.FindEntry(id);
      if (!entry || entry->journey != journey_) continue;
      for (const journeys::Token& token : entry->tokens) {
        if (state_.JourneyOf(*entry).nodes[token.node].id == node_ && token.arrived_ms <= as_of_ms_)
          found->push_back({token.arrived_ms, ordinal});
      }
    }
    for (auto line = customer.trace.begin(); line != customer.trace.end(); ++line) {
      if (line->time_ms <= as_of_ms_ || !IsGone(*line)) continue;
      const auto came = CameBefore(customer.trace, line);
      if (came && *came <= as_of_ms_) found->push_back({*came, ordinal});
    }
  }

  // When the customer had gone on from the node by the outcome, or left the journey from it.
  void CollectGone(const std::string& outcome, const std::string& left, Ordinal ordinal,
                   const journeys::Customer& customer, std::vector<AtNode>* found) const {
    using What = TraceLine::What;
    for (const TraceLine& line : customer.trace) {
      const bool wanted = left.empty() ? line.what == What::kPassed && line.detail == outcome
                                       : line.what == What::kLeft && ReasonOf(line)->name == left;
      if (wanted && line.time_ms <= as_of_ms_ && IsAt(line))
        found->push_back({line.time_ms, ordinal});
    }
  }

 private:
  bool IsAt(const TraceLine& line) const {
    if (line.journey != journey_) return false;
    const std::string* at = NodeOf(state_.journeys()[journey_], line);
    return at && *at == node_;
  }
  bool IsGone(const TraceLine& line) const {
    return (line.what == TraceLine::What::kPassed || line.what == TraceLine::What::kLeft) &&
           IsAt(line);
  }
  static bool LeadsTo(const journeys::Journey& version, const TraceLine& line, uint32_t node) {
    if (line.what == TraceLine::What::kEntered) return version.first == node;
    if (line.what != TraceLine::What::kPassed || line.node >= version.nodes.size()) return false;
    const journeys::Node& from = version.nodes[line.node];
    const size_t outcome = from.OutcomeIndex(line.detail);
    return outcome < from.next.size() && from.next[outcome] == node;
  }
  // When the entry of the line came to its node; nothing when that is not known any more.
  std::optional<int64_t> CameBefore(const std::vector<TraceLine>& trace,
                                    std::vector<TraceLine>::const_iterator line) const {
    const auto version = state_.journeys()[journey_].versions.find(line->version);
    if (version == state_.journeys()[journey_].versions.end()) return {};
    for (auto before = line; before != trace.begin();) {
      --before;
      if (before->entry != line->entry || before->journey != journey_) continue;
      // Who left from where he went no further had gone on from there already.
      if (before->what == TraceLine::What::kPassed && before->node == line->node) return {};
      if (LeadsTo(*version->second, *before, line->node)) return before->time_ms;
    }
    return {};
  }

  const State& state_;
  const journeys::JourneyIndex journey_;
  const std::string& node_;
  const int64_t as_of_ms_;
};

std::optional<journeys::JourneyIndex> JourneyWith(const State& state, const std::string& id,
                                                  const std::string& node) {
  const std::optional<journeys::JourneyIndex> journey = state.FindJourney(id);
  if (!journey) return {};
  const JourneyState& of = state.journeys()[*journey];
  const bool known = of.nodes.contains(node) || of.now().FindNode(node) != journeys::kNoNode;
  return known ? journey : std::nullopt;
}

Error NoNode(const std::string& journey, const std::string& node) {
  return Error(Code::kNotFound, "not_found",
               "there is no node '" + node + "' in a journey '" + journey + "'");
}

json::array ByJson(const std::map<std::string, uint64_t>& counts) {
  json::array list;
  for (const auto& [by, count] : counts) list.push_back({{"by", by}, {"count", count}});
  return list;
}

}  // namespace

Result<std::string> Journeys::CustomersAt(const std::string& id, const std::string& node,
                                          const api::AtNodeAsk& ask, const Seen& seen,
                                          bool masked) {
  int64_t as_of_ms = journeys::kNever;
  if (!ask.as_of.empty()) {
    const std::optional<WrittenTime> written = ParseDateTime(ask.as_of);
    if (!written || !written->offset_minutes) {
      return Error(Code::kInvalid, "bad_request",
                   "as_of: give a time with its offset, such as the 'as_of' of an answer: "
                   "2026-03-02T10:00:00.000Z");
    }
    as_of_ms = written->UtcMs();
  }
  std::vector<AtNode> found;
  json::array customers;
  bool known = false;
  int64_t now_ms = 0;
  engine_->Look([&](const engine::Applier& applier) {
    const State& state = machine_->state();
    const auto journey = JourneyWith(state, id, node);
    known = journey.has_value();
    if (!known) return;
    now_ms = state.time_ms();
    const Past past(state, *journey, node, as_of_ms);
    for (Ordinal o = 0; o < applier.identities().ordinal_count(); ++o) {
      const journeys::Customer* customer = state.FindCustomer(o);
      if (!customer || !seen.Shows(o)) continue;
      if (ask.outcome.empty() && ask.left.empty()) {
        past.CollectHere(o, *customer, &found);
      } else {
        past.CollectGone(ask.outcome, ask.left, o, *customer, &found);
      }
    }
    std::ranges::sort(found, [](const AtNode& a, const AtNode& b) {
      return std::pair(b.since_ms, a.customer) < std::pair(a.since_ms, b.customer);
    });
    for (const AtNode& one : found) {
      if (customers.size() == kCustomersShown) break;
      const IdentityView identity = applier.identities().identity(one.customer);
      const bool hide = masked && IsPersonalKey(identity.key);
      const std::string value = hide ? Masked(identity.value) : std::string(identity.value);
      customers.push_back({{"name", std::string(identity.key) + ":" + value},
                           {"time", DateTimeText(one.since_ms)}});
    }
  });
  if (!known) return NoNode(id, node);
  return json::serialize(json::object{{"count", found.size()},
                                      {"customers", std::move(customers)},
                                      {"as_of", DateTimeText(std::min(as_of_ms, now_ms))}});
}

// By the hour, else by the day of the journey's zone.
Result<std::string> Journeys::StandingAt(const std::string& id, const std::string& node,
                                         const Seen& seen) {
  std::optional<journeys::Standing> standing;
  int64_t now_ms = 0;
  journeys::Zone zone = journeys::Zone::Usual();
  Hold([&] {
    const State& state = machine_->state();
    const auto journey = JourneyWith(state, id, node);
    if (!journey) return;
    now_ms = state.time_ms();
    zone = state.journeys()[*journey].now().zone;
    standing = journeys::StandingAt(state, {answers_, answers_, answers_}, *journey, node, NowMs(),
                                    [&](Ordinal customer) { return seen.Shows(customer); });
  });
  if (!standing) return NoNode(id, node);
  const std::map<int64_t, uint64_t>& hours = standing->due;
  const bool by_hour = hours.empty() || hours.rbegin()->first < NowMs() + kByTheHourMs;
  std::map<int64_t, uint64_t> due;
  for (const auto& [hour_ms, count] : hours)
    due[by_hour ? hour_ms : zone.ToInstant(zone.DayOf(hour_ms) * kDayMs)] += count;
  json::array list;
  for (const auto& [from_ms, count] : due)
    list.push_back({{"from", DateTimeText(from_ms)}, {"count", count}});
  return json::serialize(json::object{{"as_of", DateTimeText(now_ms)},
                                      {"here", standing->here},
                                      {"each", by_hour ? "hour" : "day"},
                                      {"due", std::move(list)},
                                      {"whenever", standing->whenever},
                                      {"held", ByJson(standing->held)},
                                      {"messages", ByJson(standing->messages)}});
}

}  // namespace waypost::services
