// EQL text as tokens.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "eql/rule.h"

namespace waypost::eql {

struct Token {
  enum class Kind : uint8_t {
    kEnd,
    kWord,    // a keyword, a name or a value
    kName,    // "quoted"
    kText,    // 'quoted'
    kNumber,  // digits with a point, an exponent, a sign before
    kSymbol,  // ( ) [ ] , . % = != < <= > >=
  };
  Kind kind = Kind::kEnd;
  std::string text;  // without quotes
  Place place;
};

// Ends with a kEnd. kInvalid "eql_syntax" for a quote without its end, a character that is none of
// the above, text that is no UTF-8 or over kMaxText.
Result<std::vector<Token>> ReadTokens(std::string_view text);

// A word that is never a name or a value unless it is quoted. Any case.
bool IsReserved(std::string_view word);
// Every word that EQL reads as itself somewhere, upper case; to suggest what was meant.
const std::vector<std::string>& Keywords();

// A word that begins statements of SQL, as a query of EQL cannot. Any case.
bool IsStatement(std::string_view word);

// Could be written without quotes.
bool IsPlainWord(std::string_view text);

}  // namespace waypost::eql
