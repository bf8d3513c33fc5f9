#include "identity/graph_journal.h"

#include <fmt/format.h>

#include <utility>

#include "identity/identity_graph.h"

namespace waypost::identity {
namespace {

void WriteKind(EntryKind kind, ByteWriter* out) { out->U8(static_cast<uint8_t>(kind)); }

}  // namespace

void WriteRules(const KeyRules& rules, ByteWriter* out) {
  WriteKind(EntryKind::kRules, out);
  out->Text(AsText(rules.Encode()));
}

void WriteIdentity(const IdentityView& identity, int64_t from_ms, ByteWriter* out) {
  WriteKind(EntryKind::kIdentity, out);
  out->Text(identity.key);
  out->Text(identity.value);
  out->Signed(from_ms);
}

void WritePeriod(Ordinal first, int64_t from_ms, ByteWriter* out) {
  WriteKind(EntryKind::kPeriod, out);
  out->Varint(first);
  out->Signed(from_ms);
}

void WriteLink(const Link& link, ByteWriter* out) {
  const bool cut = link.outcome == Outcome::kCut;
  WriteKind(cut ? EntryKind::kCut : EntryKind::kLink, out);
  out->Varint(cut ? link.cuts : link.a);
  if (!cut) out->Varint(link.b);
  out->Signed(link.time_ms);
  out->Text(link.source);
  out->U8(static_cast<uint8_t>(link.rule));
}

void WriteOrdinal(EntryKind kind, Ordinal ordinal, ByteWriter* out) {
  WriteKind(kind, out);
  out->Varint(ordinal);
}

bool IdentityGraph::DrainJournal(ByteWriter* out) {
  const bool whole = std::exchange(rewrite_, false);
  whole ? EncodeAll(out) : out->Raw(journal_.bytes());
  journal_.Clear();
  return whole;
}

void IdentityGraph::EncodeAll(ByteWriter* out) const {
  WriteRules(rules_, out);
  for (Ordinal o = 0; o < ordinal_count(); ++o) {
    if (table_.first(o) != o) {
      WritePeriod(table_.first(o), table_.from_ms(o), out);
    } else if (table_.forgotten(o)) {
      WriteKind(EntryKind::kForgotten, out);
      out->Text(table_.identity(o).key);
      out->Signed(table_.from_ms(o));
    } else {
      WriteIdentity(table_.identity(o), table_.from_ms(o), out);
    }
  }
  for (Ordinal o = 0; o < ordinal_count(); ++o) {
    if (!erased(o)) continue;
    WriteOrdinal(EntryKind::kErased, o, out);
  }
  for (uint32_t link = 0; link < links_.size(); ++link) WriteLink(links_[link], out);
  for (const Ordinal ordinal : SetApart()) {
    WriteOrdinal(EntryKind::kSetApart, ordinal, out);
  }
}

Result<> IdentityGraph::ApplyJournal(std::span<const uint8_t> bytes) {
  CHECK(journal_.size() == 0);
  ByteReader in(bytes);
  while (!in.done()) {
    const size_t offset = bytes.size() - in.left();
    auto applied = ApplyEntry(&in);
    if (applied.ok() && !in.ok()) applied = Error(Code::kCorrupt, "it is cut");
    if (!applied.ok()) {
      return std::move(applied).error().While(
          fmt::format("identity journal, entry at byte {}", offset));
    }
  }
  journal_.Clear();
  return {};
}

Result<> IdentityGraph::ApplyEntry(ByteReader* in) {
  const auto kind = static_cast<EntryKind>(in->U8());
  if (kind <= EntryKind::kLastOfFirstFormat) {
    return Error(Code::kConflict, "old_format",
                 "an earlier version wrote this folder; export its events with that version and "
                 "import them into a new folder");
  }
  const auto known = [&](uint64_t ordinal) { return ordinal < ordinal_count(); };
  switch (kind) {
    case EntryKind::kIdentity: {
      const std::string_view key = in->Text(), value = in->Text();
      const int64_t from_ms = in->Signed();
      if (table_.FindOrAdd(key, value, from_ms) != fold_.size()) {
        return Error(Code::kCorrupt, "an identity is added twice");
      }
      AddNode();
      return {};
    }
    case EntryKind::kForgotten: {
      const std::string_view key = in->Text();
      table_.AddForgotten(key, in->Signed());
      AddNode();
      return {};
    }
    case EntryKind::kErased: {
      const uint64_t ordinal = in->Varint();
      if (!known(ordinal) || erased(static_cast<Ordinal>(ordinal))) {
        return Error(Code::kCorrupt, "no such ordinal is erased");
      }
      SetErased(static_cast<Ordinal>(ordinal));
      return {};
    }
    case EntryKind::kPeriod: {
      const uint64_t first = in->Varint();
      const int64_t from_ms = in->Signed();
      if (!known(first)) return Error(Code::kCorrupt, "a period of no identity");
      AddPeriod(static_cast<Ordinal>(first), from_ms);
      return {};
    }
    case EntryKind::kSetApart: {
      const uint64_t ordinal = in->Varint();
      if (!known(ordinal)) return Error(Code::kCorrupt, "no such identity is set apart");
      set_apart_.insert(table_.first(static_cast<Ordinal>(ordinal)));
      return {};
    }
    case EntryKind::kRules:
      rules_ = TRY(KeyRules::Decode(AsBytes(in->Text())));
      table_.SetRules(rules_);
      return {};
    case EntryKind::kLink:
    case EntryKind::kCut:
      return ApplyLink(kind == EntryKind::kCut, in);
    case EntryKind::kLastOfFirstFormat:
      break;
  }
  return Error(Code::kCorrupt, fmt::format("no such kind: {}", static_cast<int>(kind)));
}

Result<> IdentityGraph::ApplyLink(bool cut, ByteReader* in) {
  const uint64_t a = in->Varint(), b = cut ? 0 : in->Varint();
  Origin origin{.time_ms = in->Signed(), .source = in->Text()};
  origin.rule = static_cast<LinkRule>(in->U8());
  if (origin.rule < LinkRule::kSeenTogether || origin.rule > LinkRule::kErase) {
    return Error(Code::kCorrupt, "no such rule of a link");
  }
  if (cut) {
    if (a >= links_.size() || links_[static_cast<uint32_t>(a)].cut) {
      return Error(Code::kCorrupt, "no such link to cut");
    }
    links_.Cut(static_cast<uint32_t>(a), origin);
    return {};
  }
  if (a >= ordinal_count() || b >= ordinal_count() || a == b) {
    return Error(Code::kCorrupt, fmt::format("no such pair: {} and {}", a, b));
  }
  links_.Add(static_cast<Ordinal>(a), static_cast<Ordinal>(b), origin);
  return {};
}

}  // namespace waypost::identity
