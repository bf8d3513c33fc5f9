#include "engine/quarantine.h"

namespace waypost::engine {
namespace {

// Cut between characters, not inside one.
void CutTo(size_t limit, std::string* text) {
  if (text->size() <= limit) return;
  while (limit > 0 && (static_cast<uint8_t>((*text)[limit]) & 0xC0) == 0x80) --limit;
  text->resize(limit);
}

}  // namespace

void Quarantine::Add(QuarantineEntry entry) {
  CutTo(kMaxDetailBytes, &entry.detail);
  ++counts_[entry.reason];
  entries_.push_back(std::move(entry));
  if (entries_.size() > kMaxEntries) entries_.pop_front();
}

Bytes Quarantine::Encode() const {
  ByteWriter out;
  out.Varint(counts_.size());
  for (const auto& [reason, count] : counts_) {
    out.Text(reason);
    out.Varint(count);
  }
  out.Varint(entries_.size());
  for (const QuarantineEntry& entry : entries_) {
    out.Signed(entry.time_ms);
    out.Text(entry.reason);
    out.Text(entry.event);
    out.Text(entry.property);
    out.Text(entry.detail);
  }
  return out.Take();
}

Result<Quarantine> Quarantine::Decode(std::span<const uint8_t> bytes) {
  Quarantine quarantine;
  ByteReader in(bytes);
  for (uint64_t i = in.Varint(); i > 0 && in.ok(); --i) {
    const std::string reason(in.Text());
    quarantine.counts_[reason] = in.Varint();
  }
  for (uint64_t i = in.Varint(); i > 0 && in.ok(); --i) {
    QuarantineEntry& entry = quarantine.entries_.emplace_back();
    entry.time_ms = in.Signed();
    entry.reason = in.Text();
    entry.event = in.Text();
    entry.property = in.Text();
    entry.detail = in.Text();
  }
  if (!in.ok() || !in.done()) return Error(Code::kCorrupt, "quarantine: cut");
  return quarantine;
}

}  // namespace waypost::engine
