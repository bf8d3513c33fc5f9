// The audit log of a data folder: <data>/audit, and the key of its signed heads, <data>/audit_key.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "api/services.h"
#include "governance/audit_log.h"
#include "governance/audit_witness.h"
#include "services/audit_check.h"
#include "services/config.h"
#include "services/machine.h"

namespace waypost::services {

// Signs the log's head once a minute, and at the end, when it changed: into the server's log, and
// into the file that audit.witness names. A witness that cannot be written is logged and tried
// again; the log itself goes on.
class ServerAudit final : public api::AuditTrail {
 public:
  // Errors: AuditLog::Open's; those of the key's file.
  static Result<std::unique_ptr<ServerAudit>> Open(const Machine& machine, const Config& config);
  ~ServerAudit() override;

  Result<> Ready() const override { return log_->Ready(); }
  Result<> Record(const api::AuditEntry& entry) override;
  std::string Newest(size_t limit) const override;
  void BeginCheck() override { checker_.Begin(log_->head()); }
  std::string CheckJson() const override { return checker_.Json(); }

 private:
  ServerAudit(const Machine& machine, const Config& config,
              std::unique_ptr<governance::AuditLog> log, governance::WitnessKey key);
  void KeepWitness();
  void Witness();
  Result<> WriteWitness(const std::string& line);

  const Machine machine_;
  const std::string witness_path_;
  const std::unique_ptr<governance::AuditLog> log_;
  const governance::WitnessKey key_;
  AuditChecker checker_;
  governance::AuditHead witnessed_;  // of the thread
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;  // under mutex_
  std::thread thread_;
};

}  // namespace waypost::services
