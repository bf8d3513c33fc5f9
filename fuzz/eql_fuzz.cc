// Any bytes as EQL: an error, or a query that its own text and JSON give again.
#include <boost/json.hpp>

#include "base/check.h"
#include "eql/rule_json.h"
#include "eql/text.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace waypost::eql;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto query = ParseQuery(text);
  if (!query.ok()) return 0;
  const auto again = ParseQuery(FormatQuery(query.value()));
  CHECK(again.ok() && again.value() == query.value());
  CHECK(QueryFromJson(QueryToJson(query.value())).ok());
  return 0;
}
