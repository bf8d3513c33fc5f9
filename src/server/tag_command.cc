// tag: the calls of the API, as commands.
#include <fmt/format.h>

#include "server/commands.h"
#include "server/running_server.h"
#include "server/tag_service.h"

namespace waypost::server {
namespace {

using Verb = api::TagCall::Verb;

struct Target {
  std::string method, path;
};

Target TargetOf(const api::TagCall& call) {
  const std::string one = "/v1/tags/" + Escaped(call.id);
  switch (call.verb) {
    case Verb::kCheck:
      return {"POST", "/v1/tags/check"};
    case Verb::kList:
      return {"GET", "/v1/tags"};
    case Verb::kCreate:
      return {"POST", "/v1/tags"};
    case Verb::kShow:
      return {"GET", one};
    case Verb::kChange:
      return {"PUT", one};
    case Verb::kRemove:
      return {"DELETE", one};
    case Verb::kStep:
      return {"POST", one + (call.step == "certify" || call.step == "reject" ? "/" : "/steps/") +
                          Escaped(call.step)};
    case Verb::kRun:
      return {"POST", one + "/run"};
    case Verb::kBackfill:
      return {"POST", one + "/backfill"};
    case Verb::kUpload:
      return {"POST", one + "/values"};
    case Verb::kDistribution:
      return {"POST", one + "/distribution"};
    case Verb::kTransitions:
      return {"POST", one + "/transitions"};
    case Verb::kHealth:
      return {"GET", one + "/health"};
    case Verb::kReport:
      return {"GET", "/v1/tags/report"};
    case Verb::kLookUp:
      return {"POST", "/v1/tags/lookup"};
  }
  return {};
}

}  // namespace

Result<> Tag(const Machine& machine, const Config& config, const TagArguments& arguments) {
  const api::TagCall& call = arguments.call;
  const auto here = [&](Engines& engines) {
    Catalogs catalogs(machine, config);
    Sights sights(engines, &catalogs, machine.clock, config);
    return EngineTags(machine, engines, catalogs, sights, config).Call(call);
  };
  const Target target = TargetOf(call);
  return PrintAnswer(
      machine, config, call.sight.project, here,
      {target.method,
       fmt::format("{}?project={}&q={}", target.path, Escaped(call.sight.project), Escaped(call.query)),
       call.body});
}

}  // namespace waypost::server
