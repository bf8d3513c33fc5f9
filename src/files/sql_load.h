// Rows of a table out of a database: as an import of files, with what a database knows and a file
// does not: types, and which rows changed since the last time.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "files/import_report.h"
#include "files/mapping.h"
#include "files/sink.h"
#include "io/sql.h"
#include "model/value.h"

namespace waypost::files {

struct SqlQuery {
  std::string text;  // one SELECT
  // The column that grows whenever a row is new or changed. Empty: every load is of the whole
  // table, which takes the place of what was there in one step, and the mapping says kReplace; else
  // kUpsert.
  std::string cursor = {};
  // Rows are read again from so far before where the last load came: seconds of a cursor of times,
  // days of one of dates counted so too, units of a number. What is committed late is not missed.
  int64_t overlap = 0;
  // A column that is true of rows that are no more: their keys go. With a cursor. Empty: none.
  std::string removed = {};
};

struct SqlLoadOptions {
  SqlQuery query;
  Mapping mapping;  // kRows, of the query's columns
  std::string project = "default";
  std::string name;       // of this load; no other ever had it; no blanks
  std::string from = {};  // the cursor the last load came to; empty: all rows
  uint64_t max_rows = 0;  // more are an error, before the first too many is loaded
  // Hears the cursor of the last row that is safe, so that a load that was killed goes on there.
  std::function<Result<>(const std::string& cursor)> keep = {};
};

// What becomes of a column of the query.
struct SqlColumnUse {
  std::string column, from;  // of the table, of the query
  std::string type_name;     // the database's
  ValueType type = ValueType::kString;
};
struct SqlPlan {
  std::vector<SqlColumnUse> columns;
  std::vector<std::string> unused;  // of the query
};

struct SqlReport {
  static constexpr size_t kMaxExamples = 20;
  ImportReport counts;
  uint64_t removed = 0;
  std::vector<std::string> examples;  // of rejected rows: "amount: is not a number (row 17)"
};

// How the columns fit, reading no row. Errors: kInvalid "bad_source", naming the column that is not
// there, with the nearest name, or whose type does not fit; the session's.
Result<SqlPlan> PlanSql(io::SqlSession& session, const SqlQuery& query, const Mapping& mapping);

// Loads the rows the session sees. Rows that cannot be loaded are counted and their reasons told; a
// whole table of which none can is an error. Errors: PlanSql's; kTooLarge "source_too_large"; the
// sink's; the session's. What is safe then stays; of a whole table nothing is seen. REQUIRES: the
// session was not begun.
Result<SqlReport> LoadSql(io::SqlSession& session, const Clock& clock, Sink& sink,
                          const SqlLoadOptions& options);

}  // namespace waypost::files
