#include "files/csv_writer.h"

namespace waypost::files {

void AppendCsvText(std::string_view text, std::string* out) {
  const bool formula =
      !text.empty() && std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos;
  if (text.find_first_of(",\"\r\n") == text.npos) {
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
