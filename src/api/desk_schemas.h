// The JSON Schemas of what is decided and kept at desks: approvals, audit, channels, texts of
// messages, saved questions and dashboards; for the description of the API.
#pragma once

#include <span>
#include <string_view>

namespace waypost::api {

struct SchemaText {
  std::string_view name, text;
};

std::span<const SchemaText> DeskSchemas();
// Of journeys.
std::span<const SchemaText> JourneySchemas();
// Of who is who.
std::span<const SchemaText> IdentitySchemas();
std::span<const SchemaText> TagSchemas();

}  // namespace waypost::api
