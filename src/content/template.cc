#include "content/template.h"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <variant>
#include <vector>

#include "content/formats.h"

namespace waypost::content {
namespace {

// How a value is shown: {{name|money}}, {{name|number:2}}.
struct Filter {
  enum class Kind : uint8_t { kDefault, kMoney, kNumber, kPercent, kDate, kMask } kind;
  std::string text;  // of kDefault, kDate
  int decimals = 0;
};

struct FilterName {
  std::string_view name;
  Filter filter;
  bool text, number;  // what may follow its ':'
};
const FilterName kFilters[] = {{"default", {Filter::Kind::kDefault, {}, 0}, true, false},
                               {"money", {Filter::Kind::kMoney, {}, 2}, false, true},
                               {"number", {Filter::Kind::kNumber, {}, 0}, false, true},
                               {"percent", {Filter::Kind::kPercent, {}, 2}, false, true},
                               {"date", {Filter::Kind::kDate, "yyyy-MM-dd", 0}, true, false},
                               {"mask", {Filter::Kind::kMask, {}, 0}, false, false}};

// What chooses among rows comes before how a value is shown.
constexpr std::string_view kWhere = "where:";

bool IsNameByte(char c, bool first) {
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' ||
                      static_cast<uint8_t>(c) >= 0x80;
  return letter || (!first && ((c >= '0' && c <= '9') || c == '.'));
}

std::string_view Trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// The HTML part: what follows a subject.
std::string_view BodyOf(std::string_view text) {
  if (text.starts_with("Subject: ")) {
    text.remove_prefix(std::min(text.find('\n'), text.size()));
  }
  const size_t begin = text.find_first_not_of(" \t\r\n");
  return begin == text.npos ? std::string_view() : text.substr(begin);
}

// A value that is put right after this text is the beginning of a link.
bool BeginsLink(std::string_view before) {
  const size_t quote = before.size();
  if (quote == 0 || (before[quote - 1] != '"' && before[quote - 1] != '\'')) return false;
  std::string tail(before.substr(quote > 16 ? quote - 16 : 0));
  tail.pop_back();
  std::erase_if(tail, [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; });
  std::ranges::transform(tail, tail.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return tail.ends_with("href=") || tail.ends_with("src=") || tail.ends_with("action=");
}

bool IsWebLink(std::string_view value) {
  return value.starts_with("https://") || value.starts_with("http://");
}

std::string Escaped(std::string_view value) {
  std::string text;
  for (const char c : value) {
    switch (c) {
      case '&':
        text += "&amp;";
        break;
      case '<':
        text += "&lt;";
        break;
      case '>':
        text += "&gt;";
        break;
      case '"':
        text += "&quot;";
        break;
      case '\'':
        text += "&#39;";
        break;
      default:
        text += c;
    }
  }
  return text;
}

}  // namespace

struct Template::Block {
  struct Place {
    std::string name;
    std::vector<Filter> filters;
    bool link = false;
  };
  struct Choice {
    std::string name;
    std::optional<std::string> equals;
    std::shared_ptr<const Block> yes, no;
  };
  struct Loop {
    std::string item, list;
    std::shared_ptr<const Block> body;
  };
  std::vector<std::variant<std::string, Place, Choice, Loop>> parts;
};

class Template::Reader {
 public:
  Reader(std::string_view text, Template* out) : text_(text), out_(*out) {}

  Result<> Read() {
    std::string ended;
    out_.root_ = TRY(ReadBlock(0, &ended));
    return ended.empty() ? Result<>() : Wrong("{% " + ended + " %} ends nothing");
  }

 private:
  Error Wrong(const std::string& what) const {
    const auto line =
        1 + std::count(text_.begin(), text_.begin() + static_cast<ptrdiff_t>(at_), '\n');
    return Error(Code::kInvalid, "template_invalid", "line " + std::to_string(line) + ": " + what);
  }

  // Up to the end of the text or to an end or else, which `ended` names.
  Result<std::shared_ptr<const Block>> ReadBlock(int depth, std::string* ended) {
    if (depth > kMaxNesting) return Wrong("nested too deeply");
    auto block = std::make_shared<Block>();
    ended->clear();
    while (at_ < text_.size()) {
      const size_t open = std::min(text_.find("{{", at_), text_.find("{%", at_));
      if (open != at_) block->parts.emplace_back(std::string(text_.substr(at_, open - at_)));
      if (open == text_.npos) {
        at_ = text_.size();
        break;
      }
      at_ = open;
      const bool place = text_[open + 1] == '{';
      const size_t close = text_.find(place ? "}}" : "%}", open);
      if (close == text_.npos) return Wrong(place ? "'{{' is not closed" : "'{%' is not closed");
      const std::string_view inside = Trimmed(text_.substr(open + 2, close - open - 2));
      if (place) {
        Block::Place read = TRY(ReadPlace(inside));
        read.link = out_.html_ && BeginsLink(text_.substr(0, open));
        block->parts.emplace_back(std::move(read));
        at_ = close + 2;
        continue;
      }
      const std::string_view word = inside.substr(0, inside.find(' '));
      if (word == "endif" || word == "endfor" || word == "else") {
        *ended = word;
        at_ = close + 2;
        break;
      }
      const size_t from = at_;
      at_ = close + 2;
      if (word == "if") {
        block->parts.emplace_back(TRY(ReadChoice(Trimmed(inside.substr(2)), from, depth)));
      } else if (word == "for") {
        block->parts.emplace_back(TRY(ReadLoop(Trimmed(inside.substr(3)), from, depth)));
      } else {
        at_ = from;
        return Wrong("there is no {% " + std::string(word) + " %}");
      }
    }
    return std::shared_ptr<const Block>(std::move(block));
  }

