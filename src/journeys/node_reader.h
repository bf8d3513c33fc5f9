// One node of a journey's document.
#pragma once

#include <boost/json/object.hpp>
#include <vector>

#include "journeys/definition.h"

namespace waypost::journeys {

// Complains of what is wrong with it. `journey` is what is read so far: the nodes before this one,
// the goal and all else but edges.
Node ReadNode(const boost::json::object& json, const Journey& journey, const Conditions& conditions,
              std::vector<Fault>* faults);

}  // namespace waypost::journeys
