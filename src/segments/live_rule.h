// Who matches a rule now: members that follow what happens to customers, and time.
//
//   LiveRule rule(eql::ParseQuery("DID(pay) LAST 24 HOURS COUNT >= 3").value());
//   TRY(rule.Advance(moment, touches, &moves));
//
// After Advance the members are whom the batch evaluator selects at that moment in that snapshot
// (analytics/lookout.h). Belongs to one thread.
#pragma once

#include <vector>

#include "analytics/lookout.h"

namespace waypost::segments {

// A customer came or left.
struct Moved {
  uint32_t customer = 0;
  bool in = false;
};

class LiveRule final : private analytics::Looker {
 public:
  explicit LiveRule(eql::Query query) : lookout_({std::move(query)}) {}

  // Appends who came and who left. Errors: those of analytics::Lookout; the members stay as they
  // were.
  Result<> Advance(const analytics::LookMoment& moment, const analytics::Touches& touches,
                   std::vector<Moved>* moves);

  // Before this moment time alone changes nothing.
  int64_t next_ms() const { return lookout_.next_ms(); }
  const exec::CustomerBits& members() const { return members_; }

 private:
  Result<> LookAtAll(const analytics::LookMoment& moment, Rules rules) override;
  Result<> LookAt(const analytics::LookMoment& moment, Rules rules,
                  const column::SnapshotView& near, uint32_t block,
                  const exec::BlockBits& who) override;
  void Note(size_t word, uint64_t before);

  analytics::Lookout lookout_;
  exec::CustomerBits members_;
  std::vector<Moved>* moves_ = nullptr;  // of the call
};

}  // namespace waypost::segments
