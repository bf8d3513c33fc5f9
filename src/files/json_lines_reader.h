// Reads JSON Lines: one object a line. Columns are chosen when opening; "a.b" is member b of object
// a where there is no member called "a.b".
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "files/byte_source.h"
#include "files/csv_reader.h"
#include "files/record_source.h"

namespace waypost::files {

class JsonLinesReader final : public RecordSource {
 public:
  // `text` is UTF-8 (files/text_source.h).
  static Result<std::unique_ptr<JsonLinesReader>> Open(std::unique_ptr<ByteSource> text,
                                                       std::vector<std::string> columns);
  ~JsonLinesReader() override;

  std::span<const std::string> columns() const override { return columns_; }
  // Null and missing members are absent; lists keep their items as texts; objects are their JSON
  // text. A line that is no object has a problem. The file ends with "bad_file" at a line over 1
  // MiB.
  Result<const Record*> Next() override;
  Position position() const override { return lines_->position(); }
  Result<> Seek(const Position& position) override { return lines_->Seek(position); }

 private:
  struct State;
  JsonLinesReader(std::unique_ptr<CsvReader> lines, std::vector<std::string> columns);
  void ReadFields();

  std::unique_ptr<CsvReader> lines_;  // of one field, the whole line
  std::vector<std::string> columns_;
  std::vector<Field> fields_;
  std::vector<std::string> texts_;  // of fields that are no views into the document
  Record record_;
  std::unique_ptr<State> state_;
};

// Paths of all members in the first `max_lines` lines, in the order they were first seen.
Result<std::vector<std::string>> FindJsonColumns(ByteSource& text, size_t max_lines);

}  // namespace waypost::files
