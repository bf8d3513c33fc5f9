#include "exec/attribute_rules.h"

#include <algorithm>

namespace waypost::exec {

bool OnlyAttributes(const Rule& rule) {
  return rule.kind <= Rule::Kind::kAttribute && std::ranges::all_of(rule.of, OnlyAttributes);
}

void SelectByAttributes(const Rule& rule, const column::BlockView* view, uint32_t block,
                        const uint64_t* among, uint64_t* found) {
  constexpr size_t kWords = column::PersonIndex::kWords;
  if (rule.kind == Rule::Kind::kAttribute) {
    const column::Column* column = view ? view->FindAttribute(rule.condition.property) : nullptr;
    return BoundCondition(rule.condition, column, block).TestAll({among, kWords}, found);
  }
  if (rule.kind == Rule::Kind::kNot) {
    SelectByAttributes(rule.of[0], view, block, among, found);
    for (size_t w = 0; w < kWords; ++w) found[w] = among[w] & ~found[w];
    return;
  }
  const bool all = rule.kind == Rule::Kind::kAll;
  std::array<BlockBits, 2> sets;
  const uint64_t* open = among;  // all: still in; any: not in yet
  for (size_t i = 0; i < rule.of.size(); ++i) {
    uint64_t* const next = sets[i % 2].data();
    SelectByAttributes(rule.of[i], view, block, open, next);
    for (size_t w = 0; !all && w < kWords; ++w) next[w] = open[w] & ~next[w];
    open = next;
  }
  for (size_t w = 0; w < kWords; ++w) found[w] = all ? open[w] : among[w] & ~open[w];
}

}  // namespace waypost::exec
