#include "services/collector.h"

namespace waypost::services {
namespace {

api::Receipt ReceiptOf(const ingest::Decoded& decoded) {
  constexpr size_t kMaxIssues = 20;
  api::Receipt receipt{.accepted = decoded.accepted, .quarantined = decoded.quarantined};
  for (const ingest::Refusal& refusal : decoded.refusals) {
    if (receipt.issues.size() == kMaxIssues) break;
    receipt.issues.push_back({.index = refusal.index, .reason = std::string(refusal.reason)});
  }
  return receipt;
}

}  // namespace

std::optional<ingest::Source> ProjectKeys::FindSource(
    ingest::WireFormat format, const ingest::Credentials& credentials) const {
  std::optional<ingest::Source> source = keys_.FindSource(format, credentials);
  const auto engine = engines_.Find(source ? source->project : "");
  if (source && engine.ok()) source->hashed_keys = engine.value()->hashed_keys();
  return source;
}

Result<ingest::Decoded> EngineCollector::Decode(const api::Request& request) {
  std::unique_ptr<ingest::Decoder> decoder;
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      decoder = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  if (!decoder) decoder = std::make_unique<ingest::Decoder>(project_keys_);
  auto decoded = decoder->Decode({.method = request.method,
                                  .path = request.path,
                                  .query = request.query,
                                  .content_type = request.content_type,
                                  .content_encoding = request.content_encoding,
                                  .authorization = request.authorization,
                                  .body = request.body,
                                  .peer_ip = request.peer,
                                  .now_ms = clock_.NowMs()});
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(decoder));
  return decoded;
}

void EngineCollector::Collect(api::Request request,
                              std::function<void(Result<api::Receipt>)> done) {
  Result<ingest::Decoded> decoded = Decode(request);
  if (!decoded.ok()) return done(std::move(decoded).error());
  const auto engine = engines_.Find(decoded.value().source.project);
  if (!engine.ok()) return done(engine.error());
  api::Receipt receipt = ReceiptOf(decoded.value());
  // Sensors SDKs in their debug mode may ask for the verdict alone.
  const bool dry_run = request.dry_run && request.path == "/debug";
  if (decoded.value().payload.empty() || dry_run) return done(std::move(receipt));
  engine.value()->Append(
      std::move(decoded.value().payload),
      [receipt = std::move(receipt), done = std::move(done)](Result<LogPosition> position) {
        position.ok() ? done(receipt) : done(position.error());
      });
}

}  // namespace waypost::services
