// What is shown of a value to those who may not see it: enough to tell it from others at a glance,
// too little to know it.
#pragma once

#include <string>
#include <string_view>

#include "model/tracking_plan.h"

namespace waypost {

// In place of a number, a time, a list: anything but a text.
inline constexpr std::string_view kMask = "****";

// "李*", "138****5678", "li@****.com": the first character of a short text; the first three and, of
// eleven or more, the last four.
std::string Masked(std::string_view text);

// Whether values of the property are masked: all but those of class C1.
inline bool IsPersonal(const PlanProperty& property) {
  return property.data_class != DataClass::kC1;
}
// Likewise of a kind of identity: numbers that are a person's outside of this project as well.
bool IsPersonalKey(std::string_view key);

}  // namespace waypost
