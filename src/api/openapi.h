// The OpenAPI 3.1 description of the route table.
#pragma once

#include <string>

namespace waypost::api {

// Made once.
const std::string& OpenApiJson();

}  // namespace waypost::api
