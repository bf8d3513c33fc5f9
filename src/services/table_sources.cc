#include "services/table_sources.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/logger.h"
#include "base/nearest.h"
#include "services/batch_feed.h"
#include "services/body.h"
#include "services/tables.h"

namespace waypost::services {
namespace {

namespace json = boost::json;
using SourceVerb = api::TableCall::Verb;

constexpr std::string_view kSourceKind = "table_source";
constexpr size_t kMaxPassword = 1'024;
constexpr size_t kShownLoads = 20;

catalog::Reference SourceOf(const std::string& table) { return {std::string(kSourceKind), table}; }

json::object ReportObject(const files::SqlReport& report) {
  json::object out{{"rows", report.counts.rows},
                   {"loaded", report.counts.loaded},
                   {"removed", report.removed},
                   {"rejected", report.counts.rejected}};
  if (report.counts.rejected == 0) return out;
  json::array reasons;
  for (const auto& [what, count] : report.counts.reasons)
    reasons.push_back({{"column", what.first}, {"reason", what.second}, {"rows", count}});
  out["reasons"] = std::move(reasons);
  out["examples"] = json::array(report.examples.begin(), report.examples.end());
  return out;
}

// What of the source depends on: a removed and declared table is another one.
catalog::Definition NewSource(const std::string& table) {
  return {
      .kind = std::string(kSourceKind), .id = table, .state = "live", .uses = {{"table", table}}};
}

}  // namespace

std::string TableSources::SealName(const std::string& project, const std::string& table) const {
  return "table_source/" + project + "/" + table;
}

Result<catalog::Catalog*> TableSources::CatalogOf(const std::string& project) {
  return TRY(catalogs_.Find(project))->catalog.get();
}

Result<TableSources::Kept> TableSources::KeptOf(const std::string& project, const Of& of) {
  Kept kept;
  for (const auto& [name, value] : TRY(TRY(CatalogOf(project))->Kept(of))) {
    if (name == "password") kept.password = value;
    if (name == "cursor") kept.cursor = value;
    if (name == "columns") kept.columns = value;
  }
  return kept;
}

Result<std::string> TableSources::Call(const api::TableCall& call) {
  const std::string project = TRY(engines_.NameOf(call.project));
  switch (call.verb) {
    case SourceVerb::kSource:
      return Show(project, call.id);
    case SourceVerb::kSetSource:
      return Set(project, call.id, call.body);
    case SourceVerb::kRemoveSource:
      TRY(TRY(CatalogOf(project))->Remove(SourceOf(call.id)));
      return std::string(R"({"status":"removed"})");
    case SourceVerb::kSetPassword:
      return SetPassword(project, call.id, call.body);
    case SourceVerb::kCheckSource:
      return Check(project, call.id);
    case SourceVerb::kLoadSource:
      return Load(project, call.id, call.whole);
    default:
      return Error(Code::kInvalid, "bad_request", "there is no such call");
  }
}

Result<std::string> TableSources::Show(const std::string& project, const std::string& table) {
  catalog::Catalog& catalog = *TRY(CatalogOf(project));
  const catalog::Definition known = TRY(catalog.Get(SourceOf(table)));
  const Kept kept = TRY(KeptOf(project, SourceOf(table)));
  json::array loads;
  for (const catalog::Entry& entry : TRY(catalog.Entries(SourceOf(table), kShownLoads)))
    loads.push_back(json::parse(entry.body));
  return json::serialize(json::object{{"table", table},
                                      {"source", json::parse(known.body)},
                                      {"version", known.version},
                                      {"password_set", !kept.password.empty()},
                                      {"cursor", kept.cursor},
                                      {"loads", std::move(loads)}});
}

Result<std::string> TableSources::Set(const std::string& project, const std::string& table,
                                      const std::string& body) {
  const TableSource source = TRY(TableSourceOf(body));
  TRY(servers_->Check(source.server));
  {
    const engine::Reading reading = TRY(TRY(engines_.Find(project))->Read());
    const Table& declared = *TRY(FindRows(*reading.tables, table))->table;
    if (declared.id != table)
      return Error(Code::kNotFound, "unknown_table", fmt::format("say the id, '{}'", declared.id));
    // Columns are judged when the database is asked; all else now.
    TRY(SourceMapping(source, declared, declared.ColumnNames()));
  }
  catalog::Catalog& catalog = *TRY(CatalogOf(project));
  const std::lock_guard lock(mutex_);
  const Result<catalog::Definition> known = catalog.Get(SourceOf(table));
  if (!known.ok() && known.error().code() != Code::kNotFound) return known.error();
  catalog::Definition definition = known.ok() ? known.value() : NewSource(table);
  const int64_t now = machine_.clock.NowMs();
  definition.body = json::serialize(json::parse(body));
  if (known.ok()) {
    const TableSource was = TRY(TableSourceOf(known.value().body));
    // A password is for who it was given for; a cursor counts in the query it came from.
    const auto place = [](const TableSource& s) {
      return std::tie(s.server.host, s.server.port, s.server.database, s.server.user);
    };
    const auto counted = [](const TableSource& s) {
      return std::tie(s.query.text, s.query.cursor);
    };
    if (place(was) != place(source)) TRY(catalog.Keep(SourceOf(table), "password", ""));
    if (place(was) != place(source) || counted(was) != counted(source))
      TRY(catalog.Keep(SourceOf(table), "cursor", ""));
    TRY(catalog.Keep(SourceOf(table), "columns", ""));
    TRY(catalog.Change(std::move(definition), now));
  } else {
    TRY(catalog.Create(std::move(definition), now));
  }
  return Show(project, table);
}

Result<std::string> TableSources::SetPassword(const std::string& project, const std::string& table,
                                              const std::string& body) {
  const json::object given = TRY(ObjectOf(body, R"({"password"})"));
  const std::string password = TextIn(given, "password");
  if (password.empty() || password.size() > kMaxPassword || password.find('\0') != password.npos)
    return Error(Code::kInvalid, "bad_source", "password: must be a text of 1 to 1,024 bytes");
  catalog::Catalog& catalog = *TRY(CatalogOf(project));
  TRY(catalog.Get(SourceOf(table)));
  TRY(catalog.Keep(SourceOf(table), "password",
                   channels::Seal(key_, SealName(project, table), password, machine_.random)));
  return Show(project, table);
}

Result<std::unique_ptr<io::SqlSession>> TableSources::Connect(const std::string& project,
                                                              const Of& of,
                                                              const TableSource& source) {
  io::SqlServer server = source.server;
  const Kept kept = TRY(KeptOf(project, of));
  if (!kept.password.empty())
    server.password = TRY(channels::Unseal(key_, SealName(project, of.id), kept.password));
  return servers_->Connect(server, &stopping_);
}

Result<files::Mapping> TableSources::MappingFor(const std::string& project,
                                                const std::string& table, io::SqlSession& session,
                                                const TableSource& source) {
  const engine::Reading reading = TRY(TRY(engines_.Find(project))->Read());
  const std::shared_ptr<const Table> declared = TRY(FindRows(*reading.tables, table))->table;
  std::vector<std::string> given;
  for (const io::SqlColumn& column : TRY(session.Describe(source.query.text)))
    given.push_back(column.name);
  return SourceMapping(source, *declared, given);
}

// A column that is gone there would be empty in every row here. `columns`: of the query that the
// last load read, as JSON; nothing before the first since the source was set.
Result<> TableSources::SameColumns(const std::string& columns, const files::Mapping& mapping,
                                   io::SqlSession& session, const TableSource& source) {
  if (columns.empty()) return {};
  const json::array read = json::parse(columns).as_array();
  for (const json::value& column : read) {
    const std::string name(column.as_string());
    if (std::ranges::find(mapping.properties, name, &files::PropertyRule::column) !=
        mapping.properties.end())
      continue;
    std::vector<std::string> unused = TRY(files::PlanSql(session, source.query, mapping)).unused;
    const std::string nearest = Nearest(name, unused);
    return Error(Code::kInvalid, "bad_source",
                 fmt::format("columns: the query has no column '{}' any more{}; set the source "
                             "again to load without it",
                             name, nearest.empty() ? "" : "; did you mean '" + nearest + "'?"));
  }
  return {};
}

Result<std::string> TableSources::Check(const std::string& project, const std::string& table) {
  const catalog::Definition known = TRY(TRY(CatalogOf(project))->Get(SourceOf(table)));
  const TableSource source = TRY(TableSourceOf(known.body));
  const auto session = TRY(Connect(project, SourceOf(table), source));
  const files::Mapping mapping = TRY(MappingFor(project, table, *session, source));
  const files::SqlPlan plan = TRY(files::PlanSql(*session, source.query, mapping));
  json::array columns;
  for (const files::SqlColumnUse& use : plan.columns) {
    json::object one{{"from", use.from}, {"postgresql", use.type_name}};
    if (use.column.empty()) {
      one["identity"] = true;
    } else {
      one["column"] = use.column;
      one["type"] = ValueTypeName(use.type);
    }
    columns.push_back(std::move(one));
  }
  return json::serialize(
      json::object{{"table", table},
                   {"columns", std::move(columns)},
                   {"unused", json::array(plan.unused.begin(), plan.unused.end())}});
}

Result<files::SqlReport> TableSources::LoadNow(const std::string& project, const std::string& table,
                                               bool whole) {
  catalog::Catalog& catalog = *TRY(CatalogOf(project));
  const Of of = SourceOf(table);
  TableSource source = TRY(TableSourceOf(TRY(catalog.Get(of)).body));
  const auto session = TRY(Connect(project, of, source));
  files::Mapping mapping = TRY(MappingFor(project, table, *session, source));
  TRY(SameColumns(TRY(KeptOf(project, of)).columns, mapping, *session, source));
  json::array columns;
  for (const files::PropertyRule& rule : mapping.properties) columns.emplace_back(rule.column);
  files::SqlLoadOptions options{
      .query = source.query,
      .mapping = std::move(mapping),
      .project = project,
      .name = fmt::format("source:{}@{}", table, machine_.clock.NowMs()),
      .max_rows = static_cast<uint64_t>(source.max_rows),
      .keep = [&](const std::string& cursor) { return catalog.Keep(of, "cursor", cursor); }};
  if (whole && !source.query.cursor.empty()) {
    // Nothing is true of a whole table but what is in it: rows that are no more are left out.
    if (!source.query.removed.empty()) {
      options.query.text = fmt::format("select * from ({}\n) q where {} is not true",
                                       source.query.text, io::SqlName(source.query.removed));
    }
    options.mapping.rows.mode = files::RowsRule::Mode::kReplace;
  } else {
    options.from = TRY(KeptOf(project, of)).cursor;
  }
  BatchFeed feed(*TRY(engines_.Find(project)));
  files::SqlReport report = TRY(files::LoadSql(*session, machine_.clock, feed, options));
  TRY(feed.Finish());
  TRY(catalog.Keep(of, "columns", json::serialize(columns)));
  return report;
}

Result<std::string> TableSources::Load(const std::string& project, const std::string& table,
                                       bool whole) {
  {
    const std::lock_guard lock(mutex_);
    if (!loading_.emplace(project, table).second)
      return Error(Code::kConflict, "conflict", "the source is being loaded; wait for its end");
  }
  const int64_t begin = machine_.clock.NowMs();
  const Result<files::SqlReport> loaded = LoadNow(project, table, whole);
  const int64_t end = machine_.clock.NowMs();
  json::object entry{{"at_ms", begin}, {"took_ms", end - begin}};
  if (loaded.ok()) {
    for (auto& [name, value] : ReportObject(loaded.value())) entry[name] = value;
  } else {
    entry["error"] = {{"code", loaded.error().name()}, {"message", loaded.error().message()}};
  }
  Result<> recorded;
  if (loaded.ok() || loaded.error().code() != Code::kNotFound) {
    const auto catalog = CatalogOf(project);
    const auto number =
        catalog.ok() ? catalog.value()->Record(SourceOf(table), begin, json::serialize(entry))
                     : Result<int64_t>(catalog.error());
    if (!number.ok()) recorded = number.error();
  }
  const std::lock_guard lock(mutex_);
  loading_.erase({project, table});
  if (!loaded.ok()) return loaded.error();
  TRY(std::move(recorded));
  return json::serialize(entry);
}

std::vector<ScheduledWork> TableSources::Works() {
  std::vector<ScheduledWork> works;
  for (const auto& [project, engine] : engines_.All()) {
    const auto catalog = CatalogOf(project);
    if (!catalog.ok()) continue;
    const auto sources = catalog.value()->List(kSourceKind);
    if (!sources.ok()) continue;
    for (const catalog::Definition& known : sources.value()) {
      const auto source = TableSourceOf(known.body);
      if (!source.ok() || source.value().cron.empty()) continue;
      const auto loads = catalog.value()->Entries(SourceOf(known.id), 1);
      const bool any = loads.ok() && !loads.value().empty();
      works.push_back({.project = project,
                       .id = known.id,
                       .cron = source.value().cron,
                       .zone = source.value().zone,
                       .last_ms = std::max(known.changed_ms, any ? loads.value()[0].at_ms : 0)});
    }
  }
  return works;
}

// What the database says may hold what customers are called: the catalog has it, the log has not.
void TableSources::Run(const ScheduledWork& work) {
  const auto loaded = Load(work.project, work.id, false);
  if (loaded.ok()) return;
  LogError("table_source.failed", {{"project", work.project},
                                   {"table", work.id},
                                   {"error", std::string(loaded.error().name())}});
}

}  // namespace waypost::services
