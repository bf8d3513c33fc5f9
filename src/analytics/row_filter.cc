#include "analytics/row_filter.h"

#include "analytics/rules.h"
#include "eql/text.h"

namespace waypost::analytics {
namespace {

constexpr size_t kMaxKept = 64;  // an eighth of a megabyte each for a million customers

}  // namespace

Result<column::SnapshotView> RowFilter::See(std::string_view rule,
                                            const column::SnapshotView& snapshot,
                                            const Names& names, const AskOptions& options) {
  {
    const std::lock_guard lock(mutex_);
    const auto kept = kept_.find(rule);
    if (snapshot_id_ == snapshot.id && kept != kept_.end() &&
        kept->second.from_ms <= options.now_ms && options.now_ms < kept->second.until_ms) {
      return exec::Restrict(snapshot, *kept->second.visible);
    }
  }
  const ResolvedQuery query = TRY(ResolveQuery(TRY(eql::ParseQuery(rule)), names, options));
  auto visible =
      std::make_shared<const exec::CustomerBits>(RunQuery(query, snapshot, options.threads));
  const std::lock_guard lock(mutex_);
  if (snapshot_id_ != snapshot.id || kept_.size() >= kMaxKept) kept_.clear();
  snapshot_id_ = snapshot.id;
  kept_.insert_or_assign(std::string(rule), Kept{options.now_ms, query.same_until_ms, visible});
  return exec::Restrict(snapshot, *visible);
}

}  // namespace waypost::analytics
