// Declarations of tables as JSON:
//
//   {"id": "holdings", "zh": "持仓", "en": "Holdings", "key": ["holding_id"], "belongs_to":
//   "customer",
//    "columns": [{"name": "product_id", "type": "int", "zh": "产品", "en": "Product", "class":
//    "C2",
//                 "refers": "product"}]}
//
// "valid": {"from", "to"} names columns between which a row holds, and "history": true keeps what
// rows were.
//
// "belongs_to" is left out for a table of things, "customer" for one whose rows name their
// customer, or
// {"table", "by"}: a row is of the customers of those rows of that table that have the same `by`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/table.h"

namespace waypost::services {

// With how many rows there are.
std::string TableJson(const Table& table, uint64_t rows);
// The form above, for people to edit.
std::string DeclarationText(const Table& table);

// Errors: kInvalid "bad_table" with the path of what is wrong, "sensitive" for a column whose name
// means C3 data. `id` stands for a left out "id", and must be it otherwise.
Result<Table> TableOf(std::string_view text, std::string_view id);

}  // namespace waypost::services
