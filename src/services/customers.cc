#include "services/customers.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <future>

#include "analytics/rules.h"
#include "api/model_json.h"
#include "base/logger.h"
#include "engine/timeline.h"
#include "model/masking.h"
#include "model/time_text.h"
#include "services/answer_within.h"
#include "services/plan_names.h"
#include "services/row_json.h"
#include "services/tables.h"

namespace waypost::services {
namespace {

using api::IdentityJson;
using store::AttributeValue;

constexpr std::string_view kConsoleSource = "console";  // of what people here say

std::string TimeJson(int64_t time_ms) { return JsonQuoted(DateTimeText(time_ms)); }

// Without what came before: an identity may be several members (identity/identity_table.h).
std::vector<std::string> EachOnce(const std::vector<std::string>& identities) {
  std::vector<std::string> once;
  for (const std::string& identity : identities) {
    if (std::find(once.begin(), once.end(), identity) == once.end()) once.push_back(identity);
  }
  return once;
}

Error Unknown(std::string_view key, std::string_view value) {
  return {Code::kNotFound, "unknown_customer",
          fmt::format("There is no customer with the {} {}.", key, value)};
}

std::string ShownJson(const Value& value, bool hide) {
  return hide ? api::MaskedJson(value) : api::ValueJson(value);
}

// What the answers need of a customer, copied while the engine was held still.
struct Found {
  Ordinal root = 0;
  std::vector<Ordinal> members;
  std::vector<std::string> identities;  // of each member
  std::string known_by;
  std::string attributes;

