#include "services/delivery.h"

#include <algorithm>
#include <utility>

#include "services/retry.h"

namespace waypost::services {
namespace {

using channels::HandOff;
using journeys::Outcome;
using journeys::State;
using journeys::TouchKey;

constexpr size_t kLookedAt = 1'000;  // messages of a channel in one turn
constexpr int64_t kReconcileMs = 1'000;

// Twice as long each time, and not all at once; the same after a replay.
int64_t PauseMs(uint32_t tries, const TouchKey& key) {
  const int64_t pause = DoublingPauseMs(tries, 500, 5 * 60'000);
  return pause + static_cast<int64_t>(key.low % static_cast<uint64_t>(pause / 2));
}

}  // namespace

channels::Message Delivery::MessageOf(const State& state, const TouchKey& key) const {
  const journeys::Touch& touch = *state.FindTouch(key);
  const journeys::change::TouchPlanned& plan = touch.plan;
  return {.key = KeyText(key),
          .channel = plan.channel,
          .address = plan.address,
          .text = plan.text,
          .journey = state.journeys()[plan.journey].id,
          .node = touch.node,
          .time_ms = clock_.NowMs()};
}

void Delivery::Recover(journeys::Machine& machine, Out* out) {
  const std::vector<TouchKey> claimed = machine.state().TouchesIn(Outcome::kClaimed);
  for (const TouchKey& key : claimed) {
    const std::string& channel = machine.state().FindTouch(key)->plan.channel;
    const int64_t now = clock_.NowMs();
    if (dispatcher_.TraitsOf(channel).repeatable) {
      machine.PutBack(key, now, false, "restart", now, out);
    } else {
      machine.OnReceipt(key, Outcome::kUnknown, "restart", now, out);
    }
  }
}

void Delivery::Claim(journeys::Machine& machine, Out* out) {
  if (machine.state().held()) return;
  std::vector<std::string> channels;
  for (const auto& [channel, ready] : machine.state().ready()) channels.push_back(channel);
  for (const std::string& channel : channels) ClaimOf(channel, machine, out);
}

// Those that may not go now, as of a journey that is paused, hide none behind them: the next turn
// goes on where this one ended.
size_t Delivery::ClaimOf(const std::string& channel, journeys::Machine& machine, Out* out) {
  const size_t room = dispatcher_.RoomOf(channel);
  if (room == 0) return 0;
  const State::Ready& ready = machine.state().ready().at(channel);
  const auto reached = reached_.find(channel);
  auto at = reached == reached_.end() ? ready.begin() : ready.upper_bound(reached->second);
  std::vector<State::Ready::value_type> due;
  for (; at != ready.end() && due.size() < kLookedAt; ++at) {
    if (std::get<0>(*at) > clock_.NowMs()) break;
    due.push_back(*at);
  }
  size_t count = 0;
  reached_.erase(channel);
  for (const auto& place : due) {
    const TouchKey& key = std::get<TouchKey>(place);
    if (journeys::PaceOpens(channel, {}, {}, machine.state()) > clock_.NowMs()) return count;
    if (!machine.Claim(key, clock_.NowMs(), out)) continue;
    claimed_.push_back(MessageOf(machine.state(), key));
    if (++count == room) return count;
  }
  if (due.size() == kLookedAt) reached_.emplace(channel, due.back());
  return count;
}

void Delivery::HandOff() { dispatcher_.Send(std::exchange(claimed_, {})); }

void Delivery::Listen(journeys::Machine& machine, Out* out) {
  for (const channels::Report& report : dispatcher_.Take()) {
    const TouchKey key = *journeys::ParseKey(report.message.key);
    const journeys::Touch* touch = machine.state().FindTouch(key);
    const int64_t now = clock_.NowMs();
    if (!touch) continue;
    if (report.of != channels::Report::Of::kSend) {
      HearBack(report, machine, out);
    } else if (report.answer.what == HandOff::kBusy) {
      const bool stopped = report.answer.why == "stopped";
      const int64_t pause = std::max(PauseMs(touch->tries, key), report.answer.retry_after_ms);
      machine.PutBack(key, stopped ? now : now + pause, true, report.answer.why, now, out);
    } else {
      machine.OnReceipt(key,
                        report.answer.what == HandOff::kAccepted   ? Outcome::kAccepted
                        : report.answer.what == HandOff::kRejected ? Outcome::kRejected
                                                                   : Outcome::kUnknown,
                        report.answer.why, now, out, report.answer.captured);
    }
  }
}

// Of what was asked about a message. Nothing was said: later again.
void Delivery::HearBack(const channels::Report& report, journeys::Machine& machine, Out* out) {
  const TouchKey key = *journeys::ParseKey(report.message.key);
  const int64_t now = clock_.NowMs();
  Asking& asking = asking_[key];
  asking = {now + PauseMs(asking.tries, key), asking.tries + 1, false};
  if (!report.yes) return;
  if (report.of == channels::Report::Of::kRecall) {
    machine.OnRecall(key, *report.yes, now, out);
  } else if (machine.state().FindTouch(key)->outcome != Outcome::kUnknown) {
    return;
  } else if (*report.yes) {
    machine.OnReceipt(key, Outcome::kAccepted, "found by asking", now, out);
  } else {
    machine.PutBack(key, now, true, "not found by asking", now, out);
  }
}

bool Delivery::MayAsk(const TouchKey& key, const std::string& channel, int64_t from_ms) {
  Asking& asking = asking_[key];
  const int64_t from = std::max(from_ms, asking.next_ms);
  if (asking.on_its_way || clock_.NowMs() < from || dispatcher_.RoomOf(channel) == 0) return false;
  return asking.on_its_way = true;
}

void Delivery::RecallAll(journeys::Machine& machine, Out* out) {
  const std::set<TouchKey> recalls = machine.state().recalls();
  for (const TouchKey& key : recalls) {
    const std::string& channel = machine.state().FindTouch(key)->plan.channel;
    if (!dispatcher_.TraitsOf(channel).can_recall) {
      machine.OnRecall(key, false, clock_.NowMs(), out);
    } else if (MayAsk(key, channel, 0)) {
      dispatcher_.Recall(MessageOf(machine.state(), key));
    }
  }
}

void Delivery::Reconcile(journeys::Machine& machine, Out* out) {
  const int64_t now = clock_.NowMs();
  if (now < reconciled_ms_ + kReconcileMs) return;
  reconciled_ms_ = now;
  const std::vector<TouchKey> unknown = machine.state().TouchesIn(Outcome::kUnknown);
  std::erase_if(asking_, [&](const auto& item) {
    return !std::ranges::binary_search(unknown, item.first) &&
           !machine.state().recalls().contains(item.first);
  });
  RecallAll(machine, out);
  for (const TouchKey& key : unknown) {
    const journeys::Touch& touch = *machine.state().FindTouch(key);
    const channels::Traits traits = dispatcher_.TraitsOf(touch.plan.channel);
    if (traits.can_find) {
      if (!MayAsk(key, touch.plan.channel, touch.moved_ms + traits.find_after_ms)) continue;
      dispatcher_.Find(MessageOf(machine.state(), key));
    } else if (traits.repeatable) {
      machine.PutBack(key, now + PauseMs(touch.tries, key), false, "handed off again", now, out);
    }
  }
}

}  // namespace waypost::services
