#include "services/table_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "analytics/calendar.h"
#include "analytics/cron.h"
#include "base/nearest.h"
#include "model/form.h"

namespace waypost::services {
namespace {

constexpr size_t kMaxSourceText = 255;

// Text that databases can be told.
Result<std::string> SourceText(const Form& form, size_t max = kMaxSourceText) {
  std::string text = TRY(form.Text());
  if (text.empty() || text.size() > max || text.find('\0') != text.npos)
    return form.Bad(fmt::format("must be a text of 1 to {} bytes", max));
  return text;
}

Result<> Leave(const Form& form, std::string_view key, std::string* out) {
  if (const auto member = form.Find(key)) *out = TRY(SourceText(*member));
  return {};
}

Result<io::SqlServer> ServerOf(const Form& form) {
  using Tls = io::SqlServer::Tls;
  TRY(form.Only({"host", "port", "database", "user", "tls"}));
  io::SqlServer server{.host = TRY(SourceText(TRY(form.Need("host")))),
                       .database = TRY(SourceText(TRY(form.Need("database")))),
                       .user = TRY(SourceText(TRY(form.Need("user")))),
                       .password = {}};
  if (const auto port = form.Find("port"))
    server.port = static_cast<uint16_t>(TRY(port->Whole(1, 65'535)));
  if (const auto tls = form.Find("tls")) {
    server.tls = TRY(tls->Choice<Tls>(
        {{"verified", Tls::kVerified}, {"required", Tls::kRequired}, {"off", Tls::kOff}}));
  }
  return server;
}

// "holding" or "public.holding".
std::string QueryOf(std::string_view table) {
  const size_t point = table.find('.');
  if (point == table.npos) return "select * from " + io::SqlName(table);
  return fmt::format("select * from {}.{}", io::SqlName(table.substr(0, point)),
                     io::SqlName(table.substr(point + 1)));
}

Result<> ReadQuery(const Form& form, files::SqlQuery* query) {
  const auto from = form.Find("from"), text = form.Find("query");
  if (from.has_value() == text.has_value())
    return form.Bad(R"(say either "from", a table, or "query", a SELECT)");
  query->text =
      from ? QueryOf(TRY(SourceText(*from))) : TRY(SourceText(*text, TableSource::kMaxQuery));
  query->text.erase(query->text.find_last_not_of("; \t\r\n") + 1);
  TRY(Leave(form, "cursor", &query->cursor));
  TRY(Leave(form, "removed", &query->removed));
  const auto overlap = form.Find("overlap");
  if (query->cursor.empty() && (overlap || !query->removed.empty()))
    return form.Bad(
        R"("overlap" and "removed" need a "cursor": without one the table is replaced)");
  if (!query->cursor.empty()) query->overlap = TableSource::kUsualOverlap;
  if (overlap) query->overlap = TRY(overlap->Whole(0, TableSource::kMaxOverlap));
  return {};
}

Result<std::map<std::string, std::string>> NamesIn(const Form& form, std::string_view key) {
  std::map<std::string, std::string> names;
  const auto member = form.Find(key);
  if (!member) return names;
  for (const auto& [name, value] : TRY(member->Members(kMaxTableColumns)))
    names[name] = TRY(SourceText(value));
  return names;
}

Result<> ReadTimes(const Form& form, TableSource* source) {
  const auto schedule = form.Find("schedule");
  if (!schedule) return {};
  TRY(schedule->Only({"cron", "zone"}));
  source->cron = TRY(TRY(schedule->Need("cron")).Text());
  TRY(ParseCron(source->cron));
  TRY(Leave(*schedule, "zone", &source->zone));
  if (!analytics::Calendar::Of(source->zone).ok())
    return schedule->Bad(fmt::format("there is no zone '{}'", source->zone));
  return {};
}

Result<TableSource> ReadSource(const Form& form) {
  TRY(form.Only({"connection", "from", "query", "cursor", "overlap", "removed", "columns",
                 "identities", "schedule", "max_rows"}));
  TableSource source{.server = TRY(ServerOf(TRY(form.Need("connection"))))};
  TRY(ReadQuery(form, &source.query));
  source.columns = TRY(NamesIn(form, "columns"));
  source.identities = TRY(NamesIn(form, "identities"));
  TRY(ReadTimes(form, &source));
  if (const auto rows = form.Find("max_rows"))
    source.max_rows = TRY(rows->Whole(1, TableSource::kUsualMaxRows));
  return source;
}

constexpr std::string_view kBadSource = "bad_source";

Error BadSource(std::string message) {
  return Error(Code::kInvalid, std::string(kBadSource), std::move(message));
}

}  // namespace

Result<TableSource> TableSourceOf(std::string_view text) {
  boost::json::error_code error;
  const boost::json::value body = boost::json::parse({text.data(), text.size()}, error);
  if (error) return Error(Code::kInvalid, "bad_json", "the source is no JSON: " + error.message());
  return ReadSource(Form(body, kBadSource, ""));
}

Result<files::Mapping> SourceMapping(const TableSource& source, const Table& table,
                                     std::span<const std::string> given) {
  files::Mapping mapping{.kind = files::Mapping::Kind::kRows};
  mapping.table.zone = source.zone;
  const bool whole = source.query.cursor.empty();
  mapping.rows = {.table = table.id,
                  .mode = whole ? files::RowsRule::Mode::kReplace : files::RowsRule::Mode::kUpsert,
                  .numbered = table.key.empty()};
  if (table.key.empty() && !whole) {
    return BadSource(
        fmt::format("cursor: table '{}' has no key, so a row that changed cannot take the place of "
                    "what it was: "
                    "leave the cursor out, or declare a key",
                    table.id));
  }
  for (const auto& [name, from] : source.columns) {
    if (std::ranges::find(table.columns, name, &TableColumn::name) != table.columns.end()) continue;
    const std::string nearest = Nearest(name, table.ColumnNames());
    return BadSource(fmt::format("columns.{}: table '{}' has no such column{}", name, table.id,
                                 nearest.empty() ? "" : "; did you mean '" + nearest + "'?"));
  }
  for (const TableColumn& column : table.columns) {
    const auto mapped = source.columns.find(column.name);
    const std::string& from = mapped == source.columns.end() ? column.name : mapped->second;
    const bool there = std::ranges::find(given, from) != given.end();
    const bool key = std::ranges::find(table.key, column.name) != table.key.end();
    if (!there && mapped == source.columns.end() && !key) continue;
    mapping.properties.push_back({.name = column.name, .column = from, .type = column.type});
  }
  for (const auto& [key, from] : source.identities)
    mapping.identities.push_back({.key = key, .key_column = {}, .column = from});
  const bool owned = table.owner == Table::Owner::kCustomer;
  if (owned == mapping.identities.empty()) {
    return BadSource(
        owned ? fmt::format("identities: is missing: the rows of '{}' are of customers", table.id)
              : fmt::format("identities: the rows of '{}' name no customer", table.id));
  }
  return mapping;
}

}  // namespace waypost::services
