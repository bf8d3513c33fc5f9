// Reads delimited text as RFC 4180 describes it: fields may be quoted, quotes inside are doubled,
// quoted fields may hold line breaks. Lines end with LF or CRLF; empty lines are passed over. A
// quote in the middle of an unquoted field is a character like any other.
//
// Finds delimiters, quotes and line feeds 64 bytes at a time; fields are views into the window.
// Memory: the window, which never holds more than one record of max_record_size and 1 MiB.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "files/byte_source.h"
#include "files/record_source.h"

namespace waypost::files {

struct CsvOptions {
  char delimiter = ',';
  char quote = '"';               // '\0': quotes mean nothing
  bool merge_delimiters = false;  // several in a row are one, and none counts at the ends of a line
  bool header = true;             // the first record names the columns
  std::vector<std::string> columns =
      {};  // names when there is no header; or column_1, column_2, ...
  size_t max_columns = 1'000;
  size_t max_record_size = 1 << 20;
};

// Positions of the bytes that matter, found a block ahead. The bytes must stay, with 64 more
// readable bytes after `end`.
class MarkScanner {
 public:
  void Start(const char* at, const char* end, const CsvOptions& options);
  // The next delimiter, quote or line feed; null when there is none before the end.
  const char* Next() {
    while (mask_ == 0) {
      block_ += 64;
      if (block_ >= end_) return nullptr;
      mask_ = MarksAt(block_);
    }
    const char* at = block_ + __builtin_ctzll(mask_);
    mask_ &= mask_ - 1;
    return at < end_ ? at : nullptr;
  }

 private:
  uint64_t MarksAt(const char* block) const;

  const char* block_ = nullptr;
  const char* end_ = nullptr;
  uint64_t mask_ = 0;
  char delimiter_ = ',';
  char quote_ = '"';
};

class CsvReader final : public RecordSource {
 public:
  // Reads the header, or the first record's width. `text` is UTF-8 (files/text_source.h). Errors:
  // kInvalid ("bad_file") for an empty file, too many columns, one name twice.
  static Result<std::unique_ptr<CsvReader>> Open(std::unique_ptr<ByteSource> text,
                                                 CsvOptions options);

  std::span<const std::string> columns() const override { return options_.columns; }
  // A record with more or fewer fields than columns, text after a closing quote, or bytes that are
  // not UTF-8 has a problem. The file ends with "bad_file" at a record over max_record_size; when a
  // quote was never closed the message names the line where it opened.
  Result<const Record*> Next() override;
  Position position() const override;
  Result<> Seek(const Position& position) override;

 private:
  CsvReader(std::unique_ptr<ByteSource> text, CsvOptions options);

  Result<> ReadColumnNames();
  // Makes sure a whole record begins at at_ and is in fields_; false at the end of the text.
  Result<bool> FindRecord();
  bool ScanRecord();
  const char* ScanQuoted(bool* escaped);
  void AddField(const char* begin, const char* end, bool escaped);
  void Unescape();
  Result<> Fill();
  Error TooLong() const;
  std::string_view Problem(std::string_view raw);

  std::unique_ptr<ByteSource> text_;
  CsvOptions options_;

  std::vector<char> window_;
  char* at_ = nullptr;   // the record to read next
  char* end_ = nullptr;  // of the bytes in the window
  bool at_end_of_text_ = false;
  bool known_utf8_ = false;  // up to the last line feed of the window
  uint64_t offset_ = 0;      // of at_ in the text
  uint64_t lines_ = 0;       // before at_
  uint64_t records_ = 0;

  // Of the record last scanned.
  MarkScanner marks_;
  std::vector<Field> fields_;
  size_t field_count_ = 0;
  std::vector<size_t> escaped_;
  std::string unescaped_;
  char* next_ = nullptr;  // the record after it, once there is one
  uint64_t line_count_ = 0;
  uint64_t quote_line_ = 0;  // where a quote that is still open was opened, or 0
  bool stray_text_ = false;
  std::string problem_;
  Record record_;
};

}  // namespace waypost::files
