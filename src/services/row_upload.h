// Rows of a table as a call brings them:
//
//   {"rows": [{"identities": {"login": "u1"}, "values": {"product_id": 7, "amount": "12.50"}}]}
//
// "delete": true takes away the rows of these keys instead. A row of a table without a key has a
// "name".
#pragma once

#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "model/table.h"

namespace waypost::services {

inline constexpr size_t kMaxRowsUploaded = 100'000;

struct RowUpload {
  Bytes batch;
  uint64_t rows = 0;
};

// All of them, or why not: kInvalid "bad_rows" with the path of the first that does not fit.
Result<RowUpload> ReadRowUpload(const Table& table, std::string_view project, std::string_view body,
                                int64_t now_ms);

}  // namespace waypost::services
