// Who may see which rows, as a rule of EQL.
//
// What a question sees that is asked by somebody who may see only the customers of a rule: everyone
// else is as if erased (exec::Restrict), in questions, segments, lists, exports and counts alike.
//
//   const auto seen = TRY(filter.See("org = 'Shanghai'", snapshot, names, options));
//   Ask(question, seen, names, options);
//
// Whom a rule selects is kept while it is asked of the same snapshot, so that asking again costs
// only exec::Restrict. Any thread; one for each project, since snapshot ids are a project's own.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "analytics/ask.h"
#include "exec/selection.h"

namespace waypost::analytics {

class RowFilter {
 public:
  // The result borrows what `snapshot` borrows. Errors: ParseQuery's and ResolveQuery's.
  Result<column::SnapshotView> See(std::string_view rule, const column::SnapshotView& snapshot,
                                   const Names& names, const AskOptions& options);

 private:
  struct Kept {
    int64_t from_ms = 0, until_ms = 0;  // when it was asked, and how long it stays the same
    std::shared_ptr<const exec::CustomerBits> visible;
  };
  std::mutex mutex_;
  std::string snapshot_id_;                        // of all in kept_
  std::map<std::string, Kept, std::less<>> kept_;  // by rule
};

}  // namespace waypost::analytics
