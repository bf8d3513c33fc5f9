// import and export.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <set>

#include "base/hash.h"
#include "base/nearest.h"
#include "files/export_job.h"
#include "files/import_job.h"
#include "files/mapping.h"
#include "model/time_text.h"
#include "server/commands.h"
#include "services/batch_feed.h"
#include "services/engines.h"
#include "services/export_names.h"
#include "services/tables.h"
#include "services/text_file.h"

namespace waypost::server {
namespace {

void ShowProgress(const files::ImportProgress& progress) {
  std::fprintf(stderr, "\r%llu rows, %llu rejected, %.0f rows/s, %.0f s left   ",
               static_cast<unsigned long long>(progress.rows),
               static_cast<unsigned long long>(progress.rejected), progress.rows_per_second,
               progress.seconds_left);
}

Result<files::Mapping> MappingOf(const services::Machine& machine,
                                 const ImportArguments& arguments) {
  if (arguments.mapping.empty())
    return files::InferMapping(machine.files, arguments.sources.front());
  const std::string text = TRY(services::ReadTextFile(machine.files, arguments.mapping));
  return files::ParseMapping(text, arguments.mapping, [&](const std::string& path) {
    return services::ReadTextFile(machine.files, path);
  });
}

Result<int64_t> MomentOf(const std::string& text, int64_t otherwise) {
  if (text.empty()) return otherwise;
  if (const auto date = ParseDate(text)) return *date * 86'400'000;
  if (const auto time = ParseDateTime(text)) return time->UtcMs();
  return Error(Code::kInvalid, "bad_time", "not a date or time: " + text);
}

Result<files::Format> FormatOf(const ExportArguments& arguments) {
  std::string name = arguments.format;
  if (name.empty()) name = arguments.to.substr(arguments.to.rfind('.') + 1);
  if (name == "csv") return files::Format::kCsv;
  if (name == "jsonl" || name == "ndjson") return files::Format::kJsonLines;
  if (name == "parquet") return files::Format::kParquet;
  return Error(Code::kInvalid, "bad_format", "say the format: csv, jsonl or parquet");
}

// Rows must be of a declared table, and their columns its: said before the first is loaded.
Result<> CheckRows(engine::Engine& engine, const files::Mapping& mapping) {
  const engine::Reading reading = TRY(engine.Read());
  const Table& table = *TRY(services::FindRows(*reading.tables, mapping.rows.table))->table;
  const auto bad = [](std::string message) {
    return Error(Code::kInvalid, "bad_mapping", std::move(message));
  };
  if (table.id != mapping.rows.table)
    return bad(fmt::format("rows.table: say the id, '{}'", table.id));
  std::set<std::string> given;
  for (const files::PropertyRule& rule : mapping.properties) given.insert(rule.name);
  for (const files::ConstantRule& rule : mapping.constants) given.insert(rule.name);
  for (const std::string& name : given) {
    if (std::ranges::find(table.columns, name, &TableColumn::name) != table.columns.end()) continue;
    const std::string nearest = Nearest(name, table.ColumnNames());
    return bad(fmt::format("properties.{}: table '{}' has no such column{}", name, table.id,
                           nearest.empty() ? "" : "; did you mean '" + nearest + "'?"));
  }
  for (const std::string& key : table.key) {
    if (!given.contains(key))
      return bad(fmt::format("properties: '{}' is missing, a key of '{}'", key, table.id));
  }
  if (table.key.empty() != mapping.rows.numbered) {
    return bad(
        fmt::format("rows.name: table '{}' has {}", table.id,
                    table.key.empty() ? "no key: say name = \"$row\"" : "a key: leave it out"));
  }
  const bool owned = table.owner == Table::Owner::kCustomer;
  const bool deletes = mapping.rows.mode == files::RowsRule::Mode::kDelete;
  if (owned && !deletes && mapping.identities.empty())
    return bad(fmt::format("identity: is missing: the rows of '{}' are of customers", table.id));
  return {};
}

}  // namespace

// One import's progress: a folder may have several under way, each with a mapping or an id of its
// own.
std::string StatePath(const services::Config& config, const ImportArguments& arguments,
                      const files::Mapping& mapping) {
  const std::string which = arguments.id.empty() ? files::MappingText(mapping) : arguments.id;
  return fmt::format("{}/import_state-{:016x}",
                     services::ProjectFolder(config.data, arguments.project), Hash64(which));
}

Result<> Import(const services::Machine& machine, const services::Config& config,
                const ImportArguments& arguments) {
  const files::Mapping mapping = TRY(MappingOf(machine, arguments));
  if (arguments.show_mapping) {
    std::fputs(files::MappingText(mapping).c_str(), stdout);
    return {};
  }
  services::Engines engines;
  std::optional<services::BatchFeed> feed;
  files::ImportOptions options{.sources = arguments.sources,
                               .mapping = mapping,
                               .project = arguments.project,
                               .import_id = arguments.id,
                               .rejects_path = arguments.rejects,
                               .dry_run = arguments.dry_run,
                               .check_first = arguments.check_first,
                               .progress = ShowProgress};
  if (!arguments.dry_run) {
    TRY(engines.Open(machine, config, {arguments.project}));
    engine::Engine& engine = *TRY(engines.Find(arguments.project));
    if (mapping.kind == files::Mapping::Kind::kRows) TRY(CheckRows(engine, mapping));
    feed.emplace(engine);
    options.state_path = StatePath(config, arguments, mapping);
  }
  files::ImportJob job(machine.files, machine.clock, feed ? &*feed : nullptr);
  auto report = job.Run(options);
  feed.reset();
  engines.Stop();
  std::fputc('\n', stderr);
  if (!report.ok()) return std::move(report).error();
  std::fputs(report.value().Text().c_str(), stdout);
  return {};
}

Result<> Export(const services::Machine& machine, const services::Config& config,
                const ExportArguments& arguments) {
  services::Engines engines;
  TRY(engines.Open(machine, config, {arguments.project}));
  engine::Engine* engine = TRY(engines.Find(arguments.project));
  const engine::Reading reading = TRY(engine->Read());
  using Kind = files::ExportOptions::Kind;
  const files::ExportReport report =
      TRY(files::ExportJob(machine.files)
              .Run(reading.snapshot->view(), services::ExportedNames(*engine, reading.plan),
                   {.path = arguments.to,
                    .format = TRY(FormatOf(arguments)),
                    .kind = arguments.customers ? Kind::kCustomers : Kind::kEvents,
                    .from_ms = TRY(MomentOf(arguments.from, INT64_MIN)),
                    .to_ms = TRY(MomentOf(arguments.until, INT64_MAX)),
                    .events = arguments.events,
                    .properties = arguments.properties}));
  std::printf("%llu rows, %llu bytes\n", static_cast<unsigned long long>(report.rows),
              static_cast<unsigned long long>(report.bytes));
  for (const std::string& part : report.damaged_parts) {
    std::fprintf(stderr, "incomplete: %s is damaged\n", part.c_str());
  }
  return {};
}

}  // namespace waypost::server
