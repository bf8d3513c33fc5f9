#include "services/audit_trail.h"

#include <fmt/format.h>

#include <chrono>

#include "base/logger.h"

namespace waypost::services {
namespace {

constexpr auto kWitnessPause = std::chrono::seconds(60);

}  // namespace

Result<std::unique_ptr<ServerAudit>> ServerAudit::Open(const Machine& machine,
                                                       const Config& config) {
  governance::WitnessKey key = TRY(ReadAuditKey(machine, config));
  auto log = TRY(governance::AuditLog::Open(machine.files, machine.clock,
                                            config.data + std::string(kAuditFolder)));
  return std::unique_ptr<ServerAudit>(
      new ServerAudit(machine, config, std::move(log), std::move(key)));
}

ServerAudit::ServerAudit(const Machine& machine, const Config& config,
                         std::unique_ptr<governance::AuditLog> log, governance::WitnessKey key)
    : machine_(machine),
      witness_path_(config.audit_witness),
      log_(std::move(log)),
      key_(std::move(key)),
      checker_(machine, config, key_.public_key()),
      thread_([this] { KeepWitness(); }) {}

ServerAudit::~ServerAudit() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

Result<> ServerAudit::Record(const api::AuditEntry& entry) {
  return log_->Append({.what = std::string(entry.what),
                       .who = entry.who,
                       .peer = entry.peer,
                       .project = entry.project,
                       .target = entry.target,
                       .detail = entry.detail,
                       .status = entry.status,
                       .request_id = entry.request_id});
}

std::string ServerAudit::Newest(size_t limit) const {
  const governance::AuditHead head = log_->head();
  std::string json =
      fmt::format("{{\"head\":{{\"seq\":{},\"hash\":\"{}\"}},\"public_key\":\"{}\",\"records\":[",
                  head.seq, head.hash, key_.public_key());
  for (const std::string& line : log_->Newest(limit)) {
    json += (json.back() == '[' ? "" : ",") + line;
  }
  return json + "]}";
}

void ServerAudit::KeepWitness() {
  while (true) {
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, kWitnessPause, [&] { return stopping_; });
    const bool last = stopping_;
    lock.unlock();
    Witness();
    if (last) return;
  }
}

void ServerAudit::Witness() {
  const governance::AuditHead head = log_->head();
  if (head == witnessed_ || head.seq == 0) return;
  const std::string line = key_.Sign(head, machine_.clock.NowMs());
  LogInfo("audit.head", {{"witness", line}});
  if (const Result<> written = WriteWitness(line); !written.ok()) {
    LogError("audit.witness_failed",
             {{"path", witness_path_}, {"error", written.error().message()}});
    return;
  }
  witnessed_ = head;
}

Result<> ServerAudit::WriteWitness(const std::string& line) {
  if (witness_path_.empty()) return {};
  auto file = machine_.files.OpenAppend(witness_path_);
  if (!file.ok()) file = machine_.files.Create(witness_path_);
  if (!file.ok()) return std::move(file).error();
  TRY(file.value()->Append(AsBytes(line + "\n")));
  return file.value()->Sync();
}

}  // namespace waypost::services
