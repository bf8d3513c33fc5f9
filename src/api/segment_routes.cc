// Segments (客群) and uploaded lists.
#include <charconv>

#include "api/routes.h"

namespace waypost::api {
namespace {

using SegmentVerb = SegmentCall::Verb;

constexpr uint64_t kRuleLimit = 1 << 20;
constexpr uint64_t kListLimit = 32 << 20;

template <typename Number>
Number NumberOf(const Call& call, std::string_view key, Number otherwise) {
  const std::string text = QueryValue(call.request.query, key);
  Number number = otherwise;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

void HandleOfCustomer(std::shared_ptr<Call> call) {
  OnWorker(std::move(call), [](const Call& c) {
    return c.backend.services.segments.Call({.verb = SegmentVerb::kOfCustomer,
                                             .sight = c.sight(),
                                             .key = c.parameters[0],
                                             .value = c.parameters[1]});
  });
}

template <SegmentVerb verb>
Result<std::string> AnswerOf(const Call& c) {
  return c.backend.services.segments.Call(
      {.verb = verb,
       .sight = c.sight(),
       .id = c.parameters.empty() ? std::string() : c.parameters[0],
       .body = c.request.body,
       .run = NumberOf<int64_t>(c, "run", 0),
       .limit = NumberOf<size_t>(c, "limit", 100),
       .exported = c.audit ? &c.audit->detail : nullptr});
}

template <SegmentVerb verb>
void Handle(std::shared_ptr<Call> call) {
  OnWorker(std::move(call), AnswerOf<verb>);
}

void HandleDownload(std::shared_ptr<Call> call) {
  OnWorker(std::move(call), AnswerOf<SegmentVerb::kDownload>, [](std::string file) {
    return Response{.content_type = "application/octet-stream",
                    .body = std::move(file),
                    .headers = {{"Content-Disposition", "attachment"}}};
  });
}

}  // namespace

std::vector<Route> SegmentRoutes() {
  // Segments are everybody's: who sees some customers only may look at them, run them and take
  // their own out, but what is changed is so for all.
  const Right change = Right::Change(Object::kSegments);
  const Topic route{.view = Right::View(Object::kSegments).Bounded(),
                    .change = change,
                    .body_limit = kRuleLimit,
                    .patience = Patience::kLong};
  return {
      route("POST", "/v1/eql/check", Handle<SegmentVerb::kCheck>, "", "checkRule",
            "A rule as text and as tree, its names found", "Rule", "CheckedRule"),
      route("POST", "/v1/eql/estimate", Handle<SegmentVerb::kEstimate>, "", "estimateRule",
            "How many customers a rule selects now; explain: by each of its parts", "Rule",
            "Estimate"),
      route("GET", "/v1/segments", Handle<SegmentVerb::kList>, "", "listSegments",
            "All segments with their last runs", "", "Segments"),
      route("POST", "/v1/segments", Handle<SegmentVerb::kCreate>, "segment.created",
            "createSegment", "Makes a segment", "SegmentChange", "Segment"),
      route("POST", "/v1/segments/overlap", Handle<SegmentVerb::kOverlap>, "", "overlapSegments",
            "How many customers each two segments share, by their last runs", "OverlapRequest",
            "Overlap"),
      route("GET", "/v1/segments/{id}", Handle<SegmentVerb::kShow>, "", "showSegment",
            "A segment, what it uses, who uses it, and its runs, newest first", "", "Segment"),
      route("PUT", "/v1/segments/{id}", Handle<SegmentVerb::kChange>, "segment.changed",
            "changeSegment", "A new version of a segment", "SegmentChange", "Segment"),
      route("DELETE", "/v1/segments/{id}", Handle<SegmentVerb::kRemove>, "segment.removed",
            "removeSegment", "Removes a segment that nothing uses, with its runs", "", "Status"),
      route("POST", "/v1/segments/{id}/run", Handle<SegmentVerb::kRun>, "segment.run", "runSegment",
            "Evaluates a segment now and keeps who is in it", "", "SegmentRun")
          .Needs(change.Bounded()),
      route("GET", "/v1/segments/{id}/members", Handle<SegmentVerb::kMembers>, "", "showMembers",
            "Who was in a run; ?run= (the newest), ?limit=", "", "Members"),
      route("POST", "/v1/segments/{id}/export", Handle<SegmentVerb::kExport>, "segment.exported",
            "exportSegment", "Writes the members of the last run with attributes to a file",
            "SegmentExport", "Exported")
          .Needs(Right::Export(Object::kSegments).Bounded()),
      route("POST", "/v1/segments/{id}/download", HandleDownload, "segment.exported",
            "downloadSegment", "The members of the last run with attributes, as a file",
            "SegmentDownload", "File")
          .Needs(Right::Export(Object::kSegments).Bounded()),
      route("GET", "/v1/customers/{key}/{value}/segments", HandleOfCustomer, "",
            "segmentsOfCustomer", "The segments whose last run has the customer", "", "Segments"),
      route("GET", "/v1/lists", Handle<SegmentVerb::kLists>, "", "listLists", "All uploaded lists",
            "", "Segments"),
      route("POST", "/v1/lists", Handle<SegmentVerb::kUpload>, "list.uploaded", "uploadList",
            "Uploads identities; tells how many are known", "List", "ListRun")
          .Takes(kListLimit),
  };
}

}  // namespace waypost::api
