#include "channels/sandbox.h"

#include <algorithm>
#include <boost/json.hpp>

namespace waypost::channels {
namespace {

constexpr uint64_t kMaxBytes = 1 << 30;
constexpr size_t kKept = 1'000;

std::string LineOf(const Message& message) {
  return boost::json::serialize(boost::json::object{{"key", message.key},
                                                    {"channel", message.channel},
                                                    {"address", message.address},
                                                    {"text", message.text},
                                                    {"journey", message.journey},
                                                    {"node", message.node},
                                                    {"time_ms", message.time_ms}});
}

// The key of a line of ours; empty for a line that is none.
std::string KeyOf(std::string_view line) {
  boost::system::error_code error;
  const boost::json::value json = boost::json::parse(line, error);
  const auto* object = error ? nullptr : json.if_object();
  const auto* key = object ? object->if_contains("key") : nullptr;
  return key && key->is_string() ? std::string(key->get_string()) : std::string();
}

}  // namespace

Result<std::unique_ptr<Sandbox>> Sandbox::Open(io::FileSystem& files, const std::string& path) {
  std::unique_ptr<Sandbox> sandbox(new Sandbox());
  if (!files.FileSize(path).ok()) {
    sandbox->file_ = TRY(files.Create(path));
    TRY(files.SyncDirectory(io::ParentDirectory(path)));
    return sandbox;
  }
  const Bytes bytes = TRY(io::ReadFile(files, path, kMaxBytes));
  const std::string_view text = AsText(bytes);
  size_t good = 0;
  for (size_t end = text.find('\n'); end != text.npos; end = text.find('\n', good)) {
    const std::string_view line = text.substr(good, end - good);
    sandbox->keys_.insert(KeyOf(line));
    sandbox->newest_.emplace_back(line);
    good = end + 1;
  }
  if (sandbox->newest_.size() > kKept) {
    sandbox->newest_.erase(sandbox->newest_.begin(), sandbox->newest_.end() - kKept);
  }
  sandbox->file_ = TRY(files.OpenAppend(path));
  if (good < text.size()) TRY(sandbox->file_->Truncate(good));
  return sandbox;
}

// After a failed write nobody knows what the file holds until it is opened again.
Answer Sandbox::Send(const Message& message) {
  const std::lock_guard lock(mutex_);
  if (keys_.contains(message.key)) return {HandOff::kAccepted, "sandbox"};
  if (failed_) return {HandOff::kUnknown, "the sandbox cannot be written"};
  const std::string line = LineOf(message);
  if (!file_->Append(AsBytes(line + "\n")).ok() || !file_->Sync().ok()) {
    failed_ = true;
    return {HandOff::kUnknown, "the sandbox cannot be written"};
  }
  keys_.insert(message.key);
  newest_.push_back(line);
  if (newest_.size() > 2 * kKept) newest_.erase(newest_.begin(), newest_.end() - kKept);
  return {HandOff::kAccepted, "sandbox"};
}

std::optional<bool> Sandbox::Find(const Message& message) {
  const std::lock_guard lock(mutex_);
  if (keys_.contains(message.key)) return true;
  return failed_ ? std::nullopt : std::optional(false);
}

std::vector<std::string> Sandbox::Newest(size_t limit) const {
  const std::lock_guard lock(mutex_);
  const size_t count = std::min(limit, newest_.size());
  return {newest_.rbegin(), newest_.rbegin() + static_cast<ptrdiff_t>(count)};
}

size_t Sandbox::size() const {
  const std::lock_guard lock(mutex_);
  return keys_.size();
}

}  // namespace waypost::channels
