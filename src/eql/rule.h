// A rule: what a customer must be or must have done, as people write it in EQL (eql/text.h) and as
// the console clicks it together (eql/rule_json.h). Names are still names; nothing is resolved.
// The two forms are this one tree: whatever one says the other says too.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace waypost::eql {

inline constexpr size_t kMaxText = 64 * 1024;  // bytes
inline constexpr int kMaxDepth = 16;           // nested AND, OR, NOT, filters and parentheses
inline constexpr size_t kMaxLeaves = 500;
inline constexpr size_t kMaxValues = 1'000;   // of one IN
inline constexpr size_t kMaxSteps = 32;       // of one SEQ
inline constexpr int64_t kMaxSpan = 100'000;  // units of one span

// The same but for the case of ASCII letters.
bool SameWord(std::string_view a, std::string_view b);

// Where something was written; line 0: nowhere, it came as JSON. Columns count characters from 1.
struct Place {
  uint32_t line = 0;
  uint32_t column = 0;
};

// kInvalid with `name`: "line 1, column 5: <what>".
Error ErrorAt(const Place& place, std::string_view name, std::string_view what);

struct Name {
  std::string text;
  Place place;
  // Places do not count.
  friend bool operator==(const Name& a, const Name& b) { return a.text == b.text; }
};

enum class Unit : uint8_t { kSecond, kMinute, kHour, kDay, kWeek, kMonth, kQuarter, kYear };
// "second" ...; nothing for another word. Plurals are read too.
std::string_view UnitName(Unit unit);
const Unit* FindUnit(std::string_view word);

struct Span {
  int64_t count = 0;  // over 0
  Unit unit = Unit::kDay;
  friend bool operator==(const Span&, const Span&) = default;
};

struct Value {
  // kNow is the moment of evaluation, kToday the begin of its day, kAgo some time before kNow
  // (seconds, minutes, hours) or before kToday (the other units).
  enum class Kind : uint8_t { kText, kWhole, kReal, kFlag, kNow, kToday, kAgo };
  Kind kind = Kind::kText;
  std::string text;
  int64_t whole = 0;  // kFlag: 0 or 1
  double real = 0;
  Span ago;
  friend bool operator==(const Value&, const Value&) = default;
};

// A stretch of time. Seconds, minutes and hours roll: LAST 24 HOURS ends with the moment of
// evaluation. Longer units are whole ones of the calendar: LAST 7 DAYS is the seven days before
// today, with INCLUDING CURRENT it is today and the six before. NEXT likewise, forwards.
// BETWEEN takes both ends in; an end that is written as a date is that whole day.
struct Range {
  enum class Kind : uint8_t { kNone, kLast, kNext, kBetween, kSince };
  Kind kind = Kind::kNone;
  Span span;             // kLast, kNext
  bool current = false;  // INCLUDING CURRENT
  Value from, to;
  friend bool operator==(const Range&, const Range&) = default;
};

enum class Op : uint8_t {
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kIn,
  kNotIn,
  kBetween,
  kContains,
  kNotContains,
  kStartsWith,
  kEndsWith,
  kMatches,
  kNotMatches,
  kHasAny,
  kHasAll,
  kHasNone,
  kUnder,  // a thing of a tree: the one named, or one that it is above
  kOver,   // likewise: the one named, or one that it is below
  kIsNull,
  kIsNotNull,
  kWithin,  // Test::range
};

// An operator as text (upper case) and, in lower case, as JSON. How many values follow.
struct OpForm {
  enum class Takes : uint8_t { kNothing, kOne, kTwo, kList, kRange };
  Op op;
  std::string_view words;
  Takes takes;
};
const OpForm& FormOf(Op op);
const OpForm* FindOp(std::string_view words);

// `op values` of something. NULL (nothing known) passes only IS NULL.
struct Test {
  Op op = Op::kEqual;
  std::vector<Value> values;
  Range range;
  friend bool operator==(const Test&, const Test&) = default;
};

