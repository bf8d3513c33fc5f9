#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/letters.h"
#include "eql/term_reader.h"
#include "eql/text.h"

namespace waypost::eql {
namespace {

constexpr std::string_view kEntities[] = {"customer", "customers", "user", "users", "客户"};
constexpr std::string_view kAggregates[] = {"COUNT", "SUM", "AVG",   "MAX",
                                            "MIN",   "TOP", "SHARE", "DISTINCT"};

template <size_t n>
bool IsOneOf(std::string_view word, const std::string_view (&words)[n]) {
  return std::ranges::any_of(words, [&](std::string_view w) { return SameWord(w, word); });
}

// Recursive descent, one function for each rule of the grammar in docs/eql.md.
class Parser : private TermReader {
 public:
  using TermReader::TermReader;

  Result<Query> ReadQuery() {
    Query query;
    if (TakeWord("FIND")) {
      if (!(At(Kind::kWord) && IsOneOf(Now().text, kEntities)))
        return Expected("'customer' (other entities cannot be found yet)");
      Advance();
      if (TakeWord("AT")) query.at.push_back(TRY(ReadMoment()));
      if (TakeWord("WHERE")) query.where.push_back(TRY(ReadOr()));
    } else {
      query.where.push_back(TRY(ReadOr()));
    }
    if (TakeWord("LIMIT")) {
      query.limit = TRY(ReadCount("a number of customers", 1, UINT32_MAX));
      query.seed = TRY(ReadSeed());
    }
    for (const std::string_view later : {"SHOW", "GROUP", "HAVING", "ORDER", "SAVE"}) {
      if (AtWord(later)) {
        return Bad(
            fmt::format("{} is not offered yet; a rule says who, exports and questions "
                        "show what of them",
                        later));
      }
    }
    if (!At(Kind::kEnd)) return Expected("AND, OR, LIMIT or the end");
    TRY(CheckLimits(query));
    return query;
  }

 private:
  // Counts nested rules while one is read.
  struct Nested {
    explicit Nested(int* depth) : depth_(depth) { ++*depth_; }
    ~Nested() { --*depth_; }
    Nested(const Nested&) = delete;
    Nested& operator=(const Nested&) = delete;
    int* depth_;
  };

  Result<Rule> ReadOr() { return ReadChain("OR", Rule::Kind::kOr); }

  // a OR b OR c, each of them a AND b AND c.
  Result<Rule> ReadChain(std::string_view word, Rule::Kind kind) {
    const bool outer = kind == Rule::Kind::kOr;
    const auto part = [&] { return outer ? ReadChain("AND", Rule::Kind::kAnd) : ReadNot(); };
    const Place place = Now().place;
    Rule first = TRY(part());
    if (!AtWord(word)) return first;
    Rule chain;
    chain.kind = kind;
    chain.place = place;
    chain.of.push_back(std::move(first));
    while (TakeWord(word)) {
      chain.of.push_back(TRY(part()));
      if (chain.of.size() > kMaxLeaves) return Bad(fmt::format("over {} leaves", kMaxLeaves));
    }
    return chain;
  }

  Result<Rule> ReadNot() {
    const Nested nested(&depth_);
    if (depth_ > kMaxDepth) return Bad(fmt::format("nested deeper than {}", kMaxDepth));
    const Place place = Now().place;
    if (TakeWord("NOT")) {
      Rule rule;
      rule.kind = Rule::Kind::kNot;
      rule.place = place;
      rule.of.push_back(TRY(ReadNot()));
      return rule;
    }
    if (TakeSymbol("(")) {
      Rule rule = TRY(ReadOr());
      TRY(Need(")"));
      return rule;
    }
    Rule rule = TRY(ReadLeaf());
    rule.place = place;
    return rule;
  }

  Result<Rule> ReadLeaf() {
    const Token& next = Ahead();
    const bool call = IsSymbol(next, "(");
    const bool number = next.kind == Kind::kNumber;
    const bool word = next.kind == Kind::kWord || next.kind == Kind::kName;
    if (AtWord("DID") && call) return ReadDid();
    if ((AtWord("FIRST") || AtWord("LAST")) && call) return ReadEdge();
    if (AtWord("SEQ") && call) return ReadSequence();
    if (AtWord("TAG") && call) return ReadTag();
    if (At(Kind::kWord) && IsOneOf(Now().text, kAggregates) && call) return ReadAggregate();
    if ((AtWord("TOP") || AtWord("BOTTOM")) && number) return ReadRank();
    if (AtWord("SAMPLE") && number) return ReadSample();
    if (AtWord("IN") && (Is(next, "SEGMENT") || Is(next, "LIST"))) return ReadMembership();
    if ((AtWord("ANY") || AtWord("ALL") || AtWord("NONE")) && word) return ReadQuantified();
    return ReadField();
  }

  Result<Rule> ReadField() {
    Rule rule;
    rule.kind = Rule::Kind::kField;
    rule.name = TRY(ReadPath("a condition"));
    TRY(ReadAt(&rule));
    rule.test = TRY(ReadTest());
    return rule;
  }

