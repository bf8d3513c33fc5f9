#include "api/desk_schemas.h"

namespace waypost::api {
namespace {

constexpr SchemaText kIdentitySchemas[] = {
    {"IdentityRules", R"({"type":"object","required":["keys"],"properties":{
      "keys":{"type":"array","items":{"type":"object","required":["key"],"properties":{
        "key":{"type":"string"},"strength":{"enum":["weak","strong"]},
        "priority":{"type":"integer"},"normaliser":{"enum":["plain","phone","lower"]},
        "values":{"type":"integer","description":"A customer may have; 0: any number"},
        "window_days":{"type":"integer"},"look_back_days":{"type":"integer"},
        "parent":{"type":"string"},"blocked":{"type":"array","items":{"type":"string"}},
        "blocked_patterns":{"type":"array","items":{"type":"string"}},
        "hashed":{"type":"boolean","description":"Values are kept as keyed hashes only"}}}},
      "largest_cluster":{"type":"integer"},"most_customers_a_day":{"type":"integer"},
      "attributes":{"type":"array","items":{"type":"object","properties":{
        "attribute":{"type":"string"},
        "keep":{"enum":["last","first","source","min","max","union"]},
        "sources":{"type":"array","items":{"type":"string"}}}}}}})"},
    {"IdentityTrial", R"({"type":"object","properties":{
      "would_merge":{"type":"integer"},"would_split":{"type":"integer"},
      "examples":{"type":"array","items":{"type":"object","properties":{
        "effect":{"enum":["merge","split"]},
        "identities":{"type":"array","items":{"$ref":"#/components/schemas/Identity"}}}}}}})"},
    {"Link",
     R"({"type":"object","required":["number","time","source","rule","a","b"],"properties":{"number":{"type":"integer"},
      "time":{"type":"string"},"source":{"type":"string"},"rule":{"type":"string"},
      "a":{"$ref":"#/components/schemas/Identity"},"b":{"$ref":"#/components/schemas/Identity"},
      "outcome":{"type":"string"},"in_force":{"type":"boolean"}}})"},
    {"Links", R"({"type":"object","required":["links"],"properties":{
      "links":{"type":"array","items":{"$ref":"#/components/schemas/Link"}},
      "next":{"type":"string"}}})"},
    {"IdentityCut", R"({"type":"object","required":["known_by"],"properties":{
      "known_by":{"$ref":"#/components/schemas/Identity"}}})"},
    {"IdentityConflicts", R"({"type":"object","properties":{"count":{"type":"integer"},
      "refused":{"type":"array","items":{"$ref":"#/components/schemas/Link"}},
      "set_apart":{"type":"array","items":{"$ref":"#/components/schemas/Identity"}}}})"},
    {"IdentityReason", R"({"type":"object","required":["same"],"properties":{
      "same":{"type":"boolean"},"a":{"$ref":"#/components/schemas/Identity"},
      "b":{"$ref":"#/components/schemas/Identity"},"known_by":{"$ref":"#/components/schemas/Identity"},
      "chain":{"type":"array","items":{"$ref":"#/components/schemas/Link"}},
      "reason":{"type":"string"},
      "refused":{"type":"array","items":{"$ref":"#/components/schemas/Link"}},
      "if_linked_now":{"type":"string"}}})"},
};

}  // namespace

std::span<const SchemaText> IdentitySchemas() { return kIdentitySchemas; }

}  // namespace waypost::api
