// Messages: from a node to a plan, from a plan to the hand-off, and what comes back.
#include <fmt/format.h>

#include <algorithm>

#include "base/clock.h"
#include "base/hash.h"
#include "journeys/machine.h"
#include "model/time_text.h"

namespace waypost::journeys {
namespace {

constexpr int64_t kFreshMs = 60'000;  // what a decision to send saw holds so long

// Whether what was heard now says more than what is known.
bool SaysMore(Outcome known, Outcome heard) {
  if (NeverHappened(known)) return false;
  if (known == Outcome::kUnknown) return WasHandedOver(heard) || NeverHappened(heard);
  if (NeverHappened(heard)) return known != Outcome::kPlanned && known < Outcome::kDelivered;
  if (heard == Outcome::kUnknown) return known == Outcome::kClaimed;
  return WasHandedOver(heard) && heard > known;
}

// What of the text is over the channel's limits; empty: nothing.
std::string TooLong(std::string_view text, const ChannelRule& rule) {
  const auto chars = static_cast<size_t>(
      std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));  // of UTF-8
  if (rule.max_chars > 0 && chars > rule.max_chars) {
    return fmt::format("text: {} characters, {} at most", chars, rule.max_chars);
  }
  if (rule.max_bytes > 0 && text.size() > rule.max_bytes) {
    return fmt::format("text: {} bytes, {} at most", text.size(), rule.max_bytes);
  }
  return {};
}

}  // namespace

TouchKey KeyOf(const Entry& entry, uint32_t node, uint32_t visit, uint32_t step) {
  ByteWriter bytes;
  bytes.U64(entry.id);
  bytes.U64(static_cast<uint64_t>(entry.entered_ms));
  bytes.U32(node);
  bytes.U32(visit);
  bytes.U32(step);
  if (entry.migrations > 0) bytes.U32(entry.migrations);
  return {Hash64(bytes.bytes(), 1), Hash64(bytes.bytes(), 2)};
}

const Touch* Machine::TouchAt(const Entry& entry, const Token& token, uint32_t step) const {
  for (const TouchKey& key : entry.touches) {
    const Touch* touch = state_.FindTouch(key);
    if (touch->plan.node == token.node && touch->plan.visit == token.visit &&
        touch->plan.step == step) {
      return touch;
    }
  }
  return nullptr;
}

Machine::Sent Machine::Refuse(const Entry& entry, const Token& token, uint32_t step,
                              Outcome outcome, std::string why) {
  const Node& node = state_.JourneyOf(entry).nodes[token.node];
  Do(change::Denied{entry.id, token.node, step, outcome, node.attempts[step].channel,
                    std::move(why)});
  return {Sent::What::kDenied, outcome};
}

Machine::Sent Machine::TrySend(EntryId id, Token token, const Node& node, uint32_t step) {
  const Entry& entry = EntryOf(id);
  const Journey& definition = state_.JourneyOf(entry);
  const bool first_try = token.state != TokenState::kHeld;
  if (first_try) token.hold_since_ms = now();
  const int64_t expires = ExpiryOf(token, definition);
  const auto hold = [&](int64_t until) {
    token.step = step;
    Rest(id, token, until, TokenState::kHeld);
    return Sent{Sent::What::kHeld};
  };
  const int64_t collect = state_.policy().arbitration_ms;
  if (first_try && collect > 0 && !node.transactional) return hold((now() / collect + 1) * collect);

  const Ruling ruling = Judge({.customer = entry.customer,
                               .journey = entry.journey,
                               .definition = definition,
                               .node = node,
                               .attempt = node.attempts[step],
                               .now_ms = now(),
                               .context = &entry.context},
                              state_, world_);
  if (ruling.verdict == Ruling::Verdict::kAllow) {
    return Plan(entry, token, node, step, ruling, expires);
  }
  if (ruling.verdict == Ruling::Verdict::kHold) {
    const bool capped = ruling.outcome == Outcome::kCapped;
    if (capped && node.on_cap == OnCap::kExit) {
      Refuse(entry, token, step, Outcome::kCapped, ruling.why);
      Leave(id, Exit::kCapped);
      return {Sent::What::kLeft};
    }
    const int64_t last =
        capped ? AddSpan(token.hold_since_ms, node.cap_wait, definition.zone) : kNever;
    if (ruling.other_channel && HasOtherChannel(entry, node, step))
      return Refuse(entry, token, step, Outcome::kQuietDropped, ruling.why + ", another channel");
    const bool waits = !capped || node.on_cap == OnCap::kWait;
    if (waits && ruling.until_ms <= std::min(last, expires)) return hold(ruling.until_ms);
  }
  return Refuse(entry, token, step, ruling.outcome, ruling.why);
}

