// Templates of journeys, and the journeys that branches make of them.
#include "api/routes.h"

namespace waypost::api {
namespace {

using TemplateVerb = JourneyTemplateCall::Verb;

constexpr uint64_t kTemplateLimit = 1 << 20;
constexpr std::string_view kTemplatesPath = "/v1/journeys/templates";
constexpr std::string_view kTemplatePath = "/v1/journeys/templates/{id}";

template <TemplateVerb verb>
void CallTemplates(std::shared_ptr<Call> call) {
  if (!call->backend.services.journey_templates) return Tell(*call, ProblemOf("unavailable"));
  OnWorker(std::move(call), [](const Call& c) {
    return c.backend.services.journey_templates->Call(
        {.verb = verb,
         .sight = c.sight(),
         .id = c.parameters.empty() ? std::string() : c.parameters[0],
         .who = c.caller.name,
         .body = c.request.body});
  });
}

}  // namespace

std::vector<Route> JourneyTemplateRoutes() {
  Topic route = Topic::Of(Object::kJourneys);
  route.body_limit = kTemplateLimit;
  route.answer = "JourneyAnswer";
  // Also for who sees some of the customers only, whose rows bound whom the journey reaches.
  Topic branch = route;
  branch.view = route.view.Bounded();
  branch.change = route.change.Bounded();
  return {
      branch("GET", kTemplatesPath, CallTemplates<TemplateVerb::kList>, "", "listJourneyTemplates",
             "Templates of journeys, and what was made of them", {}, "JourneyTemplates"),
      branch("GET", kTemplatePath, CallTemplates<TemplateVerb::kShow>, "", "showJourneyTemplate",
             "A template, the journeys made of it with their counts, and what a newer version of "
             "it would not take of them",
             {}, "JourneyTemplate"),
      branch("POST", "/v1/journeys/templates/{id}/journeys", CallTemplates<TemplateVerb::kMake>,
             "journey_template.journey_made", "makeJourney",
             "Makes a journey of a template, or its next version; \"check\": only looks",
             "JourneyCall"),
      route("PUT", kTemplatePath, CallTemplates<TemplateVerb::kPut>, "journey_template.put",
            "putJourneyTemplate", "Keeps a template of journeys, or its next version",
            "JourneyCall"),
      route("DELETE", kTemplatePath, CallTemplates<TemplateVerb::kRemove>,
            "journey_template.removed", "removeJourneyTemplate",
            "Removes a template that nothing was made of"),
      route("POST", "/v1/journeys/templates/{id}/phase", CallTemplates<TemplateVerb::kSetPhase>,
            "journey_template.phase_set", "setTemplatePhase",
            "Pauses, resumes or stops every journey made of a template", "JourneyCall"),
  };
}

}  // namespace waypost::api
