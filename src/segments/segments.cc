#include "segments/segments.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "analytics/lookout.h"
#include "base/nearest.h"
#include "eql/rule_json.h"
#include "eql/text.h"
#include "model/time_text.h"
#include "segments/read_rule.h"
#include "segments/segment_json.h"

namespace waypost::segments {

namespace json = boost::json;
using catalog::Definition;
using catalog::Reference;

namespace {

constexpr std::string_view kLive = "live";
constexpr std::string_view kTag = "tag";
constexpr std::string_view kTable = "table";
constexpr size_t kRunsShown = 400;

// The schedule that a body sets, and since when: as long as it is the one of the version before, it
// goes on.
Result<json::object> ScheduleOf(const json::object& body, const json::object& before,
                                int64_t now_ms) {
  const json::value* given = body.if_contains("schedule");
  const json::value* was = before.if_contains("schedule");
  if (!given) return was ? was->as_object() : json::object();
  const Form form(*given, kBadSegment, "schedule");
  json::object schedule = analytics::ScheduleJson(TRY(analytics::ReadSchedule(form)));
  if (schedule.empty()) return schedule;
  const auto same = [&](std::string_view key) { return was->at(key) == schedule[key]; };
  if (was && same("cron") && same("zone")) return was->as_object();
  schedule["since"] = DateTimeText(now_ms);
  return schedule;
}

}  // namespace

Result<analytics::MemberSets::Members> CatalogSets::Find(std::string_view kind,
                                                         std::string_view name) const {
  const Definition found = TRY(segments_.FindNamed(kind, name));
  return std::make_shared<const exec::CustomerBits>(
      TRY(segments_.MemberBits(kind, found.id, 0, snapshot_)));
}

Result<Definition> Segments::FindNamed(std::string_view kind, std::string_view name) {
  std::vector<std::string> known;
  for (Definition& d : TRY(catalog_.List(kind))) {
    if (d.id == name || d.name_zh == name || d.name_en == name) return std::move(d);
    for (const std::string& called : {d.id, d.name_zh, d.name_en}) {
      if (!called.empty()) known.push_back(called);
    }
  }
  const std::string nearest = Nearest(name, known);
  return Error(Code::kNotFound, "not_found",
               fmt::format("there is no {} '{}'{}", kind, name,
                           nearest.empty() ? "" : "; did you mean '" + nearest + "'?"));
}

// The segments, lists and tags a rule names. A segment must not be made of itself, also not through
// others: its runs would mean nothing.
Result<std::vector<Reference>> Segments::UsesOf(const ReadRule& rule, const Moment& moment,
                                                std::string_view own_id) {
  std::vector<Reference> uses;
  const auto add = [&](eql::Rule::Kind kind, std::string_view word) -> Result<> {
    for (const std::string& name : eql::NamesOf(rule.query, kind))
      uses.push_back({std::string(word), TRY(FindNamed(word, name)).id});
    return {};
  };
  TRY(add(eql::Rule::Kind::kSegment, kSegment));
  TRY(add(eql::Rule::Kind::kList, kList));
  TRY(add(eql::Rule::Kind::kTag, kTag));
  // Tables are no definitions of the catalog; it knows who uses them.
  std::vector<Reference> open = uses;
  for (const std::string& name : eql::NamesOf(rule.query, eql::Rule::Kind::kRelated))
    uses.push_back({std::string(kTable), TRY(moment.tables->Find(name)).table->id});
  std::set<Reference> seen;
  while (!open.empty()) {
    const Reference used = open.back();
    open.pop_back();
    if (used.kind == kSegment && used.id == own_id) {
      return Error(Code::kInvalid, "eql_unknown",
                   fmt::format("the segment '{}' would be made of itself", own_id));
    }
    if (!seen.insert(used).second) continue;
    const Definition definition = TRY(catalog_.Get(used));
    std::ranges::remove_copy(definition.uses, std::back_inserter(open), kTable, &Reference::kind);
  }
  return uses;
}

Result<Definition> Segments::DefinitionOf(std::string_view form, const Moment& moment,
                                          std::string_view id) {
  const json::object body = TRY(ReadBody(form));
  TRY(Only(body,
           {"id", "version", "name_zh", "name_en", "owner", "eql", "rule", "refresh", "schedule"}));
  const ReadRule rule = TRY(Resolve(body, moment, *this));
  const std::string refresh = TRY(Text(body, "refresh"));
  if (!refresh.empty() && refresh != kLive)
    return Bad("\"refresh\" is \"live\", or left out for a segment that is run");
  if (refresh == kLive) TRY(analytics::Lookout::Check(rule.query, rule.resolved));
  Definition definition;
  json::object before;
  if (id.empty()) {
    definition.kind = kSegment;
    definition.id = TRY(Text(body, "id"));
  } else {
    definition = TRY(catalog_.Get({std::string(kSegment), std::string(id)}));
    before = TRY(ReadBody(definition.body));
  }
  for (const auto& [key, text] : {std::pair{"name_zh", &definition.name_zh},
                                  {"name_en", &definition.name_en},
                                  {"owner", &definition.owner}}) {
    if (body.contains(key)) *text = TRY(Text(body, key));
  }
  definition.version = 0;
  definition.state = "live";
  definition.uses = TRY(UsesOf(rule, moment, definition.id));
  json::object kept{{"eql", eql::FormatQuery(rule.query)}, {"rule", eql::QueryToJson(rule.query)}};
  if (refresh == kLive) kept["refresh"] = kLive;
  json::object schedule = TRY(ScheduleOf(body, before, moment.now_ms));
  if (!schedule.empty()) kept["schedule"] = std::move(schedule);
  definition.body = json::serialize(kept);
  if (const json::value* version = body.if_contains("version")) {
    if (!version->is_int64()) return Bad("\"version\" is a whole number");
    definition.version = version->get_int64();
  }
  return definition;
}

Result<std::string> Segments::Check(std::string_view text, const Moment& moment) {
  const json::object body = TRY(ReadBody(text));
  TRY(Only(body, {"eql", "rule"}));
  const ReadRule rule = TRY(Resolve(body, moment, *this));
  return json::serialize(json::object{{"eql", eql::FormatQuery(rule.query)},
                                      {"rule", eql::QueryToJson(rule.query)},
                                      {"uses", ReferencesJson(TRY(UsesOf(rule, moment, "")))}});
}

Result<std::string> Segments::Estimate(std::string_view text, const Moment& moment) {
  const json::object body = TRY(ReadBody(text));
  TRY(Only(body, {"eql", "rule", "explain"}));
  const ReadRule rule = TRY(Resolve(body, moment, *this));
  const json::value* explain = body.if_contains("explain");
  json::object out;
  uint64_t count = 0, everyone = 0;
  if (explain && explain->is_bool() && explain->get_bool()) {
    const exec::SelectionReport report =
        exec::SelectAndReport(rule.resolved.rule, moment.snapshot, moment.threads);
    count = exec::CountBits(report.customers);
    everyone = report.everyone;
    out = ReportJson(rule.query, report);
  } else {
    count = exec::CountSelected(rule.resolved.rule, moment.snapshot, moment.threads);
    everyone = exec::CountSelected({}, moment.snapshot, moment.threads);
  }
  if (rule.resolved.limit) count = std::min(count, rule.resolved.limit);
  out["count"] = count;
  out["everyone"] = everyone;
  out["share"] = Share(count, everyone);
  out["snapshot"] = moment.snapshot.id;
  out["base_time"] = DateTimeText(rule.resolved.base_ms);
  out["incomplete"] = !moment.snapshot.damaged_parts.empty();
  return json::serialize(out);
}

Result<std::string> Segments::Create(std::string_view body, const Moment& moment) {
  const Definition definition = TRY(DefinitionOf(body, moment, ""));
  const Definition made = TRY(catalog_.Create(definition, moment.now_ms));
  if (live_) live_->Changed();
  return json::serialize(DefinitionJson(made));
}

Result<std::string> Segments::Change(std::string_view id, std::string_view body,
                                     const Moment& moment) {
  const Definition definition = TRY(DefinitionOf(body, moment, id));
  if (definition.version == 0)
    return Bad("say the \"version\" that the change was made from, as GET shows it");
  const Definition made = TRY(catalog_.Change(definition, moment.now_ms));
  if (live_) live_->Changed();
  return json::serialize(DefinitionJson(made));
}

Result<> Segments::Remove(std::string_view id) {
  const Reference of{std::string(kSegment), std::string(id)};
  const Definition definition = TRY(catalog_.Get(of));
  const std::vector<catalog::Entry> runs = TRY(catalog_.Entries(of, SIZE_MAX >> 1));
  TRY(catalog_.Remove(of));
  if (live_) live_->Changed();
  // A file that stays behind is nobody's: its name holds when its segment was made.
  for (const catalog::Entry& run : runs)
    (void)files_.Remove(PathOf(of, definition.created_ms, run.number));
  return {};
}

Result<std::string> Segments::List() {
  json::array items;
  for (const Definition& d : TRY(catalog_.List(kSegment))) {
    json::object one = DefinitionJson(d);
    one.erase("rule");
    const auto newest = TRY(catalog_.Entries({d.kind, d.id}, 1));
    if (!newest.empty()) {
      json::object run = KeptRun(newest[0]);
      if (IsFailure(newest[0])) one["last_failure"] = FailureJson(newest[0]);
      if (!run.empty()) one["last_run"] = std::move(run);
    }
    items.push_back(std::move(one));
  }
  return json::serialize(json::object{{"items", std::move(items)}});
}

Result<std::string> Segments::Show(std::string_view id) {
  const Reference of{std::string(kSegment), std::string(id)};
  const Definition definition = TRY(catalog_.Get(of));
  json::object out = DefinitionJson(definition);
  out["uses"] = ReferencesJson(definition.uses);
  out["used_by"] = ReferencesJson(TRY(catalog_.UsersOf(of)));
  json::array runs, failures;
  for (const catalog::Entry& run : TRY(catalog_.Entries(of, kRunsShown))) {
    if (IsFailure(run))
      failures.push_back(FailureJson(run));
    else
      runs.push_back(EntryJson(run));
  }
  out["runs"] = std::move(runs);
  if (!failures.empty()) out["failures"] = std::move(failures);
  json::array versions;
  for (const Definition& version : TRY(catalog_.Versions(of))) {
    json::object one = DefinitionJson(version);
    one.erase("rule");
    versions.push_back(std::move(one));
  }
  out["versions"] = std::move(versions);
  return json::serialize(out);
}

Result<std::vector<analytics::Planned>> Segments::Plans() {
  std::vector<analytics::Planned> plans;
  for (const Definition& d : catalog::UsedFirst(TRY(catalog_.List(kSegment)))) {
    const json::object body = TRY(ReadBody(d.body));
    const json::value* schedule = body.if_contains("schedule");
    if (!schedule) continue;
    const auto text = [&](std::string_view key) {
      return std::string(schedule->at(key).as_string());
    };
    const auto since = ParseDateTime(text("since"));
    const auto newest = TRY(catalog_.Entries({d.kind, d.id}, 1));
    const int64_t ran_ms = newest.empty() ? 0 : newest[0].at_ms;
    plans.push_back({d.id, {text("cron"), text("zone")}, std::max(since->UtcMs(), ran_ms)});
  }
  return plans;
}

Result<std::vector<LiveDefinition>> Segments::LiveDefinitions() {
  std::vector<LiveDefinition> live;
  for (const Definition& d : TRY(catalog_.List(kSegment))) {
    if (auto rule = TRY(LiveRuleOf(d)))
      live.push_back({d.id, d.name_zh, d.name_en, d.version, d.created_ms, *std::move(rule)});
  }
  return live;
}

Result<std::string> Segments::Lists() {
  json::array items;
  for (const Definition& d : TRY(catalog_.List(kList))) {
    json::object one = DefinitionJson(d);
    const auto runs = TRY(catalog_.Entries({d.kind, d.id}, 1));
    if (!runs.empty()) one["last_run"] = EntryJson(runs[0]);
    items.push_back(std::move(one));
  }
  return json::serialize(json::object{{"items", std::move(items)}});
}

}  // namespace waypost::segments
