#include "journeys/decision.h"

#include <fmt/format.h>

#include <charconv>

namespace waypost::journeys {
namespace {

// Each version has fields as a format of the state has them.
constexpr uint8_t kFieldsOf[] = {0, 7, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19, 21, 22, 23, kNewest};
constexpr uint8_t kVersion = 15;

template <size_t I = 0>
bool ReadChange(size_t kind, FieldReader* in, Change* out) {
  if constexpr (I == std::variant_size_v<Change>) {
    return false;
  } else {
    if (kind != I) return ReadChange<I + 1>(kind, in, out);
    out->emplace<I>();
    std::get<I>(*out).Fields(*in);
    return in->ok();
  }
}

void WriteDecision(const Decision& decision, ByteWriter* out) {
  out->Varint(decision.number);
  out->Signed(decision.time_ms);
  out->Varint(decision.inputs_to);
  out->Varint(decision.changes.size());
  for (const Change& change : decision.changes) {
    out->U8(static_cast<uint8_t>(change.index()));
    FieldWriter fields(out);
    std::visit([&](const auto& one) { fields(one); }, change);
  }
}

bool ReadDecision(std::span<const uint8_t> bytes, uint8_t version, Decision* decision) {
  ByteReader in(bytes);
  decision->older = version < 14;
  decision->number = in.Varint();
  decision->time_ms = in.Signed();
  decision->inputs_to = in.Varint();
  const uint64_t count = in.Varint();
  if (count > in.left()) return false;
  FieldReader fields(&in, version);
  for (uint64_t i = 0; i < count; ++i) {
    const uint8_t kind = in.U8();
    if (!in.ok() || !ReadChange(kind, &fields, &decision->changes.emplace_back())) return false;
  }
  return in.ok() && in.done();
}

}  // namespace

std::string KeyText(const TouchKey& key) {
  return fmt::format("{:016x}{:016x}", key.high, key.low);
}

std::optional<TouchKey> ParseKey(std::string_view text) {
  if (text.size() != 32) return {};
  TouchKey key;
  const char* middle = text.data() + 16;
  const char* end = text.data() + 32;
  if (std::from_chars(text.data(), middle, key.high, 16).ptr != middle) return {};
  if (std::from_chars(middle, end, key.low, 16).ptr != end) return {};
  return key;
}

std::string_view NameOf(Phase phase) {
  constexpr std::string_view kNames[] = {"running", "paused", "stopped", "archived"};
  return kNames[static_cast<size_t>(phase)];
}

namespace {

Bytes Record(size_t count, std::span<const uint8_t> decisions) {
  ByteWriter out;
  out.U8(kVersion);
  out.Varint(count);
  out.Raw(decisions);
  return out.Take();
}

}  // namespace

void DecisionRecords::Add(std::span<const Decision> decisions) {
  for (const Decision& decision : decisions) {
    one_.Clear();
    WriteDecision(decision, &one_);
    if (decisions_.size() + one_.size() > most_bytes_) Close();
    decisions_.Varint(one_.size());
    decisions_.Raw(one_.bytes());
    ++count_;
  }
}

void DecisionRecords::Close() {
  if (count_ == 0) return;
  full_.push_back(Record(count_, decisions_.bytes()));
  decisions_.Clear();
  count_ = 0;
}

std::vector<Bytes> DecisionRecords::Take() {
  Close();
  return std::exchange(full_, {});
}

Bytes EncodeDecisions(std::span<const Decision> decisions) {
  DecisionRecords records(SIZE_MAX);
  records.Add(decisions);
  return decisions.empty() ? Record(0, {}) : std::move(records.Take().front());
}

Result<std::vector<Decision>> DecodeDecisions(std::span<const uint8_t> payload) {
  ByteReader in(payload);
  const uint8_t version = in.U8();
  if (version == 0 || version > kVersion) {
    return Error(Code::kCorrupt, "decisions: the version is not one that is known");
  }
  const uint8_t fields = kFieldsOf[version];
  const uint64_t count = in.Varint();
  std::vector<Decision> decisions;
  for (uint64_t i = 0; i < count && in.ok(); ++i) {
    const std::span<const uint8_t> bytes = in.Raw(in.Varint());
    if (!in.ok() || !ReadDecision(bytes, fields, &decisions.emplace_back())) {
      return Error(Code::kCorrupt, fmt::format("decisions: number {} makes no sense", i));
    }
  }
  if (!in.ok() || !in.done()) return Error(Code::kCorrupt, "decisions: cut short");
  return decisions;
}

}  // namespace waypost::journeys
