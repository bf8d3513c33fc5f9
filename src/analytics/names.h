// What questions need to know of the tracking plan: which numbers stand for a name, and back. The
// plan itself lives elsewhere; a question is resolved and answered against one unchanging view of
// it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/ids.h"
#include "model/value.h"

namespace waypost::analytics {

struct PropertyName {
  PropertyId id = 0;
  ValueType type = ValueType::kString;
  bool shown = true;  // its values may be named in answers
};

// Any number of threads may call it.
class Names {
 public:
  virtual ~Names() = default;

  // The event type of this exact name.
  virtual std::optional<EventTypeId> Event(std::string_view name) const = 0;
  // The event property, or the customer attribute, of this exact name.
  virtual std::optional<PropertyName> Property(std::string_view name) const = 0;
  virtual std::optional<PropertyName> Attribute(std::string_view name) const = 0;

  // All names, to suggest the nearest one when a name is not known.
  virtual std::vector<std::string> EventNames() const = 0;
  virtual std::vector<std::string> PropertyNames() const = 0;
  virtual std::vector<std::string> AttributeNames() const = 0;

  // Event types that "any event" does not mean: what a system does to a customer, not what the
  // customer does (push_receive).
  virtual std::vector<EventTypeId> PassiveEvents() const { return {}; }

  // How people know the customer of this ordinal ("login:u1"); empty when unknown.
  virtual std::string CustomerName(Ordinal ordinal) const = 0;
};

}  // namespace waypost::analytics
