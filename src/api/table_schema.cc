#include "api/table_schema.h"

namespace waypost::api {
namespace {

constexpr std::pair<std::string_view, std::string_view> kTableSchemas[] = {
    {"Table", R"({"type":"object","required":["columns"],"properties":{"id":{"type":"string"},
      "zh":{"type":"string"},"en":{"type":"string"},"rows":{"type":"integer","readOnly":true},
      "key":{"type":"array","items":{"type":"string"},"description":"Columns that name a row"},
      "belongs_to":{"description":"Left out: nobody","oneOf":[{"const":"customer"},{"type":"object",
        "required":["table","by"],"properties":{"table":{"type":"string"},"by":{"type":"string"},
          "cardinality":{"const":"many_to_many"}}}]},
      "valid":{"type":"object","description":"Columns between which a row holds","properties":{
        "from":{"type":"string"},"to":{"type":"string"}}},
      "history":{"type":"boolean","description":"What rows were stays known"},
      "columns":{"type":"array","items":{"type":"object","required":["name","type"],"properties":{
        "name":{"type":"string"},"type":{"enum":["bool","int","double","decimal","string","datetime",
          "date","list"]},"zh":{"type":"string"},"en":{"type":"string"},"class":{"enum":["C1","C2"]},
        "refers":{"type":"string"},"cardinality":{"const":"many_to_one"}}}}}})"},
    {"Tables", R"({"type":"object","required":["items"],"properties":{
      "items":{"type":"array","items":{"$ref":"#/components/schemas/Table"}}}})"},
    {"Rows", R"({"type":"object","required":["table","total","rows"],"properties":{
      "table":{"type":"string"},"zh":{"type":"string"},"en":{"type":"string"},
      "total":{"type":"integer"},"next":{"type":"string"},
      "rows":{"type":"array","items":{"type":"object"}}}})"},
    {"RowUpload", R"({"type":"object","required":["rows"],"properties":{
      "delete":{"type":"boolean"},"rows":{"type":"array","maxItems":100000,"items":{"type":"object",
        "properties":{"identities":{"type":"object","additionalProperties":{"type":"string"}},
          "name":{"type":"string"},"values":{"type":"object"}}}}}})"},
    {"NewTableSource", R"({"type":"object","required":["connection"],"properties":{
      "connection":{"type":"object","required":["host","database","user"],"properties":{
        "host":{"type":"string"},"port":{"type":"integer","default":5432},
        "database":{"type":"string"},"user":{"type":"string"},
        "tls":{"enum":["verified","required","off"],"default":"verified"}}},
      "from":{"type":"string"},"query":{"type":"string"},
      "columns":{"type":"object","additionalProperties":{"type":"string"}},
      "identities":{"type":"object","additionalProperties":{"type":"string"}},
      "cursor":{"type":"string"},"overlap":{"type":"integer","default":300},
      "removed":{"type":"string"},"max_rows":{"type":"integer"},
      "schedule":{"type":"object","required":["cron"],"properties":{
        "cron":{"type":"string"},"zone":{"type":"string"}}}}})"},
    {"TableSource", R"({"type":"object","required":["table","source","password_set","loads"],
      "properties":{"table":{"type":"string"},"version":{"type":"integer"},
      "source":{"$ref":"#/components/schemas/NewTableSource"},"password_set":{"type":"boolean"},
      "cursor":{"type":"string"},"loads":{"type":"array",
        "items":{"$ref":"#/components/schemas/TableSourceLoad"}}}})"},
    {"TableSourcePassword", R"({"type":"object","required":["password"],"properties":{
      "password":{"type":"string","maxLength":1024}}})"},
    {"TableSourceCheck", R"({"type":"object","required":["table","columns","unused"],"properties":{
      "table":{"type":"string"},"unused":{"type":"array","items":{"type":"string"}},
      "columns":{"type":"array","items":{"type":"object","properties":{"column":{"type":"string"},
        "from":{"type":"string"},"postgresql":{"type":"string"},"type":{"type":"string"},
        "identity":{"type":"boolean"}}}}}})"},
    {"TableSourceLoad", R"({"type":"object","required":["at_ms","took_ms"],"properties":{
      "at_ms":{"type":"integer"},"took_ms":{"type":"integer"},"rows":{"type":"integer"},
      "loaded":{"type":"integer"},"removed":{"type":"integer"},"rejected":{"type":"integer"},
      "reasons":{"type":"array","items":{"type":"object"}},
      "examples":{"type":"array","items":{"type":"string"}},
      "error":{"type":"object","properties":{"code":{"type":"string"},
        "message":{"type":"string"}}}}})"},
    {"RowsTaken",
     R"({"type":"object","required":["rows"],"properties":{"rows":{"type":"integer"}}})"},
};

}  // namespace

std::span<const std::pair<std::string_view, std::string_view>> TableSchemas() {
  return kTableSchemas;
}

}  // namespace waypost::api
