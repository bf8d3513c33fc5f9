#include "segments/segments.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "analytics/rules.h"
#include "base/nearest.h"
#include "eql/rule_json.h"
#include "eql/text.h"
#include "exec/selector.h"
#include "model/time_text.h"
#include "segments/live_rule.h"
#include "segments/member_file.h"

namespace waypost::segments {

// A rule as a body gives it.
struct ReadRule {
  eql::Query query;
  analytics::ResolvedQuery resolved;
};

namespace {

namespace json = boost::json;
using catalog::Definition;
using catalog::Reference;

constexpr std::string_view kSegment = "segment";
constexpr std::string_view kList = "list";
constexpr std::string_view kLive = "live";
constexpr std::string_view kTag = "tag";
constexpr size_t kRunsShown = 400;

Error Bad(std::string_view what) { return Error(Code::kInvalid, "bad_request", std::string(what)); }

Result<json::object> ReadBody(std::string_view body) {
  json::error_code error;
  json::parse_options options;
  options.max_depth = 96;
  json::value value = json::parse(body, error, {}, options);
  if (error) return Error(Code::kInvalid, "bad_json", "the body is no JSON: " + error.message());
  if (!value.is_object()) return Bad("send a JSON object");
  return std::move(value.get_object());
}

// A member that is a text; empty when it is not there.
Result<std::string> Text(const json::object& body, std::string_view key, size_t most = 200) {
  const json::value* value = body.if_contains(key);
  if (!value) return std::string();
  if (!value->is_string() || value->get_string().size() > most)
    return Bad(fmt::format("\"{}\" is a text of up to {} bytes", key, most));
  return std::string(value->get_string());
}

Result<> Only(const json::object& body, std::initializer_list<std::string_view> keys) {
  const std::vector<std::string> known(keys.begin(), keys.end());
  for (const auto& member : body) {
    if (std::ranges::find(known, std::string(member.key())) != known.end()) continue;
    const std::string nearest = Nearest(member.key(), known);
    return Bad(fmt::format("\"{}\" does not belong here{}", std::string_view(member.key()),
                           nearest.empty() ? "" : "; did you mean \"" + nearest + "\"?"));
  }
  return {};
}

Result<eql::Query> QueryOf(const json::object& body) {
  json::object form;
  for (const std::string_view key : {"eql", "rule"}) {
    if (const json::value* value = body.if_contains(key)) form[key] = *value;
  }
  return analytics::ReadQueryForm(form);
}

json::object DefinitionJson(const Definition& d) {
  json::object out{{"id", d.id},
                   {"version", d.version},
                   {"name_zh", d.name_zh},
                   {"name_en", d.name_en},
                   {"owner", d.owner},
                   {"created", DateTimeText(d.created_ms)},
                   {"changed", DateTimeText(d.changed_ms)}};
  json::error_code error;
  const json::value body = json::parse(d.body, error);
  if (!error && body.is_object()) {
    for (const auto& member : body.get_object()) out[member.key()] = member.value();
  }
  return out;
}

json::array ReferencesJson(const std::vector<Reference>& references) {
  json::array out;
  for (const Reference& r : references) out.push_back({{"kind", r.kind}, {"id", r.id}});
  return out;
}

json::object EntryJson(const catalog::Entry& entry) {
  json::object out{{"run", entry.number}, {"at", DateTimeText(entry.at_ms)}};
  json::error_code error;
  const json::value body = json::parse(entry.body, error);
  if (!error && body.is_object()) {
    for (const auto& member : body.get_object()) out[member.key()] = member.value();
  }
  return out;
}

uint64_t CountCommon(const exec::CustomerBits& a, const exec::CustomerBits& b) {
  uint64_t count = 0;
  for (size_t w = 0; w < std::min(a.size(), b.size()); ++w)
    count += static_cast<uint64_t>(std::popcount(a[w] & b[w]));
  return count;
}

double Share(uint64_t part, uint64_t whole) {
  return whole ? static_cast<double>(part) / static_cast<double>(whole) : 0;
}

// What each part of a rule selects, in the order written.
json::object ReportJson(const eql::Query& query, const exec::SelectionReport& report) {
  json::object out;
  json::array leaves, after;
  if (!query.where.empty()) {
    std::vector<const eql::Rule*> rules;
    eql::CollectLeaves(query.where[0], &rules);
    for (size_t leaf = 0; leaf < rules.size(); ++leaf) {
      leaves.push_back({{"eql", eql::FormatRule(*rules[leaf])},
                        {"estimated", report.leaves[leaf].estimated},
                        {"count", report.leaves[leaf].selected}});
    }
    const bool all = query.where[0].kind == eql::Rule::Kind::kAnd;
    for (size_t part = 0; part < report.after.size(); ++part) {
      after.push_back({{"eql", eql::FormatRule(all ? query.where[0].of[part] : query.where[0])},
                       {"left", report.after[part]}});
    }
  }
  out["everyone"] = report.everyone;
  out["leaves"] = std::move(leaves);
  out["after"] = std::move(after);
  return out;
}

analytics::AskOptions OptionsOf(const Moment& moment, const analytics::MemberSets& sets) {
  return {.now_ms = moment.now_ms,
          .default_zone = moment.zone,
          .threads = moment.threads,
          .sets = &sets,
          .tags = moment.tags,
          .snapshot = &moment.snapshot};
}

Result<ReadRule> Resolve(const json::object& body, const Moment& moment, Segments& segments) {
  ReadRule rule;
  rule.query = TRY(QueryOf(body));
  const CatalogSets sets(segments, moment.snapshot);
  rule.resolved = TRY(analytics::ResolveQuery(rule.query, moment.names, OptionsOf(moment, sets)));
  const uint64_t rows = exec::RowsToRead(rule.resolved.rule, moment.snapshot);
  if (rows > moment.max_rows) {
    return Error(Code::kTooLarge, "too_large",
                 fmt::format("the rule would read {} rows of events, over {}: shorten its ranges, "
                             "name fewer events or take parts of it out",
                             rows, moment.max_rows));
  }
  return rule;
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
Result<std::vector<Reference>> Segments::UsesOf(const ReadRule& rule, std::string_view own_id) {
  std::vector<Reference> uses;
  const auto add = [&](eql::Rule::Kind kind, std::string_view word) -> Result<> {
    for (const std::string& name : eql::NamesOf(rule.query, kind))
      uses.push_back({std::string(word), TRY(FindNamed(word, name)).id});
    return {};
  };
  TRY(add(eql::Rule::Kind::kSegment, kSegment));
  TRY(add(eql::Rule::Kind::kList, kList));
  TRY(add(eql::Rule::Kind::kTag, kTag));
  std::vector<Reference> open = uses;
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
    open.insert(open.end(), definition.uses.begin(), definition.uses.end());
  }
  return uses;
}

Result<Definition> Segments::DefinitionOf(std::string_view form, const Moment& moment,
                                          std::string_view id) {
  const json::object body = TRY(ReadBody(form));
  TRY(Only(body, {"id", "version", "name_zh", "name_en", "owner", "eql", "rule", "refresh"}));
  const ReadRule rule = TRY(Resolve(body, moment, *this));
  const std::string refresh = TRY(Text(body, "refresh"));
  if (!refresh.empty() && refresh != kLive)
    return Bad("\"refresh\" is \"live\", or left out for a segment that is run when asked");
  if (refresh == kLive) TRY(LiveRule::Check(rule.query, rule.resolved));
  Definition definition;
  if (id.empty()) {
    definition.kind = kSegment;
    definition.id = TRY(Text(body, "id"));
  } else {
    definition = TRY(catalog_.Get({std::string(kSegment), std::string(id)}));
  }
  for (const auto& [key, text] : {std::pair{"name_zh", &definition.name_zh},
                                  {"name_en", &definition.name_en},
                                  {"owner", &definition.owner}}) {
    if (body.contains(key)) *text = TRY(Text(body, key));
  }
  definition.version = 0;
  definition.state = "live";
  definition.uses = TRY(UsesOf(rule, definition.id));
  json::object kept{{"eql", eql::FormatQuery(rule.query)}, {"rule", eql::QueryToJson(rule.query)}};
  if (refresh == kLive) kept["refresh"] = kLive;
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
                                      {"uses", ReferencesJson(TRY(UsesOf(rule, "")))}});
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
    count = exec::CountBits(exec::Select(rule.resolved.rule, moment.snapshot, moment.threads));
    everyone = exec::CountBits(exec::AllCustomers(moment.snapshot));
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
    const auto runs = TRY(catalog_.Entries({d.kind, d.id}, 1));
    if (!runs.empty()) one["last_run"] = EntryJson(runs[0]);
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
  json::array runs;
  for (const catalog::Entry& run : TRY(catalog_.Entries(of, kRunsShown)))
    runs.push_back(EntryJson(run));
  out["runs"] = std::move(runs);
  return json::serialize(out);
}

