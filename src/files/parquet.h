// Parquet through DuckDB's C API. libduckdb.so is opened when first needed: beside the program, in
// its
// ../lib, where the system looks, or where it was when this was built. Without it everything here
// answers kUnavailable ("no_parquet"). DuckDB opens files by itself, so paths are the real disk's.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "files/record_source.h"
#include "files/row_cursor.h"

namespace waypost::files {

// Rows of a file in their order, with the columns asked for (empty: all). Positions count records.
// kInvalid ("bad_file") for a file that is no Parquet, or has no such column.
Result<std::unique_ptr<RecordSource>> OpenParquet(const std::string& path,
                                                  std::vector<std::string> columns);

// Writes every row of `rows` to a new file, zstd-compressed; returns how many. Memory: a row group.
Result<uint64_t> WriteParquet(const std::string& path, RowCursor& rows);

}  // namespace waypost::files
