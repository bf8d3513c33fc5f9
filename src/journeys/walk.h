// One customer goes through a draft now, alone and with nothing but time passing, so that every
// wait is over at once: on a machine of its own, without caps, hours, collecting, pace and budget,
// and without what the draft says of when and how many come in. Its filter, consents, lists and
// stock hold. Decides nothing, and hands nothing off.
//
//   Walk walk(machine.state(), world);
//   const auto refused = TRY(walk.Go(draft, customer, {}, Outcome::kOpened, now_ms));
//   Show(walk.state().FindCustomer(customer)->trace, walk.Messages());
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "journeys/machine.h"

namespace waypost::journeys {

class Walk {
 public:
  Walk(const State& now, const World& world);

  // Each message becomes `becomes` at once. Nothing, or why the customer is refused; once. Errors:
  // Machine::Publish's.
  Result<std::optional<Reject>> Go(std::string_view draft, Ordinal customer, Properties context,
                                   Outcome becomes, int64_t now_ms);

  // Where his trace is. No more than kTraceLines of it.
  const State& state() const { return machine_.state(); }
  // In the order they were decided.
  std::vector<const Touch*> Messages() const;

 private:
  Machine machine_;
};

}  // namespace waypost::journeys
