// Turns a value into another type where nothing is lost and nothing guessed.
#pragma once

#include <string_view>

#include "model/value.h"

namespace waypost {

// Makes *value one of `type`: int to double, decimal or (milliseconds of the years 1980 to 2099)
// datetime; whole doubles to int; doubles and text with up to four decimals to decimal; decimals to
// int when whole, and to double; text to date, or to datetime when it names its offset from UTC.
// Returns nothing, or why not: "type_mismatch", or "bad_time" for text that should be a time and is
// none. *value is unchanged then. REQUIRES: value->type != type
std::string_view Coerce(ValueType type, Value* value);

}  // namespace waypost
