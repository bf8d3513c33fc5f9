#include "base/letters.h"

#include <algorithm>

namespace waypost {

std::string LowerLetters(std::string_view text) {
  std::string lower(text);
  std::ranges::for_each(lower, [](char& c) { c += c >= 'A' && c <= 'Z' ? 'a' - 'A' : 0; });
  return lower;
}

std::string UpperLetters(std::string_view text) {
  std::string upper(text);
  std::ranges::for_each(upper, [](char& c) { c -= c >= 'a' && c <= 'z' ? 'a' - 'A' : 0; });
  return upper;
}

}  // namespace waypost
