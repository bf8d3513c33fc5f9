// How a tag is made: the member "make" of its definition, read and checked. docs/tags.md shows each
// kind. What is said of customers is said in EQL: rules, and operands, which are what may stand
// left of a test there ("assets", "DID(pay) LAST 30 DAYS SUM(amount)", "LAST(pay).channel",
// "TAG(tier)").
#pragma once

#include <boost/json/value.hpp>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "eql/rule.h"
#include "model/value.h"

namespace waypost::tags {

inline constexpr size_t kMaxLayers = 1'000;
inline constexpr size_t kMaxValueBytes = 200;  // of one text
inline constexpr size_t kMaxBands = 100;
inline constexpr size_t kMaxTerms = 50;
inline constexpr size_t kMaxTop = 20;

// Numbers sorted into classes 1..classes(), the best last. docs/tags.md has the five methods; equal
// values are always in one class, the better one.
struct Scoring {
  enum class Method : uint8_t {
    kMean,       // 2: the mean or better
    kEdges,      // another class at each edge
    kTopCount,   // another class for the best n, n ...
    kTopShare,   // likewise, n percent
    kQuantiles,  // `parts` classes of as many
  };
  Method method = Method::kMean;
  std::vector<double> numbers;  // edges increase; counts and shares fall
  uint32_t parts = 0;           // kQuantiles

  uint32_t classes() const;
  friend bool operator==(const Scoring&, const Scoring&) = default;
};

// Names for the classes of a number; no labels: it stays a number.
struct Bands {
  Scoring scoring;
  std::vector<std::string> labels;
};

struct Operand {
  eql::Rule leaf;  // its test is IS NOT NULL
};

struct Layer {
  std::string value;
  eql::Query rule;
};

struct Term {
  Operand of;
  double weight = 1;
  std::map<std::string, double, std::less<>> points;  // of texts
};

struct Making {
  enum class Kind : uint8_t {
    kLayers,      // the value of the first rule that holds, or all of them
    kValue,       // an operand
    kPreference,  // the most frequent value of a property of events
    kRfm,
    kRule,      // whether a rule holds
    kScore,     // a weighted sum over operands
    kUploaded,  // what was last uploaded of each identity
    kModel,     // a model's score, pushed from outside
  };
  Kind kind = Kind::kLayers;

  std::vector<Layer> layers;
  bool all = false;       // kLayers: a list of every value whose rule holds
  std::string otherwise;  // kLayers: nothing holds; empty: no value

  Operand of;   // kValue
  Bands bands;  // kValue, kScore

  eql::Rule events;                      // kPreference, kRfm: DID(...); its measure does not matter
  std::string property;                  // kPreference
  std::string sum;                       // the property summed; kPreference: empty counts
  uint32_t top = 1;                      // kPreference: over 1 makes a list
  bool days = false;                     // kRfm: frequency is days with an event
  Scoring recency, frequency, monetary;  // kRfm
  bool cells = true;               // kRfm: the name of a cell; otherwise the three scores, "543"
  std::vector<std::string> names;  // kRfm: of the eight cells, as kCellNames

  eql::Query rule;          // kRule
  std::vector<Term> terms;  // kScore
  ValueType uploaded = ValueType::kString;
  std::string model;               // kModel: which
  double least = 0, greatest = 1;  // kModel: what a score may be, both included

  // Values come from outside; nothing is computed.
  bool is_given() const { return kind == Kind::kUploaded || kind == Kind::kModel; }

  // The tags, segments or lists it names, each once.
  std::vector<std::string> NamesOf(eql::Rule::Kind kind) const;
};

// By recency, frequency and money, high first: HHH, HLH, LHH, LLH, HHL, HLL, LHL, LLL.
inline constexpr std::string_view kCellNames[] = {"重要价值客户", "重要发展客户", "重要保持客户",
                                                  "重要挽留客户", "一般价值客户", "一般发展客户",
                                                  "一般保持客户", "一般挽留客户"};

// The types a tag may have: kString, kDouble ("number"), kBool, kDateTime, kList.
std::string_view TypeName(ValueType type);
const ValueType* FindType(std::string_view name);

// Errors: kInvalid "bad_tag" with the path of what is wrong ("make.layers[2].value: ..."), or what
// the rules' own errors say. Names are not looked up.
Result<Making> ReadMaking(const boost::json::value& json);
boost::json::value MakingToJson(const Making& making);

// An operand as text.
Result<Operand> ParseOperand(std::string_view text);
std::string FormatOperand(const Operand& operand);

}  // namespace waypost::tags
