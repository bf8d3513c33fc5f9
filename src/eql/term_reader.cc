#include "eql/term_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/letters.h"
#include "eql/text.h"

namespace waypost::eql {

Result<Name> TermReader::ReadName(std::string_view what) {
  const bool word = At(Kind::kWord) && !IsReserved(Now().text);
  if (!word && !At(Kind::kName) && !At(Kind::kText)) return Expected(what);
  Name name{Now().text, Now().place};
  if (name.text.empty()) return Bad("a name is not empty");
  Advance();
  return name;
}

Result<Name> TermReader::ReadPath(std::string_view what, Name* last) {
  const bool word = At(Kind::kWord) && !IsReserved(Now().text);
  if (!word && !At(Kind::kName)) return Expected(what);
  Name path = TRY(ReadName(what));
  while (AtSymbol(".") && (Ahead().kind == Kind::kWord || Ahead().kind == Kind::kName)) {
    Advance();
    if (last && !last->text.empty()) path.text += "." + last->text;
    if (last) *last = {Now().text, Now().place};
    if (!last) path.text += "." + Now().text;
    Advance();
  }
  return path;
}

Result<Test> TermReader::ReadTest() {
  Test test;
  if (AtRange(true)) {
    test.op = Op::kWithin;
    test.range = TRY(ReadRange());
    return test;
  }
  const OpForm* form = TakeOp();
  if (!form) {
    return Expected(
        "a comparison (= != < <= > >= IN BETWEEN CONTAINS STARTS ENDS MATCHES HAS UNDER OVER IS "
        "LAST NEXT SINCE)");
  }
  test.op = form->op;
  switch (form->takes) {
    case OpForm::Takes::kOne:
      test.values.push_back(TRY(ReadValue()));
      break;
    case OpForm::Takes::kTwo:
      test.values.push_back(TRY(ReadValue()));
      TRY(NeedWord("AND"));
      test.values.push_back(TRY(ReadValue()));
      break;
    case OpForm::Takes::kList:
      TRY(ReadValues(&test.values));
      break;
    default:
      break;
  }
  return test;
}

const OpForm* TermReader::TakeOp() {
  if (At(Kind::kSymbol)) {
    const OpForm* form = FindOp(Now().text);
    if (form) Advance();
    return form;
  }
  for (size_t words = 3; words > 0; --words) {
    std::string joined;
    for (size_t w = 0; w < words; ++w) {
      const Token& token = w == 0 ? Now() : Ahead(w);
      if (token.kind != Kind::kWord) break;
      joined += (w ? " " : "") + token.text;
    }
    const OpForm* form = FindOp(joined);
    if (!form || form->takes == OpForm::Takes::kRange) continue;
    const auto taken = 1 + std::ranges::count(form->words, ' ');
    if (taken != static_cast<std::ptrdiff_t>(words)) continue;
    for (size_t w = 0; w < words; ++w) Advance();
    return form;
  }
  return nullptr;
}

Result<> TermReader::ReadValues(std::vector<Value>* values) {
  TRY(Need("("));
  do {
    values->push_back(TRY(ReadValue()));
    if (values->size() > kMaxValues) return Bad(fmt::format("over {} values", kMaxValues));
  } while (TakeSymbol(","));
  return Need(")");
}

Result<Value> TermReader::ReadValue() {
  Value value;
  if (At(Kind::kText)) {
    value.text = Now().text;
  } else if (At(Kind::kNumber)) {
    return ReadNumber();
  } else if (AtWord("TRUE") || AtWord("FALSE")) {
    value.kind = Value::Kind::kFlag;
    value.whole = AtWord("TRUE");
  } else if (AtWord("NOW") || AtWord("TODAY")) {
    value.kind = AtWord("NOW") ? Value::Kind::kNow : Value::Kind::kToday;
  } else if (At(Kind::kWord) && !IsReserved(Now().text)) {
    value.text = Now().text;
  } else {
    return Expected("a value (a number, a 'text', TRUE, FALSE, NOW, TODAY or 7 DAYS AGO)");
  }
  Advance();
  return value;
}

Result<Value> TermReader::ReadNumber() {
  Value value;
  if (Ahead().kind == Kind::kWord && FindUnit(Ahead().text) && Is(Ahead(2), "AGO")) {
    value.kind = Value::Kind::kAgo;
    value.ago = TRY(ReadSpan());
    Advance();
    return value;
  }
  const std::string& text = Now().text;
  const char* end = text.data() + text.size();
  const auto whole = std::from_chars(text.data(), end, value.whole);
  if (whole.ec == std::errc() && whole.ptr == end) {
    value.kind = Value::Kind::kWhole;
  } else {
    value = {.kind = Value::Kind::kReal, .real = TRY(ParseReal())};
  }
  Advance();
  return value;
}

Result<double> TermReader::ParseReal() const {
  double real = 0;
  const std::string& text = Now().text;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), real);
  if (read.ec != std::errc() || !std::isfinite(real)) return Bad("the number is out of range");
  return real == 0 ? 0.0 : real;  // no -0
}

