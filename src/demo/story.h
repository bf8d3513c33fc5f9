// What one customer did, as a list that is put in order of time at the end.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

#include "model/value.h"

namespace waypost::demo {

struct Property {
  std::string_view name;
  Value value;
};

// Texts are views of literals, the World or the Customer, and must outlive the story.
class Story {
 public:
  struct Moment {
    int64_t time_ms = 0;
    std::string_view event;
    bool known = false;  // logged in, or done by the bank: the customer's number is known
    uint32_t first_property = 0;
    uint32_t property_count = 0;
  };

  void Tell(int64_t time_ms, std::string_view event, bool known,
            std::initializer_list<Property> properties, std::span<const Property> more = {});

  // Drops what does not happen before `end_ms` and sorts the rest by time. Call once, at the end.
  std::span<const Moment> Order(int64_t end_ms);
  std::span<const Moment> moments() const { return moments_; }
  std::span<const Property> Properties(const Moment& moment) const;

 private:
  std::vector<Moment> moments_;
  std::vector<Property> properties_;
};

}  // namespace waypost::demo
