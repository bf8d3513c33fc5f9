#include "io/file_system.h"

#include <fmt/format.h>

#include <algorithm>

namespace waypost::io {
namespace {

constexpr uint64_t kCopyBytes = 1 << 20;
constexpr std::string_view kUnfinished = ".tmp";

}  // namespace

Result<Bytes> ReadFile(FileSystem& files, const std::string& path, uint64_t max_size) {
  const auto file = TRY(files.OpenRead(path));
  if (file->size() > max_size) {
    return Error(Code::kTooLarge, fmt::format("{} has {} bytes, at most {} are expected here", path,
                                              file->size(), max_size));
  }
  Bytes bytes(file->size());
  bytes.resize(TRY(file->ReadAt(0, bytes)));
  return bytes;
}

Result<> ReplaceFile(FileSystem& files, const std::string& path, std::span<const uint8_t> bytes) {
  const std::string temporary = fmt::format("{}{}", path, kUnfinished);
  const auto removed = files.Remove(temporary);  // left over from a crash
  if (!removed.ok() && removed.error().code() != Code::kNotFound) return removed;
  const auto file = TRY(files.Create(temporary));
  TRY(file->Append(bytes));
  TRY(file->Sync());
  TRY(file->Close());
  TRY(files.Rename(temporary, path));
  return files.SyncDirectory(ParentDirectory(path));
}

Result<> CopyFile(FileSystem& files, const std::string& from, const std::string& to,
                  uint64_t size) {
  const MappedFile source = TRY(files.Map(from));
  if (source.bytes().size() < size) return Error(Code::kCorrupt, "damaged_file", from + ": is cut");
  const auto copy = TRY(files.Create(to));
  for (uint64_t at = 0; at < size; at += kCopyBytes) {
    TRY(copy->Append(source.bytes().subspan(at, std::min(kCopyBytes, size - at))));
  }
  TRY(copy->Sync());
  return copy->Close();
}

Result<std::vector<std::string>> FindDamage(FileSystem& files, const std::string& directory,
                                            const CheckFile& check) {
  std::vector<std::string> damage;
  for (const DirectoryEntry& entry : TRY(files.List(directory))) {
    if (entry.name.ends_with(kUnfinished)) continue;
    const Result<> checked = check(directory + "/" + entry.name);
    if (!checked.ok()) damage.push_back(checked.error().message());
  }
  return damage;
}

Result<> CopyChecked(FileSystem& files, const std::string& from, const std::string& to,
                     const CheckFile& check) {
  for (const DirectoryEntry& entry : TRY(files.List(from))) {
    if (entry.name.ends_with(kUnfinished)) continue;
    const std::string name = "/" + entry.name;
    TRY(check(from + name));
    TRY(CopyFile(files, from + name, to + name, entry.size));
  }
  return files.SyncDirectory(to);
}

Result<> RemoveAll(FileSystem& files, const std::string& path) {
  const auto entries = files.List(path);
  if (entries.ok()) {
    for (const DirectoryEntry& entry : entries.value()) {
      const std::string inside = path + "/" + entry.name;
      TRY(entry.is_directory ? RemoveAll(files, inside) : files.Remove(inside));
    }
  }
  const Result<> removed = files.Remove(path);
  if (!removed.ok() && removed.error().code() != Code::kNotFound) return removed;
  return {};
}

std::string ParentDirectory(const std::string& path) {
  const size_t last = path.find_last_not_of('/');
  const size_t slash = path.rfind('/', last);
  if (last == std::string::npos || slash == 0) return "/";
  return slash == std::string::npos ? "." : path.substr(0, slash);
}

}  // namespace waypost::io
