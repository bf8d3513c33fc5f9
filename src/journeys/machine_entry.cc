// How customers come in.
#include <algorithm>
#include <charconv>

#include "base/hash.h"
#include "journeys/machine.h"

namespace waypost::journeys {

namespace {

// Of what was asked, which says for whom in its context.
uint64_t BodyHash(std::string_view key, const Properties& context) {
  uint64_t body = Hash64(key);
  for (const auto& [name, value] : context) body = Hash64(value, Hash64(name, body));
  return body;
}

}  // namespace

uint32_t BucketOf(Ordinal customer, std::string_view journey, std::string_view salt) {
  const uint64_t seed = Hash64(salt, Hash64(journey));
  return static_cast<uint32_t>(MixBits(seed ^ MixBits(customer + 0x9E3779B97F4A7C15ull)) % 10'000);
}

void Machine::OnEntryEvent(JourneyIndex journey, const EventInput& event) {
  const Journey& definition = state_.journeys()[journey].now();
  switch (definition.entry.kind) {
    case EntryKind::kEvent:
      if (Holds(definition.entry.on, event, nullptr)) {
        const auto key = FindProperty(event.properties, definition.entry.key);
        TryEnter(journey, event.customer, std::string(key.value_or("")), event.properties);
      }
      return;
    case EntryKind::kNotDone:
      return OnNotDone(journey, event);
    case EntryKind::kBreakpoint:
      return OnBreakpoint(journey, event);
    default:
      return;
  }
}

std::vector<journeys::Arm> Machine::ArmsAt(JourneyIndex journey, Ordinal customer,
                                           const std::string& key) const {
  const auto& arms = state_.journeys()[journey].arms;
  const auto found = arms.find({customer, key});
  return found == arms.end() ? std::vector<journeys::Arm>{} : found->second;
}

void Machine::DisarmAll(JourneyIndex journey, Ordinal customer, const std::string& key) {
  for (const journeys::Arm& arm : ArmsAt(journey, customer, key)) {
    Do(change::Disarmed{journey, customer, key, arm.number});
  }
}

void Machine::Arm(JourneyIndex journey, Ordinal customer, const std::string& key, uint32_t step,
                  Properties context) {
  const Journey& definition = state_.journeys()[journey].now();
  const EntryKind kind = definition.entry.kind;
  const bool dwells = kind == EntryKind::kSegment || kind == EntryKind::kTag;
  const Span& wait = dwells ? definition.entry.min_dwell : definition.entry.within;
  const int64_t deadline = AddSpan(now(), wait, definition.zone);
  uint64_t number = 1;
  for (const journeys::Arm& arm : ArmsAt(journey, customer, key)) {
    number = std::max(number, arm.number + 1);
  }
  Do(change::Armed{journey, customer, key, number, step, deadline,
                   AddSpan(deadline, definition.entry.grace, definition.zone), std::move(context)});
}

// B disarms what it is in time for: it was received by the deadline, or in the grace after it.
void Machine::OnNotDone(JourneyIndex journey, const EventInput& event) {
  const Journey& definition = state_.journeys()[journey].now();
  const EntryRule& rule = definition.entry;
  const std::string key(FindProperty(event.properties, rule.key).value_or(""));
  if (Holds(rule.without, event, nullptr)) {
    for (const journeys::Arm& arm : ArmsAt(journey, event.customer, key)) {
      Do(change::Disarmed{journey, event.customer, key, arm.number});
    }
  }
  if (!Holds(rule.on, event, nullptr)) return;
  if (!ArmsAt(journey, event.customer, key).empty()) {
    if (rule.repeat == Repeat::kFirst) return;
    if (rule.repeat == Repeat::kReset) DisarmAll(journey, event.customer, key);
  }
  Arm(journey, event.customer, key, 0, event.properties);
}

// Once of an entry, as far back as its customer's trace goes.
void Machine::OnLateEvent(EntryId id, const EventInput& event) {
  const Entry& entry = EntryOf(id);
  const EntryRule& rule = state_.JourneyOf(entry).entry;
  if (rule.kind != EntryKind::kNotDone || !Holds(rule.without, event, nullptr) ||
      FindProperty(event.properties, rule.key).value_or("") != entry.key)
    return;
  const auto says_so = [&](const TraceLine& line) {
    return line.entry == id && line.what == TraceLine::What::kLateEvent;
  };
  if (std::ranges::none_of(state_.FindCustomer(entry.customer)->trace, says_so))
    Do(change::LateEvent{id, std::string(event.name)});
}

// A step disarms those before it, the last one all. One that was reached before begins anew, or as
// the rule says of what is repeated.
void Machine::OnBreakpoint(JourneyIndex journey, const EventInput& event) {
  const EntryRule& rule = state_.journeys()[journey].now().entry;
  const std::string key(FindProperty(event.properties, rule.key).value_or(""));
  for (size_t step = rule.steps.size(); step-- > 0;) {
    if (!Holds(rule.steps[step], event, nullptr)) continue;
    const bool done = step + 1 == rule.steps.size();
    for (const journeys::Arm& arm : ArmsAt(journey, event.customer, key)) {
      const bool later_or_same = arm.step > step;
      if (!done && later_or_same && rule.repeat == Repeat::kFirst) return;
      if (!done && later_or_same && rule.repeat == Repeat::kIndependent) continue;
      Do(change::Disarmed{journey, event.customer, key, arm.number});
    }
    if (done) return;
    Properties context = event.properties;
    context.emplace_back("step", std::to_string(step + 1));
    Arm(journey, event.customer, key, static_cast<uint32_t>(step + 1), std::move(context));
    return;
  }
}

void Machine::FireArm(const Timer& timer) {
  const auto journey = static_cast<JourneyIndex>(timer.subject >> 32);
  const auto customer = static_cast<Ordinal>(timer.subject);
  const auto& places = state_.journeys()[journey].arms;
  for (auto at = places.lower_bound({customer, {}});
       at != places.end() && at->first.first == customer; ++at) {
    for (const journeys::Arm& arm : at->second) {
      if (arm.number != timer.detail || arm.due_ms != timer.due_ms) continue;
      const std::string key = at->first.second;
      Properties context = arm.context;
      Do(change::Disarmed{journey, customer, key, arm.number});
      TryEnter(journey, customer, key, std::move(context));
      return;
    }
  }
}

std::optional<Reject> Machine::ReentryRefusal(JourneyIndex journey, Ordinal customer,
                                              const std::string& key) const {
  const JourneyState& state = state_.journeys()[journey];
  const ReentryRule& rule = state.now().reentry;
  uint32_t active = 0, active_key = 0;
  if (const Customer* known = state_.FindCustomer(customer)) {
    for (const EntryId id : known->entries) {
      const Entry& entry = EntryOf(id);
      if (entry.journey != journey) continue;
      ++active;
      active_key += entry.key == key;
    }
  }
  const auto found = state.visits.find(customer);
  const Visits* visits = found == state.visits.end() ? nullptr : &found->second;
  switch (rule.policy) {
    case Reentry::kOnce:
      if (visits) return Reject::kReentryOnce;
      break;
    case Reentry::kAfterExit:
      if (active > 0) return Reject::kActive;
      break;
    case Reentry::kAfterInterval: {
      if (!visits) break;
      if (rule.from_exit && active > 0) return Reject::kActive;
      const int64_t anchor = rule.from_exit ? visits->last_exit_ms : visits->last_entry_ms;
      if (now() < AddSpan(anchor, rule.interval, state.now().zone)) {
        return Reject::kReentryInterval;
      }
      break;
    }
    case Reentry::kAlways:
      break;
    case Reentry::kPerKey:
      if (rule.each_key != Reentry::kAlways && active_key > 0) return Reject::kActiveKey;
      if (rule.each_key == Reentry::kOnce && visits &&
          std::ranges::find(visits->keys, key) != visits->keys.end())
        return Reject::kReentryOnce;
      if (active >= rule.max_active) return Reject::kActive;
      break;
  }
  if (rule.limit > 0 && visits) {
    const int64_t begin = now() - rule.limit_window.RoughMs();
    const auto counted =
        std::ranges::count_if(visits->entries_ms, [&](int64_t at) { return at > begin; });
    if (counted >= rule.limit) return Reject::kReentryLimit;
  }
  return {};
}

// Cheap and private checks first, caps last, so that a refused customer uses up nothing.
std::optional<Reject> Machine::Refusal(JourneyIndex journey, Ordinal customer,
                                       const std::string& key, const Properties& context,
                                       bool past_holdout) const {
  const JourneyState& state = state_.journeys()[journey];
  const Journey& definition = state.now();
  if (definition.start_ms && now() < *definition.start_ms) return Reject::kNotStarted;
  if (definition.end_ms && now() >= *definition.end_ms) return Reject::kEnded;
  if (state.phase == Phase::kStopped || state.phase == Phase::kArchived) return Reject::kEnded;
  if (state.phase == Phase::kPaused) return Reject::kPaused;
  const bool held_out = IsHeldOut(definition, customer);
  if (held_out && !past_holdout) return Reject::kHoldout;
  const Facts facts{
      .customer = customer, .now_ms = now(), .properties = &context, .context = &context};
  const auto holds = [&](const std::string& condition) {
    return world_.conditions.Test(condition, facts) == Truth::kYes;
  };
  const Release& release = definition.release;
  const bool named = !release.who.empty() && holds(release.who);
  if (!named && BucketOf(customer, definition.id, "release") >= release.percent) {
    return Reject::kRolloutExcluded;
  }
  if (!definition.scope.empty() && !holds(definition.scope)) return Reject::kOutOfScope;
  const std::string& filter = definition.entry.filter;
  if (!filter.empty() && !holds(filter)) return Reject::kFilter;
  if (EndedBy(definition, facts)) return Reject::kFilter;
  if (const std::optional<Reject> refused = ReentryRefusal(journey, customer, key)) return refused;
  const uint32_t most = state_.policy().max_journeys;
  if (const Customer* known = state_.FindCustomer(customer); known && most > 0) {
    std::vector<JourneyIndex> in;
    for (const EntryId id : known->entries) {
      const Entry& entry = EntryOf(id);
      if (state_.JourneyOf(entry).category == definition.category &&
          std::ranges::find(in, entry.journey) == in.end()) {
        in.push_back(entry.journey);
      }
    }
    if (in.size() >= most) return Reject::kJourneyCap;
  }
  if (definition.entry_cap > 0 && state.entered >= definition.entry_cap) return Reject::kCapTotal;
  if (definition.entry_cap_daily > 0) {
    const auto today = state.entered_on.find(definition.zone.DayOf(now()));
    if (today != state.entered_on.end() && today->second >= definition.entry_cap_daily) {
      return Reject::kCapDaily;
    }
  }
  if (definition.entry_cap_each > 0) {
    const auto of = state.entered_of.find(CappedBy(definition, customer));
    if (of != state.entered_of.end() && of->second >= definition.entry_cap_each)
      return Reject::kCapEach;
  }
  return {};
}

// Of an entry that comes with this.
std::string Machine::KeyIn(JourneyIndex journey, const Properties& context) const {
  const std::string& name = state_.journeys()[journey].now().entry.key;
  return name.empty() ? std::string() : std::string(FindProperty(context, name).value_or(""));
}

// For one more who comes in a pause.
bool Machine::HasRoom(const JourneyState& journey) {
  const Journey& definition = journey.now();
  return definition.queue_while_paused &&
         (definition.queue_limit == 0 || journey.queue.size() < definition.queue_limit);
}

// Customers without a value are one group.
std::string Machine::CappedBy(const Journey& definition, Ordinal customer) const {
  if (definition.entry_cap_each == 0) return {};
  return world_.customers.Attribute(customer, definition.cap_attribute).value_or("");
}

Result<std::optional<Reject>> Machine::WouldRefuse(std::string_view journey, Ordinal customer,
                                                   int64_t now_ms) {
  const std::optional<JourneyIndex> index = state_.FindJourney(journey);
  if (!index) {
    return Error(Code::kNotFound, "not_found",
                 "there is no journey '" + std::string(journey) + "'");
  }
  decision_ = {.time_ms = std::max(now_ms, state_.time_ms()), .changes = {}};
  return Refusal(*index, customer, {}, {});
}

EnterReply Machine::TryEnter(JourneyIndex journey, Ordinal customer, const std::string& key,
                             Properties context, const Caller& caller, const Place& place) {
  std::optional<Reject> refused = Refusal(journey, customer, key, context);
  if (!refused && place.full) refused = Reject::kCapRun;
  if (refused) {
    if (*refused == Reject::kPaused && HasRoom(state_.journeys()[journey])) {
      Do(change::Queued{journey,
                        {.customer = customer,
                         .key = key,
                         .context = std::move(context),
                         .parent = caller.waits,
                         .parent_token = caller.token,
                         .depth = caller.depth,
                         .request = caller.request,
                         .body = caller.body}});
      return {.reason = *refused, .awaited = true};
    }
    Do(change::Refused{journey, customer, *refused});
    if (*refused == Reject::kHoldout && !Refusal(journey, customer, key, context, true))
      MeasureHeldOut(journey, customer);
    return {.reason = *refused};
  }
  if (place.wave > 0) context.emplace_back("wave", std::to_string(place.wave));
  const EntryId id = state_.last_entry() + 1;
  const uint32_t version = state_.journeys()[journey].current;
  Do(change::Entered{id, journey, version, customer, key, std::move(context), caller.waits,
                     caller.token, caller.depth,
                     CappedBy(state_.journeys()[journey].now(), customer), place.list, place.wave});
  // Should he be another than the customer again, the entry is his.
  const std::optional<Ordinal> named = world_.customers.Named(FactsOf(EntryOf(id)));
  if (named && state_.Now(*named) != customer && !state_.Knows(*named))
    Do(change::Merged{*named, customer});
  LookAtGoal(id);
  PlaceAt(id, {.id = 1, .forks = {}}, state_.journeys()[journey].now().first);
  Run(id, 1);
  return {.entry = id};
}

Result<EnterReply> Machine::Enter(const EnterInput& input, int64_t at_ms, Out* out) {
  const std::optional<JourneyIndex> journey = state_.FindJourney(input.journey);
  if (!journey) {
    return Error(Code::kNotFound, "there is no journey '" + std::string(input.journey) + "'");
  }
  const uint64_t body = BodyHash(input.key, input.context);
  if (const auto before = TRY(RequestedBefore(*journey, input.request, body))) return *before;
  Begin(at_ms, out);
  EnterReply reply{.reason = Reject::kDuplicateInRun};
  if (input.came_before) {
    Do(change::Refused{*journey, input.customer, reply.reason});
  } else {
    const std::string key =
        input.key.empty() ? KeyIn(*journey, input.context) : std::string(input.key);
    reply = TryEnter(*journey, input.customer, key, input.context,
                     {.request = input.request, .body = body});
  }
  Remember(*journey, input.request, body, reply);
  End(out);
  return reply;
}

void Machine::Remember(JourneyIndex journey, const std::string& request, uint64_t body,
                       const EnterReply& reply) {
  if (request.empty()) return;
  Do(change::Requested{journey, request, body, reply.entry, reply.reason, reply.awaited});
}

Result<std::optional<EnterReply>> Machine::RequestedBefore(JourneyIndex journey,
                                                           const std::string& request,
                                                           uint64_t body) const {
  const Requests::Known* known = state_.journeys()[journey].requests.Find(request);
  if (request.empty() || !known) return std::optional<EnterReply>();
  if (known->body != body) {
    return Error(Code::kConflict, "idempotency_conflict",
                 "the request id was used with another body");
  }
  return std::optional(EnterReply{known->entry, known->reason, true, known->awaited});
}

Result<EnterReply> Machine::EnterUnknown(const UnknownInput& input, int64_t at_ms, Out* out) {
  const std::optional<JourneyIndex> journey = state_.FindJourney(input.journey);
  if (!journey) {
    return Error(Code::kNotFound, "there is no journey '" + std::string(input.journey) + "'");
  }
  const uint64_t body = BodyHash({}, input.context);
  if (const auto before = TRY(RequestedBefore(*journey, input.request, body))) return *before;
  Begin(at_ms, out);
  const JourneyState& state = state_.journeys()[*journey];
  const EntryRule& rule = state.now().entry;
  const bool open = state.phase == Phase::kRunning || state.phase == Phase::kPaused;
  EnterReply reply{.reason = Reject::kUnknownUser};
  reply.awaited = open && rule.unknown_user == UnknownUser::kHold;
  if (!reply.awaited) {
    Do(change::Refused{*journey, kNobody, Reject::kUnknownUser});
  } else if (!state.awaited.contains(input.person)) {
    Do(change::Awaited{*journey, input.person, AddSpan(now(), rule.hold, state.now().zone),
                       input.context, input.request});
  }
  Remember(*journey, input.request, body, reply);
  End(out);
  return reply;
}

bool Machine::AwaitsAnybody() const {
  return std::ranges::any_of(state_.journeys(),
                             [](const JourneyState& journey) { return !journey.awaited.empty(); });
}

void Machine::OnKnown(std::string_view person_view, Ordinal customer, int64_t at_ms, Out* out) {
  const std::string person(person_view);
  Begin(at_ms, out);
  for (JourneyIndex journey = 0; journey < state_.journeys().size(); ++journey) {
    const auto found = state_.journeys()[journey].awaited.find(person);
    if (found == state_.journeys()[journey].awaited.end()) continue;
    const Awaited awaited = found->second;
    Do(change::AwaitEnded{journey, person});
    const EnterReply reply =
        TryEnter(journey, customer, KeyIn(journey, awaited.context), awaited.context);
    Remember(journey, awaited.request, BodyHash({}, awaited.context), reply);
  }
  End(out);
}

void Machine::FireAwaited(JourneyIndex journey) {
  const std::map<std::string, Awaited> all = state_.journeys()[journey].awaited;
  for (const auto& [person, awaited] : all) {
    if (awaited.due_ms > now()) continue;
    Do(change::AwaitEnded{journey, person});
    Do(change::Refused{journey, kNobody, Reject::kUnknownUser});
    Remember(journey, awaited.request, BodyHash({}, awaited.context),
             {.reason = Reject::kUnknownUser});
  }
}

void Machine::OnMember(std::string_view id, Ordinal customer, bool in, int64_t at_ms, Out* out) {
  const std::optional<JourneyIndex> journey = state_.FindJourney(id);
  CHECK(journey);
  Begin(at_ms, out);
  Move(*journey, customer, in);
  End(out);
}

void Machine::Move(JourneyIndex journey, Ordinal customer, bool in) {
  const EntryRule& rule = state_.journeys()[journey].now().entry;
  DisarmAll(journey, customer, {});
  if (!LeadsIn(rule, in)) return;
  if (rule.min_dwell.empty()) {
    TryEnter(journey, customer, {}, {});
  } else {
    Arm(journey, customer, {}, 0, {});
  }
}

}  // namespace waypost::journeys
