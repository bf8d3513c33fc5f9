// Any text given as a journey, a template of journeys or a policy is refused with faults or read.
#include <cstddef>
#include <cstdint>

#include "journeys/definition.h"
#include "journeys/overlay.h"
#include "journeys/policy.h"
#include "journeys/versions.h"

namespace {
class NoConditions final : public waypost::journeys::Conditions {
 public:
  waypost::Result<> Check(std::string_view, waypost::journeys::About) const override { return {}; }
  waypost::Result<> CheckAttribute(std::string_view, waypost::journeys::AskedFor) const override {
    return {};
  }
  waypost::journeys::Truth Test(std::string_view, const waypost::journeys::Facts&) const override {
    return waypost::journeys::Truth::kUnknown;
  }
  // What has a digit speaks of what nobody tells of.
  waypost::Result<std::vector<waypost::journeys::Subject>> SubjectsOf(
      std::string_view condition) const override {
    using waypost::journeys::Subject;
    if (condition.find_first_of("0123456789") != condition.npos)
      return waypost::Error(waypost::Code::kInvalid, "not_followed", "it has a digit");
    return std::vector<Subject>{{Subject::Kind::kSegment, std::string(condition)}};
  }
};
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto checked = waypost::journeys::CheckJourney(text, NoConditions());
  CHECK(checked.journey || !checked.faults.empty());
  const auto policy = waypost::journeys::CheckPolicy(text);
  CHECK(policy.policy || !policy.faults.empty());
  if (checked.journey) {
    CHECK(waypost::journeys::Differences(text, text).empty());
    (void)waypost::journeys::OriginOf(text);
  }
  if (waypost::journeys::CheckTemplate(text).empty()) {
    const auto made = waypost::journeys::ApplyOverlay(
        text, 1, {.id = "j", .scope = "x", .set = R"({"nodes.a.for":"1d","entry.filter":"y"})"});
    CHECK(!made.definition.empty() || !made.faults.empty());
  }
  return 0;
}
