#include "io/file_system.h"

#include <fmt/format.h>

namespace waypost::io {

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
  const std::string temporary = path + ".tmp";
  const auto removed = files.Remove(temporary);  // left over from a crash
  if (!removed.ok() && removed.error().code() != Code::kNotFound) return removed;
  const auto file = TRY(files.Create(temporary));
  TRY(file->Append(bytes));
  TRY(file->Sync());
  TRY(file->Close());
  TRY(files.Rename(temporary, path));
  return files.SyncDirectory(ParentDirectory(path));
}

std::string ParentDirectory(const std::string& path) {
  const size_t last = path.find_last_not_of('/');
  const size_t slash = path.rfind('/', last);
  if (last == std::string::npos || slash == 0) return "/";
  return slash == std::string::npos ? "." : path.substr(0, slash);
}

}  // namespace waypost::io
