#include "identity/link_log.h"

#include <algorithm>
#include <utility>

namespace waypost::identity {
namespace {

constexpr size_t kMaxSources = 60'000;  // further ones are not told apart

}  // namespace

std::string_view LinkRuleName(LinkRule rule) {
  switch (rule) {
    case LinkRule::kSeenTogether:
      return "seen_together";
    case LinkRule::kLink:
      return "link";
    case LinkRule::kSignup:
      return "signup";
    case LinkRule::kBind:
      return "bind";
    case LinkRule::kAlias:
      return "alias";
    case LinkRule::kUnbind:
      return "unbind";
    case LinkRule::kErase:
      return "erase";
  }
  return "link";
}

uint16_t LinkLog::SourceNumber(std::string_view source) {
  const auto found = std::find(sources_.begin(), sources_.end(), source);
  if (found != sources_.end()) return static_cast<uint16_t>(found - sources_.begin());
  if (sources_.size() == kMaxSources) return 0;
  sources_.emplace_back(source);
  return static_cast<uint16_t>(sources_.size() - 1);
}

uint32_t LinkLog::Add(Ordinal a, Ordinal b, const Origin& origin) {
  Entry entry{.ends = {a, b}, .time_ms = origin.time_ms};
  entry.source = SourceNumber(origin.source);
  entry.rule = origin.rule;
  for (const int end : {0, 1}) entry.next[end] = std::exchange(newest_[entry.ends[end]], size());
  entries_.push_back(entry);
  return size() - 1;
}

void LinkLog::Cut(uint32_t link, const Origin& origin) {
  SetOutcome(link, Outcome::kTogether);  // no refusal any more
  entries_[link].cut = true;
  Entry entry = entries_[link];
  entry.next[0] = link;
  entry.time_ms = origin.time_ms;
  entry.source = SourceNumber(origin.source);
  entry.rule = origin.rule;
  entry.outcome = Outcome::kCut;
  entries_.push_back(entry);
}

void LinkLog::SetOutcome(uint32_t link, Outcome outcome) {
  if (IsRefusal(outcome)) {
    refused_.insert(link);
  } else if (IsRefusal(entries_[link].outcome)) {
    refused_.erase(link);
  }
  entries_[link].outcome = outcome;
}

Link LinkLog::operator[](uint32_t number) const {
  const Entry& entry = entries_[number];
  return {entry.ends[0], entry.ends[1], entry.time_ms, sources_[entry.source],
          entry.rule,    entry.outcome, entry.cut,     entry.next[0]};
}

Ordinal LinkLog::Other(uint32_t link, Ordinal end) const {
  return entries_[link].ends[entries_[link].ends[0] == end ? 1 : 0];
}

std::optional<uint32_t> LinkLog::Between(Ordinal a, Ordinal b) const {
  const auto between = [&](uint32_t link) {
    const Entry& entry = entries_[link];
    return !entry.cut && entry.ends[0] + uint64_t{entry.ends[1]} == a + uint64_t{b} &&
           (entry.ends[0] == a || entry.ends[1] == a);
  };
  uint32_t of_a = newest_[a], of_b = newest_[b];
  for (; of_a != kNone && of_b != kNone; of_a = Next(of_a, a), of_b = Next(of_b, b)) {
    if (between(of_a)) return of_a;
    if (between(of_b)) return of_b;
  }
  return std::nullopt;
}

}  // namespace waypost::identity
