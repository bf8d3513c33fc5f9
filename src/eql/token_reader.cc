#include "eql/token_reader.h"

#include <fmt/format.h>

#include "base/letters.h"
#include "base/nearest.h"

namespace waypost::eql {

Error TokenReader::Bad(std::string_view what) const {
  return ErrorAt(Now().place, "eql_syntax", what);
}

Error TokenReader::Expected(std::string_view what) const {
  if (At(Kind::kEnd)) return Bad(fmt::format("expected {}, found the end", what));
  std::string text = Now().text.substr(0, 40);
  const std::string nearest = At(Kind::kWord) && !IsReserved(text)
                                  ? Nearest(UpperLetters(text), Keywords())
                                  : std::string();
  return Bad(fmt::format("expected {}, found '{}'{}", what, text,
                         nearest.empty() ? "" : "; did you mean " + nearest + "?"));
}

Result<> TokenReader::Need(std::string_view symbol) {
  if (!TakeSymbol(symbol)) return Expected(fmt::format("'{}'", symbol));
  return {};
}

Result<> TokenReader::NeedWord(std::string_view word) {
  if (!TakeWord(word)) return Expected(word);
  return {};
}

}  // namespace waypost::eql
