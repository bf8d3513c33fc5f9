#include "api/call_examples.h"

#include <map>
#include <string>

namespace waypost::api {

boost::json::object ExampleOf(std::string_view operation) {
  static const auto examples = [] {
    std::map<std::string, boost::json::object, std::less<>> made;
    for (const std::string_view line : CallLines()) {
      boost::json::object example = boost::json::parse(line).as_object();
      std::string name(example.at("operation").as_string());
      made.emplace(std::move(name), std::move(example));
    }
    return made;
  }();
  const auto found = examples.find(operation);
  return found == examples.end() ? boost::json::object() : found->second;
}

}  // namespace waypost::api
