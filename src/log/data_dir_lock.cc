#include "log/data_dir_lock.h"

#include <charconv>

#include "base/bytes.h"

namespace waypost::log {
namespace {

// Zero when there is none yet.
Result<uint64_t> ReadEpoch(io::FileSystem& files, const std::string& path) {
  const auto bytes = io::ReadFile(files, path, 32);
  if (!bytes.ok() && bytes.error().code() == Code::kNotFound) return uint64_t{0};
  if (!bytes.ok()) return bytes.error();
  const std::string_view text = AsText(bytes.value());
  uint64_t epoch = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), epoch);
  if (error != std::errc() || std::string_view(end, text.data() + text.size()) != "\n") {
    return Error(Code::kCorrupt,
                 path + " is not a number and a line end; restore it from a backup");
  }
  return epoch;
}

}  // namespace

Result<DataDirLock> DataDirLock::Acquire(io::FileSystem& files, const std::string& directory) {
  TRY(files.CreateDirectory(directory));
  TRY(files.SyncDirectory(io::ParentDirectory(directory)));  // or the folder may go with the power
  auto lock = files.Lock(directory + "/LOCK");
  if (!lock.ok() && lock.error().name() == "locked") {
    return Error(Code::kConflict, "locked",
                 "another Waypost process is using " + directory +
                     "; stop it, or choose another data folder");
  }
  if (!lock.ok()) return std::move(lock).error();
  const std::string path = directory + "/EPOCH";
  const uint64_t epoch = TRY(ReadEpoch(files, path)) + 1;
  TRY(io::ReplaceFile(files, path, AsBytes(std::to_string(epoch) + "\n")));
  return DataDirLock(std::move(lock).value(), epoch);
}

}  // namespace waypost::log
