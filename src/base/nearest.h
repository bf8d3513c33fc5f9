// What somebody may have meant by a name that is not there.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace waypost {

// The one of `known` that is nearest to `name` by spelling; empty when none is near.
std::string Nearest(std::string_view name, std::span<const std::string> known);

}  // namespace waypost
