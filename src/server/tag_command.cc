// tag: the calls of the API, as commands.
#include <fmt/format.h>

#include <cstdio>

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
  const std::string one = "/v1/tags/" + call.id;
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
                          call.step};
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

// Every byte as %XX, which any of them may be.
std::string Encoded(std::string_view text) {
  std::string out;
  for (const char c : text) out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  return out;
}

}  // namespace

Result<> Tag(const Machine& machine, const Config& config, const TagArguments& arguments) {
  const api::TagCall& call = arguments.call;
  Engines engines;
  const Result<> opened = engines.Open(machine, config, {call.project});
  Result<std::string> answer = std::string();
  if (opened.ok()) {
    Catalogs catalogs(machine, config);
    answer = EngineTags(machine, engines, catalogs, config).Call(call);
    engines.Stop();
  } else if (opened.error().name() == "locked") {
    const Target target = TargetOf(call);
    answer = AskRunningServer(
        machine, config,
        fmt::format("{}?project={}&q={}", target.path, call.project, Encoded(call.query)),
        call.body, target.method);
  } else {
    return opened;
  }
  std::puts(TRY(std::move(answer)).c_str());
  return {};
}

}  // namespace waypost::server
