#include "services/row_json.h"

#include <fmt/format.h>

#include <charconv>

#include "api/model_json.h"
#include "base/logger.h"

namespace waypost::services {
namespace {

// Columns in the order declared.
std::string RowJson(const Table& table, const column::EventSlice& slice, uint32_t row,
                    bool masked) {
  std::string json = "{";
  for (const column::Column& column : slice.columns) {
    if (column.property() >= table.columns.size() || column.IsNull(row)) continue;
    if (json.size() > 1) json += ',';
    const TableColumn& declared = table.columns[column.property()];
    json += JsonQuoted(declared.name) + ":" +
            CellJson(column, row, masked && declared.data_class != DataClass::kC1);
  }
  return json + "}";
}

// Rows that come one after the other, of which a page is wanted.
class Page {
 public:
  Page(const Table& table, const RowAsk& ask) : table_(table), ask_(ask) {}

  void Add(const column::EventSlice& slice, column::RowRange range) {
    for (; range.begin < range.end && total_ < ask_.skip; ++range.begin) ++total_;
    for (; range.begin < range.end && shown_ < ask_.limit; ++range.begin, ++shown_, ++total_)
      rows_ += (rows_.empty() ? "" : ",") + RowJson(table_, slice, range.begin, ask_.masked);
    total_ += range.size();
  }
  std::string Json() const {
    std::string json = "{\"table\":" + JsonQuoted(table_.id);
    if (!table_.display_zh.empty()) json += ",\"zh\":" + JsonQuoted(table_.display_zh);
    if (!table_.display_en.empty()) json += ",\"en\":" + JsonQuoted(table_.display_en);
    json += fmt::format(",\"total\":{},\"rows\":[", total_) + rows_ + "]";
    if (ask_.skip + shown_ < total_) json += fmt::format(",\"next\":\"{}\"", ask_.skip + shown_);
    return json + "}";
  }

 private:
  const Table& table_;
  const RowAsk& ask_;
  uint64_t total_ = 0, shown_ = 0;
  std::string rows_;
};

// Calls visit(slice, rows) for each of the customer's ordinals that has rows.
template <typename Visit>
void ForEachRows(const engine::TableRows& table, std::span<const Ordinal> members, Visit visit) {
  if (!table.of_customers) return;
  for (const Ordinal member : members) {
    const auto block = table.of_customers->blocks.find(member >> kBlockBits);
    if (block == table.of_customers->blocks.end()) continue;
    for (const column::EventSlice& slice : block->second->events.slices) {
      const column::RowRange rows = slice.persons.Rows(member & (kBlockSize - 1));
      if (!rows.empty()) visit(slice, rows);
    }
  }
}

}  // namespace

Value ValueAt(const column::Column& column, uint32_t row, std::string* list) {
  Value value{.type = static_cast<ValueType>(column.type())};
  switch (value.type) {
    case ValueType::kString:
      value.text = column.Text(row);
      return value;
    case ValueType::kDouble:
      value.real = column.Real(row);
      return value;
    case ValueType::kList: {
      std::vector<std::string_view> items;
      const column::RowRange range = column.Items(row);
      for (uint32_t i = range.begin; i < range.end; ++i) {
        items.push_back(column.dictionary().Text(column.ItemCode(i)));
      }
      *list = PackList(items);
      value.text = *list;
      return value;
    }
    default:
      value.whole = column.Whole(row);
      return value;
  }
}

std::string CellJson(const column::Column& column, uint32_t row, bool masked) {
  std::string list;
  const Value value = ValueAt(column, row, &list);
  return masked ? api::MaskedJson(value) : api::ValueJson(value);
}

uint64_t CountRows(const engine::TableRows& table, std::span<const Ordinal> members) {
  uint64_t count = 0;
  ForEachRows(table, members,
              [&](const column::EventSlice&, column::RowRange rows) { count += rows.size(); });
  return count;
}

std::string RowsOfCustomer(const engine::TableRows& table, std::span<const Ordinal> members,
                           const RowAsk& ask) {
  Page page(*table.table, ask);
  ForEachRows(table, members, [&](const column::EventSlice& slice, column::RowRange rows) {
    page.Add(slice, rows);
  });
  return page.Json();
}

std::string AllRows(const engine::TableRows& table, const RowAsk& ask) {
  Page page(*table.table, ask);
  for (const auto& [number, block] : table.rows->blocks) {
    for (const column::EventSlice& slice : block->events.slices)
      page.Add(slice, {0, slice.row_count});
  }
  return page.Json();
}

Result<uint64_t> SkipOf(std::string_view after) {
  uint64_t skip = 0;
  const char* end = after.data() + after.size();
  const auto read = std::from_chars(after.data(), end, skip);
  if (after.empty() || (read.ec == std::errc() && read.ptr == end)) return skip;
  return Error(Code::kInvalid, "bad_request", "after: give the \"next\" of a page");
}

}  // namespace waypost::services