Machine::Sent Machine::Plan(const Entry& entry, const Token& token, const Node& node, uint32_t step,
                            const Ruling& ruling, int64_t expires_ms) {
  if (now() > expires_ms) return Refuse(entry, token, step, Outcome::kExpired, "time to live");
  if (ruling.not_before_ms > expires_ms) {
    return Refuse(entry, token, step, Outcome::kThrottledOut, "pace: no place before it expires");
  }
  const Attempt& attempt = node.attempts[step];
  const Result<std::string> text =
      world_.renderer.Render(attempt.TextFor(entry.wave), FactsOf(entry));
  if (!text.ok()) {
    return Refuse(entry, token, step, Outcome::kRenderError, text.error().message());
  }
  if (std::string why = TooLong(text.value(), state_.policy().RuleOf(attempt.channel));
      !why.empty()) {
    return Refuse(entry, token, step, Outcome::kRenderError, std::move(why));
  }
  Do(change::TouchPlanned{.key = KeyOf(entry, token.node, token.visit, step),
                          .entry = entry.id,
                          .journey = entry.journey,
                          .node = token.node,
                          .visit = token.visit,
                          .step = step,
                          .customer = entry.customer,
                          .channel = attempt.channel,
                          .address = ruling.address,
                          .category = state_.JourneyOf(entry).category,
                          .text = text.value(),
                          .benefit = node.benefit,
                          .price = node.price,
                          .not_before_ms = ruling.not_before_ms,
                          .expires_ms = expires_ms,
                          .transactional = node.transactional,
                          .counts = ruling.counts,
                          .why = ruling.why,
                          .wave = entry.wave,
                          .tags = state_.JourneyOf(entry).tags,
                          .accounts = ruling.accounts,
                          .unit = ruling.unit});
  return {};
}

// Timers of one moment come by class and priority, then by deadline; of one customer what is alike
// in the first two is decided at once, by what it is worth before its deadline. The rest goes by
// names, so that it is the same after a replay.
void Machine::FireTurn(const Timer& timer) {
  const Entry& first = EntryOf(timer.subject);
  const auto first_token = static_cast<uint32_t>(timer.detail);
  const uint64_t rank = TurnOf(state_.journeys()[first.journey].now(), 0);
  const auto is_held = [&](const Entry& entry, const Token& token) {
    const NodeKind kind = state_.JourneyOf(entry).nodes[token.node].kind;
    return token.state == TokenState::kHeld && token.due_ms == timer.due_ms &&
           (kind == NodeKind::kSend || kind == NodeKind::kChain) &&
           TurnOf(state_.journeys()[entry.journey].now(), 0) == rank;
  };
  if (!is_held(first, *first.FindToken(first_token))) return FireToken(first.id, first_token);
  struct Turn {
    double worth;  // the more, the lower
    int64_t expires_ms;
    std::string journey;
    uint32_t bucket;
    EntryId entry;
    uint32_t token;
    auto operator<=>(const Turn&) const = default;
  };
  std::vector<Turn> turns;
  for (const EntryId id : state_.FindCustomer(first.customer)->entries) {
    const Entry& entry = EntryOf(id);
    const Journey& own = state_.JourneyOf(entry);
    for (const Token& token : entry.tokens) {
      if (!is_held(entry, token)) continue;
      turns.push_back({-WorthOf(state_.journeys()[entry.journey].now(), entry.customer),
                       ExpiryOf(token, own), own.id,
                       BucketOf(entry.customer, own.id, own.nodes[token.node].id), id, token.id});
    }
  }
  std::ranges::sort(turns);
  for (const Turn& turn : turns) {
    const Entry* entry = state_.FindEntry(turn.entry);
    const Token* token = entry ? entry->FindToken(turn.token) : nullptr;
    if (token && is_held(*entry, *token)) FireToken(turn.entry, turn.token);
  }
}

double Machine::WorthOf(const Journey& definition, Ordinal customer) const {
  if (definition.value_attribute.empty()) return static_cast<double>(definition.value);
  const std::optional<std::string> text =
      world_.customers.Attribute(customer, definition.value_attribute);
  return NumberOf(text.value_or("")).value_or(0) * 10'000;
}

