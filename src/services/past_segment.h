// Who was in a segment at moments that are past: whom its rule of now selects by what had happened
// by then. Attributes are those of now, and so are sets, values of tags and rows that it names.
#pragma once

#include <string>
#include <vector>

#include "engine/engine.h"
#include "journeys/rehearsal.h"
#include "segments/live_rule.h"
#include "services/catalogs.h"
#include "services/plan_names.h"
#include "services/tables.h"

namespace waypost::services {

// Each, the lowest first.
std::vector<Ordinal> OrdinalsOf(const exec::CustomerBits& bits);

// Borrows all it is given. Belongs to one thread; asks for nothing that a reading holds still.
class PastSegment {
 public:
  // Found by id or name. Errors: kNotFound; what ResolveQuery says of a rule that fits no more.
  static Result<PastSegment> Of(Catalogs& catalogs, const std::string& project,
                                engine::Engine& engine, const engine::Reading& reading,
                                const std::string& zone, std::string_view name);

  // Customers as they are known now, each once. Costs a run of the segment.
  Result<std::vector<Ordinal>> At(int64_t at_ms);

  // Who was in it at `from_ms`; then who came and left until `until_ms`, exclusive, by time. Looks
  // at each customer whenever something happened to him that the rule speaks of. Errors: kTooLarge
  // when that is over kMaxLooks times; LiveRule's.
  Result<std::vector<Ordinal>> Follow(int64_t from_ms, int64_t until_ms,
                                      std::vector<journeys::PastMove>* moves);

 private:
  PastSegment(const ProjectCatalog& catalog, engine::Engine& engine, const engine::Reading& reading,
              std::string zone, analytics::Calendar calendar, eql::Query query);
  analytics::AskOptions OptionsAt(int64_t at_ms) const;
  Result<std::vector<std::pair<int64_t, uint32_t>>> Happened(const analytics::Lookout::Needs& needs,
                                                             int64_t from_ms,
                                                             int64_t until_ms) const;

  const column::SnapshotView& view_;
  const std::string zone_;
  eql::Query query_;
  const QuestionNames names_;
  const segments::CatalogSets sets_;
  const RuleTables tables_;
  const tags::TagBook tags_;
};
inline constexpr size_t kMaxLooks = 200'000;

}  // namespace waypost::services
