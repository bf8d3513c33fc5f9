// What is wrong with a journey's graph as a whole: nodes no way leads to, ways round without a
// limit, joins without a fork, waits that outlast the journey, ways that end early (warnings).
#pragma once

#include "journeys/definition.h"

namespace waypost::journeys {

// Sets the journey's first node and the fork of each join. REQUIRES: edges lead to nodes that are
// there. Costs time in proportion to nodes and edges, and to their product where there are forks.
void CheckGraph(Journey* journey, std::vector<Fault>* faults);

}  // namespace waypost::journeys
