// What people keep to use again: questions, dashboards, texts of messages.
#include "api/routes.h"

namespace waypost::api {
namespace {

using SavedVerb = SavedCall::Verb;

constexpr uint64_t kSavedLimit = 256 << 10;

// A kind, as the catalog and the paths call it.
struct SavedKind {
  std::string_view name, list_path, path, of_schema, list_schema;
  Object object;
  std::string_view list, show, put, remove;  // operations
  std::string_view put_event, remove_event;  // of the audit log
  std::string_view list_summary, put_summary, remove_summary;
};

constexpr SavedKind kSavedKinds[] = {
    {"question", "/v1/questions", "/v1/questions/{id}", "Saved", "AllSaved", Object::kQuestions,
     "listQuestions", "showQuestion", "putQuestion", "removeQuestion", "question.saved",
     "question.removed", "The saved questions that are shared, and one's own",
     "Saves a question, or its next version", "Removes a question that no dashboard shows"},
    {"dashboard", "/v1/dashboards", "/v1/dashboards/{id}", "Saved", "AllSaved", Object::kQuestions,
     "listDashboards", "showDashboard", "putDashboard", "removeDashboard", "dashboard.saved",
     "dashboard.removed", "The dashboards that are shared, and one's own",
     "Saves a dashboard of saved questions, or its next version", "Removes a dashboard"},
    {"template", "/v1/templates", "/v1/templates/{id}", "Saved", "AllSaved", Object::kJourneys,
     "listTemplates", "showTemplate", "putTemplate", "removeTemplate", "template.saved",
     "template.removed", "The texts of messages that are shared, and one's own",
     "Saves a text of messages, or its next version", "Removes a text of messages"},
};

const SavedKind& SavedKindOf(std::string_view path) {
  for (const SavedKind& kind : kSavedKinds) {
    if (path == kind.path || path == kind.list_path) return kind;
  }
  return kSavedKinds[0];
}

template <SavedVerb verb>
void Handle(std::shared_ptr<Call> call) {
  if (!call->backend.services.saved) return Tell(*call, ProblemOf("unavailable"));
  OnWorker(std::move(call), [](const Call& c) {
    return c.backend.services.saved->Call(
        {.verb = verb,
         .project = c.project(),
         .kind = std::string(SavedKindOf(c.route.path).name),
         .id = c.parameters.empty() ? std::string() : c.parameters[0],
         .who = c.caller.name,
         .body = c.request.body});
  });
}

}  // namespace

std::vector<Route> SavedRoutes() {
  std::vector<Route> routes;
  for (const SavedKind& kind : kSavedKinds) {
    // What is kept is about no customer: its numbers come from the question that is asked.
    const Topic route{.view = Right::View(kind.object).WithoutRows(),
                      .change = Right::Change(kind.object).WithoutRows(),
                      .body_limit = kSavedLimit};
    routes.insert(routes.end(),
                  {route("GET", kind.list_path, Handle<SavedVerb::kList>, "", kind.list,
                         kind.list_summary, {}, kind.list_schema),
                   route("GET", kind.path, Handle<SavedVerb::kShow>, "", kind.show, "One of them",
                         {}, kind.of_schema),
                   route("PUT", kind.path, Handle<SavedVerb::kPut>, kind.put_event, kind.put,
                         kind.put_summary, "SavedChange", kind.of_schema),
                   route("DELETE", kind.path, Handle<SavedVerb::kRemove>, kind.remove_event,
                         kind.remove, kind.remove_summary, {}, "Status")});
  }
  return routes;
}

}  // namespace waypost::api
