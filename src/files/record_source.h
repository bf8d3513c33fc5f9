// Rows of a table, whatever the file format: what the importer reads.
//
//   while (const Record* record = TRY(source->Next())) Use(*record);
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/value.h"

namespace waypost::files {

// One cell. Formats that know no types give text; typed formats give the value as they have it.
struct Field {
  enum class Kind : uint8_t { kAbsent, kText, kTyped };
  Kind kind = Kind::kAbsent;
  Value value;  // kText: value.text

  void SetText(std::string_view text) {
    kind = Kind::kText;
    value.type = ValueType::kString;
    value.text = text;
  }
  void SetTyped(const Value& v) {
    kind = Kind::kTyped;
    value = v;
  }
};

struct Record {
  uint64_t number = 0;            // of the record, from 1; a header is not one
  uint64_t line = 0;              // where it begins in the file, from 1
  std::span<const Field> fields;  // one per column
  std::string_view raw;           // as it came; empty in binary formats
  std::string_view problem;       // not empty: this record cannot be read, and why; no fields then
};

// Between two records; where to go on after a stop.
struct Position {
  uint64_t offset = 0;   // of text, unpacked and decoded, in bytes
  uint64_t records = 0;  // before it
  uint64_t lines = 0;    // before it

  friend bool operator==(const Position&, const Position&) = default;
};

// Belongs to one thread.
class RecordSource {
 public:
  virtual ~RecordSource() = default;

  virtual std::span<const std::string> columns() const = 0;
  // The next record, valid until the next call; null at the end. An error is about the whole file
  // (kInvalid "bad_file", kIo), and nothing more can be read.
  virtual Result<const Record*> Next() = 0;
  // Before the record Next() would give.
  virtual Position position() const = 0;
  // Goes on at a position of the same file read with the same options. Call before the first
  // Next().
  virtual Result<> Seek(const Position& position) = 0;
};

}  // namespace waypost::files
