// Reads tokens of EQL one after the other, and says what was expected where another is.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "eql/lexer.h"

namespace waypost::eql {

// Words are read in any case. Not thread-safe.
class TokenReader {
 public:
  using Kind = Token::Kind;

  // As ReadTokens gives them: the last is a kEnd, and stays.
  explicit TokenReader(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  const Token& Now() const { return tokens_[at_]; }
  const Token& Ahead(size_t n = 1) const { return tokens_[std::min(at_ + n, tokens_.size() - 1)]; }
  void Advance() {
    if (at_ + 1 < tokens_.size()) ++at_;
  }
  bool At(Kind kind) const { return Now().kind == kind; }
  static bool Is(const Token& token, std::string_view word) {
    return token.kind == Kind::kWord && SameWord(token.text, word);
  }
  static bool IsSymbol(const Token& token, std::string_view symbol) {
    return token.kind == Kind::kSymbol && token.text == symbol;
  }
  bool AtWord(std::string_view word) const { return Is(Now(), word); }
  bool AtSymbol(std::string_view symbol) const { return IsSymbol(Now(), symbol); }
  // Past it when it is there.
  bool TakeWord(std::string_view word) {
    const bool there = AtWord(word);
    if (there) Advance();
    return there;
  }
  bool TakeSymbol(std::string_view symbol) {
    const bool there = AtSymbol(symbol);
    if (there) Advance();
    return there;
  }

  // "eql_syntax" at the token that is read now.
  Error Bad(std::string_view what) const;
  // What was found instead, and the keyword it may be meant for.
  Error Expected(std::string_view what) const;
  Result<> Need(std::string_view symbol);
  Result<> NeedWord(std::string_view word);

 private:
  const std::vector<Token> tokens_;
  size_t at_ = 0;
};

}  // namespace waypost::eql
