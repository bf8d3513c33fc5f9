// What a client is told when a request fails. One table maps every error name to its HTTP status
// and its sentences in English and Chinese.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace waypost::api {

struct Problem {
  int status = 500;
  std::string code;     // stable machine word: "bad_json", "too_large", ...
  std::string message;  // what is wrong and what to do, in English
  std::string message_zh;
  std::string where;  // the part of the request: a header, a byte offset, a path; may be empty
  int line = 0, column = 0;  // of a text, from 1; 0: of none. Messages begin with where and these
  // What the messages name, by what it is to them ("given", "least", "line"). Given: message_zh
  // says all that message does; else it says in general what is wrong.
  std::optional<std::vector<std::pair<std::string, std::string>>> values;
};

// The problem of a name in the table; an unknown name is "internal", 500.
Problem ProblemOf(std::string_view name, std::string where = {});

// The problem of an error from below. A name in the table decides the status, otherwise the error's
// code does. The error's own message is kept only where the sender needs it to repair the request
// (kInvalid, kNotFound, kConflict, kTooLarge): what the machine says stays in our log.
Problem ProblemOf(const Error& error);

// {"error":{"code","message","message_zh","where","line","column","request_id","values"}}, at most
// 1 KiB; values
// that do not fit are left out.
std::string ProblemJson(const Problem& problem, std::string_view request_id);

}  // namespace waypost::api
