// The bytes of an identity graph's journal, entry by entry. IdentityGraph::ApplyJournal reads them.
#pragma once

#include "base/bytes.h"
#include "identity/key_rules.h"
#include "identity/link_log.h"
#include "model/batch.h"

namespace waypost::identity {

// Entries of a journal: u8 kind, then
enum class EntryKind : uint8_t {
  kLastOfFirstFormat = 5,  // up to here: links without time, source and rule; read no more
  kIdentity = 32,          // text key, text value, signed from_ms: the next ordinal
  kPeriod = 33,            // varint ordinal, signed from_ms: the next ordinal, of the same identity
  kLink = 34,              // varint a, varint b, signed time_ms, text source, u8 rule
  kCut = 35,               // varint link, signed time_ms, text source, u8 rule
  kSetApart = 36,          // varint ordinal
  kRules = 37,             // varint size, KeyRules
  kForgotten = 38,  // text key, signed from_ms: the next ordinal, of an identity without value
  kErased = 39,     // varint ordinal
};

void WriteRules(const KeyRules& rules, ByteWriter* out);
void WriteIdentity(const IdentityView& identity, int64_t from_ms, ByteWriter* out);
void WritePeriod(Ordinal first, int64_t from_ms, ByteWriter* out);
// A link, or a cut.
void WriteLink(const Link& link, ByteWriter* out);
// kSetApart, kErased.
void WriteOrdinal(EntryKind kind, Ordinal ordinal, ByteWriter* out);

}  // namespace waypost::identity
