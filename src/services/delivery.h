// The way of a message from its plan to a channel and back: claimed in the log, handed off, and
// what it came to is decided. A message that was not taken is planned again for later; one of
// unknown outcome is asked for, or handed off again where the customer cannot get it twice, or
// stays unknown, for all to see, until a receipt or a person says what came of it.
//
// Belongs to one thread, and to calls made while the machine is held still. `machine` is the same
// at each call, decisions go to `out`.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "channels/dispatcher.h"
#include "journeys/machine.h"

namespace waypost::services {

class Delivery {
 public:
  using Out = journeys::Machine::Out;

  // `wake` is called, on any thread, when Listen has something to hear. `sandbox` takes what no
  // channel is there for. `clock` must outlive the delivery.
  Delivery(const Clock& clock, std::shared_ptr<channels::Channel> sandbox,
           std::function<void()> wake)
      : clock_(clock), dispatcher_(clock, std::move(sandbox), std::move(wake)) {}

  // To be stopped by who stops the delivery: Listen then hears what was on its way, and what was
  // not begun.
  channels::Dispatcher& dispatcher() { return dispatcher_; }

  // Once, before the first claim: what was claimed when the server ended may have been taken or
  // not.
  void Recover(journeys::Machine& machine, Out* out);
  // Claims what is due, as much as the channels have room for.
  void Claim(journeys::Machine& machine, Out* out);
  // REQUIRES: the claims' decisions are on disk.
  void HandOff();
  // Decides about what channels answered since the last call.
  void Listen(journeys::Machine& machine, Out* out);
  // Looks after messages of unknown outcome, and those to be taken back; once a second.
  void Reconcile(journeys::Machine& machine, Out* out);

 private:
  struct Asking {
    int64_t next_ms = 0;
    uint32_t tries = 0;
    bool on_its_way = false;
  };
  channels::Message MessageOf(const journeys::State& state, const journeys::TouchKey& key) const;
  void HearBack(const channels::Report& report, journeys::Machine& machine, Out* out);
  bool MayAsk(const journeys::TouchKey& key, const std::string& channel, int64_t from_ms);
  void RecallAll(journeys::Machine& machine, Out* out);
  size_t ClaimOf(const std::string& channel, journeys::Machine& machine, Out* out);

  const Clock& clock_;
  channels::Dispatcher dispatcher_;
  std::vector<channels::Message> claimed_;
  std::map<std::string, journeys::State::Ready::value_type> reached_;  // by channel
  std::map<journeys::TouchKey, Asking> asking_;
  int64_t reconciled_ms_ = 0;
};

}  // namespace waypost::services
