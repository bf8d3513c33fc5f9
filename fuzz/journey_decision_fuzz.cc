// Any bytes given as decisions or as a state are refused or read; what is read is written the same,
// and folding it either fits or says that it does not.
#include <cstddef>
#include <cstdint>

#include "journeys/decision.h"
#include "journeys/state.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace waypost::journeys;
  const std::span<const uint8_t> bytes(data, size);
  if (const auto decisions = DecodeDecisions(bytes); decisions.ok()) {
    const waypost::Bytes written = EncodeDecisions(decisions.value());
    CHECK(EncodeDecisions(DecodeDecisions(written).value()) == written);
    State state;
    for (const Decision& decision : decisions.value()) {
      if (!state.Apply(decision).ok()) break;
    }
  }
  if (const auto state = State::Decode(bytes); state.ok()) {
    const waypost::Bytes written = state.value().Encode();
    CHECK(State::Decode(written).value().Encode() == written);
  }
  return 0;
}
