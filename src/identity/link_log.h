// Everything that was ever said about which identities are one customer, in order, and what was
// taken back: what clusters are folded from (identity/link_fold.h).
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "identity/cluster_fold.h"
#include "model/ids.h"

namespace waypost::identity {

// What made a link. Numbers are stored.
enum class LinkRule : uint8_t {
  kSeenTogether = 1,  // both were on one event or profile change
  kLink = 2,          // somebody said so: link, identify
  kSignup = 3,
  kBind = 4,
  kAlias = 5,
  kUnbind = 6,  // of a cut
  kErase = 7,   // of a cut
};
std::string_view LinkRuleName(LinkRule rule);

struct Origin {
  int64_t time_ms = 0;
  std::string_view source = {};
  LinkRule rule = LinkRule::kSeenTogether;
};

// One entry. `source` borrows from the log.
struct Link {
  Ordinal a = 0, b = 0;
  int64_t time_ms = 0;
  std::string_view source;
  LinkRule rule = LinkRule::kSeenTogether;
  Outcome outcome = Outcome::kJoined;  // of a cut: kCut
  bool cut = false;                    // a link that was; or itself a cut
  uint32_t cuts = 0;                   // of a cut: the link it takes back
  bool in_force() const { return !cut && !IsRefusal(outcome); }
};

// Belongs to one thread. 40 bytes an entry.
class LinkLog {
 public:
  static constexpr uint32_t kNone = ~0u;

  void AddOrdinal() { newest_.push_back(kNone); }

  // The number of the new entry. REQUIRES: a != b; both known.
  uint32_t Add(Ordinal a, Ordinal b, const Origin& origin);
  // Takes a link back. REQUIRES: it is one, and not cut.
  void Cut(uint32_t link, const Origin& origin);
  // What a fold made of it.
  void SetOutcome(uint32_t link, Outcome outcome);

  uint32_t size() const { return static_cast<uint32_t>(entries_.size()); }
  Link operator[](uint32_t number) const;
  Ordinal Other(uint32_t link, Ordinal end) const;
  // Calls visit(number) for the links of an ordinal that are not cut, newest first, until it says
  // false.
  template <typename Visit>
  void ForEachOf(Ordinal ordinal, Visit visit) const {
    for (uint32_t at = newest_[ordinal]; at != kNone; at = Next(at, ordinal)) {
      if (!entries_[at].cut && !visit(at)) return;
    }
  }
  // The newest link between the two that is not cut. Costs no more than the shorter list.
  std::optional<uint32_t> Between(Ordinal a, Ordinal b) const;
  // Links that were refused and are not cut.
  const std::set<uint32_t>& refused() const { return refused_; }

 private:
  struct Entry {
    Ordinal ends[2] = {0, 0};
    uint32_t next[2] = {kNone, kNone};  // older one of the same end; of a cut: the link
    int64_t time_ms = 0;
    uint16_t source = 0;
    LinkRule rule = LinkRule::kSeenTogether;
    Outcome outcome = Outcome::kTogether;
    bool cut = false;
  };
  uint32_t Next(uint32_t link, Ordinal end) const {
    return entries_[link].next[entries_[link].ends[0] == end ? 0 : 1];
  }
  uint16_t SourceNumber(std::string_view source);

  std::vector<Entry> entries_;
  std::vector<uint32_t> newest_;  // by ordinal
  std::set<uint32_t> refused_;
  std::vector<std::string> sources_;
};

}  // namespace waypost::identity
