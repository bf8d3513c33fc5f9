#include "services/questions.h"

#include <boost/json.hpp>

#include "services/answer_within.h"
#include "services/plan_names.h"
#include "services/tables.h"

namespace waypost::services {
namespace {

// What a question would read is the same for everybody, and so says how much there is of all.
std::string WithoutSizes(std::string_view explained) {
  boost::json::value value = boost::json::parse(explained);
  for (const char* size : {"parts", "rows", "bytes"}) value.get_object()[size] = 0;
  return boost::json::serialize(value);
}

}  // namespace

Result<std::string> EngineQuestions::Ask(const api::Sight& sight, std::string_view question) {
  return With(analytics::Ask, sight, question);
}

Result<std::string> EngineQuestions::Explain(const api::Sight& sight, std::string_view question) {
  std::string explained = TRY(With(analytics::Explain, sight, question));
  return sight.rows.empty() ? explained : WithoutSizes(explained);
}

Result<std::string> EngineQuestions::With(Answer answer, const api::Sight& sight,
                                          std::string_view question) {
  const std::string& project = sight.project;
  engine::Engine* engine = TRY(engines_.Find(project));
  const engine::Reading reading = TRY(engine->Read());
  const QuestionNames names(*engine, reading.plan, {sight.masked, sight.barred});
  analytics::AskOptions options{
      .now_ms = clock_.NowMs(), .default_zone = time_zone_, .threads = threads_};
  std::optional<segments::CatalogSets> sets;
  std::optional<tags::TagBook> tags;
  if (catalogs_) {
    const std::string name = TRY(engines_.NameOf(project));
    const ProjectCatalog& catalog = *TRY(catalogs_->Find(name));
    sets.emplace(*catalog.segments, reading.snapshot->view());
    tags.emplace(*catalog.tags, reading.snapshot->view(), TRY(analytics::Calendar::Of(time_zone_)));
    options.sets = &*sets;
    options.tags = &*tags;
  }
  const Seen seen = TRY(sights_.See(sight, *engine, reading));
  const RuleTables tables(reading.tables, seen.view(), sight.barred);
  options.tables = &tables;
  return AnswerWithin(seconds_, clock_, "question_limit",
                      [&] { return answer(question, seen.view(), names, options); });
}

}  // namespace waypost::services
