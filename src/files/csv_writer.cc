#include "files/csv_writer.h"

#include <algorithm>

namespace waypost::files {
namespace {

// What a spreadsheet takes for a formula at the start of a cell; some take full-width signs too.
constexpr std::string_view kFormulaSigns[] = {"=",  "+",  "-",  "@",  "\t", "\r",
                                              "\n", "＝", "＋", "－", "＠"};

}  // namespace

void AppendCsvText(std::string_view text, std::string* out) {
  const bool formula = std::ranges::any_of(
      kFormulaSigns, [&](std::string_view sign) { return text.starts_with(sign); });
  if (text.find_first_of(",;\t\"\r\n") == text.npos) {  // ; and TAB part cells in some
    if (formula) out->push_back('\'');
    out->append(text);
    return;
  }
  out->append(formula ? "\"'" : "\"");
  for (const char c : text) {
    if (c == '"') out->push_back('"');
    out->push_back(c);
  }
  out->push_back('"');
}

}  // namespace waypost::files
