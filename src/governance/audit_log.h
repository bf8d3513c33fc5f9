// Who did what, kept so that no edit goes unseen.
//
//   auto log = TRY(AuditLog::Open(files, clock, "/var/lib/waypost/audit"));
//   TRY(log->Append({.what = "plan.changed", .who = "token", .project = "default", .status =
//   200}));
//
// A record is one line of JSON, so an auditor needs no tool to read it:
//
//   {"seq":7,"previous":"<hash of record
//   6>","time":"2026-03-02T02:00:00.000Z","what":...,"hash":"..."}
//
// "hash" is SHA-256, in hexadecimal, of the line up to the comma before "hash". Each record holds
// the hash of the one before it, so a record that is edited, dropped, moved or put in breaks the
// chain at its place. A tail that is cut, or a log that is written anew as a whole, keeps a chain:
// against these the head is signed and kept elsewhere (audit_witness.h).
//
// Files: <directory>/<seq of the first record, 12 digits>.jsonl, a new one after kMaxFileBytes. A
// last line without its end was never acknowledged and is cut when opening.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "io/file_system.h"

namespace waypost::governance {

struct AuditRecord {
  std::string what;     // the audit event: "plan.changed"
  std::string who;      // the person or key that acted
  std::string peer;     // where from
  std::string project;  // empty: the server, or its first project
  std::string target;   // what was acted on, as the request named it
  std::string detail;   // what changed, where the target does not tell; may be empty
  int status = 0;       // HTTP status of the outcome
  std::string request_id;
};

// A place in the chain: a record and what it proves of all before it.
struct AuditHead {
  uint64_t seq = 0;  // 0: no record yet
  std::string hash;  // empty then
  friend bool operator==(const AuditHead&, const AuditHead&) = default;
};

// Any thread may call any method.
class AuditLog {
 public:
  static constexpr uint64_t kMaxFileBytes = 16 << 20;
  static constexpr size_t kNewest = 1'000;

  // Makes the folder when missing and locks it. Reads the last file. Errors: kConflict "locked";
  // kCorrupt "audit_broken" naming its first wrong line. `files` and `clock` must outlive the log.
  static Result<std::unique_ptr<AuditLog>> Open(io::FileSystem& files, const Clock& clock,
                                                const std::string& directory);

  // On disk when it returns. An error leaves no record; after a failed sync every later call fails
  // with "audit_failed" until the log is opened anew.
  Result<> Append(const AuditRecord& record);
  // What Append would say before it tries.
  Result<> Ready() const;

  AuditHead head() const;
  // Lines, newest first: at most kNewest, of those appended or found in the last file when opening.
  std::vector<std::string> Newest(size_t limit) const;

 private:
  AuditLog(io::FileSystem& files, const Clock& clock, std::string directory)
      : files_(files), clock_(clock), directory_(std::move(directory)) {}
  Result<> OpenLastFile();
  Result<> StartFile();
  void Remember(std::string line, AuditHead head);

  io::FileSystem& files_;
  const Clock& clock_;
  const std::string directory_;
  std::unique_ptr<io::FileLock> lock_;
  mutable std::mutex mutex_;
  std::unique_ptr<io::WritableFile> file_;
  std::optional<Error> failed_;
  AuditHead head_;
  std::deque<std::string> newest_;  // newest first
};

// Reads every record of every file in order and calls `visit` with each head. kCorrupt names the
// file, the line and what is wrong with the first bad record.
Result<AuditHead> VerifyAuditLog(io::FileSystem& files, const std::string& directory,
                                 const std::function<Result<>(const AuditHead&)>& visit);

}  // namespace waypost::governance
