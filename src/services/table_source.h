// Where a table's rows come from by themselves, as JSON:
//
//   {"connection": {"host": "core.bank", "port": 5432, "database": "core", "user": "waypost",
//                   "tls": "verified"},
//    "from": "public.holding", or "query": "select ...",
//    "columns": {"amount": "amt"}, "identities": {"login": "client_no"},
//    "cursor": "updated_at", "overlap": 300, "removed": "is_deleted",
//    "schedule": {"cron": "*/15 * * * *", "zone": "Asia/Shanghai"}, "max_rows": 10000000}
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "files/sql_load.h"
#include "io/sql.h"
#include "model/table.h"

namespace waypost::services {

struct TableSource {
  static constexpr size_t kMaxQuery = 64 << 10;         // bytes
  static constexpr int64_t kMaxOverlap = 366 * 86'400;  // seconds, or units
  static constexpr int64_t kUsualOverlap = 300;         // of a cursor
  static constexpr int64_t kUsualMaxRows = 100'000'000;

  io::SqlServer server;  // without its password
  files::SqlQuery query;
  std::map<std::string, std::string> columns;     // of the table to of the query; else of its name
  std::map<std::string, std::string> identities;  // key to column of the query
  std::string cron, zone = "UTC";                 // cron empty: when it is asked for
  int64_t max_rows = kUsualMaxRows;
};

// Errors: kInvalid "bad_source" with the path of what is wrong; "bad_schedule".
Result<TableSource> TableSourceOf(std::string_view text);

// What the rows of the source are to the table: all columns it has that the source maps, and those
// of `given`, the query's, that have their names. Errors: kInvalid "bad_source".
Result<files::Mapping> SourceMapping(const TableSource& source, const Table& table,
                                     std::span<const std::string> given);

}  // namespace waypost::services
