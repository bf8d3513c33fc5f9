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

// What became of the comparison; without a winner everybody goes the way that the node names for
// that. kChosen: somebody said which way it is.
enum class TrialEnd : uint8_t { kWinner, kTooFew, kSampleRatio, kNoSignificance, kChosen };
inline bool IsValid(TrialEnd, uint8_t number) {
  return number <= static_cast<uint8_t>(TrialEnd::kChosen);
}
std::string_view NameOf(TrialEnd end);

struct ArmCounts {
  uint64_t entered = 0, converted = 0;
  // How many would have entered by the shares that held for each of all who did; millionths.
  uint64_t expected = 0;
  template <typename A>
  void Fields(A& a) {
    a(entered, converted);
    if (a.version() > 19) a(expected);
  }
};

// So many customers entered, of whom each arm was to have its share. REQUIRES: as many arms.
void Expect(const std::vector<uint32_t>& shares, uint64_t customers, std::vector<ArmCounts>* arms);

struct Trial {
  int64_t begun_ms = 0, ends_ms = 0;
  std::vector<ArmCounts> arms;
  std::map<Ordinal, uint32_t> given;  // twice the arm, and one more once it converted
  // Its time is over: nobody is given a way any more, nor counted. `winner` is what the test says,
  // which is the way for all when it is decided.
  bool over = false;
  bool decided = false;
  uint32_t winner = 0;
  TrialEnd end = TrialEnd::kTooFew;
  template <typename A>
  void Fields(A& a) {
    a(begun_ms, ends_ms, arms, given, decided, winner, end);
    if (a.version() > 17) {
      a(over);
    } else {
      over = decided;
    }
  }
};

enum class TrialTest : uint8_t { kTwoProportions, kBayesian };

struct Verdict {
  uint32_t winner = 0;
  TrialEnd end = TrialEnd::kTooFew;
};
struct TrialRules {
  uint64_t min_sample = 0;  // of each arm
  TrialTest test = TrialTest::kTwoProportions;
  uint32_t no_winner = 0;
};
// The arm whose rate of conversion is higher than that of every other: by the two-proportion
// z-test, two-sided, 5 percent shared among the comparisons (Bonferroni); or, Bayesian, the one
// that is best with a chance of 95 percent. Not before each arm has `min_sample`, nor when
// customers fell to arms otherwise than expected (Pearson's chi-squared by the Wilson-Hilferty
// approximation, p < 0.001), which means that something is broken.
Verdict Compare(const std::vector<ArmCounts>& arms, const TrialRules& rules);

// Of each arm the chance that its rate is the highest of all, each rate being as likely as any
// other before (Beta(1, 1)); they add up to 1. By numbers on a grid, to about 0.001. REQUIRES: some
// arms.
std::vector<double> ChancesOfBest(const std::vector<ArmCounts>& arms);

}  // namespace waypost::journeys
