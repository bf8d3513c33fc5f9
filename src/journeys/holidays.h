// Working days: which days of a year are off although they are Monday to Friday, and which weekends
// are worked. A year is known or it is not: an unknown year has no working days, never a guess.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string_view>

#include "base/result.h"

namespace waypost::journeys {

enum class Adjust : uint8_t { kNone, kNext, kPrevious, kNearest, kDrop };

class Holidays {
 public:
  // Mainland China, 2024 to 2026, from the notices of the General Office of the State Council.
  static const Holidays& China();

  // Adds a year, or replaces it. Days are counted from 1970-01-01.
  void SetYear(int year, std::set<int64_t> off, std::set<int64_t> worked);
  // {"year": 2027, "days": [{"name": ..., "date": "2027-01-01", "isOffDay": true}, ...]}, as
  // published for each notice; days of December may come in the next year's paper, and stay when a
  // later paper does not name them. They do not make the year before known, which has a paper of
  // its own. kInvalid names the day that is wrong; nothing is changed then.
  Result<> ImportYear(std::string_view json);

  bool KnowsYear(int year) const {
    const auto found = years_.find(year);
    return found != years_.end() && found->second.known;
  }
  // Nothing when the year is not known.
  std::optional<bool> IsWorkingDay(int64_t day) const;
  // The day moved as a bank moves it. Nothing for kDrop on a day off, and when a year is not known.
  std::optional<int64_t> Adjusted(int64_t day, Adjust how) const;

 private:
  struct Year {
    std::set<int64_t> off, worked;
    bool known = false;  // by a paper of its own
  };
  std::map<int, Year> years_;
};

}  // namespace waypost::journeys
