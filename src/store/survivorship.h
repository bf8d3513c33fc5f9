// Which of the values that the timelines of one customer have of an attribute is the customer's.
//
// Values stay for ever with the timeline they came with; this only chooses among them, so taking a
// customer apart gives each timeline back exactly what it had.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/ids.h"
#include "model/value.h"

namespace waypost::store {

// Numbers are stored: never renumber.
enum class Survivorship : uint8_t {
  kLast = 1,    // the value of the latest time
  kFirst = 2,   // of the earliest
  kSource = 3,  // of the source named first in `sources`; unnamed ones come last
  kMin = 4,     // the smallest
  kMax = 5,     // the greatest
  kUnion = 6,   // lists: every item; other types as kLast
};

struct SurvivorRule {
  Survivorship kind = Survivorship::kLast;
  std::vector<std::string> sources = {};  // for kSource, the best first
  friend bool operator==(const SurvivorRule&, const SurvivorRule&) = default;
};

// By attribute; kLast for those that are not there.
using SurvivorRules = std::map<PropertyId, SurvivorRule>;

// What one timeline has of an attribute.
struct AttributeValue {
  Value value;
  int64_t time_ms = 0;
  std::string_view source = {};
  bool removed = false;  // unset at time_ms; there is no value
  bool once = false;     // set by set_once only: gives way to a value that was set
  bool added = false;    // made by increments or appends only: adds to what others have
};

// The customer's value out of its timelines' (in the order of their ordinals; of equals the last
// wins), or nothing. A removal takes away every value from before it. Increments and appends that
// are not older than the value that was chosen come on top of it: counters of two timelines add up.
// `text` holds the text of a list that had to be made; the result borrows it and `values`.
std::optional<AttributeValue> Survivor(const SurvivorRule& rule,
                                       std::span<const AttributeValue> values, std::string* text);

}  // namespace waypost::store
