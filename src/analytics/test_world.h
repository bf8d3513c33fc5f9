// For tests: a snapshot made of events as plain values, with its own names. The same events can be
// laid out as one part a month or spread over many parts, several blocks and clusters: answers must
// not know.
#pragma once

#include <boost/json.hpp>
#include <deque>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "analytics/names.h"
#include "column/block_image.h"
#include "column/snapshot_view.h"
#include "model/batch.h"

namespace waypost::analytics {

struct WorldEvent {
  std::string user;
  std::string event;
  int64_t time_ms = 0;
  boost::json::object properties;
};

// How the events are laid out.
struct WorldLayout {
  int parts_per_month = 1;
  bool spread_blocks = false;  // every customer in a block of their own (few customers only)
  int ordinals_per_user = 1;   // over 1: customers are clusters, their events dealt out by turns
  uint32_t seed = 1;
};

class World final : public Names {
 public:
  // Types of properties that their first value does not tell ("decimal", "datetime", "date").
  std::map<std::string, ValueType> types;
  std::map<std::string, boost::json::object> attributes;  // by user
  std::vector<std::string> passive;

  void Add(WorldEvent event) { events_.push_back(std::move(event)); }
  // An event with no properties.
  void Add(std::string user, std::string event, int64_t time_ms) {
    events_.push_back({std::move(user), std::move(event), time_ms, {}});
  }

  // After the last Add. May be called again for another layout; what was built before stays.
  column::SnapshotView Build(const WorldLayout& layout) {
    for (const WorldEvent& event : events_) Declare(event);
    for (const auto& [user, values] : attributes) {
      UserNumber(user);
      for (const auto& member : values)
        DeclareProperty(member.key(), member.value(), &attribute_ids_);
    }
    layout_ = layout;
    snapshot_ = {};
    snapshot_.id = "test";
    PlaceUsers();
    PlaceEvents();
    PlaceAttributes();
    return snapshot_;
  }

  // The ordinals that customers are known by.
  std::vector<uint32_t> Customers() const {
    std::vector<uint32_t> ordinals;
    for (const auto& [ordinal, user] : user_of_) ordinals.push_back(ordinal);
    return ordinals;
  }
  std::string UserOf(uint32_t ordinal) const {
    const auto at = user_of_.find(ordinal);
    return at == user_of_.end() ? "" : users_[at->second];
  }

  std::optional<EventTypeId> Event(std::string_view name) const override {
    const auto at = event_ids_.find(std::string(name));
    return at == event_ids_.end() ? std::nullopt : std::optional(at->second);
  }
  std::optional<PropertyName> Property(std::string_view name) const override {
    return Find(property_ids_, name);
  }
  std::optional<PropertyName> Attribute(std::string_view name) const override {
    return Find(attribute_ids_, name);
  }
  std::vector<std::string> EventNames() const override { return Keys(event_ids_); }
  std::vector<std::string> PropertyNames() const override { return Keys(property_ids_); }
  std::vector<std::string> AttributeNames() const override { return Keys(attribute_ids_); }
  std::vector<EventTypeId> PassiveEvents() const override {
    std::vector<EventTypeId> ids;
    for (const std::string& name : passive) {
      if (const auto id = Event(name)) ids.push_back(*id);
    }
    return ids;
  }
  std::string CustomerName(Ordinal ordinal) const override { return UserOf(ordinal); }

  // Names that a question may use although no event has them.
  void DeclareEvent(const std::string& name) {
    event_ids_.emplace(name, static_cast<EventTypeId>(event_ids_.size() + 1));
  }
  void DeclareProperty(std::string_view name, const boost::json::value& value) {
    if (!Property(name)) DeclareProperty(name, value, &property_ids_);
  }
  void DeclareAttribute(std::string_view name, const boost::json::value& value) {
    if (!Attribute(name)) DeclareProperty(name, value, &attribute_ids_);
  }

 private:
  using Ids = std::map<std::string, PropertyName>;