  column::Cluster customer() const { return {root, members}; }
};

std::string AttributesJson(const engine::Applier& applier, std::span<const Ordinal> members,
                           bool masked) {
  std::vector<std::string> items;
  applier.ForEachAttribute(members, [&](PropertyId id, const AttributeValue& survivor) {
    const PlanProperty* property = applier.plan().FindProperty(id);
    if (!property) return;
    std::string json = "{\"name\":" + JsonQuoted(property->name);
    if (!property->display_zh.empty()) json += ",\"zh\":" + JsonQuoted(property->display_zh);
    if (!property->display_en.empty()) json += ",\"en\":" + JsonQuoted(property->display_en);
    json += ",\"type\":" + JsonQuoted(ValueTypeName(property->type));
    const bool hide = masked && IsPersonal(*property);
    json += ",\"value\":" + ShownJson(survivor.value, hide) + (hide ? ",\"masked\":true" : "");
    json += ",\"time\":" + TimeJson(survivor.time_ms);
    items.push_back(json + ",\"source\":" + JsonQuoted(survivor.source) + "}");
  });
  return JsonList(items);
}

// Who is not in the view is not known.
Result<Found> FindIn(const engine::Applier& applier, const Seen& seen, bool masked,
                     std::string_view key, std::string_view value) {
  const identity::IdentityGraph& graph = applier.identities();
  const std::optional<Ordinal> ordinal = graph.Find(key, value);
  if (!ordinal || !seen.Shows(*ordinal)) return Unknown(key, value);
  Found found{.root = graph.root(*ordinal),
              .members = graph.Members(*ordinal),
              .known_by = IdentityJson(graph.identity(graph.root(*ordinal)), masked)};
  for (const Ordinal member : found.members) {
    found.identities.push_back(IdentityJson(graph.identity(member), masked));
  }
  found.attributes = AttributesJson(applier, found.members, masked);
  return found;
}

Result<Found> Find(engine::Engine& engine, const Seen& seen, bool masked, std::string_view key,
                   std::string_view value) {
  std::optional<Result<Found>> found;
  engine.Look(
      [&](const engine::Applier& applier) { found = FindIn(applier, seen, masked, key, value); });
  return *std::move(found);
}

std::string EventsJson(const engine::Reading& reading, std::span<const Ordinal> members) {
  std::vector<std::string> items;
  for (const auto& [type, count] : engine::CountEvents(reading.snapshot->view(), members)) {
    const PlanEvent& event = reading.plan->events()[type];
    std::string json = "{\"event\":" + JsonQuoted(event.name);
    if (!event.display_zh.empty()) json += ",\"zh\":" + JsonQuoted(event.display_zh);
    if (!event.display_en.empty()) json += ",\"en\":" + JsonQuoted(event.display_en);
    items.push_back(json + fmt::format(",\"count\":{},\"first\":{},\"last\":{}}}", count.count,
                                       TimeJson(count.first_ms), TimeJson(count.last_ms)));
  }
  return JsonList(items);
}

// Tables of which the customer has rows.
std::string TablesJson(const engine::TableSet& tables, std::span<const Ordinal> members) {
  std::vector<std::string> items;
  for (const engine::TableRows& table : tables.tables) {
    const uint64_t rows = CountRows(table, members);
    if (rows == 0) continue;
    std::string json = "{\"table\":" + JsonQuoted(table.table->id);
    if (!table.table->display_zh.empty()) json += ",\"zh\":" + JsonQuoted(table.table->display_zh);
    if (!table.table->display_en.empty()) json += ",\"en\":" + JsonQuoted(table.table->display_en);
    items.push_back(json + fmt::format(",\"rows\":{}}}", rows));
  }
  return JsonList(items);
}

std::string CustomerJson(const engine::Reading& reading, const Found& found) {
  return "{\"known_by\":" + found.known_by +
         ",\"identities\":" + JsonList(EachOnce(found.identities)) +
         ",\"attributes\":" + found.attributes +
         ",\"events\":" + EventsJson(reading, found.members) +
         ",\"tables\":" + TablesJson(*reading.tables, found.members) +
         ",\"snapshot\":" + JsonQuoted(reading.snapshot->view().id) + "}";
}

std::string EventJson(const TrackingPlan& plan, const engine::EventAt& event,
                      const std::string& identity, bool masked) {
  const PlanEvent& type = plan.events()[event.slice->event_type];
  std::string json = "{\"time\":" + TimeJson(event.time_ms);
  json += ",\"event\":" + JsonQuoted(type.name);
  if (!type.display_zh.empty()) json += ",\"zh\":" + JsonQuoted(type.display_zh);
  if (!type.display_en.empty()) json += ",\"en\":" + JsonQuoted(type.display_en);
  json += ",\"identity\":" + identity + ",\"properties\":{";
  for (const column::Column& column : event.slice->columns) {
    const PlanProperty* property = plan.FindProperty(column.property());
    if (!property || column.IsNull(event.row)) continue;
    if (json.back() != '{') json += ',';
    json += JsonQuoted(property->name) + ":" +
            CellJson(column, event.row, masked && IsPersonal(*property));
  }
  return json + "}}";
}

std::string PageJson(const engine::Reading& reading, const Found& found,
                     const engine::TimelinePage& page, bool masked) {
  for (const engine::EventAt& event : page.events) {
    for (const column::Column& column : event.slice->columns) column.Prefetch(event.row);
  }
  std::vector<std::string> events;
  for (const engine::EventAt& event : page.events) {
    const auto member = std::lower_bound(found.members.begin(), found.members.end(), event.ordinal);
    events.push_back(
        EventJson(*reading.plan, event,
                  found.identities[static_cast<size_t>(member - found.members.begin())], masked));
  }
  return JsonList(events);
}

// "1795310145261-2": a TimelinePlace. Empty is the newest event.
Result<engine::TimelinePlace> PlaceOf(std::string_view text) {
  engine::TimelinePlace place;
  if (text.empty()) return place;
  const char* end = text.data() + text.size();
  const auto time = std::from_chars(text.data(), end, place.time_ms);
  const bool more = time.ec == std::errc() && time.ptr != end && *time.ptr == '-';
  const auto skip = more ? std::from_chars(time.ptr + 1, end, place.skip) : time;
  if (skip.ec == std::errc() && skip.ptr == end) return place;
  return Error(Code::kInvalid, "bad_request",
               "before: give the \"next\" of a page, or milliseconds since 1970");
}

constexpr size_t kMaxSought = 50;
constexpr size_t kMaxSoughtText = 200;
constexpr std::string_view kNameAttribute = "name";

// Who has `text` in the name; nobody when customers have no names.
Result<std::vector<Ordinal>> FindByName(engine::Engine& engine, const engine::Reading& reading,
                                        const column::SnapshotView& view, bool barred,
                                        std::string_view text) {
  const QuestionNames names(engine, reading.plan, {.barred = barred});
  const auto attribute = names.Attribute(kNameAttribute);
  if (!attribute || attribute->type != ValueType::kString) return std::vector<Ordinal>();
  eql::Rule rule;
  rule.kind = eql::Rule::Kind::kField;
  rule.name.text = kNameAttribute;
  rule.test = {.op = eql::Op::kContains, .values = {{.text = std::string(text)}}};
  eql::Query query;
  query.where.push_back(std::move(rule));
  const auto resolved = TRY(analytics::ResolveQuery(query, names, {.snapshot = &view}));
  const exec::CustomerBits who = analytics::RunQuery(resolved, view, 1);
  std::vector<Ordinal> found;
  for (Ordinal o = 0; o < view.ordinal_count && found.size() < kMaxSought; ++o) {
    if (who[o / 64] >> (o % 64) & 1) found.push_back(o);
  }
  return found;
}

std::optional<std::string> NameOf(const engine::Applier& applier, Ordinal root, bool masked) {
  std::optional<std::string> name;
  applier.ForEachAttribute(applier.identities().Members(root),
                           [&](PropertyId id, const AttributeValue& survivor) {
                             const PlanProperty* property = applier.plan().FindProperty(id);
                             if (property && property->name == kNameAttribute)
                               name = ShownJson(survivor.value, masked && IsPersonal(*property));
                           });
  return name;
}

// The first customers that are seen: those with a name before those who were only met.
std::vector<Ordinal> FirstSeen(const engine::Applier& applier, const Seen& seen) {
  constexpr Ordinal kMostLookedAt = 100'000;
  const identity::IdentityGraph& graph = applier.identities();
  std::vector<Ordinal> named, others;
  const Ordinal end = std::min<Ordinal>(seen.view().ordinal_count, kMostLookedAt);
  for (Ordinal o = 0; o < end && named.size() < kMaxSought; ++o) {
    if (graph.root(o) != o || seen.view().IsErased(o) || !seen.Shows(o)) continue;
    if (NameOf(applier, o, false)) {
      named.push_back(o);
    } else if (others.size() < kMaxSought) {
      others.push_back(o);
    }
  }
  named.insert(named.end(), others.begin(), others.end());
  return named;
}

// The kinds of identity that customers are sought by: those with a rule, and our own.
std::vector<std::string_view> KeysOf(const identity::IdentityGraph& graph) {
  std::vector<std::string_view> keys = {"distinct"};
  for (const identity::KeyRule& rule : graph.rules().keys) keys.push_back(rule.name);
  return keys;
}

}  // namespace

Result<std::string> EngineCustomers::Search(const api::Sight& sight, std::string_view text) {
  engine::Engine* engine = TRY(engines_.Find(sight.project));
  if (text.size() > kMaxSoughtText) {
    return Error(
        Code::kInvalid, "bad_request",
        fmt::format("find: give an identity or a part of a name, up to {} bytes", kMaxSoughtText));
  }
  const engine::Reading reading = TRY(engine->Read());
  const Seen seen = TRY(sights_.See(sight, *engine, reading));
  const std::vector<Ordinal> named = TRY(AnswerWithin(seconds_, clock_, "question_limit", [&] {
    if (text.empty()) return Result<std::vector<Ordinal>>(std::vector<Ordinal>());
    return FindByName(*engine, reading, seen.view(), sight.barred, text);
  }));
  std::vector<std::string> items;
  engine->Look([&](const engine::Applier& applier) {
    const identity::IdentityGraph& graph = applier.identities();
    std::vector<Ordinal> shown;
    const auto show = [&](Ordinal ordinal, const std::string& matched) {
      const Ordinal root = graph.root(ordinal);
      if (items.size() == kMaxSought || std::ranges::find(shown, root) != shown.end()) return;
      shown.push_back(root);
      const std::optional<std::string> name = NameOf(applier, root, sight.masked);
      items.push_back(
          "{\"known_by\":" + IdentityJson(graph.identity(root), sight.masked) +
          ",\"matched\":" + matched + (name ? ",\"name\":" + *name : "") +
          ",\"attributes\":" + AttributesJson(applier, graph.Members(root), sight.masked) + "}");
    };
    if (text.empty()) {
      for (const Ordinal ordinal : FirstSeen(applier, seen))
        show(ordinal, IdentityJson(graph.identity(ordinal), sight.masked));
      return;
    }
    for (const std::string_view key : KeysOf(graph)) {
      const auto ordinal = graph.Find(key, text);
      if (ordinal && seen.Shows(*ordinal)) show(*ordinal, IdentityJson(graph.identity(*ordinal)));
    }
    for (const Ordinal ordinal : named) {
      show(ordinal, "{\"key\":\"name\",\"value\":" + JsonQuoted(text) + "}");
    }
  });
  return "{\"items\":" + JsonList(items) + "}";
}

Result<std::string> EngineCustomers::Customer(const api::Sight& sight, std::string_view key,
                                              std::string_view value) {
  engine::Engine* engine = TRY(engines_.Find(sight.project));
  const engine::Reading reading = TRY(engine->Read());
  const Seen seen = TRY(sights_.See(sight, *engine, reading));
  return CustomerJson(reading, TRY(Find(*engine, seen, sight.masked, key, value)));
}

// Whom somebody sees a part of is a question, which takes its time.
std::optional<Result<std::string>> EngineCustomers::CustomerAtOnce(const api::Sight& sight,
                                                                   std::string_view key,
                                                                   std::string_view value) {
  const Result<engine::Engine*> engine = engines_.Find(sight.project);
  if (!engine.ok()) return engine.error();
  if (!sight.rows.empty()) return std::nullopt;
  std::optional<engine::Reading> reading;
  std::optional<Result<Found>> found;
  const bool looked =
      engine.value()->LookAtOnce([&](const engine::Applier& applier, const engine::Reading& now) {
        reading = now;
        found = FindIn(applier, Seen(&now.snapshot->view()), sight.masked, key, value);
      });
  if (!looked) return std::nullopt;
  if (!found->ok()) return found->error();
  return CustomerJson(*reading, found->value());
}

Result<std::string> EngineCustomers::Profile(const api::Sight& sight, std::string_view key,
                                             std::string_view value, const api::ProfileAsk& ask) {
  engine::Engine* engine = TRY(engines_.Find(sight.project));
  const engine::Reading reading = TRY(engine->Read());
  const Seen seen = TRY(sights_.See(sight, *engine, reading));
  const Found found = TRY(Find(*engine, seen, sight.masked, key, value));
  std::string json = "{\"known_by\":" + found.known_by +
                     ",\"identities\":" + JsonList(EachOnce(found.identities)) +
                     ",\"attributes\":" + found.attributes;
  if (ask.tags) {
    const ProjectCatalog& catalog = *TRY(catalogs_.Find(TRY(engines_.NameOf(sight.project))));
    json += ",\"tags\":" + TRY(catalog.tags->Profile(*ask.tags, found.customer()));
  }
  const auto all = [](EventTypeId) { return true; };
  const engine::TimelinePage page =
      engine::ReadTimeline(reading.snapshot->view(), found.members, {}, ask.events, all);
  json += ",\"events\":" + PageJson(reading, found, page, sight.masked);
  return json + ",\"snapshot\":" + JsonQuoted(reading.snapshot->view().id) + "}";
}

Result<std::string> EngineCustomers::Timeline(const api::Sight& sight, std::string_view key,
                                              std::string_view value, const api::TimelineAsk& ask) {
  engine::Engine* engine = TRY(engines_.Find(sight.project));
  const engine::TimelinePlace from = TRY(PlaceOf(ask.before));
  const engine::Reading reading = TRY(engine->Read());
  const Seen seen = TRY(sights_.See(sight, *engine, reading));
  std::optional<EventTypeId> only;
  if (!ask.event.empty()) {
    const PlanEvent* event = reading.plan->FindEvent(ask.event);
    if (!event) return Error(Code::kNotFound, "unknown_event", "there is no event " + ask.event);
    only = event->id;
  }
  const Found found = TRY(Find(*engine, seen, sight.masked, key, value));
  const engine::TimelinePage page =
      ReadTimeline(reading.snapshot->view(), found.members, from, ask.limit,
                   [&](EventTypeId type) { return !only || *only == type; });
  std::string json = "{\"known_by\":" + found.known_by +
                     ",\"events\":" + PageJson(reading, found, page, sight.masked);
  if (page.next) json += fmt::format(",\"next\":\"{}-{}\"", page.next->time_ms, page.next->skip);
  return json + "}";
}

Result<std::string> EngineCustomers::Rows(const api::Sight& sight, std::string_view key,
                                          std::string_view value, const api::RowsAsk& ask) {
  engine::Engine* engine = TRY(engines_.Find(sight.project));
  const engine::Reading reading = TRY(engine->Read());
  const engine::TableRows& table = *TRY(FindRows(*reading.tables, ask.table));
  const Seen seen = TRY(sights_.See(sight, *engine, reading));
  const Found found = TRY(Find(*engine, seen, sight.masked, key, value));
  return RowsOfCustomer(
      table, found.members,
      {.skip = TRY(SkipOf(ask.after)), .limit = ask.limit, .masked = sight.masked});
}

Result<std::string> EngineCustomers::Erase(std::string_view project, std::string_view key,
                                           std::string_view value) {
  engine::Engine* engine = TRY(engines_.Find(project));
  const engine::Reading reading = TRY(engine->Read());
  const Found found = TRY(Find(*engine, Seen(&reading.snapshot->view()), false, key, value));
  TRY(engine->EraseCustomer(key, value));
  return fmt::format(R"({{"erased":{}}})", EachOnce(found.identities).size());
}

// A record like any that data brings, so that a replay folds the same.
Result<std::string> EngineCustomers::Cut(std::string_view project, std::string_view key,
                                         std::string_view value) {
  engine::Engine* engine = TRY(engines_.Find(project));
  TRY(engine->Read());
  const int64_t now = clock_.NowMs();
  std::optional<Bytes> record;
  engine->Look([&](const engine::Applier& applier) {
    const identity::IdentityGraph& graph = applier.identities();
    const std::optional<Ordinal> found = graph.Find(key, value);
    if (!found || graph.erased(*found)) return;
    BatchWriter out({.project = project, .source = kConsoleSource, .ingest_ms = now});
    out.BeginItem(ItemKind::kUnlink, "unbind", {}, {.time_ms = now});
    out.AddIdentity(key, graph.identity(*found).value);
    out.EndItem();
    record = out.Finish();
  });
  if (!record) return Unknown(key, value);
  std::promise<Result<LogPosition>> done;
  engine->Append(std::move(*record),
                 [&](Result<LogPosition> appended) { done.set_value(appended); });
  TRY(done.get_future().get());
  TRY(engine->Read());
  std::string known_by;
  engine->Look([&](const engine::Applier& applier) {
    const identity::IdentityGraph& graph = applier.identities();
    known_by = IdentityJson(graph.identity(graph.root(*graph.Find(key, value))), false);
  });
  return "{\"known_by\":" + known_by + "}";
}

}  // namespace waypost::services