// A failure goes its own way when there is one, else on. What a cap keeps back goes by the next
// channel that may, where there are others.
std::optional<size_t> Machine::Send(EntryId id, const Token& token, const Node& node) {
  const bool branches = node.next[1] != kNoNode;
  uint32_t step = token.state == TokenState::kHeld ? token.step : 0;
  Sent sent = TrySend(id, token, node, step);
  const auto goes_on = [&] {
    return sent.what == Sent::What::kDenied && (step > 0 || sent.outcome == Outcome::kCapped);
  };
  while (goes_on() && step + 1 < node.attempts.size()) sent = TrySend(id, token, node, ++step);
  switch (sent.what) {
    case Sent::What::kPlanned:
      if (!branches) return 0;
      return Rest(id, token, kNever, TokenState::kFrozen);  // until somebody says what came of it
    case Sent::What::kDenied:
      return branches ? 1 : 0;
    default:
      return {};
  }
}

std::optional<size_t> Machine::Succeed(EntryId id, const Token& token, const Node& node,
                                       uint32_t step) {
  GiveUpWaiting(id, token);
  if (!node.habit.empty()) {
    const std::string& channel = node.attempts[step].channel;
    Do(change::ContextSet{id, node.habit, channel});
    Do(change::Marked{EntryOf(id).customer, KeyOf(EntryOf(id), token.node, token.visit, step),
                      node.habit, channel});
  }
  return 0;
}

// What has not been handed off when the chain goes on is not sent any more.
void Machine::GiveUpWaiting(EntryId id, const Token& token) {
  const std::vector<TouchKey> touches = EntryOf(id).touches;
  for (const TouchKey& key : touches) {
    const Touch& touch = *state_.FindTouch(key);
    if (touch.outcome != Outcome::kPlanned || touch.plan.node != token.node ||
        touch.plan.visit != token.visit)
      continue;
    Do(change::TouchMoved{key, Outcome::kCancelled, "the chain went on"});
  }
}

// Tries from token.step on. What was heard of an earlier message ends it at any time.
std::optional<size_t> Machine::Chain(EntryId id, Token token, const Node& node) {
  for (auto step = std::min(token.step, static_cast<uint32_t>(node.attempts.size())); step-- > 0;) {
    const Touch* touch = TouchAt(EntryOf(id), token, step);
    if (touch && IsSuccess(*touch, node.attempts[step])) return Succeed(id, token, node, step);
  }
  GiveUpWaiting(id, token);
  for (uint32_t step = token.step; step < node.attempts.size(); ++step) {
    const Attempt& attempt = node.attempts[step];
    if (!attempt.only_if.empty() &&
        world_.conditions.Test(attempt.only_if, FactsOf(EntryOf(id))) != Truth::kYes) {
      continue;
    }
    token.step = step;
    const Sent sent = TrySend(id, token, node, step);
    token.state = TokenState::kWaiting;  // the next step is a first try again
    if (sent.what == Sent::What::kDenied) continue;
    if (sent.what == Sent::What::kPlanned) {
      const Entry& entry = EntryOf(id);
      const int64_t sent_at = TouchAt(entry, token, step)->plan.not_before_ms;
      token.stood_ms = 0;
      Rest(id, token,
           AddSpan(sent_at, attempt.wait,
                   ZoneOf(entry.customer, state_.JourneyOf(entry), state_.policy(), world_)));
    }
    return {};
  }
  return 1;
}

void Machine::OnReceipt(const TouchKey& key, Outcome outcome, std::string_view why, int64_t at_ms,
                        Out* out, const change::Pairs& captured) {
  Begin(at_ms, out);
  const Touch* touch = state_.FindTouch(key);
  if (!touch) {
    Do(change::ReceiptLost{key, outcome});
  } else if (SaysMore(touch->outcome, outcome)) {
    const EntryId entry = touch->plan.entry;
    // A receipt may overtake the answer to the hand-off, which then says nothing more.
    const bool overtakes = !WasHandedOver(touch->outcome) && WasHandedOver(outcome);
    if (overtakes && outcome > Outcome::kAccepted) {
      Do(change::TouchMoved{key, Outcome::kAccepted, "by its receipt"});
    }
    Do(change::TouchMoved{key, outcome, std::string(why)});
    if (state_.FindEntry(entry)) {
      for (const auto& [name, value] : captured) Do(change::ContextSet{entry, name, value});
    }
    if (touch->recalled) AskBack(key);
    Follow(key);
  }
  End(out);
}