  static std::optional<PropertyName> Find(const Ids& ids, std::string_view name) {
    const auto at = ids.find(std::string(name));
    return at == ids.end() ? std::nullopt : std::optional(at->second);
  }
  template <typename Map>
  static std::vector<std::string> Keys(const Map& map) {
    std::vector<std::string> keys;
    for (const auto& [key, value] : map) keys.push_back(key);
    return keys;
  }

  void Declare(const WorldEvent& event) {
    DeclareEvent(event.event);
    UserNumber(event.user);
    for (const auto& member : event.properties)
      DeclareProperty(member.key(), member.value(), &property_ids_);
  }

  void DeclareProperty(std::string_view name, const boost::json::value& value, Ids* ids) {
    if (value.is_null()) return;
    ValueType type = ValueType::kString;
    if (value.is_bool()) type = ValueType::kBool;
    if (value.is_number()) type = value.is_double() ? ValueType::kDouble : ValueType::kInt;
    if (value.is_array()) type = ValueType::kList;
    const auto given = types.find(std::string(name));
    if (given != types.end()) type = given->second;
    PropertyName& known =
        ids->emplace(std::string(name),
                     PropertyName{static_cast<PropertyId>(kFirstPlanProperty + ids->size()), type})
            .first->second;
    // Values of several types: numbers are doubles together, the rest text.
    const auto number = [](ValueType t) { return t == ValueType::kInt || t == ValueType::kDouble; };
    if (known.type == type || given != types.end()) return;
    known.type = number(known.type) && number(type) ? ValueType::kDouble : ValueType::kString;
  }

  size_t UserNumber(const std::string& user) {
    const auto [at, added] = user_numbers_.emplace(user, users_.size());
    if (added) users_.push_back(user);
    return at->second;
  }

  uint32_t OrdinalOf(size_t user, int member) const {
    const auto n = static_cast<uint32_t>(layout_.ordinals_per_user);
    const auto flat = static_cast<uint32_t>(user) +
                      static_cast<uint32_t>(member) * static_cast<uint32_t>(users_.size());
    if (!layout_.spread_blocks) return flat;
    return flat % (n * 3) << 16 | flat;
  }

  void PlaceUsers() {
    user_of_.clear();
    std::vector<std::vector<uint32_t>> members(users_.size());
    for (size_t u = 0; u < users_.size(); ++u) {
      for (int m = 0; m < layout_.ordinals_per_user; ++m) members[u].push_back(OrdinalOf(u, m));
      std::sort(members[u].begin(), members[u].end());
      snapshot_.ordinal_count = std::max(snapshot_.ordinal_count, members[u].back() + 1);
      user_of_[members[u][0]] = u;
      roots_[u] = members[u][0];
    }
    snapshot_.clustered.assign(snapshot_.ordinal_count / 64 + 1, 0);
    if (layout_.ordinals_per_user == 1) return;
    std::sort(members.begin(), members.end());
    std::vector<column::Cluster> clusters;
    for (const std::vector<uint32_t>& one : members) {
      clusters.push_back({one[0], one});
      for (const uint32_t member : one) snapshot_.clustered[member / 64] |= 1ull << (member % 64);
    }
    snapshot_.clusters = column::Clusters(clusters);
  }

  // The month a time is in, by its first instant.
  static int64_t MonthOf(int64_t time_ms) {
    constexpr int64_t kMonth = 30ll * 86'400'000;
    return time_ms - ((time_ms % kMonth) + kMonth) % kMonth;
  }

