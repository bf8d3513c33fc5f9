// Sets of customers that lead into journeys, and what was heard of them: who is in a live segment,
// or has a value of a tag. Who came or left is told by comparing with what was heard, and what was
// heard is changed by the decision about it (change::Heard), so that each move is decided once
// wherever the log ends.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "journeys/decision.h"
#include "journeys/definition.h"

namespace waypost::journeys {

// A bit per ordinal, in pages that are there when somebody of them is in.
class Members {
 public:
  Members() = default;
  explicit Members(std::span<const uint64_t> bits);
  bool Has(Ordinal customer) const { return Word(customer / 64) >> (customer % 64) & 1; }
  void Set(Ordinal customer, bool in);
  // Of ordinals from 64 * w on; there are as many as `words` that may have one.
  uint64_t Word(size_t w) const {
    const size_t page = w / kWords;
    return page < pages_.size() && !pages_[page].empty() ? pages_[page][w % kWords] : 0;
  }
  size_t words() const { return pages_.size() * kWords; }
  std::vector<Ordinal> Ordinals() const;
  template <typename A>
  void Fields(A& a) {
    std::vector<Ordinal> customers = Ordinals();
    StepFields(customers, a);
    *this = {};
    for (const Ordinal customer : customers) Set(customer, true);
  }

 private:
  static constexpr size_t kWords = 1'024;
  std::vector<std::vector<uint64_t>> pages_;
};
using MembersOf = std::map<std::string, Members>;  // by set

// The sets that lead in; a tag's are its values. None where others than sets do.
std::string SetOfValue(const std::string& tag, const std::string& value);
std::vector<std::string> SetsOf(const EntryRule& entry);

struct Moved {
  std::vector<Ordinal> came, left;  // increasing
};
// Who came to be what the entry says, and who is it no more; nobody when a set is not in both.
Moved MovedBy(const EntryRule& entry, const MembersOf& before, const MembersOf& now);

}  // namespace waypost::journeys