// What the provider has and the customer may not have seen yet.
void Machine::AskBack(const TouchKey& key) {
  const Touch& touch = *state_.FindTouch(key);
  const bool there = touch.outcome == Outcome::kSent || touch.outcome == Outcome::kAccepted;
  if (!there || !state_.policy().RuleOf(touch.plan.channel).recall) return;
  if (!state_.recalls().contains(key)) Do(change::RecallSet{key, true});
}

void Machine::OnRecall(const TouchKey& key, bool taken_back, int64_t at_ms, Out* out) {
  if (!state_.recalls().contains(key)) return;
  Begin(at_ms, out);
  Do(change::RecallSet{key, false});
  if (taken_back && SaysMore(state_.FindTouch(key)->outcome, Outcome::kCancelled)) {
    Cancel(key, "taken back");
  }
  End(out);
}

// Not sooner than its channel tries again, not more often in a day, and in its hours.
int64_t Machine::NextTry(const Touch& touch, int64_t not_before_ms) const {
  const ChannelRule& rule = state_.policy().RuleOf(touch.plan.channel);
  const Journey& definition = state_.journeys()[touch.plan.journey].now();
  const Hours hours = HoursOf(state_.Now(touch.plan.customer), definition, state_.policy(), world_);
  int64_t at = not_before_ms;
  if (at > now() && !rule.retry_after.empty()) {
    at = std::max(at, AddSpan(now(), rule.retry_after, hours.zone));
  }
  const int64_t day = definition.zone.DayOf(at);
  if (rule.tries_a_day > 0 && state_.TriesOn(touch.plan.key, day) >= rule.tries_a_day) {
    at = definition.zone.ToInstant((day + 1) * kDayMs);
  }
  if (touch.plan.transactional) return at;
  return NextFairTime(at, touch.plan.channel, hours).value_or(at);
}

void Machine::Cancel(const TouchKey& key, std::string why) {
  Do(change::TouchMoved{key, Outcome::kCancelled, std::move(why)});
  Follow(key);
}

// The tokens that wait to hear of this message; in a pause they go on when it ends.
void Machine::Follow(const TouchKey& key) {
  const Touch touch = *state_.FindTouch(key);
  const EntryId id = touch.plan.entry;
  const Entry* entry = state_.FindEntry(id);
  if (!entry) return;
  const bool paused = IsPaused(entry->journey);
  const std::vector<Token> tokens = entry->tokens;
  for (const Token& token : tokens) {
    const Entry* alive = state_.FindEntry(id);
    if (!alive) return;
    const Journey& definition = state_.JourneyOf(*alive);
    const Node& node = definition.nodes[token.node];
    const bool held = token.state == TokenState::kHeld && node.kind == NodeKind::kChain;
    if (token.state != TokenState::kWaiting && token.state != TokenState::kFrozen && !held)
      continue;
    const bool own = token.node == touch.plan.node && token.visit == touch.plan.visit;
    if (node.kind == NodeKind::kWaitEvent && WasHandedOver(touch.outcome)) {
      for (size_t i = 0; i < node.branches.size(); ++i) {
        if (!node.branches[i].receipt || touch.outcome < *node.branches[i].receipt) continue;
        Matched(id, token.id, i);
        break;
      }
    } else if (paused) {
      continue;
    } else if (node.kind == NodeKind::kSend && own) {
      if (NeverHappened(touch.outcome)) Go(id, token.id, node.next[1] == kNoNode ? 0 : 1);
      if (WasHandedOver(touch.outcome)) Go(id, token.id, 0);
    } else if (node.kind == NodeKind::kChain && own && touch.plan.step < node.attempts.size()) {
      const Attempt& attempt = node.attempts[touch.plan.step];
      Token next = token;
      std::optional<size_t> leaves;
      if (IsSuccess(touch, attempt)) {
        leaves = Succeed(id, token, node, touch.plan.step);
      } else if (touch.plan.step != token.step) {
        continue;  // an earlier message, and no success
      } else if (NeverHappened(touch.outcome)) {
        ++next.step;
        leaves = Chain(id, next, node);
      } else if (touch.outcome == Outcome::kUnknown) {
        Rest(id, token, kNever, TokenState::kFrozen);
      } else if (token.state == TokenState::kFrozen) {
        const int64_t due = AddSpan(touch.plan.not_before_ms, attempt.wait,
                                    ZoneOf(alive->customer, definition, state_.policy(), world_));
        Rest(id, token, std::max(due, now()));
      }
      if (leaves) Go(id, token.id, *leaves);
    }
  }
}

