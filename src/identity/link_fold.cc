#include "identity/link_fold.h"

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

namespace waypost::identity {

uint32_t OwnerLink(const IdentityTable& table, const LinkLog& links, Ordinal period) {
  uint32_t oldest = LinkLog::kNone;
  links.ForEachOf(period, [&](uint32_t link) {
    if (table.Owns(links.Other(link, period), period)) oldest = link;
    return true;
  });
  return oldest;
}

std::vector<Claim> Claims(const IdentityTable& table, const LinkLog& links, Ordinal ordinal) {
  const std::vector<Ordinal> periods = table.Periods(ordinal);
  if (table.strong(ordinal)) return std::vector<Claim>(periods.size());
  const int64_t look_back_ms = table.rule(ordinal).look_back_ms;
  std::vector<Claim> claims;
  Claim last;
  for (const Ordinal period : periods) {
    if (const uint32_t link = OwnerLink(table, links, period); link != LinkLog::kNone) {
      if (last.link == LinkLog::kNone) {  // the first owner
        const int64_t since_ms = links[link].time_ms - look_back_ms;
        for (size_t i = 0; i < claims.size(); ++i) {
          if (look_back_ms == 0 || table.from_ms(periods[i]) >= since_ms)
            claims[i] = {link, period};
        }
      }
      last = {link, period};
    }
    claims.push_back(last);
  }
  return claims;
}

void FoldLinks(const IdentityTable& table, const LinkLog& links, std::span<const Ordinal> ordinals,
               ClusterFold* fold, const std::function<void(uint32_t, Outcome)>& learn) {
  boost::unordered_flat_map<uint32_t, std::vector<std::pair<Ordinal, Ordinal>>> brought;
  boost::unordered_flat_set<Ordinal> looked_at;  // identities
  std::vector<uint32_t> in_order;
  for (const Ordinal ordinal : ordinals) {
    links.ForEachOf(ordinal, [&](uint32_t link) {
      in_order.push_back(link);
      return true;
    });
    if (!table.HasPeriods(ordinal) || !looked_at.insert(table.first(ordinal)).second) continue;
    const std::vector<Ordinal> periods = table.Periods(ordinal);
    const std::vector<Claim> claims = Claims(table, links, ordinal);
    Ordinal visitor = LinkLog::kNone;
    for (size_t i = 0; i < periods.size(); ++i) {
      if (claims[i].link != LinkLog::kNone) {
        if (claims[i].period != periods[i]) {
          brought[claims[i].link].emplace_back(claims[i].period, periods[i]);
        }
      } else if (visitor == LinkLog::kNone) {
        visitor = periods[i];
      } else {
        fold->Merge(visitor, periods[i], INT64_MAX);
      }
    }
  }
  std::sort(in_order.begin(), in_order.end());
  in_order.erase(std::unique(in_order.begin(), in_order.end()), in_order.end());
  for (const uint32_t number : in_order) {
    const Link link = links[number];
    learn(number, fold->Merge(link.a, link.b, link.time_ms));
    const auto found = brought.find(number);
    if (found == brought.end()) continue;
    for (const auto& [period, other] : found->second) fold->Merge(period, other, link.time_ms);
  }
}

}  // namespace waypost::identity
