#include "files/csv_reader.h"

#include <emmintrin.h>
#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <unordered_set>
#include <utility>

#include "files/text_source.h"

namespace waypost::files {
namespace {

constexpr size_t kWindow = 1 << 20;
constexpr size_t kPadding = 64;

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

void MarkScanner::Start(const char* at, const char* end, const CsvOptions& options) {
  delimiter_ = options.delimiter;
  quote_ = options.quote ? options.quote : options.delimiter;
  block_ = at;
  end_ = end;
  mask_ = at < end ? MarksAt(at) : 0;
}

uint64_t MarkScanner::MarksAt(const char* block) const {
  const __m128i delimiter = _mm_set1_epi8(delimiter_);
  const __m128i quote = _mm_set1_epi8(quote_);
  const __m128i line_feed = _mm_set1_epi8('\n');
  uint64_t mask = 0;
  for (int i = 0; i < 4; ++i) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block + 16 * i));
    const __m128i hits =
        _mm_or_si128(_mm_cmpeq_epi8(bytes, line_feed),
                     _mm_or_si128(_mm_cmpeq_epi8(bytes, delimiter), _mm_cmpeq_epi8(bytes, quote)));
    mask |= static_cast<uint64_t>(static_cast<uint32_t>(_mm_movemask_epi8(hits))) << (16 * i);
  }
  return mask;
}

CsvReader::CsvReader(std::unique_ptr<ByteSource> text, CsvOptions options)
    : text_(std::move(text)), options_(std::move(options)), window_(kWindow + kPadding) {
  at_ = end_ = window_.data();
  marks_.Start(at_, end_, options_);
}

Result<std::unique_ptr<CsvReader>> CsvReader::Open(std::unique_ptr<ByteSource> text,
                                                   CsvOptions options) {
  std::unique_ptr<CsvReader> reader(new CsvReader(std::move(text), std::move(options)));
  TRY(reader->ReadColumnNames());
  return reader;
}

Result<> CsvReader::ReadColumnNames() {
  fields_.resize(options_.max_columns + 1);
  if (!TRY(FindRecord())) return BadFile("the file is empty");
  const size_t count = field_count_;
  if (count > options_.max_columns) {
    return BadFile("the file has " + std::to_string(count) + " columns, and at most " +
                   std::to_string(options_.max_columns) + " are read; is the delimiter right?");
  }
  if (options_.header) {
    options_.columns.clear();
    for (size_t i = 0; i < count; ++i)
      options_.columns.emplace_back(Trimmed(fields_[i].value.text));
    offset_ += next_ - at_;
    at_ = next_;
    lines_ += line_count_;
  } else if (!options_.columns.empty() && options_.columns.size() != count) {
    return BadFile("line 1 has " + std::to_string(count) + " fields, but " +
                   std::to_string(options_.columns.size()) + " columns are declared");
  }
  options_.columns.resize(count);
  std::unordered_set<std::string_view> seen;
  for (size_t i = 0; i < count; ++i) {
    std::string& name = options_.columns[i];
    if (name.empty()) name = "column_" + std::to_string(i + 1);
    if (!seen.insert(name).second)
      return BadFile("two columns are called \"" + name + "\"; rename one");
  }
  fields_.resize(count);
  next_ = nullptr;
  marks_.Start(at_, end_, options_);
  return {};
}

Result<const Record*> CsvReader::Next() {
  if (next_) at_ = std::exchange(next_, nullptr);
  if (!TRY(FindRecord())) return nullptr;
  std::string_view raw(at_, static_cast<size_t>(next_ - at_));
  while (!raw.empty() && (raw.back() == '\n' || raw.back() == '\r')) raw.remove_suffix(1);
  record_ = {++records_, lines_ + 1, {}, raw, Problem(raw)};
  if (record_.problem.empty()) {
    if (!escaped_.empty()) Unescape();
    record_.fields = fields_;
  }
  offset_ += static_cast<uint64_t>(next_ - at_);
  lines_ += line_count_;
  return &record_;
}

Position CsvReader::position() const { return {offset_, records_, lines_}; }

Result<> CsvReader::Seek(const Position& position) {
  if (position.offset < offset_)
    return BadFile("the position to go on from lies before the first record");
  const uint64_t distance = position.offset - offset_;
  const uint64_t held = std::min<uint64_t>(distance, static_cast<uint64_t>(end_ - at_));
  at_ += held;
  next_ = nullptr;
  if (distance > held) TRY(text_->Skip(distance - held));
  offset_ = position.offset;
  records_ = position.records;
  lines_ = position.lines;
  marks_.Start(at_, end_, options_);
  return {};
}

Result<bool> CsvReader::FindRecord() {
  for (;;) {
    while (!ScanRecord()) {
      if (at_end_of_text_) {
        if (at_ == end_) return false;
        return TooLong();  // only an open quote swallows the line feed added at the end
      }
      TRY(Fill());
    }
    if (static_cast<size_t>(next_ - at_) > options_.max_record_size) return TooLong();
    const bool blank = field_count_ == 0 || (field_count_ == 1 && !fields_.empty() &&
                                             fields_[0].value.text.empty() && next_ - at_ <= 2);
    if (!blank) return true;
    offset_ += static_cast<uint64_t>(next_ - at_);
    at_ = next_;
    ++lines_;
  }
}

