#include "io/real_file_system.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

namespace waypost::io {
namespace {

// What errno says about `doing` something to `path`.
Error SystemError(std::string_view doing, const std::string& path) {
  const int number = errno;
  const std::string message = fmt::format("{} {}: {}", doing, path, std::strerror(number));
  switch (number) {
    case ENOENT:
      return Error(Code::kNotFound, message);
    case EEXIST:
      return Error(Code::kConflict, message);
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return Error(Code::kUnavailable, "storage_full", message);
    case EMFILE:
    case ENFILE:
      return Error(Code::kUnavailable, "too_many_files", message);
    default:
      return Error(Code::kIo, message);
  }
}

// Closes itself.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int number() const { return number_; }
  int Release() { return std::exchange(number_, -1); }

 private:
  int number_;
};

Result<Descriptor> Open(const std::string& path, int flags) {
  const int number = ::open(path.c_str(), flags | O_CLOEXEC, 0600);
  if (number < 0) return SystemError("open", path);
  return Descriptor(number);
}

Result<uint64_t> SizeOf(const Descriptor& descriptor, const std::string& path) {
  struct stat status;
  if (::fstat(descriptor.number(), &status) != 0) return SystemError("stat", path);
  return static_cast<uint64_t>(status.st_size);
}

class RealWritableFile final : public WritableFile {
 public:
  RealWritableFile(Descriptor descriptor, std::string path, uint64_t size)
      : descriptor_(std::move(descriptor)), path_(std::move(path)), size_(size) {}

  Result<> Append(std::span<const uint8_t> bytes) override {
    for (size_t done = 0; done < bytes.size();) {
      const ssize_t n = ::pwrite(descriptor_.number(), bytes.data() + done, bytes.size() - done,
                                 static_cast<off_t>(size_ + done));
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return SystemError("write", path_);
      done += static_cast<size_t>(n);
    }
    size_ += bytes.size();
    return {};
  }

  Result<> Sync() override {
    if (::fdatasync(descriptor_.number()) != 0) return SystemError("sync", path_);
    return {};
  }

  Result<> Truncate(uint64_t size) override {
    CHECK(size <= size_);
    if (::ftruncate(descriptor_.number(), static_cast<off_t>(size)) != 0) {
      return SystemError("truncate", path_);
    }
    size_ = size;
    return {};
  }

  Result<> Close() override {
    if (::close(descriptor_.Release()) != 0) return SystemError("close", path_);
    return {};
  }

  uint64_t size() const override { return size_; }
  const std::string& path() const override { return path_; }

 private:
  Descriptor descriptor_;
  std::string path_;
  uint64_t size_;
};

class RealReadableFile final : public ReadableFile {
 public:
  RealReadableFile(Descriptor descriptor, std::string path, uint64_t size)
      : descriptor_(std::move(descriptor)), path_(std::move(path)), size_(size) {}

  Result<size_t> ReadAt(uint64_t offset, std::span<uint8_t> out) const override {
    size_t done = 0;
    while (done < out.size()) {
      const ssize_t n = ::pread(descriptor_.number(), out.data() + done, out.size() - done,
                                static_cast<off_t>(offset + done));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return SystemError("read", path_);
      if (n == 0) break;
      done += static_cast<size_t>(n);
    }
    return done;
  }

  uint64_t size() const override { return size_; }

 private:
  Descriptor descriptor_;
  std::string path_;
  uint64_t size_;
};

class RealFileLock final : public FileLock {
 public:
  explicit RealFileLock(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}

