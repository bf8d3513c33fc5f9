// What a new version of a journey changes: in the drawing, and for those inside older versions.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "journeys/state.h"

namespace waypost::journeys {

// What differs in one place. Values are JSON texts; empty: not there.
struct Difference {
  std::string node;   // empty: the journey itself
  std::string field;  // "text", "entry.filter", "next.timeout"; empty: the whole node
  std::string before, after;
  friend bool operator==(const Difference&, const Difference&) = default;
};

// Between two definitions: the journey's own fields first, then by node, each in the order of
// `after`, those that it lacks last. Where the canvas shows a node, and what becomes of those
// inside, is left out. REQUIRES: both were checked.
std::vector<Difference> Differences(std::string_view before, std::string_view after);

// A node of an older version: its version, and its place there.
using OldPlace = std::pair<uint32_t, uint32_t>;

// Where those go who stand at nodes that a version lacks.
struct Migration {
  std::map<OldPlace, uint32_t> moves;  // to a node of the version
  std::set<OldPlace> leaving;
  std::vector<Fault> faults;  // "node_needs_target": somebody stands there and nobody said
};

// As `draft.in_flight` says, for those who are in `journey` now. Costs time in proportion to the
// nodes of its versions.
Migration MigrationTo(const Journey& draft, const JourneyState& journey);

}  // namespace waypost::journeys
