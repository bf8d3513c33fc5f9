// A value for every customer: what an attribute, a measure of events, the first or last event, or
// the most frequent value is to each. Where a rule (exec/selection.h) answers yes or no, these say
// what.
//
//   const CustomerValues spent = MeasureValues(did, 1, Selector(snapshot, threads));
//
// Values are those of the selector's everyone(): of all customers, or of some of one block at the
// cost of their rows. They stand at the ordinal a customer is known by, less of.first(); erased
// customers have none. The same input gives the same values on any number of threads.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "exec/selector.h"

namespace waypost::exec {

inline constexpr double kNoNumber = std::numeric_limits<double>::quiet_NaN();

// Numbers or texts by ordinal; what is beyond the end has none. Of one block: by its rows.
struct CustomerValues {
  std::vector<double> numbers;     // kNoNumber: none
  std::vector<uint32_t> codes;     // of texts, when there are no numbers; 0: none
  std::vector<std::string> texts;  // texts[code - 1]; in byte order, each once

  bool HasNumber(size_t ordinal) const {
    return ordinal < numbers.size() && !std::isnan(numbers[ordinal]);
  }
  uint32_t CodeAt(size_t ordinal) const { return ordinal < codes.size() ? codes[ordinal] : 0; }
};

// rule.measure of rule.events within rule.time (kDid; its test is not looked at), divided by
// `scale`. Customers without events have 0 of what is 0 then.
CustomerValues MeasureValues(const Rule& rule, double scale, const Selector& of);

// rule.condition.property of the first or last event (kEdge; the condition is not looked at).
// Numbers are divided by `scale`. Lists give nothing.
CustomerValues EdgeValues(const Rule& rule, double scale, const Selector& of);

// The attribute condition.property, or condition.values. Numbers are divided by `scale`. Lists give
// nothing.
CustomerValues AttributeValues(const Condition& condition, double scale, const Selector& of);

// What a customer has most often, or with the greatest sum of `weight`, as text property `property`
// among rule.events within rule.time.
struct FavouriteSpec {
  uint32_t property = 0;
  bool weighted = false;
  uint32_t weight = 0;  // a number property; what sums to 0 or less does not count
  uint32_t top = 1;     // at least 1
};
// [k] is everybody's k-th favourite, up to spec.top of them; who has fewer has none there. Of
// equals the lesser text comes first.
std::vector<CustomerValues> FavouriteValues(const Rule& rule, const FavouriteSpec& spec,
                                            const Selector& of);

// Whose value in `after` is another than in `before`; having none is a value of its own.
CustomerBits Changed(const column::CustomerColumns& before, const column::CustomerColumns& after);

}  // namespace waypost::exec
