// The event store of one project: every event and attribute, readable at once, durable by flushes.
//
// It is a view of the log. The engine applies records in order; rows go into builders in memory,
// become immutable parts in memory when somebody asks (TakeSnapshot), and files when there are
// enough (Flush). A flush writes files first and then one manifest that names them together with
// the log position and the other views' journals; a crash anywhere leaves the manifest before or
// the one after.
//
// Threads: everything marked [locked] needs mutex() held, const members a share of it. Flush() and
// Compact() run on one background thread and take the mutex only to look and to swap; what they
// write is immutable.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <shared_mutex>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "column/snapshot_view.h"
#include "io/file_system.h"
#include "model/ids.h"
#include "store/attribute_block.h"
#include "store/journal.h"
#include "store/manifest.h"
#include "store/part_index.h"
#include "store/survivorship.h"

namespace waypost::store {

// Everything a question needs, unchanged while it is held. Any number of threads may read it.
class Snapshot {
 public:
  const column::SnapshotView& view() const { return view_; }

 private:
  friend class Store;
  column::SnapshotView view_;
  PartList parts_;
  std::vector<std::shared_ptr<const AttributeColumns>> attributes_;
};

// Which ordinals are one customer, from the identity graph.
struct Customers {
  uint32_t ordinal_count = 0;
  column::Clusters clusters;
  std::vector<uint64_t> clustered;  // as column::SnapshotView's
  std::vector<uint64_t> erased;     // the same
};

// What another view adds to a flush. `bytes` are appended to the journal `name`; with `anew` they
// replace everything in it.
struct JournalChange {
  std::string name;
  Bytes bytes;
  bool anew = false;
};

// The states of all views at one log position.
struct FlushRequest {
  LogPosition position = 0;
  std::vector<JournalChange> journals;
  std::map<std::string, Bytes> blobs;
};

class Store {
 public:
  // Reads the manifest, verifies every part on all cores, removes leftovers of an unfinished flush.
  // A damaged part does not stop the store: it is listed in damaged_parts() and left out of
  // answers. Any other damage is kCorrupt, naming file and byte.
  static Result<std::unique_ptr<Store>> Open(io::FileSystem& files, std::string directory);

  // The log must be applied from here on.
  LogPosition position() const { return manifest_.position; }
  // A state as the last flush left it; null when there is none.
  const Bytes* Blob(const std::string& name) const;
  Result<> ReadJournal(const std::string& name,
                       const std::function<Result<>(std::span<const uint8_t>)>& visit) const;
  const std::vector<std::string>& damaged_parts() const { return damaged_; }

  std::shared_mutex& mutex() { return mutex_; }

  // [locked] One event. REQUIRES: each property once.
  void Append(Ordinal ordinal, EventTypeId event, int64_t time_ms,
              std::span<const column::Cell> cells);
  // [locked] The attribute block of a timeline, for changes.
  AttributeBlock& AttributesOf(Ordinal ordinal);
  // [locked] What survives of the attributes of the timelines `members`, increasing, by property.
  // Values borrow until `visit` returns.
  void ForEachSurvivor(std::span<const Ordinal> members, const SurvivorRules& rules,
                       const std::function<void(PropertyId, const AttributeValue&)>& visit) const;
  // [locked] Questions read at the customer `root` what survives of its members' values. To be
  // called when its members or their values have changed; costs a step a member and attribute.
  void ShowCustomer(Ordinal root, std::span<const Ordinal> members, const SurvivorRules& rules);
  // [locked] Questions read at `ordinal` its own values.
  void ShowTimeline(Ordinal ordinal);
  // [locked] Takes the attributes of a timeline away, and, with the next calls of Compact, its
  // events: until then Customers::erased hides them. To be called once an opening for every
  // timeline that was ever erased. `position`: of the log record.
  void Erase(LogPosition position, Ordinal ordinal);
  // [locked] Every change of records before `position` has been made.
  void Applied(LogPosition position) { applied_ = position; }
  LogPosition applied() const { return applied_; }

