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

// The key and the address of a line of ours; empty for a line that is none.
Message MessageOf(std::string_view line) {
  boost::system::error_code error;
  const boost::json::value json = boost::json::parse(line, error);
  const auto* object = error ? nullptr : json.if_object();
  const auto text = [&](std::string_view name) {
    const auto* field = object ? object->if_contains(name) : nullptr;
    return field && field->is_string() ? std::string(field->get_string()) : std::string();
  };
  return {.key = text("key"), .address = text("address")};
}

}  // namespace

Result<std::unique_ptr<Sandbox>> Sandbox::Open(io::FileSystem& files, const std::string& path) {
  std::unique_ptr<Sandbox> sandbox(new Sandbox(files, path));
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
    sandbox->keys_.insert(MessageOf(line).key);
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

Result<> Sandbox::Forget(const std::function<bool(const Message&)>& gone) {
  const std::lock_guard lock(mutex_);
  const Bytes bytes = TRY(io::ReadFile(files_, path_, kMaxBytes));
  const std::string_view text = AsText(bytes);
  std::string kept;
  for (size_t begin = 0, end; (end = text.find('\n', begin)) != text.npos; begin = end + 1) {
    const std::string_view line = text.substr(begin, end + 1 - begin);
    if (!gone(MessageOf(line))) kept += line;
  }
  if (kept.size() == text.size()) return {};
  std::erase_if(newest_, [&](const std::string& line) { return gone(MessageOf(line)); });
  TRY(io::ReplaceFile(files_, path_, AsBytes(kept)));
  failed_ = true;  // until what is appended to is the new file
  file_ = TRY(files_.OpenAppend(path_));
  failed_ = false;
  return {};
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
