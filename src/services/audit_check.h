// Checks of an audit log: every record, the chain between them, and what was witnessed of it.
//
//   const AuditCheck check = TRY(CheckAudit(machine, config, "/mnt/auditor/waypost", key));
//
//   AuditChecker checker(machine, config, key.public_key());  // of a running server
//   checker.Begin(log->head());
//   ... checker.Json();  // {"state":"running","checked":512,"of":9000,...}
#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <thread>

#include "governance/audit_log.h"
#include "governance/audit_witness.h"
#include "services/config.h"
#include "services/machine.h"

namespace waypost::services {

inline constexpr std::string_view kAuditFolder = "/audit";  // in the data folder
inline constexpr std::string_view kAuditKey = "audit_key";  // of its signed heads

// The key of the signed heads, made when missing. Errors: those of its file.
Result<governance::WitnessKey> ReadAuditKey(const Machine& machine, const Config& config);

struct AuditCheck {
  governance::AuditHead head;
  size_t witnessed = 0;
};

// Checks the audit log, also of a running server, and that what `witness` (a file of signed heads;
// empty: none) says of it is so. `public_key`: 64 hexadecimal digits; empty: of the data folder's
// key. Errors: "audit_broken" naming the first bad record; those of the files.
Result<AuditCheck> CheckAudit(const Machine& machine, const Config& config,
                              const std::string& witness, const std::string& public_key);

// Checks the log of a running server up to a head that the server knows of, against the file that
// audit.witness names once it is there. One check at a time, on a thread of its own. Any thread may
// call any method.
class AuditChecker {
 public:
  AuditChecker(const Machine& machine, const Config& config, std::string public_key);
  ~AuditChecker();  // ends the check that goes on

  // Unless a check goes on. `head` is the newest record there is now.
  void Begin(governance::AuditHead head);
  // api::AuditTrail::CheckJson.
  std::string Json() const;

 private:
  Result<size_t> Check(const governance::AuditHead& head);  // how many heads were witnessed
  void Finish(const Result<size_t>& checked);

  const Machine machine_;
  const std::string folder_, witness_, public_key_;
  std::atomic<uint64_t> checked_ = 0;  // the last record that is good
  std::atomic<bool> stopping_ = false;
  mutable std::mutex mutex_;  // of all below
  std::string state_ = "none", fault_;
  uint64_t of_ = 0;
  size_t witnessed_ = 0;
  int64_t started_ms_ = 0, ended_ms_ = 0;
  std::thread thread_;
};

}  // namespace waypost::services
