// A journal: a view's changes since its last rewrite, appended at every flush. How much of it
// counts is said by the manifest (JournalMeta::size), so an append and the manifest that names it
// are one step.
//
//   frames: u32 payload bytes · u64 checksum over journal id, offset and payload · payload
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "io/file_system.h"
#include "store/manifest.h"

namespace waypost::store {

// Belongs to one thread at a time.
class Journal {
 public:
  static std::string FileName(const std::string& name, uint64_t id);

  // Creates an empty one.
  static Result<std::unique_ptr<Journal>> Create(io::FileSystem& files,
                                                 const std::string& directory,
                                                 const std::string& name, uint64_t id);
  // Opens an existing one and cuts what lies beyond meta.size.
  static Result<std::unique_ptr<Journal>> Open(io::FileSystem& files, const std::string& directory,
                                               const std::string& name, const JournalMeta& meta);

  // Visits the payloads of every frame within `meta.size`, in order. kCorrupt names file and byte.
  static Result<> Read(io::FileSystem& files, const std::string& directory, const std::string& name,
                       const JournalMeta& meta,
                       const std::function<Result<>(std::span<const uint8_t> payload)>& visit);

  // One frame, synced. After an error the journal must be opened again.
  Result<> Append(std::span<const uint8_t> payload);
  JournalMeta meta() const { return {id_, file_->size()}; }
  const std::string& path() const { return file_->path(); }

 private:
  Journal(uint64_t id, std::unique_ptr<io::WritableFile> file) : id_(id), file_(std::move(file)) {}
  uint64_t id_;
  std::unique_ptr<io::WritableFile> file_;
};

}  // namespace waypost::store
