// What calls about tables send and get, as OpenAPI has it.
#pragma once

#include <span>
#include <string_view>
#include <utility>

namespace waypost::api {

// By name, each a JSON text.
std::span<const std::pair<std::string_view, std::string_view>> TableSchemas();

}  // namespace waypost::api
