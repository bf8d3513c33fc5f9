// Hands messages to their channels on threads of its own, so that a slow provider delays neither
// the others nor anything else. A channel has as many threads as it takes messages at once.
//
// Nothing is kept here: what a crash forgets is known by its claim in the log.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "channels/channel.h"

namespace waypost::channels {

// What became of a message that was handed over, asked for, or asked back.
struct Report {
  enum class Of : uint8_t { kSend, kFind, kRecall } of = Of::kSend;
  Message message;
  Answer answer;            // of kSend
  std::optional<bool> yes;  // of the others: found, taken back
};

// Any thread may call any method.
class Dispatcher {
 public:
  // `wake` is called, on any thread, when there is a report to take. `rest` takes the messages of
  // channels that are not known. `clock` must outlive the dispatcher.
  Dispatcher(const Clock& clock, std::shared_ptr<Channel> rest, std::function<void()> wake);
  ~Dispatcher();

  // Replaces the channel of this name, or removes it (null). What is on its way ends as it began.
  void Set(const std::string& name, std::shared_ptr<Channel> channel);
  // Of the channel that messages of this name go to.
  Traits TraitsOf(const std::string& name);
  // How many more messages it takes now: a few for each that it sends at once, and no second has
  // more than its rate.
  size_t RoomOf(const std::string& name);

  // Those of one channel go in as few hand-offs as it can take them.
  void Send(std::vector<Message> messages);
  void Find(Message message);
  void Recall(Message message);
  std::vector<Report> Take();

  // Ends what is on its way and takes no more.
  void Stop();

 private:
  class Lane;
  std::shared_ptr<Lane> LaneOf(const std::string& name);
  void Put(Report::Of of, std::vector<Message> messages);
  void Give(Report report);

  const Clock& clock_;
  const std::function<void()> wake_;
  std::mutex mutex_;
  std::shared_ptr<Lane> rest_;
  std::map<std::string, std::shared_ptr<Lane>> lanes_;
  std::vector<Report> reports_;
};

}  // namespace waypost::channels
