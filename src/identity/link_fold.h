// What the links come to: whose each period of a weak identity is, and which ordinals are one
// customer. Functions of the table and of the links that are not cut, so that a cut link is as if
// it had never been.
//
// Whose a period of a weak identity is:
//   - its owner's: a strong identity, or one of its parent key, that is linked to it. An owner
//     begins a period, so there is one at most;
//   - else the one's before it: what comes after an owner who was cut is the owner's from before;
//   - else the next one's, when the period began at most KeyRule::look_back_ms (0: any time) before
//     that owner came;
//   - else nobody's. Such periods of one identity are one visitor.
//
// The fold: visitors are together from the start. Then links join in order, and each link of an
// owner brings along, at once, the other periods that are that owner's by it. Ordinals of a strong
// identity, which was a weak one once, are together from the start too.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "identity/link_log.h"

namespace waypost::identity {

// The link by which a period has its owner, and the period that link is of.
struct Claim {
  uint32_t link = LinkLog::kNone;  // none: nobody's
  Ordinal period = 0;
  friend bool operator==(const Claim&, const Claim&) = default;
};

// By period of the identity, in the order of IdentityTable::Periods. Those of equal claims are
// together. Nobody claims periods of a strong identity.
std::vector<Claim> Claims(const IdentityTable& table, const LinkLog& links, Ordinal ordinal);
// The link of the period's own owner, or none.
uint32_t OwnerLink(const IdentityTable& table, const LinkLog& links, Ordinal period);

// Joins `ordinals`, each alone in `fold`, as their claims and links say. REQUIRES: each once; what
// an ordinal is linked to, but by the last link of the log, and the periods of its claim are among
// them. `learn` is told what each link came to.
void FoldLinks(const IdentityTable& table, const LinkLog& links, std::span<const Ordinal> ordinals,
               ClusterFold* fold, const std::function<void(uint32_t, Outcome)>& learn);

}  // namespace waypost::identity
