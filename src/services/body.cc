#include "services/body.h"

namespace waypost::services {

Result<boost::json::object> ObjectOf(std::string_view body, std::string_view wanted) {
  boost::system::error_code error;
  boost::json::value value = boost::json::parse(body, error);
  if (error) return Error(Code::kInvalid, "bad_json", "the body is not JSON: " + error.message());
  if (!value.is_object())
    return Error(Code::kInvalid, "bad_request", "send " + std::string(wanted));
  return std::move(value.get_object());
}

std::string TextIn(const boost::json::object& object, std::string_view name,
                   std::string_view absent) {
  const boost::json::value* found = object.if_contains(name);
  return std::string(found && found->is_string() ? std::string_view(found->get_string()) : absent);
}

}  // namespace waypost::services
