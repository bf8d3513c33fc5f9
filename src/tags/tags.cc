// Definitions, their history, and tags for rules. Values are in runs.cc.
#include "tags/tags.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "base/clock.h"
#include "base/nearest.h"
#include "model/time_text.h"
#include "tags/places.h"
#include "tags/search.h"
#include "tags/tag_json.h"

namespace waypost::tags {

namespace json = boost::json;
using catalog::Definition;
using catalog::Reference;

namespace {

constexpr std::string_view kTable = "table";
constexpr size_t kRunsShown = 400;
constexpr std::string_view kReserved[] = {"check", "lookup", "places", "report"};

Reference ReferenceTo(std::string_view id) { return {std::string(kTagKind), std::string(id)}; }

// Whether the values are those of one attribute or property that `names` does not show.
bool Repeats(const Making& making, const analytics::Names& names) {
  const auto is_hidden = [](const std::optional<analytics::PropertyName>& found) {
    return !found || !found->shown;
  };
  if (making.kind == Making::Kind::kPreference) return is_hidden(names.Property(making.property));
  if (making.kind != Making::Kind::kValue) return false;
  const eql::Rule& leaf = making.of.leaf;
  if (leaf.kind == eql::Rule::Kind::kField) return is_hidden(names.Attribute(leaf.name.text));
  const bool of_event = leaf.kind == eql::Rule::Kind::kFirst || leaf.kind == eql::Rule::Kind::kLast;
  return of_event && is_hidden(names.Property(leaf.name.text));
}

Error NoTag(std::string_view name, const std::vector<std::string>& known) {
  const std::string nearest = Nearest(name, known);
  return Error(Code::kNotFound, "not_found",
               fmt::format("there is no tag '{}'{}", name,
                           nearest.empty() ? "" : "; did you mean '" + nearest + "'?"));
}

void ReadRun(const catalog::Entry& entry, const json::object& body, History* history) {
  history->last_failed = TextOf(body, "status") != "ok";
  history->last_error = std::string(TextOf(body, "error"));
  history->last_error_zh =
      std::string(TextOf(body, body.contains("error_zh") ? "error_zh" : "error"));
  if (TextOf(body, "by") == kSchedule) history->scheduled_ms = entry.at_ms;
  if (const auto scored = ParseDateTime(TextOf(body, "scored_at")))
    history->scored_ms = scored->UtcMs();
  const auto day = ParseDate(TextOf(body, "day"));
  if (day && !history->last_failed)
    history->days[*day] = {entry.number, std::string(TextOf(body, "type"))};
}

void ReadStep(const catalog::Entry& entry, const json::object& body, History* history) {
  const std::string_view to = TextOf(body, "to");
  if (to == "certified") history->certified_version = body.at("version").to_number<int64_t>();
  if (to == "submitted") history->submitted_by = std::string(TextOf(body, "by"));
  if (to == "live") history->scheduled_ms = entry.at_ms;
  history->stepped_ms = entry.at_ms;
  history->told_idle_ms = 0;
  history->idled_ms = to == "frozen" && TextOf(body, "by") == kIdle ? entry.at_ms : 0;
}

void ReadUsage(const catalog::Entry& entry, History* history) {
  history->last_used_ms = entry.at_ms;
  history->told_idle_ms = 0;
}

void ReadEntry(const catalog::Entry& entry, History* history) {
  const json::object body = EntryBody(entry);
  const std::string_view what = TextOf(body, "what");
  if (what == "run") ReadRun(entry, body, history);
  if (what == "life") ReadStep(entry, body, history);
  if (what == "usage") ReadUsage(entry, history);
  if (what == "idle") history->told_idle_ms = entry.at_ms;
}

// Days are kept as long as the definition says.
void DropOldDays(int64_t keep_days, History* history) {
  if (history->days.empty()) return;
  const int64_t oldest = history->days.rbegin()->first - keep_days + 1;
  history->days.erase(history->days.begin(), history->days.lower_bound(oldest));
}

}  // namespace

namespace {

// The category itself, or one below it.
bool IsIn(const std::vector<std::string>& categories, const std::string& category) {
  return std::ranges::any_of(categories, [&](const std::string& path) {
    return path == category || path.starts_with(category + "/");
  });
}

bool IsWanted(const Definition& tag, const TagBody& body, const Places& places,
              const Tags::Filter& filter) {
  if (!filter.state.empty() && tag.state != filter.state) return false;
  if (!filter.category.empty() && !IsIn(body.categories, filter.category)) return false;
  if (!filter.album.empty() && std::ranges::find(body.albums, filter.album) == body.albums.end())
    return false;
  if (filter.query.empty()) return true;
  std::string text = tag.id + " " + tag.name_zh + " " + tag.name_en + " " + tag.owner + " " +
                     body.meaning_zh + " " + body.meaning_en + places.WordsOf(body);
  for (const auto* names : {&body.categories, &body.albums}) {
    for (const std::string& name : *names) text += " " + name;
  }
  return SearchText(text).Has(filter.query);
}

}  // namespace

void Tags::CountUse(const std::string& id) {
  const std::lock_guard lock(opened_mutex_);
  ++used_[id];
}

// A definition as a body gives it.
struct Tags::Draft {
  Definition definition;
  TagBody body;
};

Result<std::shared_ptr<const Definition>> Tags::Newest(std::string_view id) {
  uint64_t recorded = 0;
  {
    const std::lock_guard lock(opened_mutex_);
    if (const auto found = newest_.find(id); found != newest_.end()) return found->second;
    recorded = recorded_;
  }
  const auto tag = std::make_shared<const Definition>(TRY(catalog_.Get(ReferenceTo(id))));
  const std::lock_guard lock(opened_mutex_);
  if (recorded == recorded_) newest_[tag->id] = tag;  // nothing happened since it was read
  return tag;
}

Result<Definition> Tags::Get(std::string_view id) { return *TRY(Newest(id)); }

Result<Definition> Tags::FindNamed(std::string_view name) {
  std::vector<std::string> known;
  for (Definition& d : TRY(catalog_.List(kTagKind))) {
    if (d.id == name || d.name_zh == name || d.name_en == name) return std::move(d);
    for (const std::string& called : {d.id, d.name_zh, d.name_en}) {
      if (!called.empty()) known.push_back(called);
    }
  }
  return NoTag(name, known);
}

Result<std::shared_ptr<const History>> Tags::HistoryOf(const Definition& tag) {
  const std::string key = fmt::format("{}-{}", tag.id, tag.created_ms);
  uint64_t recorded = 0;
  {
    const std::lock_guard lock(opened_mutex_);
    const auto found = histories_.find(key);
    if (found != histories_.end()) return found->second;
    recorded = recorded_;
  }
  const auto history = std::make_shared<History>();
  std::vector<catalog::Entry> entries = TRY(catalog_.Entries(ReferenceTo(tag.id), kAllEntries));
  std::ranges::reverse(entries);
  for (const catalog::Entry& entry : entries) ReadEntry(entry, history.get());
  DropOldDays(TRY(TagBodyOf(tag)).keep_days, history.get());
  const std::lock_guard lock(opened_mutex_);
  if (recorded == recorded_) histories_[key] = history;  // nothing happened since it was read
  return std::shared_ptr<const History>(history);
}

Result<> Tags::Note(const Definition& tag, std::string_view body, int64_t now_ms) {
  const std::lock_guard lock(keeping_);
  return Record(tag, body, now_ms);
}

// A history that was read goes on with the entry: there may be thousands before it.
Result<> Tags::Record(const Definition& tag, std::string_view body, int64_t now_ms) {
  const int64_t keep_days = TRY(TagBodyOf(TRY(Get(tag.id)))).keep_days;
  const int64_t number = TRY(catalog_.Record(ReferenceTo(tag.id), now_ms, body));
  const std::lock_guard lock(opened_mutex_);
  ++recorded_;
  const auto known = histories_.find(fmt::format("{}-{}", tag.id, tag.created_ms));
  if (known == histories_.end()) return {};
  const auto history = std::make_shared<History>(*known->second);
  ReadEntry({number, now_ms, std::string(body)}, history.get());
  DropOldDays(keep_days, history.get());
  known->second = history;
  return {};
}

Result<std::vector<Definition>> Tags::All() { return catalog_.List(kTagKind); }

uint64_t Tags::recorded() {
  const std::lock_guard lock(opened_mutex_);
  return recorded_;
}

void Tags::Forget() {
  const std::lock_guard lock(opened_mutex_);
  ++recorded_;
  histories_.clear();  // days are kept as long as the definition says
  newest_.clear();
}

// What a making names. A tag must not be made of itself, also not through others.
Result<std::vector<Reference>> Tags::UsesOf(const Making& making, const Moment& moment,
                                            std::string_view own_id) {
  std::vector<Reference> uses;
  for (const std::string& name : making.NamesOf(eql::Rule::Kind::kTag))
    uses.push_back(ReferenceTo(TRY(FindNamed(name)).id));
  for (const auto& [kind, word] :
       {std::pair{eql::Rule::Kind::kSegment, "segment"}, {eql::Rule::Kind::kList, "list"}}) {
    for (const std::string& name : making.NamesOf(kind)) {
      for (const Definition& d : TRY(catalog_.List(word))) {
        if (d.id == name || d.name_zh == name || d.name_en == name) uses.push_back({d.kind, d.id});
      }
    }
  }
  std::vector<Reference> open = uses;
  std::set<Reference> seen;
  while (!open.empty()) {
    const Reference used = open.back();
    open.pop_back();
    if (used == ReferenceTo(own_id))
      return BadTag(fmt::format("the tag '{}' would be made of itself", own_id));
    if (!seen.insert(used).second) continue;
    const Definition definition = TRY(catalog_.Get(used));
    std::ranges::remove_copy(definition.uses, std::back_inserter(open), kTable, &Reference::kind);
  }
  // Tables are no definitions of the catalog; it knows who uses them.
  for (const std::string& name : making.NamesOf(eql::Rule::Kind::kRelated)) {
    const auto found = moment.tables ? moment.tables->Find(name) : analytics::Tables::Found();
    if (found.ok() && found.value().table)
      uses.push_back({std::string(kTable), found.value().table->id});
  }
  return uses;
}

Result<ValueType> Tags::TypeOf(const Making& making, const Moment& moment) {
  const Stage stage(*this, moment, TRY(analytics::Calendar::Of(moment.zone)), moment.now_ms);
  return CheckMaking(making, stage.situation);
}

Result<Tags::Draft> Tags::ReadDraft(std::string_view text, const Moment& moment,
                                    std::string_view id) {
  const json::object form = TRY(ReadBody(text));
  TRY(Only(form, {"id", "version", "name_zh", "name_en", "owner", "meaning_zh", "meaning_en",
                  "categories", "albums", "make", "keep_days", "refresh", "schedule"}));
  Draft draft;
  if (id.empty()) {
    draft.definition.kind = std::string(kTagKind);
    draft.definition.id = TRY(Text(form, "id"));
    if (std::ranges::find(kReserved, draft.definition.id) != std::end(kReserved))
      return BadTag(
          fmt::format("id: '{}' is a word of the API; choose another", draft.definition.id));
    draft.definition.state = "draft";
    if (!form.contains("make")) return BadTag("make: say how the tag is made");
  } else {
    draft.definition = TRY(Get(id));
    draft.body = TRY(TagBodyOf(draft.definition));
  }
  const std::string made_before = json::serialize(MakingToJson(draft.body.making));
  TRY(ReadTagBody(form, &draft.body));
  for (const auto& [key, text_of] : {std::pair{"name_zh", &draft.definition.name_zh},
                                     {"name_en", &draft.definition.name_en},
                                     {"owner", &draft.definition.owner}}) {
    if (form.contains(key)) *text_of = TRY(Text(form, key));
  }
  const bool remade = json::serialize(MakingToJson(draft.body.making)) != made_before;
  if (remade || id.empty()) {  // else whoever names what it is made of need not see that
    draft.definition.uses = TRY(UsesOf(draft.body.making, moment, draft.definition.id));
    draft.body.type = TypeName(TRY(TypeOf(draft.body.making, moment)));
  }
  if (draft.body.live) {
    const Stage stage(*this, moment, TRY(analytics::Calendar::Of(moment.zone)), moment.now_ms);
    TRY(CheckLive(draft.body.making, stage.situation));
  }
  if (remade && !id.empty() && draft.definition.state != "retired")
    draft.definition.state = "draft";
  draft.definition.body = json::serialize(TagBodyToJson(draft.body));
  draft.definition.version = 0;
  if (const json::value* version = form.if_contains("version")) {
    if (!version->is_int64()) return BadTag("version: give a whole number");
    draft.definition.version = version->get_int64();
  }
  return draft;
}

Result<std::string> Tags::Check(std::string_view text, const Moment& moment) {
  const json::object form = TRY(ReadBody(text));
  TRY(Only(form, {"make"}));
  const json::value* make = form.if_contains("make");
  if (!make) return BadTag("make: say how the tag is made");
  const Making making = TRY(ReadMaking(*make));
  const std::vector<Reference> uses = TRY(UsesOf(making, moment, ""));
  const ValueType type = TRY(TypeOf(making, moment));
  return json::serialize(json::object{
      {"make", MakingToJson(making)}, {"type", TypeName(type)}, {"uses", ReferencesJson(uses)}});
}

Result<std::string> Tags::Create(std::string_view body, const Moment& moment) {
  const Draft draft = TRY(ReadDraft(body, moment, ""));
  return json::serialize(DefinitionJson(TRY(catalog_.Create(draft.definition, moment.now_ms))));
}

Result<std::string> Tags::Change(std::string_view id, std::string_view body, const Moment& moment) {
  const Draft draft = TRY(ReadDraft(body, moment, id));
  const Definition changed = TRY(catalog_.Change(draft.definition, moment.now_ms));
  const Result<> state = catalog_.SetState(ReferenceTo(id), draft.definition.state);
  Forget();
  TRY(state);
  if (live_) live_->Changed();
  return json::serialize(DefinitionJson(changed));
}

Result<> Tags::Remove(std::string_view id) {
  const Definition tag = TRY(Get(id));
  const std::shared_ptr<const History> history = TRY(HistoryOf(tag));
  TRY(catalog_.Remove(ReferenceTo(id)));
  // A file that stays behind is nobody's: its name holds when its tag was made.
  for (const auto& [day, run] : history->days) (void)files_.Remove(PathOf(tag, day, run.number));
  Forget();
  if (live_) live_->Changed();
  return {};
}

Result<std::string> Tags::List(const Filter& filter) {
  json::array items;
  Places places = TRY(Places::Open(catalog_));
  for (const Definition& tag : TRY(catalog_.List(kTagKind))) {
    const TagBody body = TRY(TagBodyOf(tag));
    places.Add(body);
    if (!IsWanted(tag, body, places, filter)) continue;
    json::object one = DefinitionJson(tag);
    one.erase("make");
    const auto history = TRY(HistoryOf(tag));
    if (!history->days.empty()) one["last_day"] = DateText(history->days.rbegin()->first);
    items.push_back(std::move(one));
  }
  json::object out = places.Json();
  out["items"] = std::move(items);
  return json::serialize(out);
}

Result<std::string> Tags::NamePlaces(std::string_view body, int64_t now_ms) {
  Places places = TRY(Places::Open(catalog_));
  for (const Definition& tag : TRY(catalog_.List(kTagKind))) places.Add(TRY(TagBodyOf(tag)));
  TRY(places.Name(body, catalog_, now_ms));
  return json::serialize(places.Json());
}

Result<std::string> Tags::Show(std::string_view id) {
  const Definition tag = TRY(Get(id));
  json::object out = DefinitionJson(tag);
  out["uses"] = ReferencesJson(tag.uses);
  out["used_by"] = ReferencesJson(TRY(catalog_.UsersOf(ReferenceTo(id))));
  json::array runs;
  for (const catalog::Entry& entry : TRY(catalog_.Entries(ReferenceTo(id), kRunsShown)))
    runs.push_back(EntryJson(entry));
  out["entries"] = std::move(runs);
  return json::serialize(out);
}

Result<bool> Tags::Hides(std::string_view id, const analytics::Names& names) {
  return Hides(*TRY(Newest(id)), names);
}

Result<bool> Tags::Hides(const Definition& tag, const analytics::Names& names) {
  if (TRY(HistoryOf(tag))->certified_version != 0) return false;
  return Repeats(TRY(TagBodyOf(tag)).making, names);
}

// Schedules.

Result<std::vector<analytics::Planned>> Tags::Plans() {
  std::vector<analytics::Planned> plans;
  for (const Definition& tag : catalog::UsedFirst(TRY(catalog_.List(kTagKind)))) {
    if (tag.state != "live") continue;
    const TagBody body = TRY(TagBodyOf(tag));
    if (body.schedule.cron.empty()) continue;
    plans.push_back({tag.id, body.schedule, TRY(HistoryOf(tag))->scheduled_ms});
  }
  return plans;
}

// What was certified follows what happens until it is frozen or retired.
Result<std::vector<LiveDefinition>> Tags::LiveDefinitions() {
  std::vector<LiveDefinition> all;
  for (const Definition& tag : catalog::UsedFirst(TRY(catalog_.List(kTagKind)))) {
    if (!TRY(IsLive(tag))) continue;
    const Definition made_by = TRY(MadeBy(tag));
    all.push_back({tag.id, tag.name_zh, tag.name_en, made_by.version, tag.created_ms,
                   TRY(TagBodyOf(made_by)).making});
  }
  return all;
}

Result<bool> Tags::IsLive(const Definition& tag) {
  if (tag.state == "frozen" || tag.state == "retired") return false;
  if (TRY(HistoryOf(tag))->certified_version == 0) return false;
  return TRY(TagBodyOf(tag)).live;
}

Result<std::optional<Making>> Tags::LiveMakingOf(const Definition& tag) {
  if (!TRY(IsLive(tag))) return std::optional<Making>();
  return std::optional(TRY(TagBodyOf(TRY(MadeBy(tag)))).making);
}

// Tags in rules.

bool MayBeNamed(const Definition& tag, const History& history) {
  return history.certified_version != 0 && tag.state != "retired";
}

Result<Definition> TagBook::FindTag(std::string_view name) const {
  Definition tag = TRY(tags_.FindNamed(name));
  if (trial_) return tag;
  const auto history = TRY(tags_.HistoryOf(tag));
  if (MayBeNamed(tag, *history)) return tag;
  return Error(
      Code::kNotFound, "not_found",
      fmt::format("the tag '{}' is {}; only certified tags can be named here", name, tag.state));
}

Result<analytics::TagValues::Values> TagBook::Find(std::string_view name, int64_t at_ms) const {
  const Definition tag = TRY(FindTag(name));
  const int64_t asked = DayOf(calendar_, at_ms);
  if (auto now = tags_.Now(tag.id); now && asked >= now->day) {
    tags_.CountUse(tag.id);
    return std::move(now->values);
  }
  const auto history = TRY(tags_.HistoryOf(tag));
  const auto after = history->days.upper_bound(asked);
  if (after != history->days.begin()) {
    const auto& [day, run] = *std::prev(after);
    tags_.CountUse(tag.id);
    return tags_.ValuesOf(tag, day, run, snapshot_);
  }
  if (trial_) {
    const ValueType* type = FindType(TRY(TagBodyOf(tag)).type);
    return Values{type ? *type : ValueType::kString,
                  std::make_shared<const column::CustomerColumns>()};
  }
  return Error(Code::kNotFound, "not_found",
               fmt::format("the tag '{}' has no values {}", name,
                           history->days.empty() ? "yet: run it first" : "of a day as early"));
}

Result<std::optional<Making>> TagBook::FindUnknown(std::string_view name) const {
  const Definition tag = TRY(FindTag(name));
  if (tags_.Now(tag.id)) return std::optional<Making>();
  return tags_.LiveMakingOf(tag);
}

Result<std::vector<std::string>> TagBook::Names() const {
  std::vector<std::string> names;
  for (const Definition& tag : TRY(tags_.All())) {
    const auto history = TRY(tags_.HistoryOf(tag));
    if (!MayBeNamed(tag, *history)) continue;
    if (!history->days.empty() || tags_.Now(tag.id)) names.push_back(tag.id);
  }
  return names;
}

Result<std::vector<analytics::TagValues::Values>> TagBook::History(
    std::string_view name, const exec::TimeRange& range) const {
  const Definition tag = TRY(FindTag(name));
  const auto history = TRY(tags_.HistoryOf(tag));
  constexpr int64_t kFarMs = int64_t{100'000} * kDayMs;
  auto from =
      history->days.lower_bound(DayOf(calendar_, std::clamp(range.from_ms, -kFarMs, kFarMs)));
  const auto to =
      history->days.upper_bound(DayOf(calendar_, std::clamp(range.to_ms, -kFarMs, kFarMs) - 1));
  if (from != history->days.begin()) --from;
  std::vector<Values> days;
  auto now = tags_.Now(tag.id);
  const bool of_now =
      now && DayOf(calendar_, std::clamp(range.to_ms, -kFarMs, kFarMs) - 1) >= now->day;
  for (; from != to && from != history->days.end(); ++from) {
    if (of_now && from->first >= now->day) break;
    days.push_back(TRY(tags_.ValuesOf(tag, from->first, from->second, snapshot_)));
    days.back().from_ms = calendar_.Instant(from->first * kDayMs);
  }
  if (of_now) {
    days.push_back(std::move(now->values));
    days.back().from_ms = calendar_.Instant(now->day * kDayMs);
  }
  return days;
}

}  // namespace waypost::tags