bool Machine::Claim(const TouchKey& key, int64_t at_ms, Out* out) {
  const Touch* touch = state_.FindTouch(key);
  if (!touch || touch->outcome != Outcome::kPlanned || state_.held()) return false;
  if (IsPaused(touch->plan.journey)) return false;
  Begin(at_ms, out);
  bool claimed = false;
  touch = state_.FindTouch(key);
  if (touch->outcome == Outcome::kPlanned && touch->plan.not_before_ms <= now()) {
    const change::TouchPlanned plan = touch->plan;
    const Ruling consent =
        JudgeConsent({.customer = state_.Now(plan.customer), .now_ms = now()}, plan.channel,
                     plan.category, plan.transactional, state_, world_);
    if (now() >= plan.expires_ms) {
      Do(change::TouchMoved{key, Outcome::kExpired, "time to live"});
      Follow(key);
    } else if (consent.verdict != Ruling::Verdict::kAllow) {
      Cancel(key, consent.why);
    } else if (StillReaches(key) && IsHour(*touch) &&
               PaceOpens(plan.channel, plan.journey, plan.unit, state_) <= now()) {
      Do(change::TouchMoved{key, Outcome::kClaimed, {}});
      claimed = true;
    }
  }
  End(out);
  return claimed;
}

// What waited longer than a minute goes to whom the journey may reach now, and to where he is; of
// who is still in it, it says what is so now. What is not handed off for that is settled.
bool Machine::StillReaches(const TouchKey& key) {
  const Touch& touch = *state_.FindTouch(key);
  if (now() - touch.planned_ms <= kFreshMs) return true;
  const Entry* entry = state_.FindEntry(touch.plan.entry);
  const Journey& definition =
      entry ? state_.JourneyOf(*entry)
            : *state_.journeys()[touch.plan.journey].versions.at(touch.version);
  const uint32_t node = definition.FindNode(touch.node);
  if (node == kNoNode || touch.plan.step >= definition.nodes[node].attempts.size()) return true;
  const Attempt& attempt = definition.nodes[node].attempts[touch.plan.step];
  if (attempt.channel != touch.plan.channel) return true;
  const Ruling ruling = JudgeReach({.customer = state_.Now(touch.plan.customer),
                                    .journey = touch.plan.journey,
                                    .definition = definition,
                                    .node = definition.nodes[node],
                                    .attempt = attempt,
                                    .now_ms = now(),
                                    .context = entry ? &entry->context : nullptr},
                                   touch.plan.address, state_, world_);
  const Node& sends = definition.nodes[node];
  if (ruling.verdict == Ruling::Verdict::kHold && sends.on_cap == OnCap::kWait &&
      ruling.until_ms <= std::min(touch.plan.expires_ms,
                                  AddSpan(touch.planned_ms, sends.cap_wait, definition.zone))) {
    Do(change::TouchPutBack{key, ruling.until_ms, ruling.why});
    WaitLonger(key);
    return false;
  }
  if (ruling.verdict != Ruling::Verdict::kAllow) {
    Do(change::TouchMoved{key, ruling.outcome, ruling.why});
    Follow(key);
    return false;
  }
  if (!entry) return true;  // what it came with is gone
  std::string text = touch.plan.text;
  if (touch.version == entry->version) {
    Result<std::string> now_says =
        world_.renderer.Render(attempt.TextFor(touch.plan.wave), FactsOf(*entry));
    if (!now_says.ok()) {
      Do(change::TouchMoved{key, Outcome::kRenderError, now_says.error().message()});
      Follow(key);
      return false;
    }
    text = std::move(now_says).value();
  }
  if (text != touch.plan.text || ruling.address != touch.plan.address)
    Do(change::TouchReworded{key, std::move(text), ruling.address});
  return true;
}

// A later step of the chain whose channel may send now, or the way of what failed.
bool Machine::HasOtherChannel(const Entry& entry, const Node& node, uint32_t step) const {
  if (node.kind == NodeKind::kSend) return node.next[1] != kNoNode;
  const Hours hours = HoursOf(entry.customer, state_.JourneyOf(entry), state_.policy(), world_);
  return std::any_of(
      node.attempts.begin() + step + 1, node.attempts.end(), [&](const Attempt& attempt) {
        const bool tried = attempt.only_if.empty() ||
                           world_.conditions.Test(attempt.only_if, FactsOf(entry)) == Truth::kYes;
        return tried && NextFairTime(now(), attempt.channel, hours) == now();
      });
}

