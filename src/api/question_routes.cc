// Questions: trends, funnels, retention, as one JSON form.
#include "api/routes.h"

namespace waypost::api {
namespace {

constexpr uint64_t kQuestionLimit = 1 << 20;

// A question that cannot be asked that way is the sender's to repair, but it was well-formed HTTP.
Result<std::string> Answered(Result<std::string> answer) {
  if (answer.ok() || answer.error().code() != Code::kInvalid) return answer;
  const Error& error = answer.error();
  const bool has_name = error.name() != CodeName(Code::kInvalid);
  return Error(Code::kInvalid, has_name ? error.name() : "bad_question", error.message());
}

void Explain(std::shared_ptr<Call> call) {
  OnWorker(std::move(call), [](const Call& c) {
    return Answered(c.backend.services.questions.Explain(c.sight(), c.request.body));
  });
}

void Ask(std::shared_ptr<Call> call) {
  if (QueryValue(call->request.query, "explain") == "1") return Explain(std::move(call));
  OnWorker(std::move(call), [](const Call& c) {
    return Answered(c.backend.services.questions.Ask(c.sight(), c.request.body));
  });
}

}  // namespace

std::vector<Route> QuestionRoutes() {
  const Topic route{.view = Right::View(Object::kQuestions).Bounded(),
                    .body_limit = kQuestionLimit,
                    .patience = Patience::kLong};
  return {
      route("POST", "/v1/query", Ask, "", "ask", "Answers a question; ?explain=1 only explains it",
            "Question", "Answer"),
      route("POST", "/v1/query/explain", Explain, "", "explain",
            "The plan of a question and the bytes it will touch, without running it", "Question",
            "Plan"),
  };
}

}  // namespace waypost::api
