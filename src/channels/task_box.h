// Where tasks go: messages to people of the bank, who see them on the console, take them and say
// what came of them. The journeys' state has them, so there is nothing more to keep.
#pragma once

#include "channels/channel.h"

namespace waypost::channels {

// Any thread may call any method.
class TaskBox final : public Channel {
 public:
  const Traits& traits() const override { return kTraits; }
  Answer Send(const Message&) override { return {HandOff::kAccepted, {}}; }
  std::optional<bool> Find(const Message&) override { return true; }
  // What somebody has taken has moved on, and is not taken back.
  std::optional<bool> Recall(const Message&) override { return true; }

 private:
  static constexpr Traits kTraits{
      .repeatable = true, .can_find = true, .can_recall = true, .tasks = true, .at_once = 8};
};

}  // namespace waypost::channels
