// Numbers into classes: thresholds, ranks and quantiles. Pure arithmetic over all customers.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "tags/making.h"

namespace waypost::tags {

// The class of each number, 1..scoring.classes(); 0 for NaN, which is no number. More is better, or
// less when `less_is_better`; the best class is the last. Equal numbers are in one class, of two
// that could be theirs the better one. Costs a sort for ranks and quantiles, otherwise a pass.
//
// kMean     2: at the mean of all or better
// kEdges    1 + edges reached; an edge itself is reached
// kTopCount 1 + the counts n for which fewer than n numbers are better
// kTopShare likewise, n being that percent of all numbers, rounded up
// kQuantiles classes - floor(better * classes / all), `better` being how many numbers are better
std::vector<uint8_t> ClassesOf(std::span<const double> numbers, const Scoring& scoring,
                               bool less_is_better);

}  // namespace waypost::tags
