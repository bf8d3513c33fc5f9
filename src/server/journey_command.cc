// journey: the calls of the API, as commands. They ask the server that has the data folder open;
// without one, only what changes nothing is answered from the folder.
#include <boost/json.hpp>
#include <cstdio>

#include "server/commands.h"
#include "server/running_server.h"
#include "services/journey_desk.h"

namespace waypost::server {
namespace {

using JourneyVerb = JourneyArguments::Verb;

std::string ReleaseText(const JourneyArguments& arguments) {
  boost::json::object release;
  if (arguments.percent) release["percent"] = *arguments.percent;
  if (!arguments.who.empty()) release["who"] = arguments.who;
  return boost::json::serialize(release);
}

// The definition with the policy that was said. What is not JSON is complained of where it is read.
std::string DefinitionIn(const JourneyArguments& arguments) {
  boost::system::error_code fault;
  boost::json::value definition = boost::json::parse(arguments.definition, fault);
  if (arguments.in_flight.empty() || fault || !definition.is_object()) return arguments.definition;
  boost::json::value& in_flight = definition.get_object()["in_flight"];
  if (!in_flight.is_object()) in_flight = boost::json::object();
  in_flight.get_object()["policy"] = arguments.in_flight;
  return boost::json::serialize(definition);
}

ServerCall CallOf(const JourneyArguments& arguments) {
  const std::string one = "/v1/journeys/" + Escaped(arguments.journey);
  const std::string of = "/v1/journeys/templates/" + Escaped(arguments.journey);
  const auto phase = [&](const char* name) {
    return ServerCall{"POST", one + "/phase", std::string(R"({"phase":")") + name + "\"}"};
  };
  switch (arguments.verb) {
    case JourneyVerb::kValidate:
      return {"POST", "/v1/journeys/check", DefinitionIn(arguments)};
    case JourneyVerb::kRehearse:
      return {"POST", "/v1/journeys/rehearse?days=" + std::to_string(arguments.days),
              arguments.definition};
    case JourneyVerb::kPublish:
      return {"POST", "/v1/journeys", DefinitionIn(arguments)};
    case JourneyVerb::kRelease:
      return {"POST", one + "/release", ReleaseText(arguments)};
    case JourneyVerb::kPause:
      return phase("paused");
    case JourneyVerb::kResume:
      return phase("running");
    case JourneyVerb::kStop:
      return phase("stopped");
    case JourneyVerb::kList:
      return {"GET", "/v1/journeys", {}};
    case JourneyVerb::kShow:
      return {"GET", one, {}};
    case JourneyVerb::kVersions:
      return {"GET", one + "/versions", {}};
    case JourneyVerb::kCompare:
      return {"GET",
              one + "/versions/" + std::to_string(arguments.version) +
                  (arguments.since > 0 ? "?since=" + std::to_string(arguments.since) : ""),
              {}};
    case JourneyVerb::kTemplates:
      return {"GET", "/v1/journeys/templates", {}};
    case JourneyVerb::kTemplate:
      return {"GET", of, {}};
    case JourneyVerb::kPutTemplate:
      return {"PUT", of, arguments.definition};
    case JourneyVerb::kMake:
      return {"POST", of + "/journeys", arguments.definition};
    case JourneyVerb::kWhy:
      return {"GET", one + "/why/" + Escaped(arguments.key) + "/" + Escaped(arguments.value), {}};
  }
  return {};
}

Result<std::string> AnswerHere(const services::Engines& engines, services::Sights& sights,
                               const JourneyArguments& arguments) {
  services::EngineJourneys desk(engines, sights);
  const api::Sight sight{arguments.project};
  switch (arguments.verb) {
    case JourneyVerb::kValidate:
      return desk.Check({arguments.project}, DefinitionIn(arguments));
    case JourneyVerb::kRehearse:
      return desk.Rehearse({arguments.project}, arguments.definition, arguments.days);
    case JourneyVerb::kList:
      return desk.List(sight);
    case JourneyVerb::kShow:
      return desk.Show(sight, arguments.journey);
    case JourneyVerb::kVersions:
      return desk.Versions(arguments.project, arguments.journey);
    case JourneyVerb::kCompare:
      return desk.ShowVersion(arguments.project, arguments.journey, arguments.version,
                              arguments.since);
    case JourneyVerb::kWhy:
      return desk.Why(sight, arguments.journey, arguments.key, arguments.value);
    default:
      return Error(Code::kUnavailable, "no server has this data folder open: start it first");
  }
}

}  // namespace

Result<> Journey(const services::Machine& machine, const services::Config& config,
                 const JourneyArguments& arguments) {
  ServerCall there = CallOf(arguments);
  there.target += there.target.find('?') == std::string::npos ? '?' : '&';
  there.target += "project=" + Escaped(arguments.project);
  const auto here = [&](services::Engines& engines) {
    services::Sights sights(engines, nullptr, machine.clock, config);
    return AnswerHere(engines, sights, arguments);
  };
  const std::string text = TRY(AnswerHereOrThere(machine, config, arguments.project, here, there));
  std::puts(text.c_str());
  if (arguments.verb == JourneyVerb::kValidate && text.find(R"("valid":false)") != text.npos) {
    return Error(Code::kInvalid, "journey_invalid", "the definition has faults");
  }
  return {};
}

}  // namespace waypost::server
