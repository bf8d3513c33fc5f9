// Things that have a name in Chinese and in English, found by either.
#pragma once

#include <span>
#include <string_view>

namespace waypost {

// The one whose `display_zh` or `display_en` is `name`; null when none or several have it. Points
// into `things`.
template <typename Thing>
const Thing* Displayed(std::span<const Thing> things, std::string_view name) {
  const Thing* found = nullptr;
  for (const Thing& thing : things) {
    if (name.empty() || (thing.display_zh != name && thing.display_en != name)) continue;
    if (found) return nullptr;
    found = &thing;
  }
  return found;
}

}  // namespace waypost
