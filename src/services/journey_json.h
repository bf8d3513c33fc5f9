// Journeys as answers show them.
#pragma once

#include <boost/json/object.hpp>

#include "journeys/state.h"

namespace waypost::services {

// What is counted of a node in one version, added to {"in", "here", "out", "left", "messages"} of
// others.
void AddCounts(const journeys::Journey& version, const journeys::NodeCounts& counts,
               boost::json::object* shown);

// {"node","field","code","message","message_zh","warning","values"}. What rules and cron lines say
// of themselves is in Chinese, and its values are read from it.
boost::json::object FaultJson(const journeys::Fault& fault);

// As it was given, without what it did to those inside when it was published: a copy that is
// published again does nothing to anybody.
boost::json::object DefinitionOf(const journeys::Journey& version);

}  // namespace waypost::services