  Result<Block::Choice> ReadChoice(std::string_view test, size_t from, int depth) {
    Block::Choice choice;
    const size_t equals = test.find("==");
    choice.name = TRY(ReadName(Trimmed(test.substr(0, equals))));
    if (equals != test.npos) choice.equals = TRY(ReadText(Trimmed(test.substr(equals + 2))));
    std::string ended;
    choice.yes = TRY(ReadBlock(depth + 1, &ended));
    if (ended == "else") choice.no = TRY(ReadBlock(depth + 1, &ended));
    if (ended == "endif") return choice;
    at_ = from;
    return Wrong("{% if %} has no {% endif %}");
  }

  Result<Block::Loop> ReadLoop(std::string_view words, size_t from, int depth) {
    const size_t in = words.find(" in ");
    if (in == words.npos) return Wrong("write {% for item in list %}");
    Block::Loop loop;
    loop.list = TRY(ReadName(Trimmed(words.substr(in + 4))));
    const std::string_view item = Trimmed(words.substr(0, in));
    locals_.emplace_back(item);
    loop.item = TRY(ReadName(item));
    std::string ended;
    loop.body = TRY(ReadBlock(depth + 1, &ended));
    locals_.pop_back();
    if (ended == "endfor") return loop;
    at_ = from;
    return Wrong("{% for %} has no {% endfor %}");
  }

  Result<std::string> ReadName(std::string_view text) {
    bool good = !text.empty() && text.size() <= 200 && text.back() != '.';
    for (size_t i = 0; i < text.size() && good; ++i) {
      good = IsNameByte(text[i], i == 0 || text[i - 1] == '.');
    }
    if (!good) return Wrong("not a name: " + std::string(text.substr(0, 60)));
    std::string name(text);
    if (std::ranges::find(locals_, name) == locals_.end()) out_.names_.insert(name);
    return name;
  }

  Result<std::string> ReadText(std::string_view text) const {
    if (text.size() < 2 || text.front() != '"' || text.back() != '"') {
      return Wrong("write the text in quotes: \"" + std::string(text.substr(0, 60)) + "\"");
    }
    return std::string(text.substr(1, text.size() - 2));
  }

  // name|filter|filter:argument, where a text in quotes may have a '|' in it.
  Result<Block::Place> ReadPlace(std::string_view inside) {
    std::vector<std::string_view> pieces;
    bool quoted = false;
    for (size_t begin = 0, i = 0; i <= inside.size(); ++i) {
      if (i < inside.size() && inside[i] == '"') quoted = !quoted;
      if (i < inside.size() && (inside[i] != '|' || quoted)) continue;
      pieces.push_back(Trimmed(inside.substr(begin, i - begin)));
      begin = i + 1;
    }
    Block::Place place;
    place.name = TRY(ReadName(pieces[0]));
    size_t next = 1;
    if (pieces.size() > 1 && pieces[1].starts_with(kWhere)) {
      TRY(ReadWhere(pieces[1], &place.name));
      ++next;
    }
    for (; next < pieces.size(); ++next) place.filters.push_back(TRY(ReadFilter(pieces[next])));
    return place;
  }

  // deposit.amount|where:"matures NEXT 7 DAYS" is looked up as deposit[matures NEXT 7 DAYS].amount.
  Result<> ReadWhere(std::string_view piece, std::string* name) {
    const size_t point = name->rfind('.');
    if (point == name->npos)
      return Wrong("where: needs the column of a table, as in deposit.amount");
    const std::string condition = TRY(ReadText(Trimmed(piece.substr(kWhere.size()))));
    out_.names_.erase(*name);
    name->insert(point, "[" + condition + "]");
    out_.names_.insert(*name);
    return {};
  }

  Result<Filter> ReadFilter(std::string_view piece) const {
    const size_t colon = piece.find(':');
    const std::string_view name = Trimmed(piece.substr(0, colon));
    const auto* known = std::ranges::find(kFilters, name, &FilterName::name);
    if (known == std::end(kFilters)) return Wrong("there is no format " + std::string(name));
    Filter filter = known->filter;
    if (colon == piece.npos) return filter;
    const std::string_view argument = Trimmed(piece.substr(colon + 1));
    if (known->text) {
      filter.text = TRY(ReadText(argument));
      return filter;
    }
    const char* end = argument.data() + argument.size();
    const auto [after, error] = std::from_chars(argument.data(), end, filter.decimals);
    const bool good = known->number && error == std::errc() && after == end &&
                      filter.decimals >= 0 && filter.decimals <= 8;
    if (!good) return Wrong(std::string(name) + " takes a number of 0 to 8 after its ':'");
    return filter;
  }

