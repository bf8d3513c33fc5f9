#include "engine/erasure.h"

namespace waypost::engine {
namespace {

constexpr uint8_t kVersion = 1;

}  // namespace

Bytes Erasure::Encode() const {
  ByteWriter out;
  out.U8(kVersion);
  out.Signed(time_ms);
  out.Text(key);
  out.Text(value);
  return out.Take();
}

Result<Erasure> Erasure::Decode(std::span<const uint8_t> bytes) {
  ByteReader in(bytes);
  if (in.U8() != kVersion) return Error(Code::kCorrupt, "erasure: unknown version");
  Erasure erasure{.time_ms = in.Signed(), .key = std::string(in.Text()), .value = {}};
  erasure.value = in.Text();
  if (!in.ok() || !in.done()) return Error(Code::kCorrupt, "erasure: cut or impossible");
  return erasure;
}

}  // namespace waypost::engine
