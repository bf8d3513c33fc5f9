// Runs: who was selected, kept and read again.
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <boost/json.hpp>

#include "exec/limit.h"
#include "exec/selector.h"
#include "model/time_text.h"
#include "segments/member_file.h"
#include "segments/read_rule.h"
#include "segments/segment_json.h"
#include "segments/segments.h"

namespace waypost::segments {

namespace json = boost::json;
using catalog::Definition;
using catalog::Reference;

namespace {

uint64_t CountCommon(const exec::CustomerBits& a, const exec::CustomerBits& b) {
  uint64_t count = 0;
  for (size_t w = 0; w < std::min(a.size(), b.size()); ++w)
    count += static_cast<uint64_t>(std::popcount(a[w] & b[w]));
  return count;
}

// Who is not in the snapshot is as nobody.
bool IsThere(std::optional<uint64_t> ordinal, const column::SnapshotView& snapshot) {
  return ordinal && *ordinal < snapshot.ordinal_count &&
         !snapshot.IsErased(static_cast<uint32_t>(*ordinal));
}

constexpr size_t kUnmatchedShown = 10;

// Whom an upload means, of the customers there are now.
struct Listed {
  exec::CustomerBits members;
  uint64_t given = 0, matched = 0;
  size_t most_unmatched;
  json::array unmatched;  // the first ones

