// The parts rules of EQL are made of: names, values, comparisons, spans and ranges of time.
#pragma once

#include <string_view>
#include <vector>

#include "eql/rule.h"
#include "eql/token_reader.h"

namespace waypost::eql {

// Each Read takes what it returns, or says what was expected and where. docs/eql.md has the
// grammar.
class TermReader : public TokenReader {
 public:
  using TokenReader::TokenReader;

  // A word or a quoted name; `what` is expected.
  Result<Name> ReadName(std::string_view what);
  // name{.name}; with `last`, the name after the last point goes there.
  Result<Name> ReadPath(std::string_view what, Name* last = nullptr);
  Result<Test> ReadTest();
  Result<Value> ReadValue();
  Result<double> ReadReal();
  // A whole number from min to max, both included; `what` is expected.
  Result<int64_t> ReadCount(std::string_view what, int64_t min, int64_t max);
  // A value that is a time, or a text that may be one.
  Result<Value> ReadMoment();
  Result<Span> ReadSpan();
  // Of kind kNone when none is there.
  Result<Range> ReadRange();

 private:
  // The longest operator that begins here: up to three words, or a symbol.
  const OpForm* TakeOp();
  Result<> ReadValues(std::vector<Value>* values);
  Result<Value> ReadNumber();
  Result<double> ParseReal() const;
  // `alone`: BETWEEN is then a comparison, not a range.
  bool AtRange(bool alone) const;
};

}  // namespace waypost::eql