  const std::string_view text_;
  size_t at_ = 0;
  std::vector<std::string> locals_;
  Template& out_;
};

class Template::Filler {
 public:
  Filler(const Lookup& lookup, const ToWall& to_wall, bool html)
      : lookup_(lookup), to_wall_(to_wall), html_(html) {}

  Result<> Fill(const Block& block) {
    for (const auto& part : block.parts) {
      TRY(std::visit([this](const auto& one) { return Put(one); }, part));
      if (out_.size() > kMaxMessageBytes) return TooMuch("the message is over 256 KiB");
    }
    return {};
  }

  std::string Take() { return std::move(out_); }

 private:
  static Error TooMuch(std::string what) {
    return Error(Code::kInvalid, "render_limit", std::move(what));
  }
  static Error Unshown(const std::string& name, std::string_view what) {
    return Error(Code::kInvalid, "render_error", name + " " + std::string(what));
  }

  std::optional<std::string> ValueOf(const std::string& name) const {
    for (auto local = locals_.rbegin(); local != locals_.rend(); ++local) {
      if (local->first == name) return local->second;
    }
    return lookup_(name);
  }

  Result<> Put(const std::string& text) {
    out_ += text;
    return {};
  }

  Result<> Put(const Block::Place& place) {
    std::optional<std::string> value = ValueOf(place.name);
    if (value && value->empty()) value.reset();
    for (const Filter& filter : place.filters) {
      if (filter.kind == Filter::Kind::kDefault) {
        if (!value) value = filter.text;
      } else if (value) {
        value = Shown(filter, *value);
        if (!value) return Unshown(place.name, "has a value that its format cannot show");
      }
    }
    if (!value) return Unshown(place.name, "has no value and no default");
    if (place.link && !IsWebLink(*value)) value = "#";
    out_ += html_ ? Escaped(*value) : *value;
    return {};
  }

  std::optional<std::string> Shown(const Filter& filter, const std::string& value) const {
    switch (filter.kind) {
      case Filter::Kind::kMoney:
      case Filter::Kind::kNumber:
        return NumberText(value, filter.decimals);
      case Filter::Kind::kPercent:
        return PercentText(value, filter.decimals);
      case Filter::Kind::kDate:
        return DateText(value, filter.text, to_wall_);
      case Filter::Kind::kMask:
        return Masked(value);
      case Filter::Kind::kDefault:
        break;
    }
    return value;
  }

  Result<> Put(const Block::Choice& choice) {
    const std::optional<std::string> value = ValueOf(choice.name);
    const bool yes = choice.equals ? value == choice.equals
                                   : value && !value->empty() && *value != "false" && *value != "0";
    if (yes) return Fill(*choice.yes);
    return choice.no ? Fill(*choice.no) : Result<>();
  }

  Result<> Put(const Block::Loop& loop) {
    const std::optional<std::string> value = ValueOf(loop.list);
    boost::json::error_code error;
    const boost::json::value list = boost::json::parse(value.value_or("[]"), error);
    if (error || !list.is_array()) return Unshown(loop.list, "is not a list");
    for (const boost::json::value& item : list.get_array()) {
      if (++turns_ > kMaxTurns) return TooMuch("its loops turn more than 1,000 times");
      locals_.emplace_back(loop.item, item.is_string() ? std::string(item.get_string())
                                                       : boost::json::serialize(item));
      TRY(Fill(*loop.body));
      locals_.pop_back();
    }
    return {};
  }

  const Lookup& lookup_;
  const ToWall& to_wall_;
  const bool html_;
  std::vector<std::pair<std::string, std::string>> locals_;
  int turns_ = 0;
  std::string out_;
};

Result<Template> Template::Read(std::string_view text) {
  if (text.size() > kMaxTemplateBytes) {
    return Error(Code::kInvalid, "template_invalid", "a template has 256 KiB at most");
  }
  Template made;
  made.html_ = BodyOf(text).starts_with('<');
  TRY(Reader(text, &made).Read());
  return made;
}

void Template::Hide(const Block& block, std::string_view mask, std::string* out) {
  for (const auto& part : block.parts) {
    if (const auto* text = std::get_if<std::string>(&part)) *out += *text;
    if (std::holds_alternative<Block::Place>(part)) *out += mask;
    const auto* choice = std::get_if<Block::Choice>(&part);
    if (choice && choice->no) Hide(*choice->no, mask, out);
  }
}

std::string Template::Hidden(std::string_view mask) const {
  std::string out;
  Hide(*root_, mask, &out);
  return out;
}

Result<std::string> Template::Fill(const Lookup& lookup, const ToWall& to_wall) const {
  Filler filler(lookup, to_wall, html_);
  TRY(filler.Fill(*root_));
  return filler.Take();
}

}  // namespace waypost::content
