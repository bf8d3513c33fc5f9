// What the columns of a table mean: read from a mapping file (TOML, docs/files.md), or proposed
// from the first rows of a table (files/infer.h).
//
//   kind = "events"
//   [table]
//   header = false
//   columns = ["user_id", "event_ms", "event_id", "amount_cents"]
//   [[identity]]
//   key = "login"
//   column = "user_id"
//   [event]
//   column = "event_id"
//   names_file = "event_types.csv"
//   [time]
//   column = "event_ms"
//   format = "epoch_ms"
//   [properties]
//   amount = { column = "amount_cents", type = "int", null = ["0"] }
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "files/csv_reader.h"
#include "files/text_source.h"
#include "model/value.h"

namespace waypost::files {

enum class Format { kCsv, kJsonLines, kParquet };

// How the files are written.
struct TableRules {
  std::optional<Format> format;  // when not said: from the file's name
  CsvOptions csv;
  Encoding encoding = Encoding::kUtf8;
  std::vector<std::string> nulls = {""};  // texts that mean "no value" in every column
  std::string zone = "UTC";               // IANA zone of times written without an offset
};

// As an identity's column: what the rows are about has no name of its own, so each is
// "FILE:NUMBER", the file's name and the row's number in it.
inline constexpr std::string_view kRowColumn = "$row";

// The value is in a column, its key ("login", "device", ...) the same for every row or in a column
// too.
struct IdentityRule {
  std::string key = {};
  std::string key_column = {};
  std::string column = {};
};

// "epoch_ms", "epoch_s", "iso", or a pattern such as "yyyy-MM-dd HH:mm:ss" (files/time_reader.h).
struct TimeRule {
  std::string column;
  std::string format = "iso";
};

struct PropertyRule {
  std::string name;
  std::string column;
  ValueType type = ValueType::kString;
  std::vector<std::string> nulls = {};  // besides TableRules::nulls
  std::string format = "iso";           // datetime and date
  std::string separator = "|";          // list
};

struct ConstantRule {
  std::string name;
  ValueType type = ValueType::kString;
  std::string text = {};  // read as a cell of that type would be
};

// Rows of a table that the project has declared (model/table.h); properties are its columns.
struct RowsRule {
  enum class Mode : uint8_t {
    kUpsert,
    kDelete,   // the rows of these keys go
    kReplace,  // the files are the whole table from when all of them are loaded
  };
  std::string table = {};
  Mode mode = Mode::kUpsert;
  bool numbered = false;  // the table has no key: a row's name is "FILE:NUMBER" (kRowColumn)
};

struct Mapping {
  enum class Kind { kEvents, kProfiles, kItems, kRows };

  Kind kind = Kind::kEvents;
  TableRules table;
  // Of events and profiles the first names the timeline; rows have some when they are of customers.
  std::vector<IdentityRule> identities;

  // Events: the name is constant, or in a column, there perhaps as an id with a name of its own.
  std::string event_name;
  std::string event_column;
  std::map<std::string, std::string, std::less<>> event_names;  // empty: the column holds the name

  // Items.
  std::string item_type;
  std::string item_column;

  RowsRule rows;

  std::optional<TimeRule> time;  // always there for events
  std::string message_id_column;
  std::vector<PropertyRule> properties;
  std::vector<ConstantRule> constants;
  // Columns whose protected names are meant: nothing is loaded from them, and no row refused.
  std::vector<std::string> ignore;
};

// Reads a file named in a mapping, given its path as written there.
using ReadText = std::function<Result<std::string>(const std::string& path)>;

// Reads mapping text. Errors: kInvalid ("bad_mapping"), as "<file>:<line>: <key>: <what and what to
// do>", for TOML that is none, unknown or missing keys, and values that cannot be.
Result<Mapping> ParseMapping(std::string_view text, const std::string& file, const ReadText& read);

// The mapping as text that ParseMapping reads back.
std::string MappingText(const Mapping& mapping);

// Names that rows may not set: they belong to consent, identity and organisation, which have rules
// of their own. Compared without case.
bool IsProtectedName(std::string_view name);

}  // namespace waypost::files
