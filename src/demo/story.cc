#include "demo/story.h"

#include <algorithm>

namespace waypost::demo {

void Story::Tell(int64_t time_ms, std::string_view event, bool known,
                 std::initializer_list<Property> properties, std::span<const Property> more) {
  moments_.push_back({time_ms, event, known, static_cast<uint32_t>(properties_.size()),
                      static_cast<uint32_t>(properties.size() + more.size())});
  properties_.insert(properties_.end(), properties);
  properties_.insert(properties_.end(), more.begin(), more.end());
}

std::span<const Story::Moment> Story::Order(int64_t end_ms) {
  std::erase_if(moments_, [&](const Moment& m) { return m.time_ms >= end_ms; });
  std::stable_sort(moments_.begin(), moments_.end(),
                   [](const Moment& a, const Moment& b) { return a.time_ms < b.time_ms; });
  return moments_;
}

std::span<const Property> Story::Properties(const Moment& moment) const {
  return std::span(properties_).subspan(moment.first_property, moment.property_count);
}

}  // namespace waypost::demo
