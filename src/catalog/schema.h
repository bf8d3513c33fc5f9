// The tables, as the steps that made them: step k brings a database of version k to k + 1 (SQLite's
// user_version). A step that was released is never edited; a change is a step more.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace waypost::catalog {

using Statements = std::vector<std::string_view>;

// "bigint": SOCI reads what is declared "integer" as 32 bits.
inline const std::vector<Statements>& SchemaSteps() {
  static const std::vector<Statements> steps = {
      {
          "create table definition (kind text not null, id text not null, version bigint not null,"
          " name_zh text not null, name_en text not null, owner text not null,"
          " state text not null, body text not null, created_ms bigint not null,"
          " changed_ms bigint not null, newest bigint not null,"
          " primary key (kind, id, version)) without rowid",
          "create table used (kind text not null, id text not null, version bigint not null,"
          " used_kind text not null, used_id text not null,"
          " primary key (kind, id, version, used_kind, used_id)) without rowid",
          "create index used_by on used (used_kind, used_id)",
          "create table entry (kind text not null, id text not null, number bigint not null,"
          " at_ms bigint not null, body text not null,"
          " primary key (kind, id, number)) without rowid",
      },
      {
          "create table kept (kind text not null, id text not null, name text not null,"
          " value text not null, primary key (kind, id, name)) without rowid",
      },
  };
  return steps;
}

}  // namespace waypost::catalog
