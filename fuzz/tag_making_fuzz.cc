// Any JSON as how a tag is made: an error, or a making that its own text gives again.
#include <boost/json.hpp>

#include "base/check.h"
#include "tags/making.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace waypost::tags;
  boost::json::error_code error;
  const auto json =
      boost::json::parse(std::string_view(reinterpret_cast<const char*>(data), size), error);
  if (error) return 0;
  const auto making = ReadMaking(json);
  if (!making.ok()) return 0;
  const std::string written = boost::json::serialize(MakingToJson(making.value()));
  const auto again = ReadMaking(boost::json::parse(written));
  CHECK(again.ok() && boost::json::serialize(MakingToJson(again.value())) == written);
  return 0;
}
