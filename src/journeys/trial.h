// An experiment of a journey: some customers go each way, the others are held until it is known
// which way is best, and then all go that way. It lasts from its publication, whoever comes when;
// who was given a way keeps it for ever.
#pragma once

#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "model/ids.h"

namespace waypost::journeys {

// What became of the comparison; all but the first let everybody go the first way.
enum class TrialEnd : uint8_t { kWinner, kTooFew, kSampleRatio, kNoSignificance };
inline bool IsValid(TrialEnd, uint8_t number) {
  return number <= static_cast<uint8_t>(TrialEnd::kNoSignificance);
}
std::string_view NameOf(TrialEnd end);

struct ArmCounts {
  uint64_t entered = 0, converted = 0;
  template <typename A>
  void Fields(A& a) {
    a(entered, converted);
  }
};

struct Trial {
  int64_t begun_ms = 0, ends_ms = 0;
  std::vector<ArmCounts> arms;
  std::map<Ordinal, uint32_t> given;  // twice the arm, and one more once it converted
  bool decided = false;
  uint32_t winner = 0;
  TrialEnd end = TrialEnd::kTooFew;
  template <typename A>
  void Fields(A& a) {
    a(begun_ms, ends_ms, arms, given, decided, winner, end);
  }
};

struct Verdict {
  uint32_t winner = 0;
  TrialEnd end = TrialEnd::kTooFew;
};
// The arm whose rate of conversion is higher than that of every other by the two-proportion z-test,
// two-sided, 5 percent shared among the comparisons (Bonferroni). Not before each arm has
// `min_sample`, nor when customers fell to arms otherwise than by `shares` (Pearson's chi-squared
// by the Wilson-Hilferty approximation, p < 0.001), which means that something is broken. REQUIRES:
// as many shares as arms.
Verdict Compare(const std::vector<ArmCounts>& arms, const std::vector<uint32_t>& shares,
                uint64_t min_sample);

}  // namespace waypost::journeys
