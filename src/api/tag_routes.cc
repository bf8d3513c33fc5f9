// Tags (标签): definitions, their life, runs and values.
#include "api/routes.h"

namespace waypost::api {
namespace {

using people::Object;
using TagVerb = TagCall::Verb;

constexpr uint64_t kDefinitionLimit = 1 << 20;
constexpr uint64_t kUploadLimit = 32 << 20;

TagCall CallOf(const Call& c, TagVerb verb) {
  return {.verb = verb,
          .sight = c.sight(),
          .id = c.parameters.empty() ? std::string() : c.parameters[0],
          .body = c.request.body,
          .step = c.parameters.size() < 2 ? std::string() : c.parameters[1],
          .who = c.caller.name,
          .query = QueryValue(c.request.query, "q"),
          .state = QueryValue(c.request.query, "state"),
          .category = QueryValue(c.request.query, "category"),
          .album = QueryValue(c.request.query, "album")};
}

template <TagVerb verb>
void Handle(std::shared_ptr<Call> call) {
  OnWorker(std::move(call),
           [](const Call& c) { return c.backend.services.tags.Call(CallOf(c, verb)); });
}

// Steps that need the right to approve have routes of their own: the last word of the path.
bool Approves(std::string_view step) { return step == "certify" || step == "reject"; }

void HandleStep(std::shared_ptr<Call> call) {
  OnWorker(std::move(call), [](const Call& c) -> Result<std::string> {
    TagCall asked = CallOf(c, TagVerb::kStep);
    if (Approves(asked.step))
      return Error(Code::kInvalid, "bad_tag", "POST /v1/tags/{id}/" + asked.step + " instead");
    if (asked.step.empty()) asked.step = c.route.path.substr(c.route.path.rfind('/') + 1);
    return c.backend.services.tags.Call(asked);
  });
}

}  // namespace

std::vector<Route> TagRoutes() {
  // Tags are everybody's: who sees some customers only may look at them and at the values of
  // these, but what is made or decided is for all.
  const Right approve = Right::Approve(Object::kTags);
  const Topic route{.view = Right::View(Object::kTags).Bounded(),
                    .change = Right::Change(Object::kTags),
                    .body_limit = kDefinitionLimit,
                    .patience = Patience::kLong};
  return {
      route("POST", "/v1/tags/check", Handle<TagVerb::kCheck>, "", "checkTag",
            "A making read and its names found, without keeping it", "TagMaking", "CheckedTag"),
      route("POST", "/v1/tags/lookup", Handle<TagVerb::kLookUp>, "", "lookUpTags",
            "Values of customers, found by any identity, on any day", "TagLookUp", "TagValues"),
      route("GET", "/v1/tags", Handle<TagVerb::kList>, "", "listTags",
            "Tags; ?q= in Chinese, pinyin or English, ?state=, ?category=, ?album=", "", "Tags"),
      route("GET", "/v1/tags/report", Handle<TagVerb::kReport>, "", "reportTags",
            "The health of all tags: coverage, age, drift, use, and what is wrong", "",
            "TagReport"),
      route("PUT", "/v1/tags/places", Handle<TagVerb::kNamePlaces>, "tag.places_named",
            "nameTagPlaces", "What categories and albums are called in English", "TagPlaceNames",
            "TagPlaces"),
      route("GET", "/v1/tags/{id}/health", Handle<TagVerb::kHealth>, "", "showTagHealth",
            "The health of a tag", "", "TagHealth"),
      route("POST", "/v1/tags", Handle<TagVerb::kCreate>, "tag.created", "createTag",
            "Makes a tag, as a draft", "TagChange", "Tag"),
      route("GET", "/v1/tags/{id}", Handle<TagVerb::kShow>, "", "showTag",
            "A tag, what it uses, who uses it, its steps and runs, newest first", "", "Tag"),
      route("PUT", "/v1/tags/{id}", Handle<TagVerb::kChange>, "tag.changed", "changeTag",
            "A new version of a tag", "TagChange", "Tag"),
      route("DELETE", "/v1/tags/{id}", Handle<TagVerb::kRemove>, "tag.removed", "removeTag",
            "Removes a tag that nothing uses, with its values", "", "Status"),
      route("POST", "/v1/tags/{id}/run", Handle<TagVerb::kRun>, "tag.run", "runTag",
            "Makes the values of today, or of a past day", "TagDay", "TagEntry"),
      route("POST", "/v1/tags/{id}/backfill", Handle<TagVerb::kBackfill>, "tag.backfilled",
            "backfillTag", "Makes the values of many past days", "TagDays", "TagRuns"),
      route("POST", "/v1/tags/{id}/values", Handle<TagVerb::kUpload>, "tag.uploaded",
            "uploadTagValues", "Uploads values of identities; tells how many are known",
            "TagUpload", "TagEntry")
          .Takes(kUploadLimit),
      route("POST", "/v1/tags/{id}/distribution", Handle<TagVerb::kDistribution>, "",
            "distributeTag", "How many customers have each value on a day", "TagDay",
            "TagDistribution"),
      route("POST", "/v1/tags/{id}/transitions", Handle<TagVerb::kTransitions>, "",
            "compareTagDays", "How many customers went from each value to each between two days",
            "TagDays", "TagTransitions"),
      route("POST", "/v1/tags/{id}/certify", HandleStep, "tag.approval", "certifyTag",
            "Certifies a tag that somebody else submitted", "TagNote", "Tag")
          .Needs(approve),
      route("POST", "/v1/tags/{id}/reject", HandleStep, "tag.approval", "rejectTag",
            "Gives a submitted tag back", "TagNote", "Tag")
          .Needs(approve),
      route("POST", "/v1/tags/{id}/steps/{step}", HandleStep, "tag.step", "stepTag",
            "Takes a step of its life: submit, launch, freeze, thaw, retire, revive", "TagNote",
            "Tag"),
  };
}

}  // namespace waypost::api
