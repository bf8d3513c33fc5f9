// Splits a customer's events into the units of a funnel: by held values, by session.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "exec/funnel_match.h"

namespace waypost::exec {

struct Unit {
  std::span<const Hit> hits;
  uint32_t pair = 0;  // number of the held values; sessions of one pair are adjacent
};

// Belongs to one thread.
class UnitSplitter {
 public:
  UnitSplitter(const FunnelSpec& spec, uint32_t slice_count);

  static bool Splits(const FunnelSpec& spec);

  // The units of one customer's hits, which are in the funnel's order. Events without a held value
  // or a session are in no unit; an event that several steps hold by different properties may be in
  // several. The result is valid until the next call.
  const std::vector<Unit>& Split(std::span<const Hit> hits);

  using Key = std::optional<uint64_t>;
  // The session an event names: equal keys are one session. REQUIRES: sessions are by property.
  Key SessionOf(const Hit& hit) { return Value(hit, spec_.session.property); }
  // The value an event has in one of the held expressions.
  Key HeldValue(const Hit& hit, uint32_t property) { return Value(hit, property); }

 private:
  struct Placed {
    uint64_t pair, session;
    uint32_t index;  // of the hit
    uint64_t mask;
  };

  void Place(std::span<const Hit> hits);
  void PlaceHit(const Hit& hit, uint32_t index, uint64_t session);
  void PlaceEverywhere(std::span<const Hit> hits);
  Key Session(const Hit& hit);
  Key Pair(const Hit& hit, const std::vector<uint32_t>& expressions);
  Key Value(const Hit& hit, uint32_t property);

  const FunnelSpec& spec_;
  const MatchRules rules_;
  bool holds_;
  boost::unordered_flat_map<std::string, uint32_t> texts_;
  std::vector<std::vector<uint32_t>>
      codes_;  // by slice number and property: dictionary code to text
  std::map<std::vector<uint64_t>, uint64_t> tuples_;  // of several held values, for one customer
  uint64_t session_ = 0;
  int64_t last_ms_ = 0;
  std::vector<Placed> placed_;
  std::vector<std::pair<uint32_t, uint64_t>> everywhere_;  // hit index, session: breaks every pair
  std::vector<Hit> hits_;
  std::vector<Unit> units_;
};

}  // namespace waypost::exec
