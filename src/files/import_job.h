// Loads files into a project: reads tables, makes batches by a mapping, hands them to a sink.
//
//   ImportJob job(file_system, clock, sink);
//   const ImportReport report = TRY(job.Run({.sources = {"events/"}, .mapping = mapping, ...}));
//
// Every file is cut into chunks that depend on nothing but the file, and every chunk is named by
// the import, the file's content and its number (BatchHeader::import_chunk), so running a job
// again, after a kill or by mistake, loads nothing twice. The state file only saves reading what is
// known to be loaded. A file that grew or changed is another file; two with the same content are
// one.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "files/import_report.h"
#include "files/mapping.h"
#include "files/sink.h"
#include "io/file_system.h"

namespace waypost::files {

struct ImportProgress {
  uint64_t bytes_read = 0;  // of the files as they are
  uint64_t bytes_total = 0;
  uint64_t rows = 0;  // read, in this run
  uint64_t rejected = 0;
  double rows_per_second = 0;
  double seconds_left = 0;
};

struct ImportOptions {
  std::vector<std::string> sources = {};  // files, and folders of files (one level)
  Mapping mapping = {};
  std::string project = "default";
  std::string source = "import";  // the source name events get
  // Names the import; empty: made from the mapping. The same files under another id load again.
  std::string import_id = {};
  std::string state_path = {};    // empty: a rerun reads from the start
  std::string rejects_path = {};  // CSV: file, line, column, reason, row. Empty: only counted
  bool dry_run = false;           // reads and judges everything, loads nothing
  bool check_first = false;  // a dry run before the first row is loaded: a bad file loads nothing
  unsigned threads = 2;      // files read at once
  size_t max_in_flight_bytes = 64 << 20;  // handed to the sink and not yet answered
  std::function<void(const ImportProgress&)> progress = {};  // about once a second, on Run's thread
};

class ImportJob {
 public:
  // All three must outlive the job. `sink` may be null for dry runs.
  ImportJob(io::FileSystem& files, const Clock& clock, Sink* sink);

  // Returns when everything is durable, or at the first error: kInvalid ("bad_file") names the file
  // and the line; what the sink answered; kIo. What was loaded until then stays, and running the
  // same job again goes on. Rows that cannot be loaded are no error: they are counted and written
  // to rejects_path. One call at a time.
  Result<ImportReport> Run(const ImportOptions& options);

  // Makes Run return kUnavailable ("stopped") soon, with its state saved. Any thread.
  void Stop() { stopped_ = true; }

 private:
  io::FileSystem& files_;
  const Clock& clock_;
  Sink* sink_;
  std::atomic<bool> stopped_ = false;
};

// Proposes a mapping for a file from its first 1,000 rows: MappingText() of it is for a person to
// check.
Result<Mapping> InferMapping(io::FileSystem& files, const std::string& path);

}  // namespace waypost::files
