// A disk in memory that behaves as badly as a real one may: what was not synced can be lost, torn
// or arrive out of order at a crash, and any operation can be made to fail.
//
//   SimFileSystem disk;
//   disk.CreateDirectory("/data");
//   disk.InjectFault({.at = 7, .kind = FaultKind::kIoError});
//   ... run the code under test on `disk` ...
//   disk.Crash(seed);
//   ... open it again and compare ...
//
// What survives a crash: bytes covered by a Sync of their file, under names covered by a
// SyncDirectory of their directory; syncing a file does not keep its name. Of the rest a subset
// drawn from the seed: in half of the crashes a prefix of the operations, the last write torn; in
// the other half any subset of them, writes losing 512-byte sectors that then read as zeros or as
// what was there before.
//
// After a failed Sync the dirty bytes can still be read but will never reach the disk, and the next
// Sync says yes, as Linux does.
//
// Any thread may call any method. Only "/" exists at the start. Handles from before a crash fail
// with kIo.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>

#include "io/file_system.h"
#include "io/sim_random.h"

namespace waypost::io {

enum class FaultKind {
  kIoError,     // EIO, nothing done
  kNoSpace,     // ENOSPC, nothing done; only operations that need space fail
  kShortWrite,  // ENOSPC after half of the bytes; only Append fails
  kPowerOff,    // always sticky: from here on nothing reaches the disk; then call Crash
};

// The at-th operation from now on (1 = the next) fails, or the first after it that can fail so.
struct Fault {
  uint64_t at = 1;
  FaultKind kind = FaultKind::kIoError;
  bool sticky = false;  // and so does every later one that can
};

class SimFileSystem final : public FileSystem {
 public:
  SimFileSystem();

  void InjectFault(const Fault& fault);
  void ClearFault();
  // Operations since the start: every call that can fail, also those on open files.
  uint64_t operation_count() const;

  // The power goes and comes back.
  void Crash(uint64_t seed);

  // All files together hold at most so many bytes from now on. No limit at the start.
  void SetCapacity(uint64_t bytes);

  // Changes a file behind everybody's back, as a failing disk does. REQUIRES: the file exists.
  void Damage(const std::string& path, const std::function<void(Bytes*)>& change);

  Result<std::unique_ptr<WritableFile>> Create(const std::string& path) override;
  Result<std::unique_ptr<WritableFile>> OpenAppend(const std::string& path) override;
  Result<std::unique_ptr<ReadableFile>> OpenRead(const std::string& path) override;
  Result<MappedFile> Map(const std::string& path) override;
  Result<uint64_t> FileSize(const std::string& path) override;
  Result<> Rename(const std::string& from, const std::string& to) override;
  Result<> Remove(const std::string& path) override;
  Result<> CreateDirectory(const std::string& path) override;
  Result<> SyncDirectory(const std::string& path) override;
  Result<std::vector<DirectoryEntry>> List(const std::string& path) override;
  Result<std::unique_ptr<FileLock>> Lock(const std::string& path) override;
  Result<uint64_t> FreeSpace(const std::string& path) override;

 private:
  friend class SimWritableFile;
  friend class SimReadableFile;
  friend class SimFileLock;

  // A file or a directory, as everybody sees it and as it is on the platters.
  struct Node;
  using NodePtr = std::shared_ptr<Node>;
  // What a Sync of the file would make durable.
  struct Change {
    uint64_t offset = 0;  // where the bytes go, or the new size
    Bytes bytes;
    bool truncates = false;
  };
  struct Node {
    bool is_directory = false;
    bool locked = false;
    std::map<std::string, NodePtr> entries, durable_entries;
    Bytes bytes, durable_bytes;
    std::vector<Change> unsynced;
  };
  // A name given to a node, taken away, or moved; not yet synced.
  struct NameChange {
    NodePtr from_directory, to_directory;  // the one or the other may be null
    std::string from, to;
    NodePtr node;
  };
  // Where a path leads: its directory, its last name, and the node when there is one.
  struct Place {
    NodePtr directory;
    std::string name;
    NodePtr node;
  };

  // Counts the operation and says whether and how it must fail.
  std::optional<FaultKind> Strike(bool needs_space, bool is_append);
  Result<> Begin(const std::string& doing, const std::string& path, bool needs_space);
  Result<Place> Find(const std::string& path);
  Result<NodePtr> FindFile(const std::string& path);
  Result<> AppendTo(Node& node, const std::string& path, uint64_t offset,
                    std::span<const uint8_t> bytes);
  Result<> SyncFile(Node& node, const std::string& path);
  void Put(Node& node, uint64_t offset, std::span<const uint8_t> bytes);
  uint64_t UsedBytes() const;

  static void ApplyName(const NameChange& change);
  static void ApplyBytes(const Change& change, Bytes* bytes);
  void CrashNames(Random& random);
  void CrashNode(Node& node, Random& random);
  // Two ways a file may look after a crash: a prefix of its unsynced changes, or some sectors of
  // them.
  static void KeepPrefix(Node& node, Random& random);
  static void KeepSectors(Node& node, Random& random);

  mutable std::mutex mutex_;
  NodePtr root_;
  std::vector<NameChange> unsynced_names_;
  std::optional<Fault> fault_;
  uint64_t operation_count_ = 0;
  uint64_t boot_ = 0;  // crashes so far; handles remember theirs
  std::optional<uint64_t> capacity_;
};

}  // namespace waypost::io
