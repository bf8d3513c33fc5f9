// What the tests of the log share: records that tell which they are, and a log read back whole.
#pragma once

#include <string>
#include <vector>

#include "io/sim_file_system.h"
#include "io/sim_random.h"
#include "log/log_directory.h"
#include "log/log_writer.h"

namespace waypost::log {

inline const std::string kLogPath = "/log";

// A payload that says its position, of a size that depends on it.
inline std::string PayloadOf(LogPosition position, size_t max_size = 300) {
  std::string text = "record " + std::to_string(position) + " ";
  return text + std::string(MixBits(position) % max_size, static_cast<char>('a' + position % 26));
}

inline Record RecordOf(std::string_view text) {
  const auto bytes = AsBytes(text);
  return {RecordKind::kBatch, std::make_shared<const Bytes>(bytes.begin(), bytes.end())};
}

// A group of records that continue at `from`.
inline std::vector<Record> GroupFrom(LogPosition from, size_t count, size_t max_size = 300) {
  std::vector<Record> group;
  for (size_t i = 0; i < count; ++i) group.push_back(RecordOf(PayloadOf(from + i, max_size)));
  return group;
}

// A log on a simulated disk, without the thread.
struct BareLog {
  static Result<std::unique_ptr<BareLog>> Open(io::FileSystem& disk, io::Random& random,
                                               uint64_t max_file_bytes) {
    auto log = std::make_unique<BareLog>(disk, random);
    log->writer =
        std::make_unique<LogWriter>(log->directory, TRY(log->directory.Recover(0)), max_file_bytes);
    return log;
  }
  BareLog(io::FileSystem& disk, io::Random& random) : directory(disk, random, kLogPath) {}

  // The payloads from `from` on.
  Result<std::vector<std::string>> ReadAll(LogPosition from = 0) {
    std::vector<std::string> seen;
    TRY(directory.Read(from, writer->end(),
                       [&](LogPosition, RecordKind, std::span<const uint8_t> payload) {
                         seen.emplace_back(AsText(payload));
                         return Result<>();
                       }));
    return seen;
  }

  LogDirectory directory;
  std::unique_ptr<LogWriter> writer;
};

}  // namespace waypost::log
