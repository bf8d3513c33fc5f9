// Approvals: who must say yes before a thing happens, and what was said.
#include "api/routes.h"

namespace waypost::api {
namespace {

using ApprovalVerb = ApprovalCall::Verb;

constexpr uint64_t kContentLimit = 1 << 20;

template <ApprovalVerb verb>
void Handle(std::shared_ptr<Call> call) {
  if (!call->backend.services.approvals) return Tell(*call, ProblemOf("unavailable"));
  OnWorker(std::move(call), [](const Call& c) {
    return c.backend.services.approvals->Call(
        {.verb = verb,
         .project = c.project(),
         .kind = c.parameters.empty() ? std::string() : c.parameters[0],
         .id = c.parameters.size() < 2 ? std::string() : c.parameters[1],
         .who = c.caller.name,
         .body = c.request.body,
         .time = {},
         .sign = {},
         .barred = c.sight().barred});
  });
}

// From another system, which signs in by what it signs.
void HandleAnswer(std::shared_ptr<Call> call) {
  if (!call->backend.services.approvals) return Tell(*call, ProblemOf("unavailable"));
  OnWorker(std::move(call), [](const Call& c) {
    return c.backend.services.approvals->Call({.verb = ApprovalVerb::kAnswer,
                                               .project = c.parameters[0],
                                               .kind = c.parameters[2],
                                               .id = c.parameters[3],
                                               .who = c.parameters[1],
                                               .body = c.request.body,
                                               .time = QueryValue(c.request.query, "time"),
                                               .sign = QueryValue(c.request.query, "sign")});
  });
}

void HandleExternal(std::shared_ptr<Call> call) {
  if (!call->backend.services.approvals) return Tell(*call, ProblemOf("unavailable"));
  OnWorker(std::move(call), [](const Call& c) {
    return c.backend.services.approvals->Call(
        {.verb = ApprovalVerb::kExternal, .project = c.project(), .id = c.parameters[0]});
  });
}

}  // namespace

std::vector<Route> ApprovalRoutes() {
  const Topic flow{.view = Right::View(Object::kRoles),
                   .change = Right::Change(Object::kRoles),
                   .body_limit = kContentLimit,
                   .answer = "JourneyAnswer"};
  Topic route = Topic::Of(Object::kJourneys);
  route.body_limit = kContentLimit;
  return {
      route("GET", "/v1/approvals", Handle<ApprovalVerb::kList>, "", "listApprovals",
            "The flows, and what was asked under them", {}, "Approvals"),
      flow("GET", "/v1/approvals/flows", Handle<ApprovalVerb::kFlows>, "", "listApprovalFlows",
           "Who must approve things, by their kind", {}, "ApprovalFlows"),
      flow("PUT", "/v1/approvals/flows/{kind}", Handle<ApprovalVerb::kSetFlow>, "approval.flow_set",
           "setApprovalFlow", "Who must approve things of this kind", "ApprovalFlow"),
      flow("DELETE", "/v1/approvals/flows/{kind}", Handle<ApprovalVerb::kRemoveFlow>,
           "approval.flow_removed", "removeApprovalFlow",
           "Things of this kind need no approval any more"),
      route("GET", "/v1/approvals/{kind}/{id}", Handle<ApprovalVerb::kShow>, "", "showApproval",
            "What was asked, with the content", {}, "Approval"),
      route("POST", "/v1/approvals/{kind}/{id}", Handle<ApprovalVerb::kAsk>, "approval.asked",
            "askApproval", "Asks for the approval of just this content", "JourneyCall", "Approval"),
      route("POST", "/v1/approvals/{kind}/{id}/votes", Handle<ApprovalVerb::kVote>,
            "approval.voted", "voteApproval", "Says yes or no, at the level that is asked now",
            "ApprovalVote", "Approval")
          .Needs(Right::Approve(Object::kJourneys)),
      route("POST", "/v1/approvals/{kind}/{id}/delegate", Handle<ApprovalVerb::kDelegate>,
            "approval.delegated", "delegateApproval", "Somebody else is asked instead of oneself",
            "ApprovalDelegation", "Approval")
          .Needs(Right::Approve(Object::kJourneys)),
      flow("PUT", "/v1/approvals/externals/{name}", HandleExternal, "approval.secret_shown",
           "showApprovalSecret", "What another system that approves signs with", {},
           "ApprovalSecret"),
      route("POST", "/v1/approvals/externals/{project}/{name}/{kind}/{id}", HandleAnswer,
            "approval.answered", "answerApproval",
            "What another system says; ?time= in seconds and ?sign=, of "
            "\"<time>.<kind>/<id>.<body>\"",
            "ApprovalAnswer", "Approval")
          .Needs(Right::kSigned),
      route("POST", "/v1/approvals/{kind}/{id}/withdraw", Handle<ApprovalVerb::kWithdraw>,
            "approval.withdrawn", "withdrawApproval", "Takes back what one asked for", {},
            "Approval"),
  };
}

}  // namespace waypost::api