Result<std::vector<LiveDefinition>> Segments::LiveDefinitions() {
  std::vector<LiveDefinition> live;
  for (const Definition& d : TRY(catalog_.List(kSegment))) {
    const json::object body = TRY(ReadBody(d.body));
    if (!body.contains("refresh")) continue;
    live.push_back({d.id, d.name_zh, d.name_en, d.version, d.created_ms,
                    TRY(eql::QueryFromJson(body.at("rule")))});
  }
  return live;
}

Result<int64_t> Segments::RunCount() {
  int64_t count = 0;
  for (const std::string_view kind : {kSegment, kList}) {
    for (const Definition& d : TRY(catalog_.List(kind))) {
      const auto newest = TRY(catalog_.Entries({d.kind, d.id}, 1));
      if (!newest.empty()) count += newest[0].number;
    }
  }
  return count;
}

std::string Segments::PathOf(const Reference& of, int64_t created_ms, int64_t number) const {
  return fmt::format("{}/{}-{}-{}-{}.members", directory_, of.kind, of.id, created_ms, number);
}

Result<Segments::Kept> Segments::Keep(const Definition& of, const exec::CustomerBits& members,
                                      const Moment& moment, int64_t base_ms,
                                      std::string_view more) {
  const Reference reference{of.kind, of.id};
  const std::lock_guard lock(keeping_);
  const auto last = TRY(catalog_.Entries(reference, 1));
  const int64_t number = last.empty() ? 1 : last[0].number + 1;
  json::object entry{{"version", of.version},
                     {"count", exec::CountBits(members)},
                     {"base_time", DateTimeText(base_ms)},
                     {"snapshot", moment.snapshot.id},
                     {"incomplete", !moment.snapshot.damaged_parts.empty()}};
  if (!last.empty()) {
    const exec::CustomerBits before =
        TRY(MemberBits(of.kind, of.id, last[0].number, moment.snapshot));
    const uint64_t stayed = CountCommon(before, members);
    entry["came"] = exec::CountBits(members) - stayed;
    entry["left"] = exec::CountBits(before) - stayed;
  }
  const json::value added = json::parse(more);
  for (const auto& member : added.get_object()) entry[member.key()] = member.value();
  // First the members, then the entry that makes them count.
  TRY(WriteMembers(files_, PathOf(reference, of.created_ms, number), members));
  Kept kept;
  kept.body = json::serialize(entry);
  kept.number = TRY(catalog_.Record(reference, moment.now_ms, kept.body));
  return kept;
}

