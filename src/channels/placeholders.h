// Texts with {{name}} in them, filled with values that cannot break out of where they stand.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace waypost::channels {

// How a value is written, by where it stands.
enum class Place : uint8_t {
  kPlain,   // as it is
  kUrl,     // percent-encoded; also in forms
  kJson,    // inside the quotes of a JSON string
  kXml,     // escaped for text and attributes
  kHeader,  // as it is, but refused with a line break in it
};

using Lookup = std::function<std::optional<std::string>(std::string_view name)>;

// kInvalid "render_error" names what has no value, is not closed, or does not fit its place.
Result<std::string> Fill(std::string_view text, Place place, const Lookup& lookup);

// The names in a text. kInvalid "render_error" when a {{ is not closed.
Result<> ForEachName(std::string_view text, const std::function<void(std::string_view)>& visit);

}  // namespace waypost::channels
