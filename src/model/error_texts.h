// What every error name means, in the two languages of the product. Messages of Error say the
// details in English; this table says in general what went wrong and what to do, for consoles and
// answers.
#pragma once

#include <span>
#include <string_view>

namespace waypost {

struct ErrorText {
  std::string_view name;  // Error::name() or the reason of a quarantined record or property
  std::string_view zh, en;
};

// Null for a name that is not in the table.
const ErrorText* FindErrorText(std::string_view name);

// By name, increasing.
std::span<const ErrorText> ErrorTexts();

}  // namespace waypost