Result<std::string> Segments::Run(std::string_view id, const Moment& moment) {
  const Definition definition = TRY(catalog_.Get({std::string(kSegment), std::string(id)}));
  const json::object body = TRY(ReadBody(definition.body));
  json::object form{{"rule", body.at("rule")}};
  const ReadRule rule = TRY(Resolve(form, moment, *this));
  exec::SelectionReport report =
      exec::SelectAndReport(rule.resolved.rule, moment.snapshot, moment.threads);
  if (rule.resolved.limit) {
    report.customers = exec::Choose(report.customers, rule.resolved.limit, rule.resolved.seed);
  }
  const Kept kept = TRY(Keep(definition, report.customers, moment, rule.resolved.base_ms,
                             json::serialize(ReportJson(rule.query, report))));
  return json::serialize(EntryJson({kept.number, moment.now_ms, kept.body}));
}

Result<exec::CustomerBits> Segments::MemberBits(std::string_view kind, std::string_view id,
                                                int64_t number,
                                                const column::SnapshotView& snapshot) {
  const Reference of{std::string(kind), std::string(id)};
  const Definition definition = TRY(catalog_.Get(of));
  if (number == 0 && live_ && kind == kSegment) {
    if (const auto members = live_->Find(id)) return exec::Canonical(*members, snapshot);
  }
  if (number == 0) number = TRY(NewestRun(of));
  return exec::Canonical(TRY(ReadMembers(files_, PathOf(of, definition.created_ms, number))),
                         snapshot);
}

Result<int64_t> Segments::NewestRun(const Reference& of) {
  const auto last = TRY(catalog_.Entries(of, 1));
  if (!last.empty()) return last[0].number;
  return Error(Code::kNotFound, "not_found",
               fmt::format("the {} '{}' has not been run yet: run it first", of.kind, of.id));
}

Result<Segments::LastRun> Segments::LastRunOf(std::string_view kind, std::string_view name,
                                              int64_t known) {
  const Definition definition = TRY(FindNamed(kind, name));
  const Reference of{definition.kind, definition.id};
  if (const auto members = live_ && kind == kSegment ? live_->Find(of.id) : std::nullopt)
    return LastRun{of.id, true, known + 1, std::make_shared<const exec::CustomerBits>(*members)};
  LastRun run{.id = of.id, .live = false, .number = TRY(NewestRun(of)), .members = nullptr};
  if (run.number == known) return run;
  run.members = std::make_shared<const exec::CustomerBits>(
      TRY(ReadMembers(files_, PathOf(of, definition.created_ms, run.number))));
  return run;
}

