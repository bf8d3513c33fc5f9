#include "services/tag_service.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/logger.h"
#include "services/answer_within.h"
#include "services/plan_names.h"
#include "services/project_plans.h"
#include "services/tables.h"

namespace waypost::services {
namespace {

namespace json = boost::json;

using TagVerb = api::TagCall::Verb;

constexpr std::string_view kIdleWork = "$idle";  // no tag's id
constexpr std::string_view kIdleCron = "10 3 * * *";
constexpr std::string_view kUsageWork = "$usage";
constexpr std::string_view kUsageCron = "*/10 * * * *";

std::optional<uint32_t> FindRoot(engine::Engine& engine, std::string_view key,
                                 std::string_view value) {
  std::optional<uint32_t> root;
  engine.Look([&](const engine::Applier& applier) {
    if (const auto ordinal = applier.identities().Find(key, value))
      root = applier.identities().root(*ordinal);
  });
  return root;
}

Error Masked(const std::string& id) {
  return Error(Code::kInvalid, "values_masked",
               fmt::format("the values of the tag '{}' are masked for you", id));
}

// Whose answers hold what was counted over everybody when values were made.
bool TellsOfValues(TagVerb verb) {
  return verb == TagVerb::kShow || verb == TagVerb::kRun || verb == TagVerb::kBackfill ||
         verb == TagVerb::kUpload;
}

// What keeps something takes the time it takes.
bool AsksOfValues(TagVerb verb) {
  return verb == TagVerb::kDistribution || verb == TagVerb::kTransitions ||
         verb == TagVerb::kHealth || verb == TagVerb::kReport || verb == TagVerb::kLookUp;
}

void LeaveOutValues(json::value* told) {
  if (auto* array = told->if_array()) {
    for (json::value& item : *array) LeaveOutValues(&item);
  }
  auto* object = told->if_object();
  if (!object) return;
  for (const char* name :
       {"customers", "with_value", "coverage", "values", "distinct", "others", "mean", "deciles"})
    object->erase(name);
  for (const char* name : {"entries", "runs"}) {
    if (json::value* inner = object->if_contains(name)) LeaveOutValues(inner);
  }
}

Result<std::string> CallAt(tags::Tags& tags, const api::TagCall& call, const tags::Moment& moment) {
  switch (call.verb) {
    case TagVerb::kShow:
      return tags.Show(call.id);
    case TagVerb::kCheck:
      return tags.Check(call.body, moment);
    case TagVerb::kCreate:
      return tags.Create(call.body, moment);
    case TagVerb::kChange:
      return tags.Change(call.id, call.body, moment);
    case TagVerb::kStep:
      return tags.Step(call.id, call.step, call.body, moment);
    case TagVerb::kRun:
      return tags.Run(call.id, call.body, moment);
    case TagVerb::kBackfill:
      return tags.Backfill(call.id, call.body, moment);
    case TagVerb::kUpload:
      return tags.Upload(call.id, call.body, moment);
    case TagVerb::kDistribution:
      if (TRY(tags.Hides(call.id, moment.names))) return Masked(call.id);
      return tags.Distribution(call.id, call.body, moment);
    case TagVerb::kTransitions:
      if (TRY(tags.Hides(call.id, moment.names))) return Masked(call.id);
      return tags.Transitions(call.id, call.body, moment);
    case TagVerb::kHealth:
      return tags.Health(call.id, moment);
    case TagVerb::kReport:
      return tags.Report(moment);
    default:
      return tags.LookUp(call.body, moment);
  }
}

}  // namespace

Result<std::string> EngineTags::At(const api::Sight& sight, const std::string& who,
                                   const Work& work) {
  engine::Engine* engine = TRY(engines_.Find(sight.project));
  const ProjectCatalog& catalog = *TRY(catalogs_.Find(TRY(engines_.NameOf(sight.project))));
  const engine::Reading reading = TRY(engine->Read());
  const QuestionNames names(*engine, reading.plan, {sight.masked, sight.barred});
  const segments::CatalogSets sets(*catalog.segments, reading.snapshot->view());
  const Seen seen = TRY(sights_.See(sight, *engine, reading));
  const RuleTables tables(reading.tables, seen.view(), sight.barred);
  return work(*catalog.tags, {.snapshot = seen.view(),
                              .names = names,
                              .now_ms = machine_.clock.NowMs(),
                              .zone = time_zone_,
                              .threads = threads_,
                              .sets = &sets,
                              .tables = &tables,
                              .find =
                                  [&](std::string_view key, std::string_view value) {
                                    const auto root = FindRoot(*engine, key, value);
                                    return root && seen.Shows(*root) ? root : std::nullopt;
                                  },
                              .who = who});
}

Result<std::string> EngineTags::Call(const api::TagCall& call) {
  const ProjectCatalog& catalog = *TRY(catalogs_.Find(TRY(engines_.NameOf(call.sight.project))));
  if (call.verb == TagVerb::kList) {
    return catalog.tags->List(
        {.query = call.query, .state = call.state, .category = call.category, .album = call.album});
  }
  if (call.verb == TagVerb::kNamePlaces)
    return catalog.tags->NamePlaces(call.body, machine_.clock.NowMs());
  if (call.verb == TagVerb::kRemove) {
    TRY(catalog.tags->Remove(call.id));
    return std::string(R"({"status":"removed"})");
  }
  const Work work = [&](tags::Tags& tags, const tags::Moment& moment) {
    const auto answer = [&] { return CallAt(tags, call, moment); };
    if (!AsksOfValues(call.verb)) return answer();
    return AnswerWithin(seconds_, machine_.clock, "question_limit", answer);
  };
  return TellsOfValues(call.verb) ? Veiled(call, work) : At(call.sight, call.who, work);
}

// A definition that is there is carried out as it is, whoever asks for it.
Result<std::string> EngineTags::Veiled(const api::TagCall& call, const Work& work) {
  const std::string answer = TRY(At({call.sight.project}, call.who, work));
  bool told = call.sight.rows.empty();
  if (told && call.sight.masked) {
    TRY(At(call.sight, call.who,
           [&](tags::Tags& tags, const tags::Moment& moment) -> Result<std::string> {
             told = !TRY(tags.Hides(call.id, moment.names));
             return std::string();
           }));
  }
  if (told) return answer;
  json::value value = json::parse(answer);
  LeaveOutValues(&value);
  return json::serialize(value);
}

std::vector<ScheduledWork> EngineTags::Works() {
  std::vector<ScheduledWork> works = WorksOf(
      engines_, catalogs_, "tags", [](ProjectCatalog& catalog) { return catalog.tags->Plans(); });
  if (!audit_) return works;
  for (const auto& [project, engine] : engines_.All()) {
    works.push_back({project, std::string(kUsageWork), std::string(kUsageCron), time_zone_,
                     noted_ms_[project]});
    works.push_back(
        {project, std::string(kIdleWork), std::string(kIdleCron), time_zone_, idled_ms_[project]});
  }
  return works;
}

void EngineTags::Run(const ScheduledWork& work) {
  if (work.id == kIdleWork) {
    idled_ms_[work.project] = machine_.clock.NowMs();
    return LogRun("tags", work, TakeIdleSteps(work.project));
  }
  if (work.id == kUsageWork) {
    noted_ms_[work.project] = machine_.clock.NowMs();
    const auto noted = At({work.project}, "",
                          [&](tags::Tags& tags, const tags::Moment& moment) -> Result<std::string> {
                            TRY(tags.NoteUsage(moment));
                            return std::string();
                          });
    if (!noted.ok()) LogError("tags.usage_not_noted", {{"error", noted.error().message()}});
    return;
  }
  LogRun("tags", work, At({work.project}, "", [&](tags::Tags& tags, const tags::Moment& moment) {
           return tags.RunPlanned(work.id, moment);
         }));
}

Result<std::string> EngineTags::TakeIdleSteps(const std::string& project) {
  TRY(audit_->Ready());
  return At(
      {project}, "", [&](tags::Tags& tags, const tags::Moment& moment) -> Result<std::string> {
        TRY(tags.ForgetErased(moment.snapshot));
        for (const tags::IdleStep& one : TRY(tags.TakeIdleSteps(moment))) {
          LogWarning(
              "tag.idle",
              {{"project", project}, {"tag", one.id}, {"owner", one.owner}, {"step", one.step}});
          TRY(audit_->Record({.what = "tag." + one.step,
                              .who = std::string(tags::kIdle),
                              .peer = {},
                              .project = project,
                              .target = one.id,
                              .detail = "owner: " + one.owner,
                              .status = 200,
                              .request_id = {}}));
        }
        return std::string();
      });
}

}  // namespace waypost::services
