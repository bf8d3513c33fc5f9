// What values are like over all customers: counts by value, changes from one day to another. Stops
// at the thread's Limit (exec/limit.h).
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "column/customer_columns.h"
#include "exec/selection.h"
#include "model/value.h"

namespace waypost::tags {

// The value of a customer as an answer shows it: text, number, true or false, "2026-03-01T...Z", a
// list of texts; null when there is none.
boost::json::value ValueJson(ValueType type, const column::Column* column, uint32_t row);

struct Summary {
  uint64_t customers = 0;
  uint64_t with_value = 0;
  // Of texts, flags ("true", "false") and items of lists; a list counts once for each different
  // item, with a value for "" when it is empty.
  std::map<std::string, uint64_t> counts;
  std::vector<double> numbers;  // of numbers and times, sorted

  uint64_t distinct() const;  // different values
  double coverage() const {
    return customers ? static_cast<double>(with_value) / static_cast<double>(customers) : 0;
  }
};
Summary Summarize(ValueType type, const column::CustomerColumns& columns,
                  const exec::CustomerBits& everyone);

// How many customers had `first` in `before` and have `second` in `after`, as texts; lists as their
// items joined by ", ". Nothing is null.
using Shown = std::pair<bool, std::string>;  // whether there is a value; the value
std::map<std::pair<Shown, Shown>, uint64_t> CountTransitions(ValueType type,
                                                             const column::CustomerColumns& before,
                                                             const column::CustomerColumns& after,
                                                             const exec::CustomerBits& everyone);

}  // namespace waypost::tags
