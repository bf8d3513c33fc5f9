// Questions in, answers out: JSON both. docs/questions.md describes the question form.
//
//   Result<std::string> answer = Ask(R"({"ask": "trends", "measures": [...]})", snapshot, names,
//   options);
//
// The same snapshot, question and options (threads aside) give the same bytes. An answer names the
// snapshot, the range asked for as instants, and the time zone.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "analytics/names.h"
#include "base/result.h"
#include "column/customer_columns.h"
#include "column/snapshot_view.h"
#include "exec/time_buckets.h"
#include "model/table.h"

namespace waypost::analytics {

inline constexpr size_t kMaxQuestionBytes = 256 * 1024;

// Sets of customers that rules may name: segments and uploaded lists. Any number of threads may
// call it.
class MemberSets {
 public:
  using Members = std::shared_ptr<const std::vector<uint64_t>>;  // a bit per ordinal
  virtual ~MemberSets() = default;
  // `kind` is "segment" or "list". As the customers are known in the snapshot that is asked.
  // kNotFound, saying the nearest name.
  virtual Result<Members> Find(std::string_view kind, std::string_view name) const = 0;
};

// What a rule may speak of beside customers: an event at hand.
enum class AtHand : uint8_t {
  kNothing,
  kEntry,  // entry.amount: what the customer came in with
  kEvent,  // amount: the rule speaks of nothing but the event's properties
};

// Values of tags that rules and filters may name. Any number of threads may call it.
class TagValues {
 public:
  struct Values {
    ValueType type = ValueType::kString;
    std::shared_ptr<const column::CustomerColumns> columns;
    int64_t from_ms = 0;  // of History: when their day begins
  };
  virtual ~TagValues() = default;
  // What they were on the day of the instant, or on the newest day before it that has values. As
  // the customers are known in the snapshot that is asked. kNotFound, saying the nearest name or
  // that there are no values.
  virtual Result<Values> Find(std::string_view name, int64_t at_ms) const = 0;
  // All that have values, sorted.
  virtual Result<std::vector<std::string>> Names() const = 0;
  // Of each day within the range that has values, and of the newest such day before; oldest first.
  virtual Result<std::vector<Values>> History(std::string_view name,
                                              const exec::TimeRange& range) const = 0;
};

// Tables that rules may name. Any number of threads may call it.
class Tables {
 public:
  struct Found {
    std::shared_ptr<const Table> table;
    // Its rows as events of type 0, properties being column numbers, of the customers they are of
    // as known in the snapshot that is asked; null when they are of nobody.
    std::shared_ptr<const column::SnapshotView> of_customers;
    // All of them, whosever they are.
    std::shared_ptr<const std::vector<const column::EventBlock*>> rows;
    // Of a table with history: what rows are and were, each since and until when (model/table.h);
    // else null. Of the table of customers: what their attributes are and were.
    std::shared_ptr<const column::SnapshotView> ever_of_customers;
    std::shared_ptr<const std::vector<const column::EventBlock*>> ever_rows;
    // The table that rows are of customers through; else null.
    std::shared_ptr<const Table> through;
  };
  virtual ~Tables() = default;
  // By id or display name. kNotFound, saying the nearest name.
  virtual Result<Found> Find(std::string_view name) const = 0;
};

struct AskOptions {
  int64_t now_ms = 0;                // what "last 7 days" counts from
  std::string default_zone = "UTC";  // IANA name, for questions that name none
  unsigned threads = 1;
  // Events may come this late: a bucket is complete when it ended longer ago.
  int64_t late_ms = 0;
  const MemberSets* sets = nullptr;  // none: rules cannot name any
  const TagValues* tags = nullptr;   // none: rules cannot name any
  const Tables* tables = nullptr;    // none: rules cannot name any
  AtHand at_hand = AtHand::kNothing;
  // Of the question; Ask and Explain set it, for populations that are rules.
  const column::SnapshotView* snapshot = nullptr;
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
