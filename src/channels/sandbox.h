// A channel for trying things: what would be sent is written to a file that can be read, one JSON
// object a line, and is on disk when Send says so. Receipts are what testers give.
//
//   {"key":"...","channel":"sms","address":"login:ann","text":"...","journey":"...","node":"...",
//    "time_ms":...}
#pragma once

#include <boost/unordered/unordered_flat_set.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/hash.h"
#include "channels/channel.h"
#include "io/file_system.h"

namespace waypost::channels {

// Any thread may call any method.
class Sandbox final : public Channel {
 public:
  // Opens the file, or makes it; a line that a crash cut short is cut off. Its directory must
  // exist, and `files` must outlive this. Errors: kIo; kTooLarge above 1 GiB.
  static Result<std::unique_ptr<Sandbox>> Open(io::FileSystem& files, const std::string& path);

  const Traits& traits() const override { return kTraits; }
  Answer Send(const Message& message) override;
  std::optional<bool> Find(const Message& message) override;
  // Takes messages out of the file for good; they are not written again while this lives. Costs the
  // file. Errors: kIo, and then everything stays, or nothing more is taken until it is opened anew.
  Result<> Forget(const std::function<bool(const Message&)>& gone);
  // The last lines, newest first.
  std::vector<std::string> Newest(size_t limit) const;
  size_t size() const;

 private:
  static constexpr Traits kTraits{.repeatable = true, .can_find = true, .at_once = 8};

  Sandbox(io::FileSystem& files, std::string path) : files_(files), path_(std::move(path)) {}

  io::FileSystem& files_;
  const std::string path_;
  mutable std::mutex mutex_;
  std::unique_ptr<io::WritableFile> file_;
  bool failed_ = false;
  boost::unordered_flat_set<std::string, TextHash, std::equal_to<>> keys_;
  std::vector<std::string> newest_;  // the last kKept lines, oldest first
};

}  // namespace waypost::channels