// Reads one record from at_. False when its end is not in the window.
bool CsvReader::ScanRecord() {
  field_count_ = 0;
  line_count_ = 1;
  escaped_.clear();
  quote_line_ = 0;
  stray_text_ = false;
  const char* begin = at_;
  for (;;) {
    const char* mark = marks_.Next();
    if (!mark) return false;
    const char* end = mark;
    bool escaped = false;
    if (*mark == options_.quote && options_.quote) {
      if (mark != begin) continue;
      end = ScanQuoted(&escaped);
      if (!end) return false;
      ++begin;
      do {
        mark = marks_.Next();
        if (!mark) return false;
      } while (*mark != options_.delimiter && *mark != '\n');
      const std::string_view after(end + 1, static_cast<size_t>(mark - end - 1));
      stray_text_ |= !after.empty() && after != "\r";
    } else if (*mark == '\n' && end > begin && end[-1] == '\r') {
      --end;
    }
    AddField(begin, end, escaped);
    begin = mark + 1;
    if (*mark == '\n') {
      next_ = at_ + (begin - at_);
      return true;
    }
  }
}

// The closing quote of the field whose opening quote was the last mark; null when it is not in the
// window. *escaped when there are doubled quotes inside.
const char* CsvReader::ScanQuoted(bool* escaped) {
  quote_line_ = lines_ + line_count_;
  for (;;) {
    const char* mark = marks_.Next();
    if (!mark || mark + 1 == end_) return nullptr;
    if (*mark == '\n') ++line_count_;
    if (*mark != options_.quote) continue;
    if (mark[1] != options_.quote) {
      quote_line_ = 0;
      return mark;
    }
    *escaped = true;
    marks_.Next();
  }
}

void CsvReader::AddField(const char* begin, const char* end, bool escaped) {
  if (options_.merge_delimiters && begin == end) return;
  if (field_count_ < fields_.size()) {
    if (escaped) escaped_.push_back(field_count_);
    fields_[field_count_].SetText({begin, static_cast<size_t>(end - begin)});
  }
  ++field_count_;
}

void CsvReader::Unescape() {
  unescaped_.clear();
  unescaped_.reserve(static_cast<size_t>(next_ - at_));  // so that views into it stay
  for (const size_t i : escaped_) {
    const std::string_view text = fields_[i].value.text;
    const size_t start = unescaped_.size();
    for (size_t at = 0; at < text.size(); ++at) {
      unescaped_.push_back(text[at]);
      if (text[at] == options_.quote) ++at;
    }
    fields_[i].SetText(std::string_view(unescaped_).substr(start));
  }
}

Result<> CsvReader::Fill() {
  const size_t held = static_cast<size_t>(end_ - at_);
  if (held > options_.max_record_size) return TooLong();
  if (window_.size() < held + kWindow + kPadding) {
    std::vector<char> larger(held + kWindow + kPadding);
    std::memcpy(larger.data(), at_, held);
    window_.swap(larger);
  } else {
    std::memmove(window_.data(), at_, held);
  }
  at_ = window_.data();
  end_ = at_ + held;
  const size_t room = window_.size() - kPadding - held - 1;
  const size_t size = TRY(ReadFully(*text_, {end_, room}));
  end_ += size;
  if (size < room) {
    at_end_of_text_ = true;
    if (end_ != at_ && end_[-1] != '\n') *end_++ = '\n';
  }
  const char* last = static_cast<const char*>(memrchr(at_, '\n', static_cast<size_t>(end_ - at_)));
  known_utf8_ = last && simdjson::validate_utf8(at_, static_cast<size_t>(last - at_));
  marks_.Start(at_, end_, options_);
  return {};
}

Error CsvReader::TooLong() const {
  if (quote_line_ > 0) {
    return BadFile("the quote opened on line " + std::to_string(quote_line_) +
                   (at_end_of_text_ ? " is never closed"
                                    : " is not closed within " +
                                          std::to_string(options_.max_record_size) + " bytes") +
                   "; close it, or say quote = \"\" when quotes mean nothing in this file");
  }
  return BadFile("line " + std::to_string(lines_ + 1) + " is longer than " +
                 std::to_string(options_.max_record_size) + " bytes; are these lines of text?");
}

std::string_view CsvReader::Problem(std::string_view raw) {
  if (!known_utf8_ && !simdjson::validate_utf8(raw.data(), raw.size()))
    return "the line is not UTF-8";
  if (stray_text_) return "there is text after a closing quote; double the quotes inside a field";
  if (field_count_ == options_.columns.size()) return {};
  problem_ = "the line has " + std::to_string(field_count_) + " fields, but there are " +
             std::to_string(options_.columns.size()) + " columns";
  return problem_;
}

}  // namespace waypost::files
