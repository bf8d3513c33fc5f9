// Lists that nodes of journeys put customers on and take them off. What a decision says of a list
// is the state's until the list has a run that says so, and a run knows up to which of these it
// goes, so a crash between the two changes nothing twice. A list has a run a minute at most.
#include <algorithm>

#include "base/logger.h"
#include "services/journeys.h"
#include "services/plan_names.h"

namespace waypost::services {
namespace {

constexpr int64_t kListsPauseMs = 60'000;

}  // namespace

bool Journeys::ListsAreDue() const {
  return !machine_->state().unlisted().empty() && NowMs() >= lists_again_ms_;
}

// Of a list that is no more, nothing is to be kept.
Result<> Journeys::KeepLists() {
  std::map<std::string, std::vector<segments::Segments::Amendment>> lists;
  Hold([&] {
    if (!ListsAreDue()) return;
    lists_again_ms_ = NowMs() + kListsPauseMs;
    for (const auto& [key, one] : machine_->state().unlisted())
      lists[one.list].push_back({one.order, one.customer, one.on});
  });
  if (lists.empty()) return {};
  TRY(WriteDecisions());  // what they were made of is on disk
  const ProjectCatalog& catalog = *TRY(catalogs_.Find(project_));
  const engine::Reading reading = TRY(engine_->Read());
  const QuestionNames names(*engine_, reading.plan);
  for (auto& [list, changes] : lists) {
    std::ranges::sort(changes, {}, &segments::Segments::Amendment::number);
    const Result<> kept = catalog.segments->Amend(
        list, changes,
        {.snapshot = reading.snapshot->view(), .names = names, .now_ms = NowMs(), .find = {}});
    if (!kept.ok()) {
      LogError("journeys.list_not_kept", {{"list", list}, {"error", kept.error().message()}});
      if (kept.error().code() != Code::kNotFound) continue;
    }
    Hold([&] {
      machine_->OnListKept(list, changes.back().number, NowMs(), &pending_);
      answers_.SetsChanged();
    });
  }
  return WriteDecisions();
}

std::vector<journeys::Fault> Journeys::UnknownLists(const journeys::Journey& journey) const {
  std::vector<journeys::Fault> faults;
  const Result<ProjectCatalog*> catalog = catalogs_.Find(project_);
  for (const journeys::Node& node : journey.nodes) {
    if (node.kind != journeys::NodeKind::kList) continue;
    const Result<> found = [&]() -> Result<> {
      const ProjectCatalog& of = *TRY(catalog);
      TRY(of.segments->FindNamed("list", node.list));
      return {};
    }();
    if (!found.ok()) faults.push_back({node.id, "list", "unknown_list", found.error().message()});
  }
  return faults;
}

}  // namespace waypost::services
