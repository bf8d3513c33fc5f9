#include "server/questions.h"

#include "server/plan_names.h"

namespace waypost::server {

Result<std::string> EngineQuestions::Ask(std::string_view project, std::string_view question) {
  return With(analytics::Ask, project, question);
}

Result<std::string> EngineQuestions::Explain(std::string_view project, std::string_view question) {
  return With(analytics::Explain, project, question);
}

Result<std::string> EngineQuestions::With(Answer answer, std::string_view project,
                                          std::string_view question) {
  engine::Engine* engine = TRY(engines_.Find(project));
  const engine::Reading reading = TRY(engine->Read());
  const QuestionNames names(*engine, reading.plan);
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
  return answer(question, reading.snapshot->view(), names, options);
}

}  // namespace waypost::server
