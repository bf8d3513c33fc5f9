// ASCII letters in one case; every other byte stays as it is, so UTF-8 stays UTF-8.
#pragma once

#include <string>
#include <string_view>

namespace waypost {

std::string LowerLetters(std::string_view text);
std::string UpperLetters(std::string_view text);

}  // namespace waypost
