// tag, delivery: the calls of the API, as commands.
#include <fmt/format.h>

#include <cstdio>

#include "server/commands.h"
#include "server/running_server.h"
#include "services/tag_service.h"

namespace waypost::server {
namespace {

using DeliveryVerb = api::DeliveryCall::Verb;
using TagVerb = api::TagCall::Verb;

struct TagTarget {
  std::string method, path;
};

TagTarget TargetOf(const api::TagCall& call) {
  const std::string one = "/v1/tags/" + Escaped(call.id);
  switch (call.verb) {
    case TagVerb::kCheck:
      return {"POST", "/v1/tags/check"};
    case TagVerb::kList:
      return {"GET", "/v1/tags"};
    case TagVerb::kCreate:
      return {"POST", "/v1/tags"};
    case TagVerb::kShow:
      return {"GET", one};
    case TagVerb::kChange:
      return {"PUT", one};
    case TagVerb::kRemove:
      return {"DELETE", one};
    case TagVerb::kStep:
      return {"POST", one + (call.step == "certify" || call.step == "reject" ? "/" : "/steps/") +
                          Escaped(call.step)};
    case TagVerb::kRun:
      return {"POST", one + "/run"};
    case TagVerb::kBackfill:
      return {"POST", one + "/backfill"};
    case TagVerb::kUpload:
      return {"POST", one + "/values"};
    case TagVerb::kDistribution:
      return {"POST", one + "/distribution"};
    case TagVerb::kTransitions:
      return {"POST", one + "/transitions"};
    case TagVerb::kHealth:
      return {"GET", one + "/health"};
    case TagVerb::kReport:
      return {"GET", "/v1/tags/report"};
    case TagVerb::kLookUp:
      return {"POST", "/v1/tags/lookup"};
    case TagVerb::kNamePlaces:
      return {"PUT", "/v1/tags/places"};
  }
  return {};
}

}  // namespace

Result<> Tag(const services::Machine& machine, const services::Config& config,
             const TagArguments& arguments) {
  const api::TagCall& call = arguments.call;
  const auto here = [&](services::Engines& engines) {
    services::Catalogs catalogs(machine, config);
    services::Sights sights(engines, &catalogs, machine.clock, config);
    return services::EngineTags(machine, engines, catalogs, sights, config).Call(call);
  };
  const TagTarget target = TargetOf(call);
  return PrintAnswer(machine, config, call.sight.project, here,
                     {target.method,
                      fmt::format("{}?project={}&q={}", target.path, Escaped(call.sight.project),
                                  Escaped(call.query)),
                      call.body});
}

Result<> Delivery(const services::Machine& machine, const services::Config& config,
                  const DeliveryArguments& arguments) {
  const api::DeliveryCall& call = arguments.call;
  std::string path = "/v1/deliveries";
  if (call.verb != DeliveryVerb::kList) path += "/" + Escaped(call.id);
  if (call.verb == DeliveryVerb::kRun) path += "/run";
  if (call.verb == DeliveryVerb::kRetry) path += "/retry";
  const bool asks = call.verb == DeliveryVerb::kList || call.verb == DeliveryVerb::kShow;
  const char* method = asks                                 ? "GET"
                       : call.verb == DeliveryVerb::kPut    ? "PUT"
                       : call.verb == DeliveryVerb::kRemove ? "DELETE"
                                                            : "POST";
  const std::string target = fmt::format("{}?project={}", path, Escaped(call.project));
  std::puts(TRY(AskRunningServer(machine, config, target, call.body, method)).c_str());
  return {};
}

}  // namespace waypost::server
