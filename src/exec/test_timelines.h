// For tests: customers drawn as text, one character per second: a letter is that event, a dot is
// nothing. Letters in brackets happen at the same second, in the order written: "a.[bc]d".
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "column/block_image.h"
#include "exec/binding.h"

namespace waypost::exec {

inline constexpr int64_t kTestBegin = 1'767'225'600'000;
inline constexpr uint32_t kHeldProperty = 40;  // an int
inline constexpr uint32_t kTextProperty = 41;

struct TestEvent {
  uint32_t customer = 0;
  char letter = 'a';
  int64_t time_ms = 0;  // since kTestBegin
  int64_t held = -1;    // kHeldProperty, when not negative
  std::string text;     // kTextProperty, when not empty
};

inline std::vector<TestEvent> ReadTimelines(const std::vector<std::string>& timelines) {
  std::vector<TestEvent> events;
  for (uint32_t customer = 0; customer < timelines.size(); ++customer) {
    int64_t second = 0;
    bool together = false;
    for (const char c : timelines[customer]) {
      if (c == '[' || c == ']') {
        together = c == '[';
        if (together) continue;
      } else if (c != '.') {
        events.push_back({customer, c, second * 1000, -1, {}});
      }
      if (!together) ++second;
    }
  }
  return events;
}

// How events are laid out: as one part, or dealt to parts, months and members of clusters.
struct TestLayout {
  int parts = 1;
  int64_t month_ms = int64_t{1} << 31;
  uint32_t members = 1;  // ordinals a customer's events are spread over
  uint32_t stride = 1;   // between customers' ordinals
};

// A snapshot of events given in the order of arrival.
class TestSnapshot {
 public:
  TestSnapshot(const std::vector<TestEvent>& events, const TestLayout& layout) {
    view_.id = "test";
    uint32_t customers = 1;
    for (const TestEvent& event : events) customers = std::max(customers, event.customer + 1);
    view_.ordinal_count = customers * layout.members * layout.stride;
    view_.clustered.assign(view_.ordinal_count / 64 + 1, 0);
    std::vector<uint32_t> members(layout.members > 1 ? customers * layout.members : 0);
    std::vector<column::Cluster> clusters;
    for (uint32_t i = 0; i < members.size(); ++i) {
      members[i] = i * layout.stride;
      view_.clustered[members[i] / 64] |= 1ull << (members[i] % 64);
    }
    for (size_t i = 0; i < members.size(); i += layout.members)
      clusters.push_back({members[i], std::span(members).subspan(i, layout.members)});
    view_.clusters = column::Clusters(clusters);
    std::map<std::tuple<uint32_t, int64_t, int>, std::unique_ptr<column::BlockBuilder>> builders;
    std::mt19937 random(5);
    for (size_t i = 0; i < events.size(); ++i) {
      const TestEvent& event = events[i];
      // Events of one moment stay with one member: across members their order is not known.
      const auto member =
          static_cast<uint32_t>((event.time_ms / 1000 * 7 + event.customer) % layout.members);
      const uint32_t ordinal = (event.customer * layout.members + member) * layout.stride;
      const int64_t month = event.time_ms / layout.month_ms;
      const int part = static_cast<int>(i * static_cast<size_t>(layout.parts) / events.size());
      auto& builder = builders[{ordinal >> 16, month, part}];
      if (!builder)
        builder = std::make_unique<column::BlockBuilder>(ordinal >> 16,
                                                         kTestBegin + month * layout.month_ms);
      std::vector<column::Cell> cells;
      if (event.held >= 0)
        cells.push_back({kHeldProperty, column::ColumnType::kInt, event.held, 0, {}});
      if (!event.text.empty())
        cells.push_back({kTextProperty, column::ColumnType::kString, 0, 0, event.text});
      builder->Add({static_cast<uint32_t>(event.letter), ordinal & 0xFFFF,
                    kTestBegin + event.time_ms, cells});
    }
    for (auto& [key, builder] : builders) {
      const uint32_t block = std::get<0>(key);
      images_.push_back(builder->Build());
      blocks_.push_back(column::ReadBlockImage(images_.back().bytes()).value());
      if (view_.blocks.empty() || view_.blocks.back().block != block)
        view_.blocks.emplace_back().block = block;
      view_.blocks.back().parts.push_back(&blocks_.back());
    }
  }

  const column::SnapshotView& view() const { return view_; }

 private:
  column::SnapshotView view_;
  std::deque<column::Image> images_;
  std::deque<column::EventBlock> blocks_;
};

// The events of some letters.
inline EventSet Letters(const std::string& letters) {
  EventSet set;
  for (const char letter : letters) {
    EventChoice choice;
    choice.event_type = static_cast<uint32_t>(letter);
    set.choices.push_back(choice);
  }
  return set;
}

}  // namespace waypost::exec
