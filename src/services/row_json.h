// Cells and rows of tables as JSON, out of a snapshot.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "column/event_block.h"
#include "engine/tables.h"

namespace waypost::services {

// REQUIRES: the row has a value. Its text borrows from the column, or, of a list, from *list.
Value ValueAt(const column::Column& column, uint32_t row, std::string* list);

// As api::ValueJson says it, or api::MaskedJson. REQUIRES: the row has a value.
std::string CellJson(const column::Column& column, uint32_t row, bool masked);

// How many rows the customer with these ordinals, increasing, has.
uint64_t CountRows(const engine::TableRows& table, std::span<const Ordinal> members);

// {"table", "zh", "en", "total", "rows": [{column: value}], "next"}: `limit` rows after the first
// `skip`, of the customer or of the whole table.
struct RowAsk {
  uint64_t skip = 0;
  size_t limit = 100;
  bool masked = false;  // values that are a person's: of columns of any class but C1
};
std::string RowsOfCustomer(const engine::TableRows& table, std::span<const Ordinal> members,
                           const RowAsk& ask);
std::string AllRows(const engine::TableRows& table, const RowAsk& ask);

// "next" of the page before, or empty. Errors: kInvalid "bad_request".
Result<uint64_t> SkipOf(std::string_view after);

}  // namespace waypost::services