  Result<> ReadAt(Rule* rule) {
    if (TakeWord("AT")) rule->at.push_back(TRY(ReadMoment()));
    return {};
  }

  Result<Rule> ReadMembership() {
    Advance();
    Rule rule;
    rule.kind = AtWord("SEGMENT") ? Rule::Kind::kSegment : Rule::Kind::kList;
    Advance();
    rule.name = TRY(ReadName("the name of a segment or list"));
    return rule;
  }

  Result<Rule> ReadSample() {
    Advance();
    Rule rule;
    rule.kind = Rule::Kind::kSample;
    rule.number = TRY(ReadReal());
    TRY(Need("%"));
    if (!(rule.number > 0 && rule.number <= 100)) return Bad("a sample is over 0% and up to 100%");
    rule.seed = TRY(ReadSeed());
    return rule;
  }

  Result<std::string> ReadSeed() {
    if (!TakeWord("SEED")) return std::string();
    if (!At(Kind::kText)) return Expected("a 'text' to seed the choice with");
    std::string seed = Now().text;
    Advance();
    return seed;
  }

  // ( events [range] [, rule] ); only FIRST and LAST have their range here, because a test follows.
  Result<> ReadEventGroup(Rule* rule, bool ranged = false) {
    TRY(Need("("));
    rule->events = TRY(ReadEvents());
    if (ranged) rule->range = TRY(ReadRange());
    if (TakeSymbol(",")) rule->where.push_back(TRY(ReadOr()));
    return Need(")");
  }

  Result<EventRules> ReadEvents() {
    EventRules events;
    do {
      events.push_back(TRY(ReadEvent()));
      if (events.size() > kMaxValues) return Bad(fmt::format("over {} events", kMaxValues));
    } while (TakeWord("OR"));
    return events;
  }

  Result<EventRule> ReadEvent() {
    EventRule event;
    if (AtWord("ANY") && Is(Ahead(), "EVENT")) {
      event.name = {"*", Now().place};
      Advance();
      Advance();
    } else {
      event.name = TRY(ReadName("an event"));
    }
    if (TakeSymbol("[")) {
      event.where.push_back(TRY(ReadOr()));
      TRY(Need("]"));
    }
    return event;
  }

  Result<Rule> ReadDid() {
    Advance();
    Rule rule;
    rule.kind = Rule::Kind::kDid;
    TRY(ReadEventGroup(&rule));
    rule.range = TRY(ReadRange());
    if (AtMeasure()) {
      rule.measure = TRY(ReadMeasure());
      rule.test = TRY(ReadTest());
    } else {
      rule.test = AtLeastOnce();
    }
    return rule;
  }
  static Test AtLeastOnce() {
    return {.op = Op::kGreaterEqual, .values = {{.kind = Value::Kind::kWhole, .whole = 1}}};
  }

  Result<Rule> ReadEdge() {
    Rule rule;
    rule.kind = AtWord("FIRST") ? Rule::Kind::kFirst : Rule::Kind::kLast;
    Advance();
    TRY(ReadEventGroup(&rule, true));
    TRY(Need("."));
    rule.name = TRY(ReadPath("a property of the event"));
    rule.test = TRY(ReadTest());
    return rule;
  }

  bool AtMeasure() const {
    if (!At(Kind::kWord)) return false;
    if ((AtWord("FIRST") || AtWord("LAST")) && Is(Ahead(), "TIME")) return true;
    const Measure::Kind* kind = FindMeasure(Now().text);
    return kind && (!HasProperty(*kind) || IsSymbol(Ahead(), "("));
  }

  Result<Measure> ReadMeasure() {
    Measure measure;
    std::string words = Now().text;
    Advance();
    if (TakeWord("TIME")) words += " TIME";
    if (SameWord(words, "DAYS") && TakeWord("SINCE")) {
      if (!AtWord("FIRST") && !AtWord("LAST")) return Expected("FIRST or LAST");
      words += " SINCE " + Now().text;
      Advance();
    }
    measure.kind = *FindMeasure(words);
    if (HasProperty(measure.kind)) {
      TRY(Need("("));
      measure.property = TRY(ReadPath("a property of the event"));
      TRY(Need(")"));
    }
    return measure;
  }

  Result<Rule> ReadSequence() {
    Advance();
    TRY(Need("("));
    Rule rule;
    rule.kind = Rule::Kind::kSequence;
    rule.steps.emplace_back().events = TRY(ReadEvents());
    while (TakeWord("THEN")) {
      Step& step = rule.steps.emplace_back();
      if (TakeWord("WITHIN")) step.within = TRY(ReadSpan());
      if (TakeWord("WITHOUT")) step.without = TRY(ReadWithout());
      step.events = TRY(ReadEvents());
      if (rule.steps.size() > kMaxSteps) return Bad(fmt::format("over {} steps", kMaxSteps));
    }
    if (rule.steps.size() < 2) return Expected("THEN and the next event");
    TRY(Need(")"));
    if (TakeWord("WITHIN")) rule.within = TRY(ReadSpan());
    rule.range = TRY(ReadRange());
    if (TakeWord("REACHED")) {
      TRY(Need(">="));
      rule.reached =
          TRY(ReadCount("a number of steps", 1, static_cast<int64_t>(rule.steps.size())));
    }
    return rule;
  }

