// The published scenarios that run here, by id; tests only.
#pragma once

#include <string_view>
#include <vector>

#include "journeys/lunar.h"
#include "journeys/test_stage.h"

namespace waypost::journeys {

struct Scenario {
  std::string_view id;
  void (*play)();
};

const std::vector<Scenario>& EntryScenarios();
const std::vector<Scenario>& FlowScenarios();
const std::vector<Scenario>& GuardScenarios();
const std::vector<Scenario>& LifeScenarios();

}  // namespace waypost::journeys
