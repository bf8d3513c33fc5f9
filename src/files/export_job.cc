#include "files/export_job.h"

#include <algorithm>

#include "base/logger.h"
#include "files/cell_reader.h"
#include "files/csv_writer.h"
#include "files/parquet.h"
#include "files/snapshot_rows.h"
#include "model/batch.h"

namespace waypost::files {
namespace {

constexpr size_t kBufferSize = 1 << 20;
constexpr uint64_t kProgressRows = 65'536;

bool IsText(ValueType type) { return type == ValueType::kString || type == ValueType::kList; }

void AppendCsvRow(std::span<const OutputColumn> columns,
                  std::span<const std::optional<Value>> cells, std::string* out) {
  std::string scratch;
  for (size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) out->push_back(',');
    if (!cells[i]) continue;
    const std::string_view text = CellText(*cells[i], &scratch);
    IsText(columns[i].type) ? AppendCsvText(text, out) : static_cast<void>(out->append(text));
  }
  out->push_back('\n');
}

void AppendJson(const Value& value, std::string* out) {
  std::string scratch;
  if (value.type == ValueType::kList) {
    out->push_back('[');
    for (const std::string_view item : ListItems(value.text)) {
      if (out->back() != '[') out->push_back(',');
      out->append(JsonQuoted(item));
    }
    out->push_back(']');
    return;
  }
  const std::string_view text = CellText(value, &scratch);
  const bool quoted = value.type == ValueType::kString || value.type == ValueType::kDateTime ||
                      value.type == ValueType::kDate;
  quoted ? out->append(JsonQuoted(text)) : out->append(text);
}

// Absent cells are left out.
void AppendJsonRow(std::span<const OutputColumn> columns,
                   std::span<const std::optional<Value>> cells, std::string* out) {
  char before = '{';
  for (size_t i = 0; i < cells.size(); ++i) {
    if (!cells[i]) continue;
    out->push_back(std::exchange(before, ','));
    out->append(JsonQuoted(columns[i].name)).push_back(':');
    AppendJson(*cells[i], out);
  }
  out->append(before == '{' ? "{}\n" : "}\n");
}

std::string CsvHeader(std::span<const OutputColumn> columns) {
  std::string out;
  for (const OutputColumn& column : columns) {
    if (!out.empty()) out.push_back(',');
    AppendCsvText(column.name, &out);
  }
  return out + '\n';
}

Result<uint64_t> WriteText(io::WritableFile& file, Format format, RowCursor& rows) {
  std::string buffer = format == Format::kCsv ? CsvHeader(rows.columns()) : "";
  uint64_t count = 0;
  for (auto cells = rows.Next(); !cells.empty(); cells = rows.Next(), ++count) {
    format == Format::kCsv ? AppendCsvRow(rows.columns(), cells, &buffer)
                           : AppendJsonRow(rows.columns(), cells, &buffer);
    if (buffer.size() < kBufferSize) continue;
    TRY(file.Append(AsBytes(buffer)));
    buffer.clear();
  }
  TRY(file.Append(AsBytes(buffer)));
  return count;
}

// Passes rows through and tells how many there were.
class CountedRows final : public RowCursor {
 public:
  CountedRows(RowCursor& rows, const std::function<void(uint64_t)>& progress)
      : rows_(rows), progress_(progress) {}
  std::span<const OutputColumn> columns() const override { return rows_.columns(); }
  std::span<const std::optional<Value>> Next() override {
    if (progress_ && ++count_ % kProgressRows == 0) progress_(count_);
    return rows_.Next();
  }

 private:
  RowCursor& rows_;
  const std::function<void(uint64_t)>& progress_;
  uint64_t count_ = 0;
};

Result<uint64_t> WriteTable(io::FileSystem& files, const std::string& path, Format format,
                            RowCursor& rows) {
  if (format == Format::kParquet) {
    const uint64_t count = TRY(WriteParquet(path, rows));
    TRY(TRY(files.OpenAppend(path))->Sync());
    return count;
  }
  const auto file = TRY(files.Create(path));
  const uint64_t count = TRY(WriteText(*file, format, rows));
  TRY(file->Sync());
  TRY(file->Close());
  return count;
}

}  // namespace

Result<ExportReport> ExportJob::Run(const column::SnapshotView& snapshot, const ExportNames& names,
                                    const ExportOptions& options) {
  if (files_.FileSize(options.path).ok()) {
    return Error(Code::kConflict, "file_exists",
                 options.path + " is there already; remove it or give another name");
  }
  const std::unique_ptr<RowCursor> rows = TRY(MakeSnapshotRows(snapshot, names, options));
  CountedRows counted(*rows, options.progress);
  const std::string unfinished = options.path + ".tmp";
  if (files_.FileSize(unfinished).ok()) TRY(files_.Remove(unfinished));
  const auto count = WriteTable(files_, unfinished, options.format, counted);
  if (!count.ok()) {
    (void)files_.Remove(unfinished);
    return count.error();
  }
  TRY(files_.Rename(unfinished, options.path));
  TRY(files_.SyncDirectory(io::ParentDirectory(options.path)));
  return ExportReport{count.value(), TRY(files_.FileSize(options.path)), snapshot.damaged_parts};
}

}  // namespace waypost::files