struct Rule;

// Events of one name, "*" for any, perhaps only some of them.
struct EventRule {
  Name name;
  std::vector<Rule> where;  // none or one
  friend bool operator==(const EventRule&, const EventRule&) = default;
};

// Any of these events.
using EventRules = std::vector<EventRule>;

// A number (or a moment) made of a customer's events. COUNT, DAYS and DISTINCT of no event are 0;
// the others are NULL.
struct Measure {
  enum class Kind : uint8_t {
    kCount,
    kDays,  // with an event, in the calendar asked in
    kSum,
    kAvg,
    kMax,
    kMin,
    kDistinct,
    kFirstTime,
    kLastTime,
    kDaysSinceFirst,  // days begun since; 0 for today
    kDaysSinceLast,
  };
  Kind kind = Kind::kCount;
  Name property;  // kSum .. kDistinct
  friend bool operator==(const Measure&, const Measure&) = default;
};
std::string_view MeasureName(Measure::Kind kind);  // "COUNT", "FIRST TIME", ...
const Measure::Kind* FindMeasure(std::string_view name);
inline bool HasProperty(Measure::Kind kind) {
  return kind >= Measure::Kind::kSum && kind <= Measure::Kind::kDistinct;
}

struct Step {
  EventRules events;
  Span within;         // since the step before; count 0: no limit
  EventRules without;  // none of these since the step before
  friend bool operator==(const Step&, const Step&) = default;
};

struct Rule {
  enum class Kind : uint8_t {
    kAnd,       // of
    kOr,        // of
    kNot,       // of, one
    kField,     // name test, at; within event filters a property, elsewhere an attribute
    kDid,       // events where range measure test
    kFirst,     // the first of events (where, range): its property `name` test
    kLast,      // likewise
    kSequence,  // steps within range reached
    kRank,      // the first `number` (percent: of those with a value) by measure or by attribute
    kSample,    // `number` percent of all, by hash
    kSegment,   // name
    kList,      // name
    kTag,       // name test, at; or, when changed, name from, to, range
    kRelated,   // quantifier or aggregate of another entity: name, words, of, property, test, at
  };
  Kind kind = Kind::kAnd;
  Place place;
  std::vector<Rule> of;
  Name name;
  Test test;
  EventRules events;
  std::vector<Rule> where;  // none or one: a filter for all of events
  Range range;
  Measure measure;
  std::vector<Step> steps;
  Span within;                  // kSequence: from the first step; count 0: no limit
  int64_t reached = 0;          // kSequence: at least so many steps; 0: all
  bool bottom = false;          // kRank: the smallest
  bool percent = false;         // kRank
  double number = 0;            // kRank, kSample
  std::string seed;             // kSample
  std::string words;            // kRelated: ANY, ALL, NONE, COUNT, SUM, ...
  Name property;                // kRelated: the field aggregated
  std::vector<Value> at;        // kTag, kField, kRelated: as it was then; none or one
  bool changed = false;         // kTag: the value became another within range
  std::vector<Value> from, to;  // kTag: what it was and what it became; none or one each

  // Places do not count.
  friend bool operator==(const Rule& a, const Rule& b);
};

// What is asked for: FIND customer WHERE rule LIMIT n.
struct Query {
  std::string entity = "customer";
  std::vector<Value> at;    // none or one: the moment of evaluation
  std::vector<Rule> where;  // none or one; none: everyone
  int64_t limit = 0;        // 0: all; otherwise so many, chosen by hash with `seed`
  std::string seed;
  friend bool operator==(const Query&, const Query&) = default;
};

// Every leaf in the order written.
void CollectLeaves(const Rule& rule, std::vector<const Rule*>* leaves);

// The names of all segments (or lists) that a query refers to, each once.
std::vector<std::string> NamesOf(const Query& query, Rule::Kind kind);

// Errors "eql_syntax" for what is too deep, too many or too large, however it was written.
Result<> CheckLimits(const Query& query);

}  // namespace waypost::eql
