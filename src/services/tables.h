// Tables of the projects: declared, shown, and as rules name them.
#pragma once

#include <memory>
#include <string>

#include "analytics/ask.h"
#include "api/services.h"
#include "services/catalogs.h"
#include "services/engines.h"
#include "services/table_sources.h"

namespace waypost::services {

class EngineTables final : public api::TableDesk {
 public:
  // All must outlive it.
  EngineTables(const Engines& engines, Catalogs& catalogs, const Clock& clock,
               TableSources& sources)
      : engines_(engines), catalogs_(catalogs), clock_(clock), sources_(sources) {}

  Result<std::string> Call(const api::TableCall& call) override;

 private:
  const Engines& engines_;
  Catalogs& catalogs_;
  const Clock& clock_;
  TableSources& sources_;
};

// The table of a reading that is called so. Errors: kNotFound "unknown_table" with the nearest
// name.
Result<const engine::TableRows*> FindRows(const engine::TableSet& tables, std::string_view name);

// The tables of a reading, as rules name them in a view of its snapshot. For who is `barred` there
// are no columns that tell who somebody is. Borrows the view.
class RuleTables final : public analytics::Tables {
 public:
  RuleTables(std::shared_ptr<const engine::TableSet> tables, const column::SnapshotView& view,
             bool barred = false)
      : tables_(std::move(tables)), view_(view), barred_(barred) {}

  Result<Found> Find(std::string_view name) const override;

 private:
  const std::shared_ptr<const engine::TableSet> tables_;
  const column::SnapshotView& view_;
  const bool barred_;
};

}  // namespace waypost::services
