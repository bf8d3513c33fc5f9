// Applies log records to the views of a project: the one place where a batch becomes rows,
// attributes, identities and quarantine. Deterministic: the same records in the same order give the
// same state.
#pragma once

#include <boost/unordered/unordered_flat_set.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/erasure.h"
#include "engine/follower.h"
#include "engine/item_table.h"
#include "engine/quarantine.h"
#include "engine/tables.h"
#include "engine/watcher.h"
#include "identity/identity_graph.h"
#include "log/log_format.h"
#include "model/batch.h"
#include "model/tracking_plan.h"
#include "store/seen_messages.h"
#include "store/store.h"

namespace waypost::engine {

struct ApplyCounts {
  uint64_t events = 0;
  uint64_t duplicates = 0;   // dropped because their key was known
  uint64_t quarantined = 0;  // items and values
};

// Every call needs the store's mutex held.
class Applier {
 public:
  // Takes up the states of the store's last flush. `store` and `follower`, which may be null, must
  // outlive the applier. `hash`: of identities whose key is hashed.
  static Result<std::unique_ptr<Applier>> Open(store::Store& store, Follower* follower = nullptr,
                                               identity::KeyedHash hash = {});

  // Tells it from now on; null: nobody.
  void Watch(Watcher* watcher) { watcher_ = watcher; }

  // One record. Errors are kCorrupt: the log's checksums passed but the payload makes no sense;
  // nothing after it can be applied.
  Result<> Apply(LogPosition position, log::RecordKind kind, std::span<const uint8_t> payload);

  // All states as they are now, for the flush at `position`.
  store::FlushRequest TakeFlushRequest(LogPosition position);

  const TrackingPlan& plan() const { return plan_; }
  const identity::IdentityGraph& identities() const { return identities_; }
  // IdentityGraph::TakeTouchedPages
  std::vector<uint32_t> TakeTouchedPages() { return identities_.TakeTouchedPages(); }
  // The attributes of the customer with these ordinals, increasing: what survives of each. Values
  // borrow until the next record.
  void ForEachAttribute(
      std::span<const Ordinal> members,
      const std::function<void(PropertyId, const store::AttributeValue&)>& visit) const {
    store_.ForEachSurvivor(members, survivor_rules_, visit);
  }
  // The snapshot of one customer, named by any of its ordinals, as of the last event applied, for a
  // question that reads nothing else of events than is wanted.
  std::shared_ptr<const store::Snapshot> SnapshotOf(Ordinal customer,
                                                    const column::Wanted& wanted) const;
  const Quarantine& quarantine() const { return quarantine_; }
  const ItemTable& items() const { return items_; }
  const Tables& tables() const { return tables_; }
  // Tables::Rows
  std::shared_ptr<const TableSet> TakeTableRows() const { return tables_.Rows(); }
  const ApplyCounts& counts() const { return counts_; }

 private:
  Applier(store::Store& store, Follower* follower, identity::KeyedHash hash)
      : store_(store),
        follower_(follower),
        identities_(identity::KeyRules::Defaults(), std::move(hash)),
        seen_(kDedupDays) {}
  static constexpr int kDedupDays = 8;

  // The plan's answer for the names of the batch at hand, by name index.
  struct KnownName {
    PropertyId property = 0;
    EventTypeId event = 0;
    bool is_property = false, is_event = false;
  };

  Result<> ApplyBatch(LogPosition position, std::span<const uint8_t> payload);
  void ApplyItem(LogPosition position, const BatchReader& batch, const ItemView& item);
  void ApplyEvent(LogPosition position, const BatchReader& batch, const ItemView& item);
  void AddFixedCells(const BatchHeader& header, const ItemMeta& meta);
  void AddCells(const BatchReader& batch, const ItemView& item);
  Verdict Observe(const BatchReader& batch, const PropertyView& property, SeenOn where);
  void ApplyProfile(LogPosition position, const BatchReader& batch, const ItemView& item);
  void KeepAttribute(Ordinal timeline, PropertyId id, std::string_view name, int64_t time_ms);
  void ApplyAttribute(LogPosition position, const BatchReader& batch, Ordinal timeline,
                      store::AttributeOp op, const PropertyView& property, int64_t time_ms);
  void RemoveAttributes(LogPosition position, const BatchReader& batch, Ordinal timeline,
                        int64_t time_ms);
  void ApplyErasure(LogPosition position, const Erasure& erasure);
  void ApplyLinks(const BatchReader& batch, const ItemView& item);
  void ApplyEntity(const BatchReader& batch, const ItemView& item);
  void ApplyRow(const BatchReader& batch, const ItemView& item);
  // The timeline of the item's first identity; its links are taken in.
  Ordinal Resolve(const BatchReader& batch, const ItemView& item);
  void KnowSurvivorRules();
  void ShowChanged();
  void ShowCustomerOf(Ordinal ordinal);
  void SetAside(const BatchReader& batch, std::string_view reason, std::string_view event,
                std::string_view property, std::string detail);

  store::Store& store_;
  Follower* const follower_;
  Watcher* watcher_ = nullptr;
  TrackingPlan plan_;
  identity::IdentityGraph identities_;
  store::SurvivorRules survivor_rules_;
  size_t survivor_rules_known_ = 0;  // properties of the plan when they were looked up
  store::SeenMessages seen_;
  boost::unordered_flat_set<uint64_t> chunks_;  // of imports, Hash64
  ByteWriter new_chunks_;
  ItemTable items_;
  mutable Tables tables_;  // makes what is read of it when it is asked for
  Quarantine quarantine_;
  ApplyCounts counts_;

  size_t journaled_messages_ = 0;

  LogPosition at_ = 0;     // of the record being applied
  int64_t record_ms_ = 0;  // and its time, where it has one

  std::vector<KnownName> names_;
  std::vector<column::Cell> cells_;
  std::vector<PropertyId> present_;
};

// A value as JSON text: numbers and booleans bare, everything else quoted.
std::string ValueAsJson(const Value& value);
// The same as people read it: nothing is quoted but the items of a list.
std::string ValueAsText(const Value& value);

}  // namespace waypost::engine
