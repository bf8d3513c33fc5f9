#include "journeys/definition.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <charconv>
#include <cmath>
#include <map>

#include "journeys/document.h"
#include "journeys/graph.h"
#include "journeys/lunar.h"
#include "journeys/node_reader.h"
#include "journeys/wave_reader.h"

namespace waypost::journeys {
namespace {

// The checks and readings of one document.
class Checker {
 public:
  Checker(const Conditions& conditions, std::vector<Fault>* faults)
      : conditions_(conditions), faults_(faults) {}

  void Read(const boost::json::object& json, Journey* journey);

 private:
  void ReadScope(const Document& in, const boost::json::object& made);
  void ReadEntry(const boost::json::object& json);
  void ReadSchedule(const boost::json::object& json, Schedule* schedule);
  void ReadReentry(const boost::json::object& json);
  void ReadGoal(const boost::json::object& json);
  void ReadRelease(const boost::json::object& json);
  void ReadGuardrails(const boost::json::object& json);
  void ReadInFlight(const boost::json::object& json);
  void ReadEdges(const std::vector<const boost::json::object*>& edges);
  void CheckCondition(const Document& in, std::string_view field, const std::string& condition) {
    in.CheckCondition(field, condition, conditions_);
  }
  void CheckMatch(const Document& in, std::string_view field, const EventMatch& match) {
    in.CheckCondition(field, match.where, conditions_, About::kEvent);
  }
  const Conditions& conditions_;
  std::vector<Fault>* faults_;
  Journey* journey_ = nullptr;
};

void Checker::Read(const boost::json::object& json, Journey* journey) {
  journey_ = journey;
  Document in(json, {}, {}, faults_);
  journey->id = in.Text("id", true);
  const bool plain = std::ranges::all_of(journey->id, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
  if (!plain || journey->id.size() > 64) {
    in.Complain("id", "bad_id", "use 1 to 64 small letters, digits, '-' and '_'");
  }
  journey->name = in.Text("name");
  journey->name_en = in.Text("name_en");
  journey->has_zone = in.Has("zone");
  journey->zone = in.ZoneOf("zone").value_or(journey->zone);
  if (const std::string category = in.Text("category"); !category.empty()) {
    journey->category = category;
  }
  journey->tags = in.Words("tags", kMaxTags);
  journey->priority = static_cast<int32_t>(in.Whole("priority", 50, 0, 100));
  journey->mandatory = in.Flag("mandatory");
  if (const auto* value = json.if_contains("value"); value && value->is_object()) {
    Document of(*in.Object("value"), {}, "value.", faults_);
    journey->value_attribute = of.Text("attribute", true);
    of.CheckAttribute("attribute", journey->value_attribute, conditions_);
  } else {
    journey->value = in.Money("value");
  }
  journey->start_ms = in.Instant("start", journey->zone);
  journey->end_ms = in.Instant("end", journey->zone);
  if (journey->start_ms && journey->end_ms && *journey->end_ms <= *journey->start_ms) {
    in.Complain("end", "ends_before_start", "the end must come after the start");
  }
  journey->exit_all_at_end = in.Choice("on_end", false, {{"drain", false}, {"exit_all", true}});
  journey->frozen_clock =
      in.Choice("clock_while_paused", false, {{"runs", false}, {"frozen", true}});
  journey->queue_while_paused =
      in.Choice("entry_while_paused", false, {{"discard", false}, {"queue", true}});
  journey->queue_limit = static_cast<uint64_t>(in.Whole("queue_limit", 0, 1, 1'000'000'000));
  in.OnlyIf("queue_limit", journey->queue_while_paused, "with \"entry_while_paused\": \"queue\"");
  journey->max_lateness = in.Length("max_lateness");
  journey->on_late = in.Choice("on_late", Journey::OnLate::kGoOn,
                               {{"go_on", Journey::OnLate::kGoOn},
                                {"next_time", Journey::OnLate::kNextTime},
                                {"exit", Journey::OnLate::kExit}});
  in.OnlyIf("on_late", !journey->max_lateness.empty(), "with \"max_lateness\"");
  in.OnlyIf("max_lateness", journey->on_late != Journey::OnLate::kGoOn,
            "with \"on_late\": \"next_time\" or \"exit\"");
  journey->resume_per_second =
      static_cast<uint32_t>(in.Whole("resume_per_second", 0, 1, 1'000'000));
  if (in.Has("max_duration")) journey->max_duration = in.Length("max_duration");
  journey->holdout = in.Percent("holdout_percent");
  journey->entry_cap = static_cast<uint64_t>(in.Whole("entry_cap", 0, 1, 1'000'000'000));
  journey->entry_cap_daily =
      static_cast<uint64_t>(in.Whole("entry_cap_daily", 0, 1, 1'000'000'000));
  journey->entry_cap_run = static_cast<uint64_t>(in.Whole("entry_cap_run", 0, 1, 1'000'000'000));
  if (const auto* each = in.Object("entry_cap_each")) {
    Document cap(*each, {}, "entry_cap_each.", faults_);
    journey->cap_attribute = cap.Text("attribute", true);
    cap.CheckAttribute("attribute", journey->cap_attribute, conditions_);
    journey->entry_cap_each = static_cast<uint64_t>(cap.Whole("limit", 0, 1, 1'000'000'000));
    if (!cap.Has("limit")) cap.Complain("limit", "missing", "say how many come in");
  }
  journey->budget_money = in.Money("budget");
  journey->budget_count = static_cast<uint64_t>(in.Whole("budget_sends", 0, 1, 1'000'000'000));
  journey->sends_per_second = static_cast<uint32_t>(in.Whole("sends_per_second", 0, 1, 100'000));

  if (const auto* entry = in.Object("entry"))
    ReadEntry(*entry);
  else if (!in.Has("entry"))
    in.Complain("entry", "missing", "say how customers enter");
  if (const auto* reentry = in.Object("reentry")) ReadReentry(*reentry);
  if (const auto* goal = in.Object("goal")) ReadGoal(*goal);
  if (const auto* release = in.Object("release")) ReadRelease(*release);
  if (const auto* guardrails = in.Object("guardrails")) ReadGuardrails(*guardrails);
  for (const auto* item : in.List("exit_on", kMaxBranches)) {
    Document one(*item, {}, "exit_on.", faults_);
    if (const std::string when = one.Text("when"); !when.empty()) {
      journey->exit_on.push_back({{}, when});
      one.CheckFollowed("when", when, conditions_);
      continue;
    }
    journey->exit_on.push_back({one.Text("event", true), one.Text("where")});
    CheckMatch(one, "where", journey->exit_on.back());
  }
  for (const auto* node : in.List("nodes", kMaxNodes)) {
    journey->nodes.push_back(ReadNode(*node, *journey, conditions_, faults_));
  }
  SettleWaves(journey, faults_);
  ReadEdges(in.List("edges", kMaxNodes * kMaxBranches));
  if (const auto* in_flight = in.Object("in_flight")) ReadInFlight(*in_flight);
  if (const auto* made = in.Object("template")) ReadScope(in, *made);
  CheckGraph(journey, faults_);
}

// Of what it was made of (overlay.h), all that the machine goes by.
void Checker::ReadScope(const Document& in, const boost::json::object& made) {
  const boost::json::value* scope = made.if_contains("scope");
  if (!scope || !scope->is_string()) return;
  journey_->scope = scope->get_string();
  CheckCondition(in, "template.scope", journey_->scope);
}

void Checker::ReadEntry(const boost::json::object& json) {
  Document in(json, {}, "entry.", faults_);
  EntryRule& rule = journey_->entry;
  rule.kind = in.Choice("kind", EntryKind::kApi,
                        {{"list", EntryKind::kList},
                         {"batch", EntryKind::kBatch},
                         {"event", EntryKind::kEvent},
                         {"not_done", EntryKind::kNotDone},
                         {"breakpoint", EntryKind::kBreakpoint},
                         {"segment", EntryKind::kSegment},
                         {"tag", EntryKind::kTag},
                         {"api", EntryKind::kApi}});
  const bool on_event = rule.kind == EntryKind::kEvent || rule.kind == EntryKind::kNotDone;
  rule.on = in.Match("on", on_event);
  rule.without = in.Match("without", rule.kind == EntryKind::kNotDone);
  CheckMatch(in, "on", rule.on);
  CheckMatch(in, "without", rule.without);
  rule.within =
      in.Length("within", rule.kind == EntryKind::kNotDone || rule.kind == EntryKind::kBreakpoint);
  rule.grace = in.Length("grace");
  rule.repeat = in.Choice("repeat", Repeat::kReset,
                          {{"reset", Repeat::kReset},
                           {"first", Repeat::kFirst},
                           {"independent", Repeat::kIndependent}});
  for (const auto* item : in.List("steps", kMaxBranches)) {
    Document one(*item, {}, "entry.steps.", faults_);
    rule.steps.push_back({one.Text("event", true), one.Text("where")});
    CheckMatch(one, "where", rule.steps.back());
  }
  if (rule.kind == EntryKind::kBreakpoint && rule.steps.size() < 2) {
    in.Complain("steps", "missing", "give at least two steps");
  }
  rule.key = in.Text("key");
  rule.filter = in.Text("filter");
  CheckCondition(in, "filter", rule.filter);
  rule.segment = in.Text("segment", rule.kind == EntryKind::kSegment);
  rule.on_leave = in.Choice("when", false, {{"enters", false}, {"leaves", true}});
  rule.include_existing = in.Flag("include_existing");
  rule.tag = in.Text("tag", rule.kind == EntryKind::kTag);
  rule.from = in.Text("from");
  rule.to = in.Text("to");
  if (rule.kind == EntryKind::kTag && rule.from.empty() && rule.to.empty())
    in.Complain("to", "missing", "say which value it comes to, or goes from");
  rule.min_dwell = in.Length("min_dwell");
  const auto of = [&](std::initializer_list<EntryKind> kinds) {
    return std::ranges::find(kinds, rule.kind) != kinds.end();
  };
  const bool arms = of({EntryKind::kNotDone, EntryKind::kBreakpoint});
  in.OnlyIf("on", on_event, "of an entry by an event, or one that nothing follows");
  in.OnlyIf("without", of({EntryKind::kNotDone}), "of \"kind\": \"not_done\"");
  in.OnlyIf("within", arms, "of an event that something else may follow");
  in.OnlyIf("grace", arms, "of an event that something else may follow");
  in.OnlyIf("repeat", arms, "of an event that something else may follow");
  in.OnlyIf("steps", of({EntryKind::kBreakpoint}), "of \"kind\": \"breakpoint\"");
  in.OnlyIf("segment", of({EntryKind::kSegment, EntryKind::kBatch}),
            "of an entry by a segment, or of runs");
  in.OnlyIf("when", of({EntryKind::kSegment}), "of \"kind\": \"segment\"");
  in.OnlyIf("include_existing", of({EntryKind::kSegment}) && !rule.on_leave,
            "of those who come into a segment");
  for (const std::string_view field : {"tag", "from", "to"})
    in.OnlyIf(field, of({EntryKind::kTag}), "of \"kind\": \"tag\"");
  in.OnlyIf("min_dwell", of({EntryKind::kSegment, EntryKind::kTag}),
            "of an entry by a segment or a tag");
  in.OnlyIf("schedule", of({EntryKind::kBatch}), "of \"kind\": \"batch\"");
  rule.unknown_user = in.Choice("unknown_user", UnknownUser::kReject,
                                {{"reject", UnknownUser::kReject},
                                 {"create", UnknownUser::kCreate},
                                 {"hold", UnknownUser::kHold}});
  rule.hold = in.Length("hold", rule.unknown_user == UnknownUser::kHold);
  in.OnlyIf("hold", rule.unknown_user == UnknownUser::kHold, "of \"unknown_user\": \"hold\"");
  if (const auto* rank = in.Object("rank")) {
    Document by(*rank, {}, "entry.rank.", faults_);
    rule.rank_by = by.Text("attribute", true);
    by.CheckAttribute("attribute", rule.rank_by, conditions_);
    rule.smallest_first = by.Choice("first", false, {{"largest", false}, {"smallest", true}});
  }
  if (const auto* schedule = in.Object("schedule")) {
    ReadSchedule(*schedule, &rule.schedule);
  } else if (rule.kind == EntryKind::kBatch) {
    in.Complain("schedule", "missing", "say when the runs are");
  }
  ReadWaves(in, journey_->zone, &rule);
}

void Checker::ReadSchedule(const boost::json::object& json, Schedule* schedule) {
  Document in(json, {}, "entry.schedule.", faults_);
  using Every = Schedule::Every;
  schedule->every = in.Choice("every", Every::kOnce,
                              {{"once", Every::kOnce},
                               {"day", Every::kDay},
                               {"week", Every::kWeek},
                               {"month", Every::kMonth},
                               {"festival", Every::kFestival},
                               {"cron", Every::kCron}});
  const auto of = [&](Every every) { return schedule->every == every; };
  if (const std::string line = in.Text("cron", of(Every::kCron)); !line.empty()) {
    const Result<Cron> read = ParseCron(line);
    if (!read.ok()) in.Complain("cron", "bad_schedule", read.error().message());
    if (read.ok()) schedule->cron = read.value();
    if (const int minutes = ShortestMinutes(schedule->cron); minutes < kLeastMinutes)
      in.Complain("cron", kTooFrequent,
                  fmt::format("runs come {} minutes apart, and {} is the least; let customers come "
                              "in by the segment itself, with \"kind\": \"segment\"",
                              minutes, kLeastMinutes),
                  {{"minutes", std::to_string(minutes)}, {"least", std::to_string(kLeastMinutes)}});
  }
  if (!in.Has("at") && !of(Every::kCron)) in.Complain("at", "missing", "give the time of day");
  schedule->at_ms = in.TimeOfDay("at").value_or(0);
  schedule->weekdays = in.Weekdays("days");
  schedule->interval = static_cast<int32_t>(in.Whole("interval", 1, 1, 1'000));
  const std::optional<int64_t> anchor = in.Day("from");
  schedule->anchor_day = anchor.value_or(0);
  if (!anchor && (schedule->every == Every::kOnce || schedule->interval > 1)) {
    in.Complain("from", "missing", "give the day it counts from");
  }
  schedule->month_day = static_cast<int32_t>(in.Whole("day", 1, 1, 31));
  schedule->month_end = in.Choice("month_end", Schedule::MonthEnd::kLastDay,
                                  {{"last_day", Schedule::MonthEnd::kLastDay},
                                   {"skip", Schedule::MonthEnd::kSkip},
                                   {"next_day", Schedule::MonthEnd::kNextDay}});
  schedule->festival = in.Text("festival", schedule->every == Every::kFestival);
  if (!schedule->festival.empty() && !FestivalDay(schedule->festival, 2026)) {
    in.Complain("festival", "unknown_value", "there is no festival '" + schedule->festival + "'");
  }
  schedule->offset_days = static_cast<int32_t>(in.Whole("offset_days", 0, -366, 366));
  schedule->adjust = in.Choice("adjust", Adjust::kNone,
                               {{"none", Adjust::kNone},
                                {"next", Adjust::kNext},
                                {"previous", Adjust::kPrevious},
                                {"nearest", Adjust::kNearest},
                                {"drop", Adjust::kDrop}});
  schedule->catch_up = in.Choice("catch_up", Schedule::CatchUp::kLatest,
                                 {{"latest", Schedule::CatchUp::kLatest},
                                  {"all", Schedule::CatchUp::kAll},
                                  {"none", Schedule::CatchUp::kNone}});
  if (in.Has("grace")) schedule->grace = in.Length("grace");
  schedule->run_now = in.Flag("run_now");
  in.OnlyIf("days", of(Every::kWeek), "of \"every\": \"week\"");
  in.OnlyIf("interval", of(Every::kDay) || of(Every::kWeek) || of(Every::kMonth),
            "of days, weeks and months");
  in.OnlyIf("cron", of(Every::kCron), "of \"every\": \"cron\"");
  for (const std::string_view field : {"at", "adjust"})
    in.OnlyIf(field, !of(Every::kCron), "without a cron line");
  for (const std::string_view field : {"day", "month_end"})
    in.OnlyIf(field, of(Every::kMonth), "of \"every\": \"month\"");
  for (const std::string_view field : {"festival", "offset_days"})
    in.OnlyIf(field, of(Every::kFestival), "of \"every\": \"festival\"");
}

void Checker::ReadReentry(const boost::json::object& json) {
  Document in(json, {}, "reentry.", faults_);
  ReentryRule& rule = journey_->reentry;
  rule.policy = in.Choice("policy", Reentry::kOnce,
                          {{"once", Reentry::kOnce},
                           {"after_exit", Reentry::kAfterExit},
                           {"after_interval", Reentry::kAfterInterval},
                           {"always", Reentry::kAlways},
                           {"per_key", Reentry::kPerKey}});
  rule.interval = in.Length("interval", rule.policy == Reentry::kAfterInterval);
  rule.from_exit = in.Choice("from", false, {{"entry", false}, {"exit", true}});
  rule.each_key = in.Choice("each_key", Reentry::kAfterExit,
                            {{"once", Reentry::kOnce},
                             {"after_exit", Reentry::kAfterExit},
                             {"always", Reentry::kAlways}});
  if (in.Has("each_key") && rule.policy != Reentry::kPerKey)
    in.Complain("each_key", "not_together", "only with \"policy\": \"per_key\"");
  rule.limit = static_cast<uint32_t>(in.Whole("limit", 0, 1, kMaxReentryLimit));
  rule.limit_window = in.Length("per", rule.limit > 0);
  rule.max_active = static_cast<uint32_t>(in.Whole("max_active", 100, 1, 1'000));
  for (const std::string_view field : {"interval", "from"})
    in.OnlyIf(field, rule.policy == Reentry::kAfterInterval, "of \"policy\": \"after_interval\"");
  in.OnlyIf("per", rule.limit > 0, "with a \"limit\"");
  in.OnlyIf("max_active", rule.policy == Reentry::kPerKey, "of \"policy\": \"per_key\"");
  if (rule.policy == Reentry::kPerKey && journey_->entry.key.empty()) {
    in.Complain("policy", "missing_key", "per_key needs entry.key");
  }
}

void Checker::ReadGoal(const boost::json::object& json) {
  Document in(json, {}, "goal.", faults_);
  Goal goal;
  if (const std::string when = in.Text("when"); !when.empty()) {
    goal.on = {{}, when};
    in.CheckFollowed("when", when, conditions_);
    for (const std::string_view field : {"event", "where", "unique", "reversal"})
      in.OnlyIf(field, false, "of a goal without \"when\"");
  } else {
    goal.on = {in.Text("event", true), in.Text("where")};
    CheckMatch(in, "where", goal.on);
  }
  goal.every = in.Choice("count", false, {{"once", false}, {"every", true}});
  goal.value = in.Text("value");
  if (goal.on.of_customer()) in.CheckAttribute("value", goal.value, conditions_);
  goal.unique = in.Text("unique");
  goal.reversal = in.Match("reversal", false);
  goal.window = in.Length("window");
  goal.credit = in.Choice("credit", Goal::Credit::kLastTouch,
                          {{"last_touch", Goal::Credit::kLastTouch},
                           {"last_engaged", Goal::Credit::kLastEngaged},
                           {"first_touch", Goal::Credit::kFirstTouch},
                           {"linear", Goal::Credit::kLinear}});
  journey_->goal = std::move(goal);
}

void Checker::ReadRelease(const boost::json::object& json) {
  Document in(json, {}, "release.", faults_);
  journey_->release = {.who = in.Text("who"), .percent = in.Percent("percent")};
  CheckCondition(in, "who", journey_->release.who);
}

void Checker::ReadGuardrails(const boost::json::object& json) {
  Document in(json, {}, "guardrails.", faults_);
  journey_->guardrails = {.after = static_cast<uint32_t>(in.Whole("after", 100, 1, 1'000'000'000)),
                          .failed = in.Percent("failed_percent"),
                          .opted_out = in.Percent("opted_out_percent"),
                          .spend = in.Money("spend")};
}

void Checker::ReadInFlight(const boost::json::object& json) {
  Document in(json, {}, "in_flight.", faults_);
  using Policy = InFlight::Policy;
  InFlight& rule = journey_->in_flight;
  rule.policy =
      in.Choice("policy", Policy::kPin,
                {{"pin", Policy::kPin}, {"migrate", Policy::kMigrate}, {"exit", Policy::kExit}});
  rule.recall = in.Flag("recall");
  rule.apply_history = in.Flag("apply_history");
  if (const auto* removed = in.Object("removed")) {
    Document targets(*removed, {}, "in_flight.removed.", faults_);
    for (const auto& [node, target] : *removed) {
      const std::string to = targets.Text(node, true);
      const bool known = to == "next" || to == "exit" ||
                         (to.starts_with("node:") && journey_->FindNode(to.substr(5)) != kNoNode);
      if (!known) {
        targets.Complain(node, "unknown_node",
                         "say 'next', 'exit', or 'node:' and a node of this version");
      }
      rule.removed.emplace_back(node, to);
    }
  }
  if (rule.policy != Policy::kMigrate &&
      (rule.recall || rule.apply_history || !rule.removed.empty())) {
    in.Complain("policy", "missing", "the others need the policy 'migrate'");
  }
}

void Checker::ReadEdges(const std::vector<const boost::json::object*>& edges) {
  for (const auto* item : edges) {
    const auto* from_json = item->if_contains("from");
    Document in(
        *item,
        from_json && from_json->is_string() ? std::string(from_json->get_string()) : std::string(),
        "edges.", faults_);
    const std::string from = in.Text("from", true), to = in.Text("to", true);
    std::string outcome = in.Text("when");
    if (outcome.empty()) outcome = "next";
    const uint32_t source = journey_->FindNode(from), target = journey_->FindNode(to);
    if (source == kNoNode)
      in.Complain("from", "unknown_node", "there is no node '" + from + "'", {{"given", from}});
    if (target == kNoNode)
      in.Complain("to", "unknown_node", "there is no node '" + to + "'", {{"given", to}});
    if (source == kNoNode || target == kNoNode) continue;
    Node& node = journey_->nodes[source];
    const size_t place = node.OutcomeIndex(outcome);
    if (place == node.outcomes.size()) {
      in.Complain("when", "unknown_outcome", fmt::format("the node has no outcome '{}'", outcome),
                  {{"given", outcome}});
    } else if (node.next[place] != kNoNode) {
      in.Complain("when", "duplicate_edge", "two edges leave by the same outcome");
    } else {
      node.next[place] = target;
    }
  }
}

}  // namespace

std::optional<std::string_view> FindProperty(const Properties& properties, std::string_view name) {
  for (const auto& [key, value] : properties) {
    if (key == name) return value;
  }
  return {};
}

const std::string& Attempt::TextFor(uint32_t wave) const {
  const auto own = std::ranges::find(wave_texts, wave, &std::pair<uint32_t, std::string>::first);
  return own == wave_texts.end() ? text : own->second;
}

std::string NumberText(double number) { return fmt::format("{:.15g}", number); }

std::optional<double> NumberOf(std::string_view text) {
  double number = 0;
  const char* end = text.data() + text.size();
  const auto [read, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || read != end || !std::isfinite(number)) return {};
  return number;
}

size_t Node::OutcomeIndex(std::string_view outcome) const {
  return static_cast<size_t>(std::ranges::find(outcomes, outcome) - outcomes.begin());
}

uint32_t Journey::FindNode(std::string_view node_id) const {
  const auto found = std::ranges::find(nodes, node_id, &Node::id);
  return found == nodes.end() ? kNoNode : static_cast<uint32_t>(found - nodes.begin());
}

std::vector<uint32_t> SameNodes(const Journey& from, const Journey& to) {
  std::vector<uint32_t> same;
  for (const Node& node : from.nodes) {
    const uint32_t place = to.FindNode(node.id);
    same.push_back(place != kNoNode && to.nodes[place].kind == node.kind ? place : kNoNode);
  }
  return same;
}

Checked CheckJourney(std::string_view json, const Conditions& conditions, Zone zone,
                     bool published_before) {
  Checked checked;
  if (json.size() > kMaxDefinitionBytes) {
    checked.faults.push_back({{}, {}, "too_large", "a journey has at most 1 MiB"});
    return checked;
  }
  boost::system::error_code fault;
  const boost::json::value document = boost::json::parse(json, fault);
  const auto* object = fault ? nullptr : document.if_object();
  if (!object) {
    checked.faults.push_back(
        {{}, {}, "bad_json", fault ? "not JSON: " + fault.message() : "give a JSON object"});
    return checked;
  }
  const auto journey = std::make_shared<Journey>();
  journey->zone = zone;
  Checker(conditions, &checked.faults).Read(*object, journey.get());
  if (published_before)
    std::erase_if(checked.faults, [](const Fault& one) {
      return one.code == kNoEffect || one.code == kTooFrequent;
    });
  journey->json = json;
  if (std::ranges::all_of(checked.faults, &Fault::warning)) checked.journey = journey;
  return checked;
}

Error AsError(const std::vector<Fault>& faults) {
  std::string message;
  for (const Fault& fault : faults) {
    if (fault.warning) continue;
    if (!message.empty()) message += "; ";
    message += fault.node.empty() ? fault.field : "node '" + fault.node + "' " + fault.field;
    message += ": " + fault.message + " (" + fault.code + ")";
  }
  return Error(Code::kInvalid, "journey_invalid", std::move(message));
}

}  // namespace waypost::journeys