// Its entry waits for what becomes of it, and has another channel.
bool Machine::MayGoOtherwise(const Touch& touch) const {
  const Entry* entry = state_.FindEntry(touch.plan.entry);
  if (!entry) return false;
  const Node& node = state_.JourneyOf(*entry).nodes[touch.plan.node];
  const bool waits = std::ranges::any_of(entry->tokens, [&](const Token& token) {
    return token.node == touch.plan.node && token.visit == touch.plan.visit &&
           (node.kind == NodeKind::kSend || token.step == touch.plan.step);
  });
  const bool sends = node.kind == NodeKind::kSend || node.kind == NodeKind::kChain;
  return waits && sends && touch.plan.step < node.attempts.size() &&
         HasOtherChannel(*entry, node, touch.plan.step);
}

// Else it waits for the next one, as one that is decided in quiet hours would, or is dropped.
bool Machine::IsHour(const Touch& touch) {
  if (touch.plan.transactional) return true;
  const TouchKey key = touch.plan.key;
  const Journey& definition = state_.journeys()[touch.plan.journey].now();
  const Ordinal customer = state_.Now(touch.plan.customer);
  const Policy& policy = state_.policy();
  const Hours hours = HoursOf(customer, definition, policy, world_);
  if (NextFairTime(now(), touch.plan.channel, hours) == now()) return true;
  const auto release = NextRelease(now(), touch.plan.channel, customer, hours);
  const bool drops = policy.in_quiet == Policy::InQuiet::kDrop ||
                     (policy.in_quiet == Policy::InQuiet::kOtherChannel && MayGoOtherwise(touch));
  if (release && !drops) {
    Do(change::TouchPutBack{key, std::min(*release, touch.plan.expires_ms),
                            "quiet: until " + DateTimeText(*release)});
    WaitLonger(key);
  } else {
    Do(change::TouchMoved{key, Outcome::kQuietDropped, "quiet"});
    Follow(key);
  }
  return false;
}

// The chain waits for its success from when it may go.
void Machine::WaitLonger(const TouchKey& key) {
  const change::TouchPlanned& plan = state_.FindTouch(key)->plan;
  const Entry* entry = state_.FindEntry(plan.entry);
  if (!entry) return;
  const std::vector<Token> tokens = entry->tokens;
  for (const Token& token : tokens) {
    const Journey& definition = state_.JourneyOf(*entry);
    const Node& node = definition.nodes[token.node];
    const bool waits = node.kind == NodeKind::kChain && token.state == TokenState::kWaiting &&
                       token.node == plan.node && token.visit == plan.visit &&
                       token.step == plan.step && plan.step < node.attempts.size();
    if (!waits) continue;
    const Zone zone = ZoneOf(entry->customer, definition, state_.policy(), world_);
    Rest(entry->id, token, AddSpan(plan.not_before_ms, node.attempts[plan.step].wait, zone));
  }
}

void Machine::PutBack(const TouchKey& key, int64_t not_before_ms, bool certain,
                      std::string_view why, int64_t at_ms, Out* out) {
  const Touch* touch = state_.FindTouch(key);
  const bool open =
      touch && (touch->outcome == Outcome::kClaimed || touch->outcome == Outcome::kUnknown);
  if (!open) return;
  const Phase phase = state_.journeys()[touch->plan.journey].phase;
  const bool back =
      touch->recalled || touch->erased || phase == Phase::kStopped || phase == Phase::kArchived;
  Begin(at_ms, out);
  if (!back) not_before_ms = NextTry(*touch, not_before_ms);
  const bool late = not_before_ms >= touch->plan.expires_ms;
  if (!back && !late) {
    Do(change::TouchPutBack{key, not_before_ms, std::string(why)});
  } else if (certain) {
    Do(change::TouchMoved{key, back ? Outcome::kCancelled : Outcome::kExpired, std::string(why)});
    Follow(key);
  } else if (touch->outcome == Outcome::kClaimed) {
    Do(change::TouchMoved{key, Outcome::kUnknown, std::string(why)});
    Follow(key);
  }
  End(out);
}

}  // namespace waypost::journeys
