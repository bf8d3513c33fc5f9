// segment: the calls of the API, as commands.
#include <fmt/format.h>

#include "server/commands.h"
#include "server/running_server.h"
#include "server/segment_service.h"

namespace waypost::server {
namespace {

using Verb = api::SegmentCall::Verb;

struct Target {
  std::string method, path;
};

Target TargetOf(const api::SegmentCall& call) {
  const std::string one = "/v1/segments/" + Escaped(call.id);
  switch (call.verb) {
    case Verb::kCheck:
      return {"POST", "/v1/eql/check"};
    case Verb::kEstimate:
      return {"POST", "/v1/eql/estimate"};
    case Verb::kList:
      return {"GET", "/v1/segments"};
    case Verb::kCreate:
      return {"POST", "/v1/segments"};
    case Verb::kShow:
      return {"GET", one};
    case Verb::kChange:
      return {"PUT", one};
    case Verb::kRemove:
      return {"DELETE", one};
    case Verb::kRun:
      return {"POST", one + "/run"};
    case Verb::kMembers:
      return {"GET", one + "/members"};
    case Verb::kOfCustomer:
      return {"GET", "/v1/customers/" + call.key + "/" + call.value + "/segments"};
    case Verb::kOverlap:
      return {"POST", "/v1/segments/overlap"};
    case Verb::kExport:
      return {"POST", one + "/export"};
    case Verb::kUpload:
      return {"POST", "/v1/lists"};
    case Verb::kLists:
      return {"GET", "/v1/lists"};
  }
  return {};
}

}  // namespace

Result<> Segment(const Machine& machine, const Config& config, const SegmentArguments& arguments) {
  const api::SegmentCall& call = arguments.call;
  const auto here = [&](Engines& engines) {
    Catalogs catalogs(machine, config);
    Sights sights(engines, &catalogs, machine.clock, config);
    return EngineSegments(machine, engines, catalogs, sights, config).Call(call);
  };
  const Target target = TargetOf(call);
  return PrintAnswer(machine, config, call.sight.project, here,
                     {target.method,
                      fmt::format("{}?project={}&run={}&limit={}", target.path,
                                  Escaped(call.sight.project), call.run, call.limit),
                      call.body});
}

}  // namespace waypost::server
