// segment: the calls of the API, as commands.
#include <fmt/format.h>

#include "server/commands.h"
#include "server/running_server.h"
#include "services/segment_service.h"

namespace waypost::server {
namespace {

using SegmentVerb = api::SegmentCall::Verb;

struct SegmentTarget {
  std::string method, path;
};

SegmentTarget TargetOf(const api::SegmentCall& call) {
  const std::string one = "/v1/segments/" + Escaped(call.id);
  switch (call.verb) {
    case SegmentVerb::kCheck:
      return {"POST", "/v1/eql/check"};
    case SegmentVerb::kEstimate:
      return {"POST", "/v1/eql/estimate"};
    case SegmentVerb::kList:
      return {"GET", "/v1/segments"};
    case SegmentVerb::kCreate:
      return {"POST", "/v1/segments"};
    case SegmentVerb::kShow:
      return {"GET", one};
    case SegmentVerb::kChange:
      return {"PUT", one};
    case SegmentVerb::kRemove:
      return {"DELETE", one};
    case SegmentVerb::kRun:
      return {"POST", one + "/run"};
    case SegmentVerb::kMembers:
      return {"GET", one + "/members"};
    case SegmentVerb::kOfCustomer:
      return {"GET", "/v1/customers/" + call.key + "/" + call.value + "/segments"};
    case SegmentVerb::kOverlap:
      return {"POST", "/v1/segments/overlap"};
    case SegmentVerb::kDownload:
      return {"POST", one + "/download"};
    case SegmentVerb::kExport:
      return {"POST", one + "/export"};
    case SegmentVerb::kUpload:
      return {"POST", "/v1/lists"};
    case SegmentVerb::kLists:
      return {"GET", "/v1/lists"};
  }
  return {};
}

}  // namespace

Result<> Segment(const services::Machine& machine, const services::Config& config,
                 const SegmentArguments& arguments) {
  const api::SegmentCall& call = arguments.call;
  const auto here = [&](services::Engines& engines) {
    services::Catalogs catalogs(machine, config);
    services::Sights sights(engines, &catalogs, machine.clock, config);
    return services::EngineSegments(machine, engines, catalogs, sights, config).Call(call);
  };
  const SegmentTarget target = TargetOf(call);
  return PrintAnswer(machine, config, call.sight.project, here,
                     {target.method,
                      fmt::format("{}?project={}&run={}&limit={}", target.path,
                                  Escaped(call.sight.project), call.run, call.limit),
                      call.body});
}

}  // namespace waypost::server
