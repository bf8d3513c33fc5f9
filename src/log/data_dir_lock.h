// One process owns a data folder at a time, and every owner has a number of its own: what is tagged
// with an epoch (a claim to send, a lease) can be told from that of an earlier owner or a copy of
// the folder.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "io/file_system.h"

namespace waypost::log {

// Held until destroyed. Movable.
class DataDirLock {
 public:
  // Creates the folder when it is missing, locks its file LOCK, and adds one to its file EPOCH,
  // durably. Errors: kConflict "locked" when another process has it; kCorrupt for an EPOCH that is
  // no number.
  static Result<DataDirLock> Acquire(io::FileSystem& files, const std::string& directory);

  // 1 for the first owner, larger for each later one.
  uint64_t epoch() const { return epoch_; }

 private:
  DataDirLock(std::unique_ptr<io::FileLock> lock, uint64_t epoch)
      : lock_(std::move(lock)), epoch_(epoch) {}
  std::unique_ptr<io::FileLock> lock_;
  uint64_t epoch_;
};

}  // namespace waypost::log
