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
         .body = c.request.body});
  });
}

}  // namespace

std::vector<Route> ApprovalRoutes() {
  const auto route = [](std::string_view method, std::string_view path, const Right& right,
                        void (*handle)(std::shared_ptr<Call>), std::string_view audit,
                        std::string_view operation, std::string_view summary,
                        std::string_view request = {},
                        std::string_view response = "JourneyAnswer") {
    return Route{.method = method,
                 .path = path,
                 .right = right,
                 .scope = Scope::kProject,
                 .audit = audit,
                 .body_limit = request.empty() ? 0 : kContentLimit,
                 .patience = Patience::kShort,
                 .cors = false,
                 .handle = handle,
                 .operation = operation,
                 .summary = summary,
                 .request_schema = request,
                 .response_schema = response};
  };
  return {
      route("GET", "/v1/approvals", Right::View(Object::kJourneys), Handle<ApprovalVerb::kList>, "",
            "listApprovals", "The flows, and what was asked under them", {}, "Approvals"),
      route("PUT", "/v1/approvals/flows/{kind}", Right::Change(Object::kRoles),
            Handle<ApprovalVerb::kSetFlow>, "approval.flow_set", "setApprovalFlow",
            "Who must approve things of this kind", "ApprovalFlow"),
      route("DELETE", "/v1/approvals/flows/{kind}", Right::Change(Object::kRoles),
            Handle<ApprovalVerb::kRemoveFlow>, "approval.flow_removed", "removeApprovalFlow",
            "Things of this kind need no approval any more"),
      route("GET", "/v1/approvals/{kind}/{id}", Right::View(Object::kJourneys),
            Handle<ApprovalVerb::kShow>, "", "showApproval", "What was asked, with the content", {},
            "Approval"),
      route("POST", "/v1/approvals/{kind}/{id}", Right::Change(Object::kJourneys),
            Handle<ApprovalVerb::kAsk>, "approval.asked", "askApproval",
            "Asks for the approval of just this content", "JourneyCall", "Approval"),
      route("POST", "/v1/approvals/{kind}/{id}/votes", Right::Approve(Object::kJourneys),
            Handle<ApprovalVerb::kVote>, "approval.voted", "voteApproval",
            "Says yes or no, at the level that is asked now", "ApprovalVote", "Approval"),
      route("POST", "/v1/approvals/{kind}/{id}/withdraw", Right::Change(Object::kJourneys),
            Handle<ApprovalVerb::kWithdraw>, "approval.withdrawn", "withdrawApproval",
            "Takes back what one asked for", {}, "Approval"),
  };
}

}  // namespace waypost::api
