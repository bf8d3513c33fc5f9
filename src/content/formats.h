// Values as people read them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "content/template.h"

namespace waypost::content {

// "1234567.891", 2 -> "1,234,567.89". Half goes up, away from zero; exact for any number of digits.
// Nothing when it is no decimal number.
std::optional<std::string> NumberText(std::string_view value, int decimals);

// "0.0325", 2 -> "3.25%". As NumberText.
std::optional<std::string> PercentText(std::string_view value, int decimals);

// yyyy, MM, M, dd, d, HH, mm of a date ("2026-03-02"), a time with or without offset, or
// milliseconds since 1970; other characters stand for themselves. Nothing when it is none.
std::optional<std::string> DateText(std::string_view value, std::string_view format,
                                    const ToWall& to_wall);

// The last four characters, the others as '*'.
std::string Masked(std::string_view value);

}  // namespace waypost::content
