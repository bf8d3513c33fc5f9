// Journeys as answers show them.
#pragma once

#include <boost/json/object.hpp>

#include "journeys/rehearsal.h"

namespace waypost::services {

// What is counted of a node in one version, added to {"in", "here", "out", "left", "messages"} of
// others.
void AddCounts(const journeys::Journey& version, const journeys::NodeCounts& counts,
               boost::json::object* shown);

// {"stay": {"count", "p50_ms", "p95_ms"}}, when anybody has gone on from it.
void AddStay(const journeys::NodeCounts& counts, boost::json::object* shown);

// Null when the line has none.
const journeys::ReasonText* ReasonOf(const journeys::TraceLine& line);
// The id of its node; null when the line is of none.
const std::string* NodeOf(const journeys::JourneyState& journey, const journeys::TraceLine& line);

// One thing that happened to a customer.
boost::json::object LineJson(const journeys::State& state, const journeys::TraceLine& line);
// The kind that such a line says in "what".
std::optional<journeys::TraceLine::What> FindLineKind(std::string_view name);

// As rehearsals answer, but for what time and which events it is of.
boost::json::object ForecastJson(const journeys::Forecast& forecast);

// {"node","field","code","message","message_zh","warning","values"}. What rules and cron lines say
// of themselves is in Chinese, and its values are read from it.
boost::json::object FaultJson(const journeys::Fault& fault);

// As it was given, without what it did to those inside when it was published: a copy that is
// published again does nothing to anybody.
boost::json::object DefinitionOf(const journeys::Journey& version);

}  // namespace waypost::services