 private:
  Descriptor descriptor_;  // closing it lets go
};

// Reserves zero pages and puts the file over the front of them, so that the bytes after its end can
// be read even where the file fills its last page.
Result<MappedFile> MapWithMargin(const Descriptor& descriptor, const std::string& path,
                                 size_t size) {
  const auto page = static_cast<size_t>(::sysconf(_SC_PAGESIZE));
  const size_t file_pages = (size + page - 1) / page * page;
  const size_t reserved = file_pages - size >= 8 ? file_pages : file_pages + page;
  void* base = ::mmap(nullptr, reserved, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (base == MAP_FAILED) return SystemError("map", path);
  std::shared_ptr<const uint8_t> data(
      static_cast<const uint8_t*>(base),
      [reserved](const uint8_t* at) { ::munmap(const_cast<uint8_t*>(at), reserved); });
  if (size > 0 &&
      ::mmap(base, size, PROT_READ, MAP_SHARED | MAP_FIXED, descriptor.number(), 0) == MAP_FAILED) {
    return SystemError("map", path);
  }
  return MappedFile(std::move(data), size);
}

class RealFileSystem final : public FileSystem {
 public:
  Result<std::unique_ptr<WritableFile>> Create(const std::string& path) override {
    return std::unique_ptr<WritableFile>(
        std::make_unique<RealWritableFile>(TRY(Open(path, O_WRONLY | O_CREAT | O_EXCL)), path, 0));
  }

  Result<std::unique_ptr<WritableFile>> OpenAppend(const std::string& path) override {
    Descriptor descriptor = TRY(Open(path, O_WRONLY));
    const uint64_t size = TRY(SizeOf(descriptor, path));
    return std::unique_ptr<WritableFile>(
        std::make_unique<RealWritableFile>(std::move(descriptor), path, size));
  }

  Result<std::unique_ptr<ReadableFile>> OpenRead(const std::string& path) override {
    Descriptor descriptor = TRY(Open(path, O_RDONLY));
    const uint64_t size = TRY(SizeOf(descriptor, path));
    return std::unique_ptr<ReadableFile>(
        std::make_unique<RealReadableFile>(std::move(descriptor), path, size));
  }

  Result<MappedFile> Map(const std::string& path) override {
    const Descriptor descriptor = TRY(Open(path, O_RDONLY));
    return MapWithMargin(descriptor, path, TRY(SizeOf(descriptor, path)));
  }

  Result<uint64_t> FileSize(const std::string& path) override {
    struct stat status;
    if (::stat(path.c_str(), &status) != 0) return SystemError("stat", path);
    return static_cast<uint64_t>(status.st_size);
  }

  Result<> Rename(const std::string& from, const std::string& to) override {
    if (::rename(from.c_str(), to.c_str()) != 0) return SystemError("rename " + from + " to", to);
    return {};
  }

  Result<> Remove(const std::string& path) override {
    if (std::remove(path.c_str()) != 0) return SystemError("remove", path);
    return {};
  }

  Result<> CreateDirectory(const std::string& path) override {
    if (::mkdir(path.c_str(), 0700) == 0) return {};
    struct stat status;
    if (errno == EEXIST && ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) return {};
    return SystemError("create directory", path);
  }

  Result<> SyncDirectory(const std::string& path) override {
    const Descriptor descriptor = TRY(Open(path, O_RDONLY | O_DIRECTORY));
    if (::fsync(descriptor.number()) != 0) return SystemError("sync directory", path);
    return {};
  }

  Result<std::vector<DirectoryEntry>> List(const std::string& path) override {
    const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir(path.c_str()), ::closedir);
    if (directory == nullptr) return SystemError("list", path);
    std::vector<DirectoryEntry> entries;
    for (;;) {
      errno = 0;
      const dirent* entry = ::readdir(directory.get());
      if (entry == nullptr && errno != 0) return SystemError("list", path);
      if (entry == nullptr) break;
      const std::string name = entry->d_name;
      struct stat status;
      if (name == "." || name == "..") continue;
      if (::stat((path + "/" + name).c_str(), &status) != 0) continue;  // removed meanwhile
      entries.push_back({name, S_ISDIR(status.st_mode), static_cast<uint64_t>(status.st_size)});
    }
    std::sort(entries.begin(), entries.end(),
              [](const DirectoryEntry& a, const DirectoryEntry& b) { return a.name < b.name; });
    return entries;
  }

  Result<std::unique_ptr<FileLock>> Lock(const std::string& path) override {
    Descriptor descriptor = TRY(Open(path, O_RDWR | O_CREAT));
    if (::flock(descriptor.number(), LOCK_EX | LOCK_NB) != 0) {
      if (errno != EWOULDBLOCK) return SystemError("lock", path);
      return Error(Code::kConflict, "locked", path + " is locked by another process");
    }
    return std::unique_ptr<FileLock>(std::make_unique<RealFileLock>(std::move(descriptor)));
  }

  Result<uint64_t> FreeSpace(const std::string& path) override {
    struct statvfs status;
    if (::statvfs(path.c_str(), &status) != 0) return SystemError("ask the free space of", path);
    return static_cast<uint64_t>(status.f_bavail) * status.f_frsize;
  }
};

}  // namespace

std::unique_ptr<FileSystem> MakeRealFileSystem() { return std::make_unique<RealFileSystem>(); }

}  // namespace waypost::io
