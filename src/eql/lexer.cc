#include "eql/lexer.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/letters.h"

namespace waypost::eql {
namespace {

bool IsDigit(char32_t c) { return c >= '0' && c <= '9'; }
bool IsBlank(char32_t c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == 0x3000 || c == 0xA0;
}
// Full-width forms of ASCII as ASCII; and the quotes Chinese text is written in.
char32_t Narrow(char32_t c) {
  if (c >= 0xFF01 && c <= 0xFF5E) return c - 0xFF01 + '!';
  return c;
}
bool IsWordStart(char32_t c) {
  if (c < 0x80) return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
  const bool punctuation = (c >= 0x2000 && c <= 0x206F) || (c >= 0x3000 && c <= 0x303F);
  return !punctuation && c != 0xA0;
}
bool IsWordPart(char32_t c) { return IsWordStart(c) || IsDigit(c); }

// One character of UTF-8; false where there is none.
bool Decode(std::string_view text, size_t at, char32_t* c, size_t* size) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[at + i]); };
  const uint8_t first = byte(0);
  if (first < 0x80) {
    *c = first;
    *size = 1;
    return true;
  }
  *size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() - at < *size) return false;
  *c = first & (0xFF >> (*size + 1));
  for (size_t i = 1; i < *size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return false;
    *c = *c << 6 | (byte(i) & 0x3F);
  }
  constexpr char32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  return *c >= kLeast[*size] && *c <= 0x10FFFF && (*c < 0xD800 || *c > 0xDFFF);
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Result<std::vector<Token>> Read() {
    TRY(Load());
    while (true) {
      TRY(SkipBlanks());
      Token token;
      token.place = place_;
      if (size_ > 0) TRY(ReadToken(&token));
      tokens_.push_back(token);
      if (token.kind == Token::Kind::kEnd) return std::move(tokens_);
    }
  }

 private:
  Error Bad(std::string_view what) const { return ErrorAt(place_, "eql_syntax", what); }

  // Looks at the character at at_: raw_, and c_ narrow. size_ is 0 at the end.
  Result<> Load() {
    raw_ = c_ = 0;
    size_ = 0;
    if (at_ >= text_.size()) return {};
    if (!Decode(text_, at_, &raw_, &size_)) return Bad("this is no UTF-8");
    c_ = Narrow(raw_);
    return {};
  }
  Result<> Next() {
    if (raw_ == '\n') {
      ++place_.line;
      place_.column = 0;
    }
    ++place_.column;
    at_ += size_;
    return Load();
  }
  // The character after this one, narrow.
  char32_t Peek() const {
    char32_t c = 0;
    size_t size = 0;
    return at_ + size_ < text_.size() && Decode(text_, at_ + size_, &c, &size) ? Narrow(c) : 0;
  }
  bool Follows(std::string_view text) const { return text_.substr(at_).starts_with(text); }

  Result<> SkipBlanks() {
    while (size_ > 0) {
      if (Follows("--")) {
        while (size_ > 0 && c_ != '\n') TRY(Next());
      } else if (IsBlank(c_)) {
        TRY(Next());
      } else {
        break;
      }
    }
    return {};
  }

  Result<> ReadToken(Token* token) {
    if (IsWordStart(c_)) return ReadWord(token);
    if (IsDigit(c_) || c_ == '-' || c_ == '+') return ReadNumber(token);
    switch (raw_) {
      case '\'':
        return ReadQuoted(token, Token::Kind::kText, '\'');
      case '"':
        return ReadQuoted(token, Token::Kind::kName, '"');
      case 0x2018:  // ‘...’
        return ReadQuoted(token, Token::Kind::kText, 0x2019);
      case 0x201C:  // “...”
        return ReadQuoted(token, Token::Kind::kText, 0x201D);
      default:
        return ReadSymbol(token);
    }
  }

  Result<> ReadWord(Token* token) {
    token->kind = Token::Kind::kWord;
    while (size_ > 0 && IsWordPart(c_)) {
      if (c_ == raw_) {
        token->text += text_.substr(at_, size_);
      } else {
        token->text += static_cast<char>(c_);
      }
      TRY(Next());
    }
    return {};
  }

  Result<> ReadNumber(Token* token) {
    token->kind = Token::Kind::kNumber;
    const auto take = [&]() -> Result<> {
      token->text += static_cast<char>(c_);
      return Next();
    };
    const auto digits = [&]() -> Result<bool> {
      const bool any = IsDigit(c_);
      while (IsDigit(c_)) TRY(take());
      return any;
    };
    if (c_ == '-') {
      TRY(take());
    } else if (c_ == '+') {
      TRY(Next());
    }
    if (!TRY(digits())) return Bad("expected a number after the sign");
    if (c_ == '.' && IsDigit(Peek())) {
      TRY(take());
      TRY(digits());
    }
    const auto after = [&](size_t n) {
      return at_ + n < text_.size() ? static_cast<uint8_t>(text_[at_ + n]) : 0;
    };
    const bool sign = after(1) == '-' || after(1) == '+';
    if ((raw_ == 'e' || raw_ == 'E') && IsDigit(after(sign ? 2 : 1))) {
      TRY(take());
      if (sign) TRY(take());
      TRY(digits());
    }
    return {};
  }

  Result<> ReadQuoted(Token* token, Token::Kind kind, char32_t close) {
    const Place begin = place_;
    token->kind = kind;
    TRY(Next());
    while (true) {
      if (size_ == 0) return ErrorAt(begin, "eql_syntax", "this quote has no end");
      if (raw_ == close) {
        TRY(Next());
        if (raw_ != close || close >= 0x80) return {};
      }
      token->text += text_.substr(at_, size_);
      TRY(Next());
    }
  }

  Result<> ReadSymbol(Token* token) {
    token->kind = Token::Kind::kSymbol;
    constexpr std::string_view kSingle = "()[],.%=<>!";
    if (c_ >= 0x80 || kSingle.find(static_cast<char>(c_)) == kSingle.npos)
      return Bad(fmt::format("'{}' has no meaning here", text_.substr(at_, size_)));
    token->text = static_cast<char>(c_);
    TRY(Next());
    const char first = token->text[0];
    const bool joins = c_ == '=' || (first == '<' && c_ == '>');
    if (joins && (first == '!' || first == '<' || first == '>' || first == '=')) {
      token->text += static_cast<char>(c_);
      TRY(Next());
    }
    if (token->text == "<>") token->text = "!=";
    if (token->text == "==") token->text = "=";
    if (token->text == "!") return ErrorAt(token->place, "eql_syntax", "expected '!=', found '!'");
    return {};
  }

  std::string_view text_;
  size_t at_ = 0, size_ = 0;
  char32_t raw_ = 0, c_ = 0;
  Place place_{1, 1};
  std::vector<Token> tokens_;
};

}  // namespace

