#include "ingest/json_fault.h"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>

namespace waypost::ingest {
namespace {

// As JSON text: the string that json_parser.h's kUnkeepableNumber is.
constexpr std::string_view kRepair = R"("\u0000number out of range")";

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Bytes of the UTF-8 sequence at the front of `text`; 0 when there is none.
size_t SequenceSize(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t first = byte(0);
  if (first < 0x80) return 1;
  const size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < size) return 0;
  for (size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  const uint8_t second = byte(1);
  const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
  const bool surrogate = first == 0xED && second > 0x9F;
  const bool beyond = first == 0xF4 && second > 0x8F;
  return overlong || surrogate || beyond ? 0 : size;
}

// Recursive descent over the text. The first fault ends it: every function returns false from then
// on.
class Scanner {
 public:
  Scanner(std::string_view text, size_t max_depth) : text_(text), max_depth_(max_depth) {}

  JsonFinding Scan() {
    if (Utf8() && Value(0)) {
      SkipSpace();
      if (at_ < text_.size()) Fail("there is more after the end of the document");
    }
    repaired_.append(text_.substr(copied_));
    return {fault_, std::move(repaired_)};
  }

 private:
  bool Fail(std::string_view what, bool encoding = false) {
    if (!fault_) fault_ = JsonFault{at_, encoding, what};
    return false;
  }
  bool FailAt(size_t at, std::string_view what, bool encoding = false) {
    at_ = at;
    return Fail(what, encoding);
  }

  bool Utf8() {
    for (size_t size; at_ < text_.size(); at_ += size) {
      size = SequenceSize(text_.substr(at_));
      if (size == 0) return Fail("bytes that are not UTF-8", /*encoding=*/true);
    }
    at_ = 0;
    return true;
  }

  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool Skip(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void SkipSpace() {
    while (Peek() == ' ' || Peek() == '\n' || Peek() == '\r' || Peek() == '\t') ++at_;
  }

  bool Value(size_t depth) {
    SkipSpace();
    if (at_ >= text_.size()) return Fail("the document ends too early");
    const char c = Peek();
    if (c == '[' || c == '{') {
      if (depth == max_depth_) return Fail("nested too deep");
      ++at_;
      return c == '[' ? Array(depth + 1) : Object(depth + 1);
    }
    if (c == '"') return String();
    if (c == '-' || IsDigit(c)) return Number();
    return Word("true") || Word("false") || Word("null") || Fail("a value is expected");
  }

  bool Word(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  bool Array(size_t depth) {
    SkipSpace();
    if (Skip(']')) return true;
    for (;;) {
      if (!Value(depth)) return false;
      SkipSpace();
      if (Skip(']')) return true;
      if (!Skip(',')) return Fail("a comma or closing bracket is missing");
    }
  }

  bool Object(size_t depth) {
    SkipSpace();
    if (Skip('}')) return true;
    for (;;) {
      SkipSpace();
      if (Peek() != '"') return Fail("a field name in quotes is expected");
      if (!String()) return false;
      SkipSpace();
      if (!Skip(':')) return Fail("a colon is missing");
      if (!Value(depth)) return false;
      SkipSpace();
      if (Skip('}')) return true;
      if (!Skip(',')) return Fail("a comma or closing brace is missing");
    }
  }

  bool String() {
    for (++at_; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '"') return ++at_, true;
      if (static_cast<uint8_t>(c) < 0x20) return Fail("a control character inside a string");
      if (c == '\\' && !Escape()) return false;
    }
    return Fail("a string without end");
  }

  // Leaves at_ on the last byte of the escape.
  bool Escape() {
    const size_t begin = at_++;
    if (Peek() != 'u') {
      const bool known = at_ < text_.size() &&
                         std::string_view("\"\\/bfnrt").find(Peek()) != std::string_view::npos;
      return known || FailAt(begin, "an unknown escape");
    }
    const int unit = HexUnit();
    if (unit < 0) return FailAt(begin, "four hex digits are expected");
    if (unit < 0xD800 || unit > 0xDFFF) return true;
    if (unit < 0xDC00 && text_.substr(at_ + 1).starts_with("\\u")) {
      at_ += 2;
      const int low = HexUnit();
      if (low >= 0xDC00 && low <= 0xDFFF) return true;
    }
    return FailAt(begin, "half a surrogate pair", /*encoding=*/true);
  }

  // The four digits after the 'u' under at_; ends on the last of them. -1 when they are not there.
  int HexUnit() {
    int unit = 0;
    for (int i = 0; i < 4; ++i) {
      const char c = ++at_ < text_.size() ? text_[at_] : '\0';
      const int digit = IsDigit(c)             ? c - '0'
                        : c >= 'a' && c <= 'f' ? c - 'a' + 10
                        : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                               : -1;
      if (digit < 0) return -1;
      unit = unit * 16 + digit;
    }
    return unit;
  }

  bool Digits() {
    if (!IsDigit(Peek())) return Fail("a digit is expected");
    while (IsDigit(Peek())) ++at_;
    return true;
  }

  bool Number() {
    const size_t begin = at_;
    Skip('-');
    if (Skip('0')) {
      if (IsDigit(Peek())) return Fail("a number cannot begin with 0");
    } else if (!Digits()) {
      return false;
    }
    bool whole = true;
    if (Skip('.')) {
      whole = false;
      if (!Digits()) return false;
    }
    if (Skip('e') || Skip('E')) {
      whole = false;
      Skip('-') || Skip('+');
      if (!Digits()) return false;
    }
    if (!Keepable(text_.substr(begin, at_ - begin), whole)) Replace(begin);
    return true;
  }

  static bool Keepable(std::string_view number, bool whole) {
    if (!whole) return std::isfinite(std::strtod(std::string(number).c_str(), nullptr));
    const char* end = number.data() + number.size();
    int64_t negative;
    uint64_t positive;
    return std::from_chars(number.data(), end, negative).ec == std::errc() ||
           std::from_chars(number.data(), end, positive).ec == std::errc();
  }

  void Replace(size_t begin) {
    repaired_.append(text_.substr(copied_, begin - copied_)).append(kRepair);
    copied_ = at_;
  }

  std::string_view text_;
  size_t max_depth_;
  size_t at_ = 0;
  std::optional<JsonFault> fault_;
  std::string repaired_;
  size_t copied_ = 0;  // text before this is in repaired_
};

}  // namespace

JsonFinding FindJsonFault(std::string_view text, size_t max_depth) {
  return Scanner(text, max_depth).Scan();
}

}  // namespace waypost::ingest
