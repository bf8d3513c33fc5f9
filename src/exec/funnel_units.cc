#include "exec/funnel_units.h"

#include <algorithm>
#include <bit>
#include <tuple>

namespace waypost::exec {

using column::Column;
using column::ColumnType;
using SessionRule = decltype(FunnelSpec::Session::rule);

UnitSplitter::UnitSplitter(const FunnelSpec& spec, uint32_t slice_count)
    : spec_(spec),
      rules_(spec),
      holds_(!spec.steps[0].hold.empty()),
      codes_(size_t{slice_count} * spec.properties.size()) {}

bool UnitSplitter::Splits(const FunnelSpec& spec) {
  return !spec.steps[0].hold.empty() || spec.session.rule != SessionRule::kNone;
}

const std::vector<Unit>& UnitSplitter::Split(std::span<const Hit> hits) {
  placed_.clear();
  everywhere_.clear();
  tuples_.clear();
  Place(hits);
  PlaceEverywhere(hits);
  std::sort(placed_.begin(), placed_.end(), [](const Placed& a, const Placed& b) {
    return std::tie(a.pair, a.session, a.index) < std::tie(b.pair, b.session, b.index);
  });
  hits_.clear();
  units_.clear();
  hits_.reserve(placed_.size());
  for (size_t begin = 0; begin < placed_.size();) {
    size_t end = begin;
    const Placed& first = placed_[begin];
    for (; end < placed_.size() && placed_[end].pair == first.pair &&
           placed_[end].session == first.session;
         ++end) {
      hits_.push_back(hits[placed_[end].index]);
      hits_.back().mask = placed_[end].mask;
    }
    const bool same_pair = begin > 0 && placed_[begin - 1].pair == first.pair;
    const uint32_t pair = units_.empty() ? 0 : units_.back().pair + !same_pair;
    units_.push_back({std::span(hits_).subspan(begin, end - begin), pair});
    begin = end;
  }
  return units_;
}

void UnitSplitter::Place(std::span<const Hit> hits) {
  session_ = 0;
  last_ms_ = hits.empty() ? 0 : hits[0].time_ms;
  for (uint32_t i = 0; i < hits.size(); ++i) {
    const Key session = Session(hits[i]);
    if (!session) continue;
    if (!hits[i].mask && spec_.order != FunnelSpec::Order::kStrict) continue;
    if (holds_) {
      PlaceHit(hits[i], i, *session);
    } else {
      placed_.push_back({0, *session, i, hits[i].mask});
    }
  }
}

// An event that can be several steps goes to each pair with the steps it has there.
void UnitSplitter::PlaceHit(const Hit& hit, uint32_t index, uint64_t session) {
  const size_t first = placed_.size();
  const auto add = [&](Key pair, uint64_t bit) {
    if (!pair) return;
    for (size_t p = first; p < placed_.size(); ++p) {
      if (placed_[p].pair == *pair) {
        placed_[p].mask |= bit;
        return;
      }
    }
    placed_.push_back({*pair, session, index, bit});
  };
  if (!hit.mask) add(Pair(hit, spec_.steps[0].hold), 0);
  for (uint64_t left = hit.mask & rules_.step_bits; left; left &= left - 1) {
    add(Pair(hit, spec_.steps[static_cast<size_t>(std::countr_zero(left))].hold), left & -left);
  }
  uint64_t everywhere = 0;
  for (uint64_t left = hit.mask & rules_.exclusion_bits; left; left &= left - 1) {
    const size_t exclusion = static_cast<size_t>(std::countr_zero(left)) - rules_.steps;
    const Key pair = Pair(hit, spec_.exclusions[exclusion].hold);
    if (pair) {
      add(pair, left & -left);
    } else {
      everywhere |= left & -left;
    }
  }
  if (everywhere) everywhere_.emplace_back(index, everywhere);
}

void UnitSplitter::PlaceEverywhere(std::span<const Hit> hits) {
  if (everywhere_.empty()) return;
  std::vector<std::pair<uint64_t, uint64_t>> units;
  for (const Placed& placed : placed_) units.emplace_back(placed.pair, placed.session);
  std::sort(units.begin(), units.end());
  units.erase(std::unique(units.begin(), units.end()), units.end());
  session_ = 0;
  last_ms_ = hits[0].time_ms;
  size_t next = 0;
  for (uint32_t i = 0; i < hits.size() && next < everywhere_.size(); ++i) {
    const Key session = Session(hits[i]);
    if (everywhere_[next].first != i) continue;
    for (const auto& [pair, unit_session] : units) {
      if (session && unit_session == *session)
        placed_.push_back({pair, unit_session, i, everywhere_[next].second});
    }
    ++next;
  }
}

// Called for each hit in order: idle gaps are counted on the way.
UnitSplitter::Key UnitSplitter::Session(const Hit& hit) {
  if (spec_.session.rule == SessionRule::kNone) return 0;
  if (spec_.session.rule == SessionRule::kProperty) return SessionOf(hit);
  session_ += hit.time_ms - last_ms_ > spec_.session.gap_ms;
  last_ms_ = hit.time_ms;
  return session_;
}

UnitSplitter::Key UnitSplitter::Pair(const Hit& hit, const std::vector<uint32_t>& expressions) {
  if (expressions.size() == 1) return Value(hit, expressions[0]);
  std::vector<uint64_t> values;
  for (const uint32_t expression : expressions) {
    const Key value = Value(hit, expression);
    if (!value) return {};
    values.push_back(*value);
  }
  return tuples_.emplace(std::move(values), tuples_.size()).first->second;
}

// Values of one expression are of one domain, so equal keys are equal values.
UnitSplitter::Key UnitSplitter::Value(const Hit& hit, uint32_t property) {
  const Column* column = hit.slice->columns[property];
  if (!column || column->IsNull(hit.row)) return {};
  switch (column->type()) {
    case ColumnType::kList:
      return {};
    case ColumnType::kDouble:
      return std::bit_cast<uint64_t>(column->Real(hit.row));
    case ColumnType::kString:
      break;
    default:
      return static_cast<uint64_t>(column->Whole(hit.row));
  }
  const uint32_t code = column->Code(hit.row);
  std::vector<uint32_t>& known = codes_[hit.slice->number * spec_.properties.size() + property];
  if (known.empty()) known.assign(column->dictionary().size(), kNoHit);
  if (known[code] == kNoHit) {
    const auto next = static_cast<uint32_t>(texts_.size());
    known[code] = texts_.emplace(column->dictionary().Text(code), next).first->second;
  }
  return known[code];
}

}  // namespace waypost::exec