Result<std::vector<Token>> ReadTokens(std::string_view text) {
  if (text.size() > kMaxText) {
    return ErrorAt({1, 1}, "eql_syntax",
                   fmt::format("the text has {} bytes, more than {}", text.size(), kMaxText));
  }
  return Lexer(text).Read();
}

const std::vector<std::string>& Keywords() {
  // Of two as near, the earlier is suggested.
  static const std::vector<std::string> words = {
      "AND",     "OR",    "NOT",     "IN",        "CONTAINS", "BETWEEN", "STARTS",   "ENDS",
      "MATCHES", "HAS",   "IS",      "NULL",      "DID",      "LAST",    "NEXT",     "SINCE",
      "COUNT",   "DAYS",  "SUM",     "AVG",       "MAX",      "MIN",     "DISTINCT", "FIRST",
      "TIME",    "SEQ",   "THEN",    "WITHIN",    "WITHOUT",  "REACHED", "TOP",      "BOTTOM",
      "BY",      "OF",    "SEGMENT", "LIST",      "TAG",      "AT",      "SAMPLE",   "SEED",
      "ANY",     "ALL",   "NONE",    "WHERE",     "FIND",     "LIMIT",   "TRUE",     "FALSE",
      "NOW",     "TODAY", "AGO",     "INCLUDING", "CURRENT",  "CHANGED", "FROM",     "TO",
      "UNDER",   "OVER",
  };
  return words;
}

bool IsReserved(std::string_view word) {
  constexpr std::string_view kWords[] = {
      "AGO",     "ALL",   "AND",   "ANY",  "BETWEEN",   "CONTAINS", "ENDS",    "FALSE",
      "FIND",    "FIRST", "HAS",   "IN",   "INCLUDING", "IS",       "LAST",    "LIMIT",
      "MATCHES", "NEXT",  "NONE",  "NOT",  "NOW",       "NULL",     "OR",      "SINCE",
      "STARTS",  "THEN",  "TODAY", "TRUE", "WHERE",     "WITHIN",   "WITHOUT",
  };
  return std::ranges::find(kWords, UpperLetters(word)) != std::end(kWords);
}

bool IsStatement(std::string_view word) {
  constexpr std::string_view kWords[] = {
      "ALTER",   "ATTACH",   "CALL",   "COPY",   "CREATE",  "DELETE", "DESCRIBE",
      "DETACH",  "DROP",     "EXEC",   "EXPORT", "GRANT",   "IMPORT", "INSERT",
      "INSTALL", "LOAD",     "MERGE",  "PRAGMA", "REPLACE", "REVOKE", "SELECT",
      "SET",     "TRUNCATE", "UPDATE", "USE",    "VACUUM",  "VALUES",
  };
  return std::ranges::find(kWords, UpperLetters(word)) != std::end(kWords);
}

bool IsPlainWord(std::string_view text) {
  const auto tokens = ReadTokens(text);
  return tokens.ok() && tokens.value().size() == 2 &&
         tokens.value()[0].kind == Token::Kind::kWord && tokens.value()[0].text == text &&
         !IsReserved(text) && !IsStatement(text) && !FindMeasure(text);
}

}  // namespace waypost::eql
