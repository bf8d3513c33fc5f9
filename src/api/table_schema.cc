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
    {"RowsTaken",
     R"({"type":"object","required":["rows"],"properties":{"rows":{"type":"integer"}}})"},
};

}  // namespace

std::span<const std::pair<std::string_view, std::string_view>> TableSchemas() {
  return kTableSchemas;
}

}  // namespace waypost::api
