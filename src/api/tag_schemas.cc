#include "api/desk_schemas.h"

namespace waypost::api {
namespace {

constexpr SchemaText kTagSchemas[] = {
    {"TagType", R"({"enum":["string","number","bool","datetime","list"]})"},
    {"TagChange", R"({"type":"object","properties":{
      "id":{"type":"string","description":"1 to 64 letters, digits, _ and -; only when created"},
      "version":{"type":"integer","description":"When changed: the version it was made from"},
      "name_zh":{"type":"string"},"name_en":{"type":"string"},"owner":{"type":"string"},
      "meaning_zh":{"type":"string"},"meaning_en":{"type":"string"},
      "categories":{"type":"array","items":{"type":"string"}},
      "albums":{"type":"array","items":{"type":"string"}},
      "make":{"$ref":"#/components/schemas/Making"},
      "keep_days":{"type":"integer","default":400},
      "refresh":{"enum":["live","runs"],"default":"runs"},
      "schedule":{"$ref":"#/components/schemas/Schedule"}}})"},
    {"Tag", R"({"type":"object","required":["id","version","state"],
      "properties":{"id":{"type":"string"},"version":{"type":"integer"},
      "meaning_zh":{"type":"string"},"meaning_en":{"type":"string"},
      "categories":{"type":"array","items":{"type":"string"}},
      "albums":{"type":"array","items":{"type":"string"}},
      "created":{"type":"string"},"changed":{"type":"string"},"keep_days":{"type":"integer"},
      "refresh":{"enum":["live","runs"]},"schedule":{"$ref":"#/components/schemas/Schedule"},
      "last_day":{"type":"string","description":"The newest that has values"},
      "state":{"enum":["draft","submitted","certified","live","frozen","retired"]},
      "type":{"$ref":"#/components/schemas/TagType"},"name_zh":{"type":"string"},
      "name_en":{"type":"string"},"owner":{"type":"string"},
      "make":{"$ref":"#/components/schemas/Making"},
      "uses":{"type":"array","items":{"$ref":"#/components/schemas/Reference"}},
      "used_by":{"type":"array","items":{"$ref":"#/components/schemas/Reference"}},
      "entries":{"type":"array","description":"Steps and runs, newest first",
        "items":{"$ref":"#/components/schemas/TagEntry"}}}})"},
    {"TagEntry", R"({"type":"object","required":["number","at"],"properties":{
      "number":{"type":"integer"},"at":{"type":"string"},
      "what":{"enum":["run","life","usage","idle"]},"by":{"type":"string"},
      "version":{"type":"integer"},"step":{"type":"string"},"from":{"type":"string"},
      "to":{"enum":["draft","submitted","certified","live","frozen","retired"]},
      "note":{"type":"string"},"count":{"type":"integer"},
      "status":{"enum":["ok","failed"]},"error":{"type":"string"},"error_zh":{"type":"string"},"day":{"type":"string"},
      "type":{"$ref":"#/components/schemas/TagType"},"customers":{"type":"integer"},
      "with_value":{"type":"integer"},"coverage":{"type":"number"},"distinct":{"type":"integer"},
      "values":{"type":"array","items":{"$ref":"#/components/schemas/TagShare"}},
      "mean":{"type":"number"},"deciles":{"type":"array","items":{"type":"number"}},
      "given":{"type":"integer"},"matched":{"type":"integer"},"unmatched":{"type":"integer"},
      "unmatched_examples":{"type":"array","items":{"type":"string"}},
      "model_version":{"type":"string"},"base_time":{"type":"string"},
      "snapshot":{"type":"string"},"incomplete":{"type":"boolean"}}})"},
    {"Tags", R"({"type":"object","required":["items"],"properties":{
      "items":{"type":"array","items":{"$ref":"#/components/schemas/Tag"}},
      "categories":{"type":"array","items":{"$ref":"#/components/schemas/TagPlace"}},
      "albums":{"type":"array","items":{"$ref":"#/components/schemas/TagPlace"}}}})"},
    {"TagPlace", R"({"type":"object","required":["name","count"],"properties":{
      "name":{"type":"string"},"count":{"type":"integer"},"name_en":{"type":"string"}}})"},
    {"TagHealth", R"({"type":"object","required":["id","level","findings"],
      "properties":{"id":{"type":"string"},"name_zh":{"type":"string"},"name_en":{"type":"string"},
      "owner":{"type":"string"},"state":{"type":"string"},"with_value":{"type":"integer"},
      "distinct":{"type":"integer"},"psi_against":{"type":"string"},"last_used":{"type":"string"},
      "level":{"enum":["good","warning","alarm"]},"coverage":{"type":"number"},
      "last_day":{"type":"string"},"age_days":{"type":"integer"},"psi":{"type":"number"},
      "used_by":{"type":"array","items":{"$ref":"#/components/schemas/Reference"}},
      "findings":{"type":"array","items":{"type":"object","properties":{
        "level":{"type":"string"},"what":{"type":"string"},"zh":{"type":"string"},
        "en":{"type":"string"}}}}}})"},
    {"TagReport", R"({"type":"object","required":["at","counts","tags"],"properties":{
      "at":{"type":"string"},"counts":{"type":"object"},
      "tags":{"type":"array","items":{"$ref":"#/components/schemas/TagHealth"}}}})"},
    {"TagNote", R"({"type":"object","properties":{"note":{"type":"string"}}})"},
    {"TagDay", R"({"type":"object","properties":{"day":{"type":"string","format":"date"}}})"},
    {"TagDays", R"({"type":"object","required":["from","to"],"properties":{
      "from":{"type":"string","format":"date"},"to":{"type":"string","format":"date"}}})"},
    {"TagShare", R"({"type":"object","properties":{"value":{"type":"string"},
      "count":{"type":"integer"},"share":{"type":"number"}}})"},
    {"TagRuns", R"({"type":"object","required":["runs"],"properties":{
      "runs":{"type":"array","items":{"type":"object","required":["day","with_value"],"properties":{
        "day":{"type":"string"},"with_value":{"type":"integer"}}}}}})"},
    {"TagUpload", R"({"type":"object","required":["key","values"],"properties":{
      "key":{"type":"string","description":"Kind of identity, as login_id"},
      "values":{"type":"array","items":{"type":"array","minItems":2,"maxItems":2},
        "maxItems":100000},
      "replace":{"type":"boolean","description":"Values of others go; without it they stay"}}})"},
    {"TagDistribution", R"({"type":"object","required":["day","customers","with_value"],
      "properties":{"day":{"type":"string"},
      "customers":{"type":"integer"},"with_value":{"type":"integer"},
      "type":{"$ref":"#/components/schemas/TagType"},"distinct":{"type":"integer"},
      "coverage":{"type":"number"},"mean":{"type":"number"},
      "deciles":{"type":"array","items":{"type":"number"}},
      "values":{"type":"array","items":{"$ref":"#/components/schemas/TagShare"}}}})"},
    {"TagTransitions", R"({"type":"object","required":["changed","stayed","transitions"],
      "properties":{"from":{"type":"string"},"to":{"type":"string"},
      "changed":{"type":"integer"},"stayed":{"type":"integer"},"truncated":{"type":"boolean"},
      "transitions":{"type":"array","items":{"type":"object","properties":{
        "from":{"type":["string","null"]},"to":{"type":["string","null"]},
        "count":{"type":"integer"}}}}}})"},
    {"TagLookUp", R"({"type":"object","required":["key","values","tags"],"properties":{
      "key":{"type":"string"},"values":{"type":"array","items":{"type":"string"},"maxItems":1000},
      "tags":{"type":"array","items":{"type":"string"},"maxItems":500},
      "day":{"type":"string","format":"date"}}})"},
    {"TagValues", R"({"type":"object","required":["items","days"],"properties":{
      "items":{"type":"array","items":{"type":"object","required":["value","known"],"properties":{
        "value":{"type":"string"},"known":{"type":"boolean"},"tags":{"type":"object"}}}},
      "days":{"type":"object","description":"Whose values these are, of each tag"}}})"},
};

}  // namespace

std::span<const SchemaText> TagSchemas() { return kTagSchemas; }

}  // namespace waypost::api
