// Any JSON as how a tag is made: an error, or a making that its own JSON gives again.
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
  const auto written = MakingToJson(making.value());
  const auto again = ReadMaking(written);
  CHECK(again.ok() &&
        boost::json::serialize(MakingToJson(again.value())) == boost::json::serialize(written));
  return 0;
}
