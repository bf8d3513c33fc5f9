#include "services/audit_check.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <map>
#include <optional>
#include <utility>

#include "services/secret_file.h"
#include "services/text_file.h"

namespace waypost::services {
namespace {

using governance::AuditHead;

Error AuditBroken(std::string what) {
  return Error(Code::kCorrupt, "audit_broken", std::move(what));
}

// Heads that were signed and kept elsewhere, by their place in the chain.
class AuditWitnesses {
 public:
  // Of a file of signed heads; none when `path` is empty.
  static Result<AuditWitnesses> Read(io::FileSystem& files, const std::string& path,
                                     const std::string& public_key) {
    AuditWitnesses made;
    if (path.empty()) return made;
    const std::string text = TRY(ReadTextFile(files, path));
    size_t at = 0, number = 1;
    for (size_t end = text.find('\n'); end != text.npos; end = text.find('\n', at), ++number) {
      Result<AuditHead> head =
          governance::ReadWitness(std::string_view(text).substr(at, end - at), public_key);
      if (!head.ok()) return std::move(head).error().While(fmt::format("{}:{}", path, number));
      made.heads_[head.value().seq] = head.value().hash;
      at = end + 1;
    }
    return made;
  }

  Result<> Check(const AuditHead& head) const {
    const auto found = heads_.find(head.seq);
    if (found == heads_.end() || found->second == head.hash) return {};
    return AuditBroken(fmt::format("record {} is not the one that was witnessed", head.seq));
  }

  // That a log which ends at this record is as long as what was witnessed.
  Result<> CheckEnd(uint64_t seq, const std::string& folder) const {
    if (heads_.empty() || heads_.rbegin()->first <= seq) return {};
    return AuditBroken(fmt::format("{}: record {} was witnessed but the log ends at {}", folder,
                                   heads_.rbegin()->first, seq));
  }

  size_t size() const { return heads_.size(); }

 private:
  std::map<uint64_t, std::string> heads_;
};

}  // namespace

Result<governance::WitnessKey> ReadAuditKey(const Machine& machine, const Config& config) {
  return governance::WitnessKey::FromSeed(
      TRY(ReadOrMakeSecret(machine.files, machine.random, config.data, std::string(kAuditKey))));
}

Result<AuditCheck> CheckAudit(const Machine& machine, const Config& config,
                              const std::string& witness, const std::string& public_key) {
  const std::string key = witness.empty() || !public_key.empty()
                              ? public_key
                              : TRY(ReadAuditKey(machine, config)).public_key();
  const AuditWitnesses witnesses = TRY(AuditWitnesses::Read(machine.files, witness, key));
  const std::string folder = config.data + std::string(kAuditFolder);
  const AuditHead head = TRY(governance::VerifyAuditLog(
      machine.files, folder, [&](const AuditHead& at) { return witnesses.Check(at); }));
  TRY(witnesses.CheckEnd(head.seq, folder));
  return AuditCheck{head, witnesses.size()};
}

AuditChecker::AuditChecker(const Machine& machine, const Config& config, std::string public_key)
    : machine_(machine),
      folder_(config.data + std::string(kAuditFolder)),
      witness_(config.audit_witness),
      public_key_(std::move(public_key)) {}

AuditChecker::~AuditChecker() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
}

void AuditChecker::Begin(AuditHead head) {
  const std::lock_guard lock(mutex_);
  if (state_ == "running") return;
  if (thread_.joinable()) thread_.join();  // it has said how it ended
  state_ = "running";
  fault_.clear();
  of_ = head.seq;
  checked_ = 0;
  witnessed_ = 0;
  started_ms_ = machine_.clock.NowMs();
  ended_ms_ = 0;
  thread_ = std::thread([this, head = std::move(head)] { Finish(Check(head)); });
}

// What was appended since `head` may be half written.
Result<size_t> AuditChecker::Check(const AuditHead& head) {
  auto read = AuditWitnesses::Read(machine_.files, witness_, public_key_);
  const bool none_yet = !read.ok() && read.error().code() == Code::kNotFound;
  const AuditWitnesses witnesses = none_yet ? AuditWitnesses() : TRY(std::move(read));
  const auto check = [&](const AuditHead& at) -> Result<> {
    if (stopping_ || at.seq > head.seq) return Error(Code::kUnavailable, "far enough");
    TRY(witnesses.Check(at));
    if (at.seq == head.seq && at.hash != head.hash)
      return AuditBroken(fmt::format("record {} is not the one that was written", at.seq));
    checked_ = at.seq;
    return {};
  };
  const Result<AuditHead> last = governance::VerifyAuditLog(machine_.files, folder_, check);
  if (checked_ < head.seq) {
    if (!last.ok()) return last.error();
    return AuditBroken(
        fmt::format("record {} was written but the log ends at {}", head.seq, last.value().seq));
  }
  TRY(witnesses.CheckEnd(head.seq, folder_));
  return witnesses.size();
}

void AuditChecker::Finish(const Result<size_t>& checked) {
  const std::lock_guard lock(mutex_);
  ended_ms_ = machine_.clock.NowMs();
  if (checked.ok()) {
    state_ = "holds";
    witnessed_ = checked.value();
  } else {
    state_ = checked.error().name() == "audit_broken" ? "broken" : "failed";
    fault_ = checked.error().message();
  }
}

std::string AuditChecker::Json() const {
  const std::lock_guard lock(mutex_);
  boost::json::object fields{{"state", state_}};
  if (state_ == "none") return boost::json::serialize(fields);
  fields["checked"] = checked_.load();
  fields["of"] = of_;
  fields["started_ms"] = started_ms_;
  if (ended_ms_ > 0) fields["ended_ms"] = ended_ms_;
  if (state_ == "holds") fields["witnessed"] = witnessed_;
  if (state_ == "broken") fields["record"] = checked_.load() + 1;
  if (!fault_.empty()) fields["fault"] = fault_;
  return boost::json::serialize(fields);
}

}  // namespace waypost::services