  // One event, or several in parentheses.
  Result<EventRules> ReadWithout() {
    if (!TakeSymbol("(")) return EventRules{TRY(ReadEvent())};
    EventRules events = TRY(ReadEvents());
    TRY(Need(")"));
    return events;
  }

  Result<Rule> ReadRank() {
    Rule rule;
    rule.kind = Rule::Kind::kRank;
    rule.bottom = AtWord("BOTTOM");
    Advance();
    const Place place = Now().place;
    rule.number = TRY(ReadReal());
    rule.percent = TakeSymbol("%");
    const bool fits = rule.percent ? rule.number > 0 && rule.number <= 100
                                   : rule.number >= 1 && rule.number <= UINT32_MAX &&
                                         rule.number == std::floor(rule.number);
    if (!fits)
      return ErrorAt(place, "eql_syntax", "expected a whole number of customers or a % up to 100");
    TRY(NeedWord("BY"));
    if (!AtMeasure()) {
      rule.name = TRY(ReadPath("a measure or a field"));
      return rule;
    }
    rule.measure = TRY(ReadMeasure());
    TRY(NeedWord("OF"));
    TRY(ReadEventGroup(&rule));
    rule.range = TRY(ReadRange());
    return rule;
  }

  Result<Rule> ReadTag() {
    Advance();
    TRY(Need("("));
    Rule rule;
    rule.kind = Rule::Kind::kTag;
    rule.name = TRY(ReadName("the name of a tag"));
    if (TakeSymbol(",")) {
      TRY(NeedWord("AT"));
      rule.at.push_back(TRY(ReadMoment()));
    }
    TRY(Need(")"));
    if (rule.at.empty() && TakeWord("CHANGED")) {
      rule.changed = true;
      if (TakeWord("FROM")) rule.from.push_back(TRY(ReadValue()));
      if (TakeWord("TO")) rule.to.push_back(TRY(ReadValue()));
      rule.range = TRY(ReadRange());
    } else {
      rule.test = TRY(ReadTest());
    }
    return rule;
  }

  // "[ rule ]" after the name of a relation; false when there is none.
  Result<bool> ReadRelated(Rule* rule) {
    if (!TakeSymbol("[")) return false;
    rule->of.push_back(TRY(ReadOr()));
    TRY(Need("]"));
    return true;
  }

  Result<Rule> ReadQuantified() {
    Rule rule;
    rule.kind = Rule::Kind::kRelated;
    rule.words = UpperLetters(Now().text);
    Advance();
    rule.name = TRY(ReadPath("a related entity"));
    TRY(ReadRelated(&rule));
    TRY(ReadAt(&rule));
    rule.test = AtLeastOnce();
    return rule;
  }

  // COUNT(relation[rule]) · SUM(relation[rule].field) · SUM(relation.field), each with AT time
  Result<Rule> ReadAggregate() {
    Rule rule;
    rule.kind = Rule::Kind::kRelated;
    rule.words = UpperLetters(Now().text);
    Advance();
    TRY(Need("("));
    const bool counts = rule.words == "COUNT";
    Name last;
    rule.name = TRY(ReadPath("a related entity", counts ? nullptr : &last));
    if (TRY(ReadRelated(&rule))) {
      if (!last.text.empty()) rule.name.text += "." + last.text;
      if (!counts) TRY(Need("."));
      if (!counts) last = TRY(ReadPath("a field"));
    }
    if (!counts && last.text.empty()) return Expected("'.' and a field");
    rule.property = last;
    TRY(ReadAt(&rule));
    TRY(Need(")"));
    rule.test = TRY(ReadTest());
    return rule;
  }

  int depth_ = 0;
};

// Before anything else: what begins like SQL is told so, whatever follows.
Result<> RefuseStatements(std::string_view text) {
  const size_t begin = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  const std::string_view rest = text.substr(begin);
  const std::string_view word = rest.substr(0, rest.find_first_of(" \t\r\n('\""));
  const size_t after = rest.find_first_not_of(" \t\r\n", word.size());
  if (after == rest.npos || std::string_view("=!<>").find(rest[after]) != rest.npos) return {};
  const Place place{1, static_cast<uint32_t>(begin + 1)};
  if (SameWord(word, "WITH"))
    return ErrorAt(place, "eql_limit", "EQL has no recursion: expected FIND or a condition");
  if (!IsStatement(word)) return {};
  return ErrorAt(
      place, "eql_forbidden",
      fmt::format("'{}' is not EQL, which only asks: expected FIND or a condition", word));
}

}  // namespace

Result<Query> ParseQuery(std::string_view text) {
  TRY(RefuseStatements(text));
  return Parser(TRY(ReadTokens(text))).ReadQuery();
}

}  // namespace waypost::eql