  Listed(size_t ordinal_count, uint64_t count, size_t most)
      : members((ordinal_count + 63) / 64), given(count), most_unmatched(most) {}
  void Add(std::optional<uint64_t> ordinal, const json::value& said,
           const column::SnapshotView& snapshot) {
    if (IsThere(ordinal, snapshot)) {
      members[*ordinal / 64] |= uint64_t{1} << (*ordinal % 64);
      ++matched;
    } else if (unmatched.size() < most_unmatched) {
      unmatched.push_back(said);
    }
  }
};

Result<Listed> ReadListed(const json::object& body, const std::string& key, const Moment& moment) {
  const json::value* ordinals = body.if_contains("ordinals");
  const json::value* values = body.if_contains("values");
  const json::value* said = ordinals ? ordinals : values;
  if (!said || (ordinals && values) || (values && key.empty()) || !said->is_array() ||
      said->get_array().size() > kMaxListed) {
    return Bad(fmt::format(
        "send \"key\" (as \"login\") and \"values\", or the \"ordinals\" of an answer; up to {}",
        kMaxListed));
  }
  const std::string unmatched = TRY(Text(body, "unmatched"));
  if (!unmatched.empty() && unmatched != "all") return Bad("\"unmatched\" is \"all\", or left out");
  Listed listed(moment.snapshot.ordinal_count, said->get_array().size(),
                unmatched.empty() ? kUnmatchedShown : kMaxListed);
  for (const json::value& one : said->get_array()) {
    if (ordinals ? !one.is_int64() || one.get_int64() < 0 : !one.is_string()) {
      return Bad(ordinals ? "\"ordinals\" is a list of whole numbers"
                          : "\"values\" is a list of texts");
    }
    listed.Add(ordinals ? static_cast<uint64_t>(one.get_int64())
                        : std::optional<uint64_t>(moment.find(key, one.get_string())),
               one, moment.snapshot);
  }
  return listed;
}

io::CheckFile WholeMembers(io::FileSystem& files) {
  return [&files](const std::string& path) -> Result<> {
    TRY(ReadMembers(files, path));
    return {};
  };
}

}  // namespace

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

Result<std::string> Segments::Keep(const Definition& of, const exec::CustomerBits& members,
                                   const Moment& moment, int64_t base_ms,
                                   const json::object& more) {
  const Reference reference{of.kind, of.id};
  const std::lock_guard lock(keeping_);
  const auto last = TRY(catalog_.Entries(reference, 1));
  const int64_t number = last.empty() ? 1 : last[0].number + 1;
  json::object entry{{"version", of.version},
                     {"count", exec::CountBits(members)},
                     {"base_time", DateTimeText(base_ms)},
                     {"snapshot", moment.snapshot.id},
                     {"incomplete", !moment.snapshot.damaged_parts.empty()}};
  const json::object kept_before = last.empty() ? json::object() : KeptRun(last[0]);
  if (!kept_before.empty()) {
    const exec::CustomerBits before =
        TRY(MemberBits(of.kind, of.id, kept_before.at("run").as_int64(), moment.snapshot));
    const uint64_t stayed = CountCommon(before, members);
    entry["came"] = exec::CountBits(members) - stayed;
    entry["left"] = exec::CountBits(before) - stayed;
  }
  for (const auto& member : more) entry[member.key()] = member.value();
  // First the members, then the entry that makes them count.
  TRY(WriteMembers(files_, PathOf(reference, of.created_ms, number), members));
  const std::string body = json::serialize(entry);
  const int64_t recorded = TRY(catalog_.Record(reference, moment.now_ms, body));
  return json::serialize(EntryJson({recorded, moment.now_ms, body}));
}

Result<std::string> Segments::Run(std::string_view id, const Moment& moment) {
  const Definition definition = TRY(catalog_.Get({std::string(kSegment), std::string(id)}));
  return Evaluate(definition, moment, {});
}

Result<std::string> Segments::Evaluate(const Definition& definition, const Moment& moment,
                                       json::object more) {
  const json::object body = TRY(ReadBody(definition.body));
  json::object form{{"rule", body.at("rule")}};
  const ReadRule rule = TRY(Resolve(form, moment, *this));
  exec::SelectionReport report =
      exec::SelectAndReport(rule.resolved.rule, moment.snapshot, moment.threads);
  if (rule.resolved.limit) {
    report.customers = exec::Choose(report.customers, rule.resolved.limit, rule.resolved.seed);
  }
  for (auto& member : ReportJson(rule.query, report)) more[member.key()] = member.value();
  return Keep(definition, report.customers, moment, rule.resolved.base_ms, more);
}

Result<std::string> Segments::KeepOfNow(const Definition& definition, const Moment& moment,
                                        json::object more) {
  const auto live = live_ ? live_->Find(definition.id) : std::nullopt;
  if (!live) return Evaluate(definition, moment, std::move(more));
  more["incremental"] = true;
  return Keep(definition, exec::Canonical(*live, moment.snapshot), moment, moment.now_ms, more);
}

Result<Segments::LastRun> Segments::RunFor(std::string_view journey, std::string_view name,
                                           const Moment& moment) {
  const Definition definition = TRY(FindNamed(kSegment, name));
  const std::string run =
      TRY(KeepOfNow(definition, moment, {{"by", "journey"}, {"journey", journey}}));
  const int64_t number = json::parse(run).at("run").as_int64();
  const std::string path = PathOf({definition.kind, definition.id}, definition.created_ms, number);
  return LastRun{
      .id = definition.id,
      .live = false,
      .number = number,
      .members = std::make_shared<const exec::CustomerBits>(TRY(ReadMembers(files_, path)))};
}

Result<std::string> Segments::RunPlanned(std::string_view id, const Moment& moment) {
  const Definition definition = TRY(catalog_.Get({std::string(kSegment), std::string(id)}));
  Result<std::string> run = KeepOfNow(definition, moment, {{"by", "schedule"}});
  if (run.ok()) return run;
  const Reference of{definition.kind, definition.id};
  const std::lock_guard lock(keeping_);
  const auto last = TRY(catalog_.Entries(of, 1));
  json::object failure{
      {"version", definition.version}, {"by", "schedule"}, {"error", run.error().message()}};
  json::object kept = last.empty() ? json::object() : KeptRun(last[0]);
  if (!kept.empty()) failure["last_run"] = std::move(kept);
  TRY(catalog_.Record(of, moment.now_ms, json::serialize(failure)));
  return run;
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
  const json::object kept = last.empty() ? json::object() : KeptRun(last[0]);
  if (!kept.empty()) return kept.at("run").as_int64();
  return Error(Code::kNotFound, "not_found",
               fmt::format("the {} '{}' has not been run yet: run it first", of.kind, of.id));
}

Result<Segments::LastRun> Segments::LastRunOf(std::string_view kind, std::string_view name,
                                              int64_t known) {
  const Definition definition = TRY(FindNamed(kind, name));
  const Reference of{definition.kind, definition.id};
  if (const auto members = live_ && kind == kSegment ? live_->Find(of.id) : std::nullopt)
    return LastRun{of.id, true, known + 1, std::make_shared<const exec::CustomerBits>(*members),
                   std::nullopt};
  auto rule = kind == kSegment ? TRY(LiveRuleOf(definition)) : std::nullopt;
  if (rule) return LastRun{of.id, true, known, nullptr, std::move(rule)};
  LastRun run{.id = of.id, .live = false, .number = TRY(NewestRun(of)), .members = {}, .rule = {}};
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
  for (size_t w = 0; w < bits.size() && members.size() < limit && exec::Limit::AllowsMore(); ++w) {
    for (uint64_t left = bits[w]; left && members.size() < limit; left &= left - 1) {
      const auto ordinal =
          static_cast<uint32_t>(w * 64) + static_cast<uint32_t>(std::countr_zero(left));
      members.push_back({{"ordinal", ordinal}, {"name", moment.names.CustomerName(ordinal)}});
    }
  }
  return json::serialize(
      json::object{{"count", exec::CountBits(bits)}, {"members", std::move(members)}});
}

Result<std::string> Segments::OfCustomer(std::string_view key, std::string_view value,
                                         const Moment& moment) {
  const auto ordinal = moment.find(key, value);
  if (!IsThere(ordinal, moment.snapshot)) {
    return Error(Code::kNotFound, "unknown_customer",
                 fmt::format("There is no customer with the {} {}.", key, value));
  }
  exec::CustomerBits who((size_t{moment.snapshot.ordinal_count} + 63) / 64);
  who[*ordinal / 64] |= uint64_t{1} << (*ordinal % 64);
  who = exec::Canonical(who, moment.snapshot);
  json::array items;
  for (const Definition& d : TRY(catalog_.List(kSegment))) {
    const auto newest = TRY(catalog_.Entries({d.kind, d.id}, 1));
    json::object run = newest.empty() ? json::object() : KeptRun(newest[0]);
    if (run.empty()) continue;
    if (!exec::Limit::AllowsMore()) break;
    const exec::CustomerBits members =
        TRY(MemberBits(kSegment, d.id, run.at("run").as_int64(), moment.snapshot));
    if (CountCommon(who, members) == 0) continue;
    json::object one = DefinitionJson(d);
    one.erase("rule");
    one["last_run"] = std::move(run);
    items.push_back(std::move(one));
  }
  return json::serialize(json::object{{"items", std::move(items)}});
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
    if (!exec::Limit::AllowsMore()) break;
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
  TRY(Only(body, {"id", "name_zh", "name_en", "owner", "key", "values", "ordinals", "unmatched"}));
  const std::string key = TRY(Text(body, "key"));
  Listed listed = TRY(ReadListed(body, key, moment));
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
  const json::object more{{"given", listed.given},
                          {"matched", listed.matched},
                          {"unmatched", listed.given - listed.matched},
                          {"match_rate", Share(listed.matched, listed.given)}};
  const std::lock_guard lock(listing_);
  json::object run =
      json::parse(TRY(Keep(definition, exec::Canonical(listed.members, moment.snapshot), moment,
                           moment.now_ms, more)))
          .as_object();
  // Told, not kept: whose they are nobody here knows, so nobody could erase them.
  if (body.contains("unmatched")) {
    run["unmatched_values"] = std::move(listed.unmatched);
  } else {
    run["unmatched_examples"] = std::move(listed.unmatched);
  }
  return json::serialize(run);
}

Result<> Segments::Amend(std::string_view name, std::span<const Amendment> changes,
                         const Moment& moment) {
  constexpr std::string_view kThrough = "through";
  constexpr size_t kEntriesLookedAt = 100;
  const Definition list = TRY(FindNamed(kList, name));
  const std::lock_guard lock(listing_);
  uint64_t through = 0;
  for (const catalog::Entry& entry :
       TRY(catalog_.Entries({list.kind, list.id}, kEntriesLookedAt))) {
    const json::object kept = json::parse(entry.body).as_object();
    if (const json::value* number = kept.if_contains(kThrough))
      through = std::max(through, number->to_number<uint64_t>());
  }
  exec::CustomerBits members = TRY(MemberBits(kList, list.id, 0, moment.snapshot));
  uint64_t last = 0;
  for (const Amendment& change : changes) {
    last = std::max(last, change.number);
    if (change.number <= through) continue;
    const size_t word = change.customer / 64;
    const uint64_t bit = 1ull << (change.customer % 64);
    if (word >= members.size()) members.resize(word + 1);
    members[word] = change.on ? members[word] | bit : members[word] & ~bit;
  }
  if (last <= through) return {};
  TRY(Keep(list, exec::Canonical(members, moment.snapshot), moment, moment.now_ms,
           {{"by", "journeys"}, {kThrough, last}}));
  return {};
}

Result<std::vector<std::string>> Segments::Verify() {
  const std::lock_guard lock(keeping_);
  return io::FindDamage(files_, directory_, WholeMembers(files_));
}

Result<> Segments::CopyTo(const std::string& directory) {
  const std::lock_guard lock(keeping_);
  return io::CopyChecked(files_, directory_, directory, WholeMembers(files_));
}

}  // namespace waypost::segments