  // Later parts of a month hold later arrivals: parts take turns only as arrival goes on.
  void PlaceEvents() {
    struct Key {
      uint32_t block;
      int64_t month;
      size_t part;
      auto operator<=>(const Key&) const = default;
    };
    std::map<Key, std::unique_ptr<column::BlockBuilder>> builders;
    std::mt19937 random(layout_.seed);
    for (size_t i = 0; i < events_.size(); ++i) {
      const WorldEvent& event = events_[i];
      const int member =
          static_cast<int>(random() % static_cast<uint32_t>(layout_.ordinals_per_user));
      const uint32_t ordinal = OrdinalOf(user_numbers_[event.user], member);
      const Key key{ordinal >> 16, MonthOf(event.time_ms),
                    i * static_cast<size_t>(layout_.parts_per_month) / events_.size()};
      auto& builder = builders[key];
      if (!builder) builder = std::make_unique<column::BlockBuilder>(key.block, key.month);
      std::vector<column::Cell> cells;
      for (const auto& member_value : event.properties) {
        if (!member_value.value().is_null())
          cells.push_back(CellOf(property_ids_[member_value.key()], member_value.value()));
      }
      builder->Add({event_ids_[event.event], ordinal & 0xFFFF, event.time_ms, cells});
    }
    for (auto& [key, builder] : builders) {
      images_.push_back(builder->Build());
      blocks_.push_back(column::ReadBlockImage(images_.back().bytes()).value());
      BlockOf(key.block)->parts.push_back(&blocks_.back());
    }
  }

  void PlaceAttributes() {
    for (const auto& [name, property] : attribute_ids_) {
      std::map<uint32_t, std::map<uint32_t, column::Cell>> by_block;
      for (const auto& [user, values] : attributes) {
        const boost::json::value* value = values.if_contains(name);
        if (!value || value->is_null()) continue;
        const uint32_t root = roots_[user_numbers_[user]];
        by_block[root >> 16][root & 0xFFFF] = CellOf(property, *value);
      }
      for (const auto& [block, cells] : by_block) {
        std::vector<const column::Cell*> rows(cells.rbegin()->first + 1, nullptr);
        for (const auto& [local, cell] : cells) rows[local] = &cell;
        images_.push_back(
            column::BuildColumn(property.id, static_cast<column::ColumnType>(property.type), rows));
        BlockOf(block)->attributes.push_back(
            column::ReadColumnImage(images_.back().bytes()).value());
      }
    }
    for (column::BlockView& block : snapshot_.blocks)
      std::ranges::sort(block.attributes, {}, &column::Column::property);
  }

  column::BlockView* BlockOf(uint32_t block) {
    auto at = std::lower_bound(snapshot_.blocks.begin(), snapshot_.blocks.end(), block,
                               [](const column::BlockView& b, uint32_t n) { return b.block < n; });
    if (at == snapshot_.blocks.end() || at->block != block) {
      column::BlockView view;
      view.block = block;
      at = snapshot_.blocks.insert(at, view);
    }
    return &*at;
  }

  column::Cell CellOf(const PropertyName& property, const boost::json::value& value) {
    column::Cell cell{property.id, static_cast<column::ColumnType>(property.type), 0, 0, {}};
    switch (property.type) {
      case ValueType::kDouble:
        cell.real = value.to_number<double>();
        break;
      case ValueType::kDecimal:
        cell.whole = static_cast<int64_t>(std::llround(value.to_number<double>() * 10'000));
        break;
      case ValueType::kBool:
        cell.whole = value.get_bool();
        break;
      case ValueType::kList: {
        std::vector<std::string_view> items;
        for (const auto& item : value.get_array()) items.push_back(item.get_string());
        cell.text = texts_.emplace_back(PackList(items));
        break;
      }
      case ValueType::kString:
        cell.text = texts_.emplace_back(value.is_string() ? std::string(value.get_string())
                                                          : boost::json::serialize(value));
        break;
      default:
        cell.whole = value.to_number<int64_t>();
    }
    return cell;
  }

  std::vector<WorldEvent> events_;
  std::map<std::string, EventTypeId> event_ids_;
  Ids property_ids_, attribute_ids_;
  std::vector<std::string> users_;
  std::map<std::string, size_t> user_numbers_;
  std::map<size_t, uint32_t> roots_;
  std::map<uint32_t, size_t> user_of_;
  WorldLayout layout_;
  column::SnapshotView snapshot_;
  std::deque<column::Image> images_;
  std::deque<column::EventBlock> blocks_;
  std::deque<std::string> texts_;
};

}  // namespace waypost::analytics
