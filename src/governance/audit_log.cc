#include "governance/audit_log.h"

#include <fmt/format.h>
#include <openssl/sha.h>

#include <algorithm>
#include <charconv>

#include "base/logger.h"
#include "model/time_text.h"

namespace waypost::governance {
namespace {

constexpr std::string_view kHashField = ",\"hash\":\"";
constexpr size_t kHashDigits = 2 * SHA256_DIGEST_LENGTH;
constexpr std::string_view kSuffix = ".jsonl";
constexpr uint64_t kMaxLineBytes = 64 << 10;

std::string HashOf(std::string_view body) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(AsBytes(body).data(), body.size(), digest);
  std::string text;
  for (const unsigned char byte : digest) text += fmt::format("{:02x}", byte);
  return text;
}

std::string FileName(uint64_t first_seq) { return fmt::format("{:012}{}", first_seq, kSuffix); }

// The names of the log's files, in order.
Result<std::vector<std::string>> FileNames(io::FileSystem& files, const std::string& directory) {
  std::vector<std::string> names;
  for (const auto& entry : TRY(files.List(directory))) {
    if (!entry.is_directory && entry.name.ends_with(kSuffix)) names.push_back(entry.name);
  }
  return names;
}

// Checks one line, without its end, against the record before it and returns its place.
Result<AuditHead> CheckLine(std::string_view line, const AuditHead& before) {
  const auto wrong = [](std::string what) {
    return Error(Code::kCorrupt, "audit_broken", std::move(what));
  };
  const size_t at = line.rfind(kHashField);
  if (at == line.npos || line.size() != at + kHashField.size() + kHashDigits + 2 ||
      !line.ends_with("\"}")) {
    return wrong("it is no audit record");
  }
  const std::string_view body = line.substr(0, at);
  const std::string hash(line.substr(at + kHashField.size(), kHashDigits));
  if (HashOf(body) != hash) return wrong("it was edited: its hash is of other bytes");
  const std::string begin =
      fmt::format("{{\"seq\":{},\"previous\":\"{}\",", before.seq + 1, before.hash);
  if (!body.starts_with(begin)) {
    return wrong(
        fmt::format("record {} should be here and follow the one before it", before.seq + 1));
  }
  return AuditHead{before.seq + 1, hash};
}

// Where the file's first record says it stands, unchecked.
std::optional<AuditHead> ClaimedStart(std::string_view text, const std::string& name) {
  uint64_t seq = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), seq);
  if (error != std::errc() || seq == 0) return std::nullopt;
  constexpr std::string_view kPrevious = "\"previous\":\"";
  const size_t at = text.find(kPrevious);
  if (at == text.npos) return AuditHead{seq - 1, ""};
  const std::string_view rest = text.substr(at + kPrevious.size(), kHashDigits + 1);
  return AuditHead{seq - 1, std::string(rest.substr(0, rest.find('"')))};
}

// Checks the whole lines of a file from `head` on, which it moves; calls visit(line, head).
// Returns the bytes of the whole lines.
Result<size_t> CheckFile(std::string_view text, const std::string& path, AuditHead* head,
                         const std::function<Result<>(std::string_view, const AuditHead&)>& visit) {
  size_t at = 0;
  for (size_t number = 1, end = text.find('\n'); end != text.npos;
       ++number, end = text.find('\n', at)) {
    const std::string_view line = text.substr(at, end - at);
    Result<AuditHead> next = CheckLine(line, *head);
    if (!next.ok()) return std::move(next).error().While(fmt::format("{}:{}", path, number));
    *head = std::move(next).value();
    TRY(visit(line, *head));
    at = end + 1;
  }
  return at;
}

std::string LineOf(const AuditRecord& record, const AuditHead& before, int64_t now_ms) {
  std::string body =
      fmt::format("{{\"seq\":{},\"previous\":\"{}\",\"time\":\"{}\",\"what\":{}", before.seq + 1,
                  before.hash, DateTimeText(now_ms), JsonQuoted(record.what));
  const auto add = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) body += fmt::format(",\"{}\":{}", name, JsonQuoted(value));
  };
  add("who", record.who);
  add("peer", record.peer);
  add("project", record.project);
  add("target", record.target);
  add("detail", record.detail);
  add("request_id", record.request_id);
  body += fmt::format(",\"status\":{}", record.status);
  return fmt::format("{}{}{}\"}}", body, kHashField, HashOf(body));
}

}  // namespace

