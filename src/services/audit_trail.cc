#include "services/audit_trail.h"

#include <fmt/format.h>

#include <chrono>

#include "base/logger.h"
#include "services/secret_file.h"
#include "services/text_file.h"

namespace waypost::services {
namespace {

constexpr auto kWitnessPause = std::chrono::seconds(60);

Result<governance::WitnessKey> ReadKey(const Machine& machine, const Config& config) {
  return governance::WitnessKey::FromSeed(
      TRY(ReadOrMakeSecret(machine.files, machine.random, config.data, std::string(kAuditKey))));
}

// The heads of a witness file, by their place in the chain.
Result<std::map<uint64_t, std::string>> ReadWitnesses(io::FileSystem& files,
                                                      const std::string& path,
                                                      const std::string& public_key) {
  std::map<uint64_t, std::string> heads;
  const std::string text = TRY(ReadTextFile(files, path));
  size_t at = 0, number = 1;
  for (size_t end = text.find('\n'); end != text.npos; end = text.find('\n', at), ++number) {
    Result<governance::AuditHead> head =
        governance::ReadWitness(std::string_view(text).substr(at, end - at), public_key);
    if (!head.ok()) return std::move(head).error().While(fmt::format("{}:{}", path, number));
    heads[head.value().seq] = head.value().hash;
    at = end + 1;
  }
  return heads;
}

}  // namespace

Result<std::unique_ptr<ServerAudit>> ServerAudit::Open(const Machine& machine,
                                                       const Config& config) {
  governance::WitnessKey key = TRY(ReadKey(machine, config));
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

Result<AuditCheck> CheckAudit(const Machine& machine, const Config& config,
                              const std::string& witness, const std::string& public_key) {
  std::map<uint64_t, std::string> witnessed;
  if (!witness.empty()) {
    const std::string key =
        public_key.empty() ? TRY(ReadKey(machine, config)).public_key() : public_key;
    witnessed = TRY(ReadWitnesses(machine.files, witness, key));
  }
  const auto check = [&](const governance::AuditHead& head) -> Result<> {
    const auto found = witnessed.find(head.seq);
    if (found == witnessed.end() || found->second == head.hash) return {};
    return Error(Code::kCorrupt, "audit_broken",
                 fmt::format("record {} is not the one that was witnessed", head.seq));
  };
  const std::string folder = config.data + std::string(kAuditFolder);
  const governance::AuditHead head = TRY(governance::VerifyAuditLog(machine.files, folder, check));
  if (!witnessed.empty() && witnessed.rbegin()->first > head.seq) {
    return Error(Code::kCorrupt, "audit_broken",
                 fmt::format("{}: record {} was witnessed but the log ends at {}", folder,
                             witnessed.rbegin()->first, head.seq));
  }
  return AuditCheck{head, witnessed.size()};
}

}  // namespace waypost::services
