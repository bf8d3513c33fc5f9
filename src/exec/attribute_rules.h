// Rules of nothing but conditions on customers: of a block they are judged together, 64 customers
// at a time, so that what the parts of a rule give never leaves the nearest cache.
#pragma once

#include "exec/selection.h"

namespace waypost::exec {

// Whether a rule is conditions (kAttribute) and branches, and nothing else.
bool OnlyAttributes(const Rule& rule);

// Of one block's customers those of `among` that the rule selects, as 1,024 words each. `view`: the
// block's; may be null. REQUIRES: OnlyAttributes(rule)
void SelectByAttributes(const Rule& rule, const column::BlockView* view, uint32_t block,
                        const uint64_t* among, uint64_t* found);

}  // namespace waypost::exec
