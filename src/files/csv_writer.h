// Writes RFC 4180 records that spreadsheets show and never run.
#pragma once

#include <string>
#include <string_view>

namespace waypost::files {

// Appends a cell of text (numbers, times and flags need none of this): quoted when it must be, and
// begun with ' when a spreadsheet would take it for a formula (= + - @, full-width ones, TAB, CR or
// LF at its start).
void AppendCsvText(std::string_view text, std::string* out);

}  // namespace waypost::files