Result<std::unique_ptr<AuditLog>> AuditLog::Open(io::FileSystem& files, const Clock& clock,
                                                 const std::string& directory) {
  TRY(files.CreateDirectory(directory));
  TRY(files.SyncDirectory(io::ParentDirectory(directory)));
  std::unique_ptr<AuditLog> log(new AuditLog(files, clock, directory));
  log->lock_ = TRY(files.Lock(directory + "/lock"));
  TRY(log->OpenLastFile());
  return log;
}

Result<> AuditLog::OpenLastFile() {
  const std::vector<std::string> names = TRY(FileNames(files_, directory_));
  if (names.empty()) return StartFile();
  const std::string path = directory_ + "/" + names.back();
  const Bytes bytes = TRY(io::ReadFile(files_, path, kMaxFileBytes + kMaxLineBytes));
  if (AsText(bytes).find('\n') == std::string_view::npos) {  // begun, and then the power went
    TRY(files_.Remove(path));
    TRY(files_.SyncDirectory(directory_));
    return OpenLastFile();
  }
  const auto start = ClaimedStart(AsText(bytes), names.back());
  if (!start) return Error(Code::kCorrupt, "audit_broken", path + ": no file of the audit log");
  AuditHead head = *start;
  const size_t whole = TRY(CheckFile(AsText(bytes), path, &head,
                                     [&](std::string_view line, const AuditHead& at) -> Result<> {
                                       Remember(std::string(line), at);
                                       return {};
                                     }));
  head_ = head;
  file_ = TRY(files_.OpenAppend(path));
  if (whole < bytes.size()) {
    TRY(file_->Truncate(whole));
    TRY(file_->Sync());
  }
  return {};
}

Result<> AuditLog::StartFile() {
  file_ = TRY(files_.Create(directory_ + "/" + FileName(head_.seq + 1)));
  return files_.SyncDirectory(directory_);
}

void AuditLog::Remember(std::string line, AuditHead head) {
  head_ = std::move(head);
  newest_.push_front(std::move(line));
  if (newest_.size() > kNewest) newest_.pop_back();
}

Result<> AuditLog::Append(const AuditRecord& record) {
  const std::lock_guard lock(mutex_);
  if (failed_) return *failed_;
  if (file_->size() > kMaxFileBytes) TRY(StartFile());
  const std::string line = LineOf(record, head_, clock_.NowMs());
  const AuditHead next = TRY(CheckLine(line, head_));
  const auto fail = [&](const Error& error) {
    failed_ = Error(Code::kUnavailable, "audit_failed", error.message());
    return *failed_;
  };
  const uint64_t before = file_->size();
  if (Result<> written = file_->Append(AsBytes(line + "\n")); !written.ok()) {
    if (const Result<> cut = file_->Truncate(before); !cut.ok()) return fail(cut.error());
    return written;
  }
  if (const Result<> synced = file_->Sync(); !synced.ok()) return fail(synced.error());
  Remember(line, next);
  return {};
}

Result<> AuditLog::Ready() const {
  const std::lock_guard lock(mutex_);
  if (failed_) return *failed_;
  return {};
}

AuditHead AuditLog::head() const {
  const std::lock_guard lock(mutex_);
  return head_;
}

std::vector<std::string> AuditLog::Newest(size_t limit) const {
  const std::lock_guard lock(mutex_);
  return {newest_.begin(), newest_.begin() + std::min(limit, newest_.size())};
}

Result<AuditHead> VerifyAuditLog(io::FileSystem& files, const std::string& directory,
                                 const std::function<Result<>(const AuditHead&)>& visit) {
  AuditHead head;
  for (const std::string& name : TRY(FileNames(files, directory))) {
    const std::string path = directory + "/" + name;
    if (name != FileName(head.seq + 1)) {
      return Error(Code::kCorrupt, "audit_broken",
                   fmt::format("{}: record {} should begin this file", path, head.seq + 1));
    }
    const Bytes bytes = TRY(io::ReadFile(files, path, AuditLog::kMaxFileBytes + kMaxLineBytes));
    const size_t whole =
        TRY(CheckFile(AsText(bytes), path, &head,
                      [&](std::string_view, const AuditHead& at) { return visit(at); }));
    if (whole < bytes.size()) {
      return Error(Code::kCorrupt, "audit_broken",
                   fmt::format("{}: after record {}: half a line", path, head.seq));
    }
  }
  return head;
}

}  // namespace waypost::governance
