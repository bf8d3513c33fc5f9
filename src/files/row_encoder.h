// Rows of a table to items of batches, by a mapping.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "base/result.h"
#include "files/cell_reader.h"
#include "files/import_report.h"
#include "files/mapping.h"
#include "files/record_source.h"
#include "model/batch.h"

namespace waypost::files {

// Columns of the table a mapping reads, without repeats: what sources without a header must be
// asked for.
std::vector<std::string> MappedColumns(const Mapping& mapping);

// Why a row is not loaded. Views of constants and of the mapping's texts.
struct Reject {
  std::string_view column;  // empty when it is about the row
  std::string_view reason;
};

// Belongs to one thread and one file.
class RowEncoder {
 public:
  // Finds the mapping's columns among the table's. `mapping` must outlive the encoder. Errors:
  // kInvalid
  // ("bad_file") naming a column that is not there, with those that are; "bad_mapping".
  // `file` is the name that stands in identities made of row numbers (kRowColumn).
  static Result<RowEncoder> Bind(const Mapping& mapping, const std::string& source,
                                 const std::string& file, std::span<const std::string> columns);

  // Adds the record as one item, or says why not. `now_ms` is the time of profiles and items
  // without one, and the limit of event times: those over an hour later become it.
  std::optional<Reject> Encode(const Record& record, int64_t now_ms, BatchWriter* out);

  // What was counted since the last call: all but files, rows, rejected ones and reasons.
  ImportReport TakeReport();

 private:
  static constexpr uint32_t kNone = UINT32_MAX, kRow = UINT32_MAX - 1;
  struct Identity {
    uint32_t column, key_column;
    // Of the row in hand, and where their texts are when they are no views of it.
    std::string_view key, value;
    std::string key_text, value_text;
  };
  struct Property {
    uint32_t column;
    std::string_view column_name;
    std::string_view name;
    CellReader reader;
    std::span<const std::string> nulls;
    bool is_null(std::string_view text) const;
  };
  struct Event {
    std::string name;
    uint64_t count = 0;
  };
  struct Constant {
    std::string_view name;
    CellReader reader;
    Field field;
  };

  RowEncoder(const Mapping& mapping, const std::string& source, const std::string& file)
      : mapping_(mapping), source_(source), file_(file) {}
  Result<> BindColumns(std::span<const std::string> columns);
  Result<> BindValues(std::span<const std::string> columns);

  // The cell, or null when it has no value. Full-width digits come back plain, in *plain.
  const Field* Cell(const Record& record, uint32_t column, Field* plain, std::string* text);
  bool IsNull(std::string_view text) const;
  std::string_view TextOf(const Record& record, uint32_t column, std::string* scratch);

  bool ReadSubject(const Record& record);
  bool ReadEvent(const Record& record);
  bool ReadTime(const Record& record, int64_t now_ms);
  bool AddProperties(const Record& record, BatchWriter* out);
  void Begin(const Record& record, BatchWriter* out);
  void AddIdentities(BatchWriter* out) const;
  void Count();
  void FlushEvents();
  bool Refuse(std::string_view column, std::string_view reason);

  const Mapping& mapping_;
  std::string source_, file_;
  std::vector<Identity> identities_;
  uint32_t event_column_ = kNone, item_column_ = kNone, time_column_ = kNone,
           message_column_ = kNone;
  std::optional<CellReader> time_reader_;
  boost::unordered_flat_map<std::string, Event, TextHash, std::equal_to<>> events_;
  std::vector<Property> properties_;
  std::vector<Constant> constants_;
  std::vector<std::pair<uint32_t, std::string>> protected_;
  boost::unordered_flat_set<uint64_t> seen_;

  // Of the row in hand.
  Event* event_ = nullptr;
  std::string event_text_, item_scratch_, message_text_, key_;
  std::string_view item_text_;
  ItemMeta meta_;
  Field plain_;
  std::string plain_text_;
  Reject reject_;
  ImportReport report_;
};

}  // namespace waypost::files
