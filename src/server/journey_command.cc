// journey: the calls of the API, as commands. They ask the server that has the data folder open;
// without one, only what changes nothing is answered from the folder.
#include <boost/json.hpp>
#include <cstdio>

#include "server/commands.h"
#include "server/journey_desk.h"
#include "server/running_server.h"

namespace waypost::server {
namespace {

using Verb = JourneyArguments::Verb;

std::string ReleaseText(const JourneyArguments& arguments) {
  boost::json::object release;
  if (arguments.percent) release["percent"] = *arguments.percent;
  if (!arguments.who.empty()) release["who"] = arguments.who;
  return boost::json::serialize(release);
}

ServerCall CallOf(const JourneyArguments& arguments) {
  const std::string one = "/v1/journeys/" + Escaped(arguments.journey);
  const auto phase = [&](const char* name) {
    return ServerCall{"POST", one + "/phase", std::string(R"({"phase":")") + name + "\"}"};
  };
  switch (arguments.verb) {
    case Verb::kValidate:
      return {"POST", "/v1/journeys/check", arguments.definition};
    case Verb::kRehearse:
      return {"POST", "/v1/journeys/rehearse?days=" + std::to_string(arguments.days),
              arguments.definition};
    case Verb::kPublish:
      return {"POST", "/v1/journeys", arguments.definition};
    case Verb::kRelease:
      return {"POST", one + "/release", ReleaseText(arguments)};
    case Verb::kPause:
      return phase("paused");
    case Verb::kResume:
      return phase("running");
    case Verb::kStop:
      return phase("stopped");
    case Verb::kList:
      return {"GET", "/v1/journeys", {}};
    case Verb::kShow:
      return {"GET", one, {}};
    case Verb::kWhy:
      return {"GET", one + "/why/" + Escaped(arguments.key) + "/" + Escaped(arguments.value), {}};
  }
  return {};
}

Result<std::string> AnswerHere(const Engines& engines, Sights& sights,
                               const JourneyArguments& arguments) {
  EngineJourneys desk(engines, sights);
  const api::Sight sight{arguments.project};
  switch (arguments.verb) {
    case Verb::kValidate:
      return desk.Check(arguments.project, arguments.definition);
    case Verb::kRehearse:
      return desk.Rehearse(arguments.project, arguments.definition, arguments.days);
    case Verb::kList:
      return desk.List(sight);
    case Verb::kShow:
      return desk.Show(sight, arguments.journey);
    case Verb::kWhy:
      return desk.Why(sight, arguments.journey, arguments.key, arguments.value);
    default:
      return Error(Code::kUnavailable, "no server has this data folder open: start it first");
  }
}

}  // namespace

Result<> Journey(const Machine& machine, const Config& config, const JourneyArguments& arguments) {
  ServerCall there = CallOf(arguments);
  there.target += there.target.find('?') == std::string::npos ? '?' : '&';
  there.target += "project=" + Escaped(arguments.project);
  const auto here = [&](Engines& engines) {
    Sights sights(engines, nullptr, machine.clock, config);
    return AnswerHere(engines, sights, arguments);
  };
  const std::string text = TRY(AnswerHereOrThere(machine, config, arguments.project, here, there));
  std::puts(text.c_str());
  if (arguments.verb == Verb::kValidate && text.find(R"("valid":false)") != text.npos) {
    return Error(Code::kInvalid, "journey_invalid", "the definition has faults");
  }
  return {};
}

}  // namespace waypost::server
