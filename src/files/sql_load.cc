#include "files/sql_load.h"

#include <fmt/format.h>

#include <algorithm>
#include <future>

#include "base/nearest.h"
#include "files/row_encoder.h"
#include "model/batch.h"

namespace waypost::files {
namespace {

constexpr size_t kFetchRows = 1'000;
constexpr uint64_t kBatchRows = 4'000;
constexpr size_t kBatchBytes = 4 << 20;
// Characters of a cell; longer ones are no cell of a table.
constexpr size_t kMaxCell = 65'536;
constexpr std::string_view kListSign = "\x1f";

// As PostgreSQL numbers them (pg_type.dat).
constexpr uint32_t kBytea = 17, kSqlDate = 1082, kTimestamp = 1114, kTimestampTz = 1184,
                   kMoney = 790;

Error BadSource(std::string message) {
  return Error(Code::kInvalid, "bad_source", std::move(message));
}

bool IsMoment(uint32_t type) {
  return type == kSqlDate || type == kTimestamp || type == kTimestampTz;
}

bool Fits(const io::SqlColumn& column, ValueType type) {
  if (column.type == kBytea || column.type == kMoney) return false;
  const char category = column.category;
  switch (type) {
    case ValueType::kString:
      return category != 'A';
    case ValueType::kList:
      return category == 'A';
    case ValueType::kBool:
      return category == 'B' || category == 'S' || category == 'N';
    case ValueType::kInt:
    case ValueType::kDouble:
    case ValueType::kDecimal:
      return category == 'N' || category == 'S';
    case ValueType::kDate:
    case ValueType::kDateTime:
      return IsMoment(column.type) || category == 'S';
  }
  return false;
}

// A time in a format that knows no years before the first; one of those is marked, so that it is
// no time. What is not finite is nothing.
std::string Formatted(const std::string& time, std::string_view format) {
  return fmt::format("to_char({0}, '{1}') || case when {0} < '0001-01-01' then ' BC' else '' end",
                     time, format);
}

// The column as text that a cell reader of the type reads.
std::string Selected(const io::SqlColumn& column, ValueType type, const std::string& zone) {
  const std::string name = "q." + io::SqlName(column.name);
  if (type == ValueType::kList)
    return fmt::format("array_to_string({}, {})", name, io::SqlText(kListSign));
  const bool date = type == ValueType::kDate;
  if (IsMoment(column.type) && (date || type == ValueType::kDateTime)) {
    if (date) {
      const std::string local = fmt::format("{} at time zone {}", name, io::SqlText(zone));
      return Formatted(column.type == kTimestampTz ? "(" + local + ")" : name, "YYYY-MM-DD");
    }
    return column.type == kTimestampTz
               ? Formatted(name, "YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"")
               : Formatted(name + "::timestamp", "YYYY-MM-DD HH24:MI:SS.MS");
  }
  return fmt::format("left({}::text, {})", name, kMaxCell + 1);
}

class SqlReader {
 public:
  SqlReader(io::SqlSession& session, const SqlQuery& query, const Mapping& mapping)
      : session_(session), query_(query), mapping_(mapping) {}

  Result<SqlPlan> Plan() {
    columns_ = TRY(session_.Describe(query_.text));
    SqlPlan plan;
    for (const std::string& name : MappedColumns(mapping_)) {
      const io::SqlColumn& column = *TRY(Find(name, "columns"));
      const auto rule = std::ranges::find(mapping_.properties, name, &PropertyRule::column);
      const bool identity = rule == mapping_.properties.end();
      const ValueType type = identity ? ValueType::kString : rule->type;
      if (!Fits(column, type)) {
        return BadSource(fmt::format(
            "column '{}' is a {}, which is no {}: cast it in the query, or declare another type",
            name, column.type_name, ValueTypeName(type)));
      }
      names_.push_back(name);
      selected_ += (selected_.empty() ? "" : ", ") + Selected(column, type, mapping_.table.zone);
      plan.columns.push_back({identity ? "" : rule->name, name, column.type_name, type});
    }
    for (const io::SqlColumn& column : columns_) {
      const bool known = std::ranges::find(names_, column.name) != names_.end() ||
                         column.name == query_.cursor || column.name == query_.removed;
      if (!known) plan.unused.push_back(column.name);
    }
    TRY(PlanExtra());
    return plan;
  }

  // Rows have the mapped columns, then whether they are removed, then the cursor, where asked for.
  Result<> Begin(const std::string& from) {
    std::string text = fmt::format("select {}", selected_);
    if (!query_.removed.empty()) text += fmt::format(", q.{}", io::SqlName(query_.removed));
    const std::string name = "q." + io::SqlName(query_.cursor);
    if (!query_.cursor.empty()) text += ", " + Reached(name);
    text += fmt::format(" from ({}\n) q", query_.text);
    if (!query_.cursor.empty()) {
      // Rows without a cursor are read every time: nobody can say that they did not change.
      if (!from.empty()) text += fmt::format(" where {0} >= {1} or {0} is null", name, Since(from));
      text += fmt::format(" order by {} nulls first", name);
    }
    return session_.Begin(text);
  }

  const std::vector<std::string>& names() const { return names_; }

 private:
  Result<const io::SqlColumn*> Find(const std::string& name, std::string_view where) const {
    const auto found = std::ranges::find(columns_, name, &io::SqlColumn::name);
    if (std::ranges::count(columns_, name, &io::SqlColumn::name) == 1) return &*found;
    if (found != columns_.end())
      return BadSource(fmt::format("{}: the query has two columns '{}'", where, name));
    std::vector<std::string> known;
    for (const io::SqlColumn& column : columns_) known.push_back(column.name);
    const std::string nearest = Nearest(name, known);
    return BadSource(fmt::format("{}: the query has no column '{}'{}", where, name,
                                 nearest.empty() ? "" : "; did you mean '" + nearest + "'?"));
  }

  Result<> PlanExtra() {
    if (!query_.removed.empty() && TRY(Find(query_.removed, "removed"))->category != 'B')
      return BadSource(fmt::format("removed: '{}' is no boolean", query_.removed));
    if (query_.cursor.empty()) return {};
    cursor_ = *TRY(Find(query_.cursor, "cursor"));
    const bool number = cursor_.category == 'N';
    if (!number && !IsMoment(cursor_.type) && cursor_.category != 'S')
      return BadSource(
          fmt::format("cursor: '{}' is a {}, which does not grow: name a column of "
                      "times or numbers",
                      query_.cursor, cursor_.type_name));
    return {};
  }

  // How far a load has come with a row. A time to come, or no time at all, is not reached: who
  // began after it would see nothing of what follows, so such rows are read every time.
  std::string Reached(const std::string& name) const {
    if (cursor_.category == 'S') return name + "::text";
    if (cursor_.category == 'N')
      return fmt::format("nullif(nullif({}::text, 'NaN'), 'Infinity')", name);
    const std::string local = "now() at time zone " + io::SqlText(mapping_.table.zone);
    const std::string now = cursor_.type == kTimestampTz ? "now()"
                            : cursor_.type == kSqlDate   ? "(" + local + ")::date"
                                                         : local;
    return fmt::format("least({}, {})::text", name, now);
  }

  std::string Since(const std::string& from) const {
    const std::string text = io::SqlText(from);
    if (query_.overlap == 0 || cursor_.category == 'S') return text;
    if (cursor_.category == 'N') return fmt::format("{}::numeric - {}", text, query_.overlap);
    const std::string_view type = cursor_.type == kTimestampTz ? "timestamptz" : "timestamp";
    return fmt::format("{}::{} - interval '{} seconds'", text, type, query_.overlap);
  }

  io::SqlSession& session_;
  const SqlQuery& query_;
  const Mapping& mapping_;
  std::vector<io::SqlColumn> columns_;
  io::SqlColumn cursor_;
  std::vector<std::string> names_;
  std::string selected_;
};

Result<> AppendAndWait(Sink& sink, Bytes payload) {
  auto answer = std::make_shared<std::promise<Result<>>>();
  auto done = answer->get_future();
  sink.Append(std::move(payload),
              [answer](Result<> result) { answer->set_value(std::move(result)); });
  return done.get();
}

class SqlRun {
 public:
  SqlRun(io::SqlSession& session, const Clock& clock, Sink& sink, const SqlLoadOptions& options)
      : session_(session),
        sink_(sink),
        options_(options),
        mapping_(options.mapping),
        removing_(options.mapping),
        now_ms_(clock.NowMs()) {
    for (PropertyRule& rule : mapping_.properties) rule.separator = kListSign;
    mapping_.table.nulls.clear();  // the database says itself what is nothing
    removing_ = mapping_;
    removing_.rows.mode = RowsRule::Mode::kDelete;
  }

  Result<SqlReport> Run() {
    SqlReader reader(session_, options_.query, mapping_);
    TRY(reader.Plan());
    columns_ = reader.names().size();
    RowEncoder encoder = TRY(RowEncoder::Bind(mapping_, "", options_.name, reader.names()));
    RowEncoder remover = TRY(RowEncoder::Bind(removing_, "", options_.name, reader.names()));
    TRY(reader.Begin(options_.from));
    rows_ = TRY(session_.Fetch(kFetchRows));
    while (rows_.count > 0) TRY(LoadBatch(encoder, remover));
    report_.counts.Add(encoder.TakeReport());
    if (replaces()) TRY(EndReplace());
    report_.removed = remover.TakeReport().loaded;
    report_.counts.rows = number_;
    return std::move(report_);
  }

 private:
  BatchWriter NewBatch() {
    chunk_ = fmt::format("{}/{}", options_.name, batches_++);
    return BatchWriter({.project = options_.project,
                        .source = "postgresql",
                        .ingest_ms = now_ms_,
                        .import_chunk = chunk_});
  }

  // Rows at hand, and those that follow while there is room.
  Result<> LoadBatch(RowEncoder& encoder, RowEncoder& remover) {
    BatchWriter batch = NewBatch();
    const uint64_t first = number_;
    while (rows_.count > 0 && number_ - first < kBatchRows && batch.size() < kBatchBytes) {
      if (options_.max_rows > 0 && number_ + rows_.count > options_.max_rows) {
        return Error(Code::kTooLarge, "source_too_large",
                     fmt::format("the query gives more than {} rows", options_.max_rows));
      }
      const size_t width = rows_.cells.size() / rows_.count;
      for (size_t row = 0; row < rows_.count; ++row) {
        const auto cells = std::span(rows_.cells).subspan(row * width, width);
        LoadRow(cells, encoder, remover, &batch);
        if (!options_.query.cursor.empty() && cells.back()) cursor_ = *cells.back();
      }
      rows_ = TRY(session_.Fetch(kFetchRows));
    }
    if (batch.item_count() > 0) TRY(AppendAndWait(sink_, batch.Finish()));
    return replaces() ? Result<>() : KeepCursor();
  }
  Result<> KeepCursor() {
    return options_.keep && !cursor_.empty() ? options_.keep(cursor_) : Result<>();
  }
  bool replaces() const { return mapping_.rows.mode == RowsRule::Mode::kReplace; }

  void LoadRow(std::span<const std::optional<std::string_view>> cells, RowEncoder& encoder,
               RowEncoder& remover, BatchWriter* batch) {
    fields_.assign(columns_, Field());
    Record record{
        .number = ++number_, .line = number_, .fields = fields_, .raw = {}, .problem = {}};
    for (size_t i = 0; i < columns_; ++i) {
      if (!cells[i]) continue;
      if (cells[i]->size() > kMaxCell) record.problem = "has a value over 65,536 bytes";
      fields_[i].SetText(*cells[i]);
    }
    const bool removed = !options_.query.removed.empty() && cells[columns_] == "t";
    const auto reject = (removed ? remover : encoder).Encode(record, now_ms_, batch);
    if (!reject) return;
    ++report_.counts.rejected;
    report_.counts.CountReject(reject->column, reject->reason);
    if (report_.examples.size() >= SqlReport::kMaxExamples) return;
    report_.examples.push_back(fmt::format("{}: {} (row {})",
                                           reject->column.empty() ? "row" : reject->column,
                                           reject->reason, number_));
  }

  Result<> EndReplace() {
    if (number_ > 0 && report_.counts.loaded == 0) {
      return BadSource(fmt::format("none of the {} rows fits, so what was there stays: {}", number_,
                                   report_.examples[0]));
    }
    BatchWriter batch = NewBatch();
    batch.BeginItem(ItemKind::kRowsReplace, mapping_.rows.table, {}, {.time_ms = now_ms_});
    batch.EndItem();
    TRY(AppendAndWait(sink_, batch.Finish()));
    return KeepCursor();
  }

  io::SqlSession& session_;
  Sink& sink_;
  const SqlLoadOptions& options_;
  Mapping mapping_, removing_;
  const int64_t now_ms_;
  size_t columns_ = 0;
  io::SqlRows rows_;
  std::vector<Field> fields_;
  uint64_t number_ = 0, batches_ = 0;
  std::string chunk_, cursor_;
  SqlReport report_;
};

}  // namespace

Result<SqlPlan> PlanSql(io::SqlSession& session, const SqlQuery& query, const Mapping& mapping) {
  return SqlReader(session, query, mapping).Plan();
}

Result<SqlReport> LoadSql(io::SqlSession& session, const Clock& clock, Sink& sink,
                          const SqlLoadOptions& options) {
  return SqlRun(session, clock, sink, options).Run();
}

}  // namespace waypost::files