Result<double> TermReader::ReadReal() {
  if (!At(Kind::kNumber)) return Expected("a number");
  const double real = TRY(ParseReal());
  Advance();
  return real;
}

Result<int64_t> TermReader::ReadCount(std::string_view what, int64_t min, int64_t max) {
  const Place place = Now().place;
  if (!At(Kind::kNumber)) return Expected(what);
  const double real = TRY(ReadReal());
  if (real != std::floor(real) || real < static_cast<double>(min) ||
      real > static_cast<double>(max)) {
    return ErrorAt(place, "eql_syntax", fmt::format("expected {} from {} to {}", what, min, max));
  }
  return static_cast<int64_t>(real);
}

Result<Value> TermReader::ReadMoment() {
  const Place place = Now().place;
  Value value = TRY(ReadValue());
  if (value.kind == Value::Kind::kWhole || value.kind == Value::Kind::kReal ||
      value.kind == Value::Kind::kFlag) {
    return ErrorAt(place, "eql_syntax", "expected a time: '2026-03-01', NOW, TODAY, 7 DAYS AGO");
  }
  return value;
}

Result<Span> TermReader::ReadSpan() {
  Span span;
  span.count = TRY(ReadCount("a number of units", 1, kMaxSpan));
  const Unit* unit = At(Kind::kWord) ? FindUnit(Now().text) : nullptr;
  if (!unit) return Expected("SECONDS, MINUTES, HOURS, DAYS, WEEKS, MONTHS, QUARTERS or YEARS");
  span.unit = *unit;
  Advance();
  return span;
}

bool TermReader::AtRange(bool alone) const {
  const bool number = Ahead().kind == Kind::kNumber;
  return ((AtWord("LAST") || AtWord("NEXT")) && number) || AtWord("SINCE") ||
         (!alone && AtWord("BETWEEN"));
}

Result<Range> TermReader::ReadRange() {
  Range range;
  if (!AtRange(false)) return range;
  const std::string word = UpperLetters(Now().text);
  Advance();
  if (word == "SINCE") {
    range.kind = Range::Kind::kSince;
    range.from = TRY(ReadMoment());
  } else if (word == "BETWEEN") {
    range.kind = Range::Kind::kBetween;
    range.from = TRY(ReadMoment());
    TRY(NeedWord("AND"));
    range.to = TRY(ReadMoment());
  } else {
    range.kind = word == "LAST" ? Range::Kind::kLast : Range::Kind::kNext;
    range.span = TRY(ReadSpan());
    if (TakeWord("INCLUDING")) {
      TRY(NeedWord("CURRENT"));
      range.current = true;
    }
  }
  return range;
}

}  // namespace waypost::eql
