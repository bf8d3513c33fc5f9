// Questions in, answers out: JSON both. docs/questions.md describes the question form.
//
//   Result<std::string> answer = Ask(R"({"ask": "trends", "measures": [...]})", snapshot, names,
//   options);
//
// The same snapshot, question and options (threads aside) give the same bytes. An answer names the
// snapshot, the range asked for as instants, and the time zone.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "analytics/names.h"
#include "base/result.h"
#include "column/snapshot_view.h"

namespace waypost::analytics {

inline constexpr size_t kMaxQuestionBytes = 256 * 1024;

struct AskOptions {
  int64_t now_ms = 0;                // what "last 7 days" counts from
  std::string default_zone = "UTC";  // IANA name, for questions that name none
  unsigned threads = 1;
  // Events may come this late: a bucket is complete when it ended longer ago.
  int64_t late_ms = 0;
};

// Errors: kInvalid with the path inside the question and what to do; kTooLarge for a question or an
// answer over the limits. Costs a pass over the columns that the question names.
Result<std::string> Ask(std::string_view question, const column::SnapshotView& snapshot,
                        const Names& names, const AskOptions& options);

// What Ask would do, without doing it: the plan, and the parts, rows and bytes it may touch. Errors
// as Ask's.
Result<std::string> Explain(std::string_view question, const column::SnapshotView& snapshot,
                            const Names& names, const AskOptions& options);

}  // namespace waypost::analytics
