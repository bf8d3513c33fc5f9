// Files as an interface: the real disk (real_file_system.h) and a simulated one that forgets what
// was not synced and fails on demand (sim_file_system.h). Nothing else in Waypost opens a file.
//
//   auto file = TRY(files.Create(dir + "/part-17.tmp"));
//   TRY(file->Append(bytes));
//   TRY(file->Sync());
//   TRY(files.Rename(dir + "/part-17.tmp", dir + "/part-17"));
//   TRY(files.SyncDirectory(dir));          // only now both the bytes and the name survive a power
//   cut
//
// Paths are '/'-separated. Errors name the path and what the system said. Codes: kNotFound;
// kConflict when a name is taken; kUnavailable "storage_full" for a full disk or quota and
// "too_many_files" when descriptors ran out; kIo for the rest.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace waypost::io {

// A file open for appending. Belongs to one thread at a time. Destroying it closes it without a
// sync.
class WritableFile {
 public:
  virtual ~WritableFile() = default;

  // On an error a part of the bytes may have been written: Truncate() back to the size before, or
  // give the file up. size() counts only what a successful Append wrote.
  virtual Result<> Append(std::span<const uint8_t> bytes) = 0;
  // Everything appended or truncated before is on disk when this returns. After an error the bytes
  // since the last good Sync may be gone although they can still be read, and a second Sync would
  // say yes: give the file up.
  virtual Result<> Sync() = 0;
  // Cuts the file to `size` bytes. REQUIRES: size <= size().
  virtual Result<> Truncate(uint64_t size) = 0;
  virtual Result<> Close() = 0;

  virtual uint64_t size() const = 0;
  virtual const std::string& path() const = 0;
};

// A file open for reading. Any number of threads may read it.
class ReadableFile {
 public:
  virtual ~ReadableFile() = default;

  // Fills `out` from `offset` on. Returns the bytes read: fewer than asked only at the end of the
  // file.
  virtual Result<size_t> ReadAt(uint64_t offset, std::span<uint8_t> out) const = 0;
  // Size when it was opened.
  virtual uint64_t size() const = 0;
};

// A whole file in memory, read-only, shared by its copies. Whatever the size, at least 8 bytes
// after the end may be read, so that wide loads need no special case (column/packed_ints.h). The
// file may be removed meanwhile; it must not shrink.
class MappedFile {
 public:
  MappedFile() = default;
  MappedFile(std::shared_ptr<const uint8_t> data, size_t size)
      : data_(std::move(data)), size_(size) {}
  std::span<const uint8_t> bytes() const { return {data_.get(), size_}; }

 private:
  std::shared_ptr<const uint8_t> data_;
  size_t size_ = 0;
};

// Held until destroyed, or until the process ends in whatever way.
class FileLock {
 public:
  virtual ~FileLock() = default;
};

struct DirectoryEntry {
  std::string name;  // without the directory
  bool is_directory = false;
  uint64_t size = 0;  // of a file, bytes
};

// Any thread may call any method.
class FileSystem {
 public:
  virtual ~FileSystem() = default;

  // A new empty file. kConflict when the name is taken.
  virtual Result<std::unique_ptr<WritableFile>> Create(const std::string& path) = 0;
  // An existing file, to be appended to.
  virtual Result<std::unique_ptr<WritableFile>> OpenAppend(const std::string& path) = 0;
  virtual Result<std::unique_ptr<ReadableFile>> OpenRead(const std::string& path) = 0;
  virtual Result<MappedFile> Map(const std::string& path) = 0;
  virtual Result<uint64_t> FileSize(const std::string& path) = 0;

  // Replaces `to` when it is there. Durable once the directory of both (or both directories) is
  // synced.
  virtual Result<> Rename(const std::string& from, const std::string& to) = 0;
  // A file, or an empty directory.
  virtual Result<> Remove(const std::string& path) = 0;

  // One level; already there is success. Durable once its parent is synced.
  virtual Result<> CreateDirectory(const std::string& path) = 0;
  // Makes the creations, renames and removals in this directory durable.
  virtual Result<> SyncDirectory(const std::string& path) = 0;
  // By name, increasing; without "." and "..".
  virtual Result<std::vector<DirectoryEntry>> List(const std::string& path) = 0;

  // Creates the file when needed. kConflict "locked" when somebody, in this process or another,
  // holds it.
  virtual Result<std::unique_ptr<FileLock>> Lock(const std::string& path) = 0;
  // Bytes that can still be written below `path`.
  virtual Result<uint64_t> FreeSpace(const std::string& path) = 0;
};

// The whole file. kTooLarge when it has more than `max_size` bytes.
Result<Bytes> ReadFile(FileSystem& files, const std::string& path, uint64_t max_size);

// Puts `bytes` at `path` so that after a crash at any moment there is the old content or the new:
// writes path + ".tmp", syncs it, renames it, syncs the directory.
Result<> ReplaceFile(FileSystem& files, const std::string& path, std::span<const uint8_t> bytes);

// Copies the first `size` bytes of `from` to `to`, which must not be there, and syncs them; durable
// once the directory is synced. kCorrupt when `from` is shorter.
Result<> CopyFile(FileSystem& files, const std::string& from, const std::string& to, uint64_t size);

// Reads the file at `path`; an error says what is wrong and names it.
using CheckFile = std::function<Result<>(const std::string& path)>;

// Of a folder that holds files alone, each put there by a rename; what was cut short while it was
// written (.tmp) is passed over. What is wrong, a line for each damaged file.
Result<std::vector<std::string>> FindDamage(FileSystem& files, const std::string& directory,
                                            const CheckFile& check);

// Of such a folder: copies every file into `to`, which is there and empty, and syncs it. The first
// damaged file is the error.
Result<> CopyChecked(FileSystem& files, const std::string& from, const std::string& to,
                     const CheckFile& check);

// Removes a file, or a folder with all that is in it. Success when nothing is there.
Result<> RemoveAll(FileSystem& files, const std::string& path);

// Where the last name of a path is: "/a" for "/a/b" and "/a/b/", "/" for "/a", "." for "a".
std::string ParentDirectory(const std::string& path);

}  // namespace waypost::io
