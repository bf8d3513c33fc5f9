// Any JSON as how a tag is made: an error, or a making that its own text gives again.
#include <algorithm>
#include <boost/json.hpp>
#include <cmath>

#include "base/check.h"
#include "tags/making.h"

namespace json = boost::json;

namespace {

// The library reads the last places of a long number as it can.
bool Alike(const json::value& a, const json::value& b) {
  if (a.is_number() && b.is_number()) {
    const auto x = a.to_number<double>(), y = b.to_number<double>();
    return x == y || std::abs(x - y) <= 1e-14 * std::abs(x);
  }
  if (a.is_array() && b.is_array()) return std::ranges::equal(a.get_array(), b.get_array(), Alike);
  if (a.is_object() && b.is_object()) {
    return std::ranges::equal(a.get_object(), b.get_object(), [](const auto& p, const auto& q) {
      return p.key() == q.key() && Alike(p.value(), q.value());
    });
  }
  return a == b;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace waypost::tags;
  json::error_code error;
  const auto given =
      json::parse(std::string_view(reinterpret_cast<const char*>(data), size), error);
  if (error) return 0;
  const auto making = ReadMaking(given);
  if (!making.ok()) return 0;
  const json::value written = MakingToJson(making.value());
  const auto again = ReadMaking(json::parse(json::serialize(written)));
  CHECK(again.ok() && Alike(MakingToJson(again.value()), written));
  return 0;
}
