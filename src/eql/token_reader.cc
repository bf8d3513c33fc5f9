#include "eql/token_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/letters.h"
#include "base/nearest.h"

namespace waypost::eql {

Error TokenReader::Bad(std::string_view what) const {
  return ErrorAt(Now().place, "eql_syntax", what);
}

Error TokenReader::Expected(std::string_view what) const {
  if (At(Kind::kEnd)) return Bad(fmt::format("expected {}, found the end", what));
  const std::string text = Now().text.substr(0, 40), word = UpperLetters(text);
  const bool known = std::ranges::find(Keywords(), word) != Keywords().end();
  const std::string nearest = At(Kind::kWord) && !known ? Nearest(word, Keywords()) : "";
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
