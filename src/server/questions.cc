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
  if (catalogs_) {
    const std::string name = TRY(engines_.NameOf(project));
    sets.emplace(*TRY(catalogs_->Find(name))->segments, reading.snapshot->view());
    options.sets = &*sets;
  }
  return answer(question, reading.snapshot->view(), names, options);
}

}  // namespace waypost::server
