// An example of every route, for the description of the API: examples/calls.jsonl, packed into the
// server. tests/e2e/calls.test.mjs makes each of the calls.
#pragma once

#include <boost/json.hpp>
#include <span>
#include <string_view>

namespace waypost::api {

// The lines of the file, each a JSON object: `operation`, `call` ("GET /v1/plan"), `body` or
// `form`, `answer`.
std::span<const std::string_view> CallLines();

// The first line of an operation; empty: there is none.
boost::json::object ExampleOf(std::string_view operation);

}  // namespace waypost::api