  // [locked] Rows that no file holds yet.
  uint64_t unflushed_rows() const { return pending_rows_ + index_.memory_rows(); }
  uint64_t row_count() const { return pending_rows_ + index_.row_count(); }
  const PartIndex& index() const { return index_; }

  // [locked] Everything applied so far. Builds what is pending first: about 1 us a pending row, of
  // many on all cores.
  std::shared_ptr<const Snapshot> TakeSnapshot(const Customers& customers);
  // [locked] The same with nothing but what a question about one customer needs, which reads
  // nothing else of events than is wanted; more may be there. Of pending rows builds only those
  // of its members, and leaves them pending; but where a block has over a thousand of them, all
  // that is pending there. Of attributes builds columns that changed.
  std::shared_ptr<const Snapshot> TakeSnapshotOf(const column::Cluster& customer,
                                                 const column::Wanted& wanted);

  // [locked] Pending rows become parts in memory; the states in `request` are those of this moment.
  void BeginFlush(FlushRequest request);
  // Writes what BeginFlush() set aside. On an error nothing is lost: the next flush tries again,
  // and the log must keep its records. Returns the position the log may be dropped before.
  Result<LogPosition> Flush();
  // Rewrites one part without what was erased, or else merges one group of parts that needs it;
  // false when none does. The result is read back,
  // verified and compared row for row by checksum before it counts.
  Result<bool> Compact();

 private:
  // Adjacent parts, and the one that takes their place; null: none does.
  using Swap = std::pair<PartList, std::shared_ptr<const Part>>;

  Store(io::FileSystem& files, std::string directory)
      : files_(files), directory_(std::move(directory)) {}

  Result<> OpenParts();
  Result<> OpenAttributes();
  Result<> RemoveLeftovers();
  void Freeze();
  void FreezeBlock(uint32_t block);
  void MergeSmallParts(const std::vector<PartList>& in_memory);
  std::shared_ptr<const Part> PickErased();
  Result<> RewriteErased(const std::shared_ptr<const Part>& part);
  // The parts of a block with what is pending of these customers, as column::BlockView wants.
  PartList PartsNear(uint32_t block, std::span<const uint32_t> locals,
                     const column::Wanted& wanted);

  Result<std::shared_ptr<const Part>> WritePart(std::span<const uint8_t> image, uint64_t checksum,
                                                uint64_t id);
  Result<std::vector<Swap>> WriteMemoryParts(Manifest* next);
  Result<std::map<uint32_t, LogPosition>> WriteAttributes(Manifest* next);
  std::vector<uint32_t> ChangedAttributeBlocks();
  Result<> WriteJournal(const JournalChange& change, Manifest* next);
  void RemoveUnnamed(const Manifest& before, const Manifest& now);
  // Writes `next` with the parts of the index in which each group of `swaps` is replaced, then
  // swaps.
  Result<> Commit(Manifest next, const std::vector<Swap>& swaps);

  io::FileSystem& files_;
  std::string directory_;
  std::shared_mutex mutex_;

  Manifest manifest_;  // the last one written
  PartIndex index_;
  std::vector<std::string> damaged_;
  std::vector<PartMeta> damaged_metas_;
  std::map<uint32_t, std::unique_ptr<AttributeBlock>> attributes_;
  std::map<uint32_t, LogPosition> written_attributes_;  // position in the file, by block
  std::map<std::string, std::unique_ptr<Journal>> journals_;

  LogPosition applied_ = 0;
  std::map<uint32_t, std::vector<uint32_t>> erased_;  // locals, increasing, by block
  std::vector<uint32_t> unclean_;                     // blocks that may have events of these
  uint64_t pending_rows_ = 0;
  // By block, and in it by month.
  boost::unordered_flat_map<uint32_t, std::map<int64_t, column::BlockBuilder>> builders_;
  std::optional<FlushRequest> request_;
  std::vector<PartList> request_parts_;  // what was in memory at BeginFlush()
  std::set<PartKey> busy_;               // what the last flush added to, while more arrives
};

// UTC start of the month `time_ms` lies in.
int64_t MonthStart(int64_t time_ms);

}  // namespace waypost::store
