// What rehearsals said of definitions, so that a journey that was rehearsed and then published
// shows what was expected of it beside what became of it. One small file, replaced whole.
//
// Any thread may call any method.
#pragma once

#include <boost/json.hpp>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "io/file_system.h"

namespace waypost::services {

class Forecasts {
 public:
  // Errors: kIo; kCorrupt "damaged_file".
  static Result<std::unique_ptr<Forecasts>> Open(io::FileSystem& files, std::string path);

  // A rehearsal of the definition said so; those of the last kKept definitions are kept.
  Result<> OnRehearsed(std::string_view definition, boost::json::object forecast);
  // A journey is this definition now, as its version `version`.
  Result<> OnPublished(const std::string& journey, uint32_t version, std::string_view definition);
  // What was said of the definition that it is, with "version"; nothing when it was not rehearsed.
  std::optional<boost::json::object> Find(const std::string& journey) const;

 private:
  static constexpr size_t kKept = 50;
  Forecasts(io::FileSystem& files, std::string path) : files_(files), path_(std::move(path)) {}
  Result<> Write() const;

  io::FileSystem& files_;
  const std::string path_;
  mutable std::mutex mutex_;
  boost::json::array rehearsed_;   // oldest first: {"of": a hash, "forecast"}
  boost::json::object published_;  // by journey: its forecast
};

}  // namespace waypost::services
