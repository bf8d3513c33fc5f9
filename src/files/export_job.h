// Writes the events or customers of a snapshot to one file: CSV, JSON Lines or Parquet. Streams, so
// memory does not depend on how much there is.
//
//   ExportJob job(file_system);
//   const ExportReport report = TRY(job.Run(snapshot, names, {.path = "events.parquet", ...}));
//
// Events come block by block and month by month, in each by event and customer, then by time. In
// CSV a text cell that a spreadsheet would run (= + - @ TAB CR at its start) begins with a quote
// mark (').
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "column/snapshot_view.h"
#include "files/mapping.h"
#include "io/file_system.h"
#include "model/ids.h"
#include "model/value.h"

namespace waypost::files {

// What the numbers of a snapshot are called. Any thread; the views stay while the export runs.
class ExportNames {
 public:
  struct Property {
    PropertyId id = 0;
    std::string name;
    ValueType type = ValueType::kString;
  };
  struct Identity {
    std::string key;
    std::string value;
  };

  virtual ~ExportNames() = default;
  virtual std::string EventName(EventTypeId type) const = 0;
  virtual std::optional<EventTypeId> FindEvent(std::string_view name) const = 0;
  // Every property events (attributes: customers) can have, in the order of their columns.
  virtual std::vector<Property> EventProperties() const = 0;
  virtual std::vector<Property> Attributes() const = 0;
  // The identity whose timeline an ordinal is.
  virtual Identity IdentityOf(Ordinal ordinal) const = 0;
};

struct ExportOptions {
  enum class Kind { kEvents, kCustomers };

  std::string path = {};  // must not be there yet
  Format format = Format::kCsv;
  Kind kind = Kind::kEvents;
  int64_t from_ms = std::numeric_limits<int64_t>::min();  // events: included
  int64_t to_ms = std::numeric_limits<int64_t>::max();    // not included
  std::vector<std::string> events = {};                   // empty: all
  std::vector<std::string> properties = {};               // or attributes; empty: all
  // Customers: only these, a bit per ordinal; null: all.
  std::shared_ptr<const std::vector<uint64_t>> members = {};
  std::function<void(uint64_t rows)> progress = {};  // every some ten thousand rows
};

struct ExportReport {
  uint64_t rows = 0;
  uint64_t bytes = 0;
  // Parts that could not be read: the file is incomplete.
  std::vector<std::string> damaged_parts;
};

class ExportJob {
 public:
  explicit ExportJob(io::FileSystem& files) : files_(files) {}

  // Writes the whole file, durable when it returns; on an error there is no file at options.path.
  // Errors: kConflict when it is there already; kInvalid for an unknown event or property, naming
  // it; kUnavailable for Parquet without libduckdb.so.
  Result<ExportReport> Run(const column::SnapshotView& snapshot, const ExportNames& names,
                           const ExportOptions& options);

 private:
  io::FileSystem& files_;
};

}  // namespace waypost::files
