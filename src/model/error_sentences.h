// What the sentences of errors say, in Chinese: by a table of English sentences with places in
// them, so that what stands in a place (a name, a limit, a line) is said in both languages and can
// be read by programs.
//
//   SayInChinese("line 1, column 5: there is no event 'transfr'; did you mean 'transfer'?")
//   -> 第 1 行第 5 列：没有事件“transfr”，是否想写“transfer”？
//      values: given transfr, meant transfer
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace waypost {

// Where in what was sent an error stands, which its sentence begins with.
//
//   "steps[1].who: line 1, column 5: there is no event 'x'" -> steps[1].who, 1, 5
struct FaultPlace {
  std::string_view path;     // of the sentence; empty: it names none
  int line = 0, column = 0;  // of a text, from 1; 0: it names none
  std::string_view what;     // the rest of the sentence
};

FaultPlace PlaceOfFault(std::string_view sentence);

struct ChineseSentence {
  std::string text;                                         // begins with the same place
  std::vector<std::pair<std::string, std::string>> values;  // by place in the sentence
};

// Nothing for a sentence that is not in the table.
std::optional<ChineseSentence> SayInChinese(std::string_view sentence);

// What is kept of an error for people: its sentence or, when that is not in the table, what its
// name means (error_texts.h) or, of a name that is not there either, the sentence as it is.
std::string InChinese(const Error& error);

}  // namespace waypost
