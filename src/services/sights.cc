#include "services/sights.h"

#include "base/logger.h"
#include "services/plan_names.h"
#include "services/tables.h"

namespace waypost::services {

Result<Seen> Sights::See(const api::Sight& sight, engine::Engine& engine,
                         const engine::Reading& reading) {
  const column::SnapshotView& whole = reading.snapshot->view();
  if (sight.rows.empty()) return Seen(&whole);
  const std::string project = TRY(engines_.NameOf(sight.project));
  analytics::RowFilter* filter = nullptr;
  {
    const std::lock_guard lock(mutex_);
    filter = &filters_[project];
  }
  const QuestionNames names(engine, reading.plan);
  analytics::AskOptions options{
      .now_ms = clock_.NowMs(), .default_zone = time_zone_, .threads = threads_};
  const RuleTables tables(reading.tables, whole);
  options.tables = &tables;
  std::optional<segments::CatalogSets> sets;
  if (catalogs_) {
    sets.emplace(*TRY(catalogs_->Find(project))->segments, whole);
    options.sets = &*sets;
  }
  Result<column::SnapshotView> seen = filter->See(sight.rows, whole, names, options);
  if (seen.ok()) return Seen(std::move(seen).value());
  LogError("rows.unclear",
           {{"project", project}, {"rule", sight.rows}, {"error", seen.error().message()}});
  return Error(Code::kUnavailable, "rows_unclear", seen.error().message());
}

}  // namespace waypost::services
