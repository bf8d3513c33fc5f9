#include "services/journeys.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <future>

#include "base/logger.h"
#include "model/time_text.h"
#include "services/journey_json.h"
#include "services/own_events.h"

namespace waypost::services {
namespace {

namespace json = boost::json;
using journeys::Outcome;
using journeys::State;

json::object TrialJson(const journeys::Trial& trial, const journeys::Node& node) {
  json::array arms;
  for (size_t i = 0; i < std::min(trial.arms.size(), node.branches.size()); ++i) {
    arms.push_back({{"outcome", node.branches[i].outcome},
                    {"entered", trial.arms[i].entered},
                    {"converted", trial.arms[i].converted}});
  }
  json::object shown{{"begun", DateTimeText(trial.begun_ms)},
                     {"ends", DateTimeText(trial.ends_ms)},
                     {"arms", std::move(arms)}};
  if (!trial.over) return shown;
  shown["result"] = journeys::NameOf(trial.end);
  if (trial.winner < node.branches.size())
    shown[trial.decided ? "goes_on_with" : "proposes"] = node.branches[trial.winner].outcome;
  return shown;
}

json::object NodeJson(const journeys::JourneyState& journey, const journeys::Node& node) {
  json::object counts{{"id", node.id}, {"type", journeys::NameOf(node.kind)}};
  if (const auto of = journey.nodes.find(node.id); of != journey.nodes.end())
    AddStay(of->second, &counts);
  const auto trial = journey.trials.find(node.id);
  if (trial != journey.trials.end()) counts["experiment"] = TrialJson(trial->second, node);
  for (const auto& [version, of] : journey.counts) {
    const auto found = of.nodes.find(node.id);
    if (found != of.nodes.end()) AddCounts(*journey.versions.at(version), found->second, &counts);
  }
  return counts;
}

json::object JourneyJson(const journeys::JourneyState& journey) {
  json::object exits, rejects;
  for (const auto& [reason, count] : journey.exits) {
    exits[journeys::NameOf(static_cast<journeys::Exit>(reason))] = count;
  }
  for (const auto& [reason, count] : journey.rejects) {
    rejects[journeys::NameOf(static_cast<journeys::Reject>(reason))] = count;
  }
  json::object shown{
      {"id", journey.id},
      {"name", journey.now().name},
      {"name_en", journey.now().name_en},
      {"version", journey.current},
      {"phase", journeys::NameOf(journey.phase)},
      {"phase_reason", journey.phase_reason},
      {"entered", journey.entered},
      {"active", journey.active},
      {"to_come", journey.CountListed()},
      {"exits", std::move(exits)},
      {"rejects", std::move(rejects)},
      {"conversions", journey.conversions},
      {"held_out",
       {{"customers", journey.held_out.customers}, {"conversions", journey.held_out.conversions}}},
      {"watched",
       {{"messages", journey.watched.messages},
        {"failed", journey.watched.failed},
        {"opted_out", journey.watched.opted_out},
        {"spend",
         static_cast<double>(journey.spent_money - journey.watched.spent_before) / 10'000}}}};
  json::array alarms;
  for (const auto& [of, alarm] : journey.alarms) {
    json::object one{{"what", of.first},
                     {"count", alarm.count},
                     {"first", DateTimeText(alarm.first_ms)},
                     {"last", DateTimeText(alarm.last_ms)}};
    if (!of.second.empty()) one["node"] = of.second;
    if (!alarm.detail.empty()) one["detail"] = alarm.detail;
    alarms.push_back(std::move(one));
  }
  if (!alarms.empty()) shown["alarms"] = std::move(alarms);
  return shown;
}

// Where an entry stands.
json::object EntryJson(const State& state, journeys::EntryId id) {
  const journeys::Entry& entry = *state.FindEntry(id);
  json::array at;
  for (const journeys::Token& token : entry.tokens) {
    json::object one{{"node", state.JourneyOf(entry).nodes[token.node].id},
                     {"since", DateTimeText(token.arrived_ms)}};
    if (token.due_ms != journeys::kNever) one["until"] = DateTimeText(token.due_ms);
    at.push_back(std::move(one));
  }
  return {{"entry", id},
          {"version", entry.version},
          {"entered", DateTimeText(entry.entered_ms)},
          {"at", std::move(at)}};
}

// A node that older versions had.
json::object RemovedJson(const journeys::JourneyState& journey, const std::string& id) {
  for (const auto& [version, definition] : journey.versions) {
    const uint32_t place = definition->FindNode(id);
    if (place == journeys::kNoNode) continue;
    json::object node = NodeJson(journey, definition->nodes[place]);
    node["removed"] = true;
    return node;
  }
  return {{"id", id}, {"removed", true}};
}

// What lets somebody in who has not come yet.
std::string EntryText(const journeys::EntryRule& rule) {
  using Kind = journeys::EntryKind;
  switch (rule.kind) {
    case Kind::kEvent:
      return "event " + rule.on.event;
    case Kind::kNotDone:
      return "event " + rule.on.event + " without " + rule.without.event;
    case Kind::kBreakpoint:
      return "event " + rule.steps[0].event;
    case Kind::kSegment:
      return "segment " + rule.segment;
    case Kind::kTag:
      return "tag " + rule.tag;
    case Kind::kBatch:
      return "the next run";
    case Kind::kList:
    case Kind::kApi:
      return "a call";
  }
  return {};
}

json::object ReplyJson(const journeys::EnterReply& reply) {
  if (reply.entry != 0) {
    return {{"entered", true}, {"entry", reply.entry}, {"duplicate", reply.duplicate}};
  }
  const journeys::ReasonText& reason = journeys::TextOf(reply.reason);
  return {{"entered", false},      {"duplicate", reply.duplicate}, {"awaited", reply.awaited},
          {"reason", reason.name}, {"reason_en", reason.en},       {"reason_zh", reason.zh}};
}

std::string DoneJson(json::object more = {}) {
  more["status"] = "done";
  return json::serialize(more);
}

}  // namespace

void Journeys::Hold(const std::function<void()>& act) {
  engine_->Look([&](const engine::Applier&) {
    answers_.Changed();
    // What was received before a deadline and is not applied yet is in time.
    const std::optional<int64_t> oldest_ms = engine_->OldestOnItsWayMs();
    machine_->HoldTimers(oldest_ms ? *oldest_ms - kTimerLagMs : journeys::kNever);
    act();
    machine_->HoldTimers(journeys::kNever);
  });
}

Result<> Journeys::Decide(const std::function<Result<>(journeys::Machine&, Out*)>& change) {
  Result<> changed;
  Hold([&] { changed = change(*machine_, &pending_); });
  TRY(WriteDecisions());
  return changed;
}

Result<Ordinal> Journeys::Find(const Person& person) {
  TRY(engine_->Read());  // what was acknowledged before the call is known
  std::optional<Ordinal> found;
  engine_->Look([&](const engine::Applier& applier) {
    found = applier.identities().Find(person.key, person.value);
    if (found) found = applier.identities().root(*found);
  });
  if (found) return *found;
  return Error(Code::kNotFound, "unknown_customer",
               fmt::format("There is no customer with the {} {}.", person.key, person.value));
}

journeys::Checked Journeys::CheckAll(std::string_view definition, bool barred) {
  journeys::Checked checked;
  const auto of_barred = answers_.ForBarred();
  Hold([&] {
    checked = journeys::CheckJourney(definition, barred ? *of_barred : answers_,
                                     machine_->state().policy().zone);
  });
  if (!checked.journey) return checked;
  const auto check_row = [&](std::string_view name) {
    Result<> known;
    Hold([&] { known = answers_.CheckRowOf(name, barred); });
    return known;
  };
  const auto add = [&](const std::vector<journeys::Fault>& faults) {
    checked.faults.insert(checked.faults.end(), faults.begin(), faults.end());
    if (!std::ranges::all_of(faults, &journeys::Fault::warning)) checked.journey = nullptr;
  };
  const std::vector<journeys::Fault> unknown_lists = UnknownLists(*checked.journey);
  std::vector<journeys::Fault> not_followed, without_calendar;
  Hold([&] {
    not_followed = NotFollowed(*checked.journey);
    without_calendar = WithoutCalendar(*checked.journey);
  });
  const std::lock_guard lock(channels_mutex_);
  const auto described = [&](const std::string& name) { return channels_.contains(name); };
  add(contents_.Review(*checked.journey, described, check_row));
  add(without_calendar);
  add(not_followed);
  add(unknown_lists);
  return checked;
}

std::string Journeys::Check(std::string_view definition, bool barred) {
  journeys::Checked checked = CheckAll(definition, barred);
  json::object shown;
  if (checked.journey) shown = AgainstTheRunning(*checked.journey, &checked);
  json::array faults;
  for (const journeys::Fault& fault : checked.faults) faults.push_back(FaultJson(fault));
  shown["valid"] = checked.journey != nullptr;
  shown["faults"] = std::move(faults);
  return json::serialize(shown);
}

Result<> Journeys::MayPublish(std::string_view definition, bool barred) {
  journeys::Checked checked = CheckAll(definition, barred);
  if (const auto draft = checked.journey) AgainstTheRunning(*draft, &checked);
  if (!checked.journey) return journeys::AsError(checked.faults);
  return CheckTag(*checked.journey);
}

Result<> Journeys::MaySetPolicy(std::string_view policy) {
  Result<> may;
  Hold([&] { may = machine_->MaySetPolicy(policy); });
  return may;
}

Result<std::string> Journeys::Publish(std::string_view definition, bool barred) {
  const journeys::Checked checked = CheckAll(definition, barred);
  if (!checked.journey) return journeys::AsError(checked.faults);
  uint32_t version = 0;
  TRY(CheckTag(*checked.journey));
  journeys::MembersOf tag = TRY(TagNow(checked.journey->entry));
  TRY(Decide([&](journeys::Machine& machine, Out* out) -> Result<> {
    const auto segment = TRY(SegmentOf(definition));
    const bool lists = ListsExisting(*checked.journey);
    version = TRY(machine.Publish(definition, NowMs(), out));
    HearFirst(std::move(tag));
    if (!segment) return {};
    return FollowSegment(*checked.journey, *segment->members, lists);
  }));
  // Tags may be listened to from here on; without a catalog there are none.
  if (const auto catalog = catalogs_.Find(project_); catalog.ok())
    catalog.value()->tags->FollowersChanged();
  DeclareEvents();  // before there is something to tell, when nobody waits for it
  if (forecasts_) TRY(forecasts_->OnPublished(checked.journey->id, version, definition));
  return DoneJson({{"version", version}});
}

Result<std::string> Journeys::SetPhase(const std::string& journey, journeys::Phase phase) {
  TRY(Decide([&](journeys::Machine& machine, Out* out) {
    return machine.SetPhase(journey, phase, "api", NowMs(), out);
  }));
  return DoneJson({{"phase", journeys::NameOf(phase)}});
}

Result<std::string> Journeys::SetPolicy(std::string_view policy) {
  TRY(Decide([&](journeys::Machine& machine, Out* out) {
    return machine.SetPolicy(policy, NowMs(), out);
  }));
  return DoneJson();
}

Result<std::string> Journeys::SetHeld(bool held) {
  TRY(Decide([&](journeys::Machine& machine, Out* out) -> Result<> {
    machine.SetHeld(held, NowMs(), out);
    return {};
  }));
  const std::string file = engine_->directory() + "/" + std::string(engine::kHeldFile);
  if (!held && host_.files.FileSize(file).ok()) {
    TRY(host_.files.Remove(file));
    TRY(host_.files.SyncDirectory(engine_->directory()));
  }
  return DoneJson({{"held", held}});
}

Result<> Journeys::MakeKnown(const std::string& journey, std::span<const Asked> asked) {
  TRY(engine_->Read());  // what was acknowledged before the call is known
  BatchWriter out({.project = project_, .source = kOwnSource, .ingest_ms = NowMs()});
  engine_->Look([&](const engine::Applier& applier) {
    const State& state = machine_->state();
    const std::optional<journeys::JourneyIndex> index = state.FindJourney(journey);
    if (!index ||
        state.journeys()[*index].now().entry.unknown_user != journeys::UnknownUser::kCreate) {
      return;
    }
    for (const Asked& one : asked) {
      if (applier.identities().Find(one.person.key, one.person.value)) continue;
      out.BeginItem(ItemKind::kProfile, kProfileSet, {}, {.time_ms = NowMs()});
      out.AddIdentity(one.person.key, one.person.value);
      out.EndItem();
    }
  });
  if (out.item_count() == 0) return {};
  std::promise<Result<LogPosition>> done;
  engine_->Append(out.Finish(), [&](Result<LogPosition> appended) { done.set_value(appended); });
  TRY(done.get_future().get());
  TRY(engine_->Read());
  return {};
}

Result<std::vector<journeys::EnterReply>> Journeys::LetIn(const std::string& journey,
                                                          std::span<const Asked> asked) {
  TRY(MakeKnown(journey, asked));
  std::vector<journeys::EnterReply> replies;
  TRY(Decide([&](journeys::Machine& machine, Out* out) -> Result<> {
    std::set<Ordinal> seen;
    for (const Asked& one : asked) {
      const Person& person = one.person;
      journeys::Properties known = one.context;
      known.emplace_back(kPersonKey, person.key);
      known.emplace_back(kPersonValue, person.value);
      const auto found = answers_.identities().Find(person.key, person.value);
      if (!found) {
        replies.push_back(TRY(machine.EnterUnknown(
            {journey, person.key + ":" + person.value, known, one.request}, NowMs(), out)));
        continue;
      }
      const Ordinal customer = answers_.identities().root(*found);
      const bool came_before = !seen.insert(customer).second;
      replies.push_back(TRY(
          machine.Enter({journey, customer, {}, known, one.request, came_before}, NowMs(), out)));
    }
    return {};
  }));
  return replies;
}

Result<std::string> Journeys::Enter(const std::string& journey, const Asked& asked) {
  return json::serialize(ReplyJson(TRY(LetIn(journey, {&asked, 1})).front()));
}

Result<std::string> Journeys::EnterAll(const std::string& journey, std::span<const Asked> asked) {
  const std::vector<journeys::EnterReply> replies = TRY(LetIn(journey, asked));
  json::array results;
  size_t entered = 0;
  for (const journeys::EnterReply& reply : replies) {
    entered += reply.entry != 0;
    results.push_back(ReplyJson(reply));
  }
  return json::serialize(json::object{{"entered", entered}, {"results", std::move(results)}});
}

Result<std::string> Journeys::GiveReceipt(const std::string& key, const std::string& outcome) {
  size_t not_understood = 0;
  TRY(GiveReceipts({{key, outcome}}, &not_understood));
  if (not_understood == 0) return DoneJson();
  return Error(Code::kInvalid, "bad_request",
               "send {\"key\": a message's 32 digits, \"outcome\": delivered, opened, clicked, "
               "replied, rejected or bounced}");
}

Result<> Journeys::GiveReceipts(const std::vector<channels::Receipt>& receipts,
                                size_t* not_understood) {
  return Decide([&](journeys::Machine& machine, Out* out) -> Result<> {
    for (const channels::Receipt& receipt : receipts) {
      const std::optional<journeys::TouchKey> key = journeys::ParseKey(receipt.key);
      const std::optional<Outcome> outcome = journeys::FindOutcome(receipt.outcome);
      if (key && outcome && *outcome > Outcome::kClaimed && *outcome != Outcome::kUnknown) {
        machine.OnReceipt(*key, *outcome, "receipt", NowMs(), out);
      } else {
        ++*not_understood;
      }
    }
    return {};
  });
}

std::string Journeys::List() {
  json::array list;
  bool held = false;
  json::array unknown;
  engine_->Look([&](const engine::Applier&) {
    for (const auto& journey : machine_->state().journeys()) {
      json::object shown = JourneyJson(journey);
      AddRuns(journey, &shown);
      list.push_back(std::move(shown));
    }
    held = machine_->state().held();
    for (const auto& key : machine_->state().TouchesIn(Outcome::kUnknown)) {
      unknown.push_back(json::value(KeyText(key)));
    }
  });
  return json::serialize(
      json::object{{"held", held}, {"unknown", std::move(unknown)}, {"journeys", std::move(list)}});
}

Result<std::string> Journeys::Show(const std::string& id) {
  std::optional<json::object> shown;
  engine_->Look([&](const engine::Applier&) {
    const std::optional<journeys::JourneyIndex> index = machine_->state().FindJourney(id);
    if (!index) return;
    const journeys::JourneyState& journey = machine_->state().journeys()[*index];
    shown = JourneyJson(journey);
    AddRuns(journey, &*shown);
    json::array nodes;
    for (const journeys::Node& node : journey.now().nodes) {
      nodes.push_back(NodeJson(journey, node));
    }
    for (const auto& [id_of, counts] : journey.nodes) {
      if (journey.now().FindNode(id_of) != journeys::kNoNode) continue;
      nodes.push_back(RemovedJson(journey, id_of));
    }
    (*shown)["nodes"] = std::move(nodes);
    std::optional<json::object> forecast;
    if (forecasts_) forecast = forecasts_->Find(id);
    if (forecast) {
      (*shown)["forecast"] = *std::move(forecast);
      (*shown)["actual"] = ForecastJson(journeys::ForecastOf(machine_->state(), id));
    }
    (*shown)["as_of"] = DateTimeText(machine_->state().time_ms());
    (*shown)["definition"] = DefinitionOf(journey.now());
  });
  if (!shown) return Error(Code::kNotFound, "not_found", "there is no journey '" + id + "'");
  // What one has seen, no crash takes back; a disk that takes nothing keeps nobody from looking.
  (void)WriteDecisions();
  return json::serialize(*shown);
}

Result<std::string> Journeys::Trace(const Person& person) {
  const Ordinal customer = TRY(Find(person));
  json::array lines;
  engine_->Look([&](const engine::Applier&) {
    const journeys::Customer* known = machine_->state().FindCustomer(customer);
    if (!known) return;
    for (const journeys::TraceLine& line : known->trace) {
      lines.push_back(LineJson(machine_->state(), line));
    }
  });
  return json::serialize(json::object{{"trace", std::move(lines)}});
}

Result<std::string> Journeys::Why(const std::string& id, const Person& person) {
  const Ordinal customer = TRY(Find(person));
  json::object why{{"journey", id}};
  Result<> asked;
  Hold([&] {
    const auto refusal = machine_->WouldRefuse(id, customer, NowMs());
    if (!refusal.ok()) return (void)(asked = refusal.error());
    const State& state = machine_->state();
    const journeys::JourneyIndex index = *state.FindJourney(id);
    json::array inside, lines;
    bool entered = state.journeys()[index].visits.contains(customer);
    if (const journeys::Customer* known = state.FindCustomer(customer)) {
      for (const journeys::EntryId entry : known->entries) {
        if (state.FindEntry(entry)->journey == index) inside.push_back(EntryJson(state, entry));
      }
      for (const journeys::TraceLine& line : known->trace) {
        if (line.journey == index) lines.push_back(LineJson(state, line));
      }
    }
    why["ever_entered"] = entered;
    if (refusal.value()) {
      const journeys::ReasonText& text = journeys::TextOf(*refusal.value());
      why["refused_now"] = {{"reason", text.name}, {"reason_en", text.en}, {"reason_zh", text.zh}};
    } else if (inside.empty() && !entered) {
      why["refused_now"] = nullptr;
      why["waits_for"] = EntryText(state.journeys()[index].now().entry);
    }
    why["inside"] = std::move(inside);
    why["trace"] = std::move(lines);
  });
  TRY(asked);
  return json::serialize(why);
}

void Journeys::Look(const std::function<void(const State&)>& look) {
  engine_->Look([&](const engine::Applier&) { look(machine_->state()); });
}

std::string Journeys::Outbox(size_t limit) {
  std::string text = "{\"items\":[";
  const auto lines = sandbox_ ? sandbox_->Newest(limit) : std::vector<std::string>();
  for (const std::string& line : lines) text += (text.back() == '[' ? "" : ",") + line;
  return text + "]}";
}

}  // namespace waypost::services