Result<std::string> Segments::Members(std::string_view id, int64_t number, size_t limit,
                                      const Moment& moment) {
  const exec::CustomerBits bits = TRY(MemberBits(kSegment, id, number, moment.snapshot));
  limit = std::min(limit, kMaxMembersGiven);
  json::array members;
  for (size_t w = 0; w < bits.size() && members.size() < limit; ++w) {
    for (uint64_t left = bits[w]; left && members.size() < limit; left &= left - 1) {
      const auto ordinal =
          static_cast<uint32_t>(w * 64) + static_cast<uint32_t>(std::countr_zero(left));
      members.push_back({{"ordinal", ordinal}, {"name", moment.names.CustomerName(ordinal)}});
    }
  }
  return json::serialize(
      json::object{{"count", exec::CountBits(bits)}, {"members", std::move(members)}});
}

Result<std::string> Segments::Overlap(std::string_view text, const Moment& moment) {
  const json::object body = TRY(ReadBody(text));
  TRY(Only(body, {"segments"}));
  const json::value* ids = body.if_contains("segments");
  if (!ids || !ids->is_array() || ids->get_array().empty() ||
      ids->get_array().size() > kMaxCompared)
    return Bad(fmt::format("send {{\"segments\": [1 to {} ids]}}", kMaxCompared));
  std::vector<exec::CustomerBits> sets;
  json::array sizes, shared;
  for (const json::value& id : ids->get_array()) {
    if (!id.is_string()) return Bad("\"segments\" is a list of ids");
    sets.push_back(TRY(MemberBits(kSegment, id.get_string(), 0, moment.snapshot)));
    sizes.push_back({{"id", id.get_string()}, {"count", exec::CountBits(sets.back())}});
  }
  for (const auto& a : sets) {
    json::array row;
    for (const auto& b : sets) row.push_back(CountCommon(a, b));
    shared.push_back(std::move(row));
  }
  return json::serialize(
      json::object{{"segments", std::move(sizes)}, {"shared", std::move(shared)}});
}

Result<std::string> Segments::Upload(std::string_view text, const Moment& moment) {
  const json::object body = TRY(ReadBody(text));
  TRY(Only(body, {"id", "name_zh", "name_en", "owner", "key", "values"}));
  const std::string key = TRY(Text(body, "key"));
  const json::value* values = body.if_contains("values");
  if (key.empty() || !values || !values->is_array() || values->get_array().size() > kMaxListed) {
    return Bad(
        fmt::format("send \"key\" (as \"login_id\") and \"values\", up to {} of them", kMaxListed));
  }
  exec::CustomerBits members((size_t{moment.snapshot.ordinal_count} + 63) / 64);
  uint64_t matched = 0;
  json::array unmatched;
  for (const json::value& value : values->get_array()) {
    if (!value.is_string()) return Bad("\"values\" is a list of texts");
    const auto ordinal = moment.find(key, value.get_string());
    if (ordinal && *ordinal < moment.snapshot.ordinal_count) {
      members[*ordinal / 64] |= uint64_t{1} << (*ordinal % 64);
      ++matched;
    } else if (unmatched.size() < 10) {
      unmatched.push_back(value);
    }
  }
  Definition definition{.kind = std::string(kList),
                        .id = TRY(Text(body, "id")),
                        .name_zh = TRY(Text(body, "name_zh")),
                        .name_en = TRY(Text(body, "name_en")),
                        .owner = TRY(Text(body, "owner")),
                        .state = "live",
                        .body = json::serialize(json::object{{"key", key}})};
  Result<Definition> known = catalog_.Get({definition.kind, definition.id});
  if (known.ok()) {
    definition = std::move(known).value();
  } else if (known.error().code() == Code::kNotFound) {
    definition = TRY(catalog_.Create(definition, moment.now_ms));
  } else {
    return known.error();
  }
  const uint64_t given = values->get_array().size();
  const json::object more{{"given", given},
                          {"matched", matched},
                          {"unmatched", given - matched},
                          {"match_rate", Share(matched, given)},
                          {"unmatched_examples", std::move(unmatched)}};
  const Kept kept = TRY(Keep(definition, exec::Canonical(members, moment.snapshot), moment,
                             moment.now_ms, json::serialize(more)));
  return json::serialize(EntryJson({kept.number, moment.now_ms, kept.body}));
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

Result<> Segments::CopyTo(const std::string& directory) {
  const std::lock_guard lock(keeping_);
  for (const io::DirectoryEntry& entry : TRY(files_.List(directory_))) {
    if (entry.name.ends_with(".tmp")) continue;  // of a run that was cut short
    const std::string name = "/" + entry.name;
    TRY(WriteMembers(files_, directory + name, TRY(ReadMembers(files_, directory_ + name))));
  }
  return {};
}

}  // namespace waypost::segments
