// Any text given as a declaration of a table, as a source of one or as rows, and any bytes given as
// what the log and the journal say of them, are refused or read; what is read is written the same.
#include <cstddef>
#include <cstdint>

#include "engine/tables.h"
#include "model/batch.h"
#include "services/row_upload.h"
#include "services/table_json.h"
#include "services/table_source.h"

namespace {

using waypost::Table;

void ReadTexts(std::string_view text) {
  const auto table = waypost::services::TableOf(text, "");
  if (table.ok()) {
    const std::string written = waypost::services::DeclarationText(table.value());
    CHECK(waypost::services::TableOf(written, "").value() == table.value());
  }
  const auto source = waypost::services::TableSourceOf(text);
  if (source.ok()) (void)waypost::services::SourceMapping(source.value(), {.id = "holding"}, {});
  static const Table kTable{.id = "holding",
                            .columns = {{.name = "id"},
                                        {.name = "amount", .type = waypost::ValueType::kDecimal},
                                        {.name = "at", .type = waypost::ValueType::kDate},
                                        {.name = "tags", .type = waypost::ValueType::kList}},
                            .key = {"id"},
                            .owner = Table::Owner::kCustomer};
  const auto rows = waypost::services::ReadRowUpload(kTable, "default", text, 1'800'000'000'000);
  if (!rows.ok()) return;
  auto batch = waypost::BatchReader::Open(rows.value().batch).value();
  while (batch.Next().value()) continue;
}

void ReadBytes(std::span<const uint8_t> bytes) {
  const auto change = waypost::TableChange::Decode(bytes);
  waypost::engine::Tables tables;
  if (change.ok()) {
    const waypost::Bytes written = change.value().Encode();
    CHECK(waypost::TableChange::Decode(written).value().table == change.value().table);
    CHECK(tables.Check(change.value()).ok() == tables.Apply(change.value()).ok());
  }
  (void)tables.ApplyJournal(bytes);
  waypost::engine::Tables restored;
  if (restored.Decode(bytes).ok()) CHECK(tables.Decode(restored.Encode()).ok());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size > 0 && data[0] == '{') {
    ReadTexts({reinterpret_cast<const char*>(data), size});
  } else {
    ReadBytes({data, size});
  }
  return 0;
}
