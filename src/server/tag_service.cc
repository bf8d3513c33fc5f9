#include "server/tag_service.h"

#include "server/plan_names.h"
#include "server/project_plans.h"

namespace waypost::server {
namespace {

using Verb = api::TagCall::Verb;

std::optional<uint32_t> FindRoot(engine::Engine& engine, std::string_view key,
                                 std::string_view value) {
  std::optional<uint32_t> root;
  engine.Look([&](const engine::Applier& applier) {
    if (const auto ordinal = applier.identities().Find(key, value))
      root = applier.identities().root(*ordinal);
  });
  return root;
}

Result<std::string> CallAt(tags::Tags& tags, const api::TagCall& call, const tags::Moment& moment) {
  switch (call.verb) {
    case Verb::kCheck:
      return tags.Check(call.body, moment);
    case Verb::kCreate:
      return tags.Create(call.body, moment);
    case Verb::kChange:
      return tags.Change(call.id, call.body, moment);
    case Verb::kStep:
      return tags.Step(call.id, call.step, call.body, moment);
    case Verb::kRun:
      return tags.Run(call.id, call.body, moment);
    case Verb::kBackfill:
      return tags.Backfill(call.id, call.body, moment);
    case Verb::kUpload:
      return tags.Upload(call.id, call.body, moment);
    case Verb::kDistribution:
      return tags.Distribution(call.id, call.body, moment);
    case Verb::kTransitions:
      return tags.Transitions(call.id, call.body, moment);
    case Verb::kHealth:
      return tags.Health(call.id, moment);
    case Verb::kReport:
      return tags.Report(moment);
    default:
      return tags.LookUp(call.body, moment);
  }
}

}  // namespace

Result<std::string> EngineTags::At(const std::string& project, const std::string& who,
                                   const Work& work) {
  engine::Engine* engine = TRY(engines_.Find(project));
  const ProjectCatalog& catalog = *TRY(catalogs_.Find(TRY(engines_.NameOf(project))));
  const engine::Reading reading = TRY(engine->Read());
  const QuestionNames names(*engine, reading.plan);
  const segments::CatalogSets sets(*catalog.segments, reading.snapshot->view());
  return work(*catalog.tags,
              {.snapshot = reading.snapshot->view(),
               .names = names,
               .now_ms = machine_.clock.NowMs(),
               .zone = time_zone_,
               .threads = threads_,
               .sets = &sets,
               .find = [engine](std::string_view key,
                                std::string_view value) { return FindRoot(*engine, key, value); },
               .who = who});
}

Result<std::string> EngineTags::Call(const api::TagCall& call) {
  const ProjectCatalog& catalog = *TRY(catalogs_.Find(TRY(engines_.NameOf(call.project))));
  if (call.verb == Verb::kList) {
    return catalog.tags->List(
        {.query = call.query, .state = call.state, .category = call.category, .album = call.album});
  }
  if (call.verb == Verb::kShow) return catalog.tags->Show(call.id);
  if (call.verb == Verb::kRemove) {
    TRY(catalog.tags->Remove(call.id));
    return std::string(R"({"status":"removed"})");
  }
  return At(call.project, call.who, [&](tags::Tags& tags, const tags::Moment& moment) {
    return CallAt(tags, call, moment);
  });
}

std::vector<ScheduledWork> EngineTags::Works() {
  return WorksOf(engines_, catalogs_, "tags",
                 [](ProjectCatalog& catalog) { return catalog.tags->Plans(); });
}

void EngineTags::Run(const ScheduledWork& work) {
  LogRun("tags", work, At(work.project, "", [&](tags::Tags& tags, const tags::Moment& moment) {
           return tags.RunPlanned(work.id, moment);
         }));
}

}  // namespace waypost::server
