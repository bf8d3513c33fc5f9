// The texts of journeys: reviewed before a journey is published, filled when a message is decided.
// docs/content.md describes them.
#pragma once

#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/hash.h"
#include "content/review.h"
#include "journeys/definition.h"

namespace waypost::services {

// Any thread.
class Contents {
 public:
  // What may not be sent of a journey's texts, with node and field. A warning where messages only
  // go to the sandbox: `described` says which channels lead outside. `check_name` says what is
  // wrong with a name that a text looks up.
  std::vector<journeys::Fault> Review(
      const journeys::Journey& journey, const std::function<bool(const std::string&)>& described,
      const std::function<Result<>(std::string_view)>& check_name) const;

  // Names are of what the customer came in with (also as "entry.name" and "event.name"), else of
  // the customer (also as "customer.name" and "user.name"). Errors: Template's.
  Result<std::string> Fill(std::string_view text, const content::Lookup& entry,
                           const content::Lookup& customer, const content::ToWall& to_wall) const;

  // {"text", "channel", "category"} as JSON: {"valid": true, "names": [...]}, or the first finding
  // as an error of its code.
  Result<std::string> Check(std::string_view json) const;
  // {"text", "values": {name: value}, "zone"}: {"text", "bytes"}, filled with these values.
  Result<std::string> Preview(std::string_view json) const;

 private:
  Result<content::Template> Find(std::string_view text) const;

  const content::ReviewRules rules_;
  mutable std::mutex mutex_;
  mutable std::unordered_map<std::string, content::Template, TextHash, std::equal_to<>> read_;
};

}  // namespace waypost::services
