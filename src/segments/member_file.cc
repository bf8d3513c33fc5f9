#include "segments/member_file.h"

#include <roaring/roaring.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <memory>
#include <optional>

#include "base/bytes.h"
#include "base/hash.h"
#include "exec/bit_kernels.h"

namespace waypost::segments {
namespace {

constexpr uint32_t kMagic = 0x4D535057;  // "WPSM"
constexpr uint32_t kVersion = 1;
constexpr size_t kHeader = 32;
constexpr uint64_t kMaxFile = uint64_t{1} << 32;

struct Free {
  void operator()(roaring_bitmap_t* bitmap) const { roaring_bitmap_free(bitmap); }
};
using Bitmap = std::unique_ptr<roaring_bitmap_t, Free>;

std::string NameOf(const std::string& path) { return path.substr(path.rfind('/') + 1); }

uint64_t ChecksumOf(const std::string& path, uint64_t count, std::span<const uint8_t> payload) {
  return Hash64(payload, Hash64(NameOf(path), count));
}

// The portable format without runs: u32 cookie · u32 containers · (u16 key · u16 members - 1) each
// · u32 offset each · containers: up to 4,096 members as u16s, more as a bit for each of
// 65,536.
constexpr uint32_t kWithoutRuns = 12'346;
constexpr size_t kBlockWords = 1024, kBlockBytes = 8 * kBlockWords;
constexpr uint32_t kMaxListedOrdinals = 4096;

size_t SizeOf(uint32_t members) {
  return members > kMaxListedOrdinals ? kBlockBytes : 2 * size_t{members};
}

Bytes Pack(const exec::CustomerBits& members) {
  struct Container {
    uint32_t key, count;
  };
  std::vector<Container> containers;
  const exec::CountCommonFn count_common = exec::FastestCountCommon();
  for (size_t w = 0; w < members.size(); w += kBlockWords) {
    const uint64_t* words = members.data() + w;
    const auto count = static_cast<uint32_t>(
        count_common(words, words, std::min(kBlockWords, members.size() - w)));
    if (count) containers.push_back({static_cast<uint32_t>(w / kBlockWords), count});
  }
  ByteWriter out;
  out.U32(kWithoutRuns);
  out.U32(static_cast<uint32_t>(containers.size()));
  for (const auto& [key, count] : containers) {
    out.U16(static_cast<uint16_t>(key));
    out.U16(static_cast<uint16_t>(count - 1));
  }
  size_t at = 8 + 8 * containers.size();
  for (const Container& container : containers) {
    out.U32(static_cast<uint32_t>(at));
    at += SizeOf(container.count);
  }
  for (const auto& [key, count] : containers) {
    const size_t first = key * kBlockWords;
    const size_t words = std::min(kBlockWords, members.size() - first);
    if (count > kMaxListedOrdinals) {
      const size_t begin = out.size();
      out.bytes().resize(begin + kBlockBytes);
      std::memcpy(out.bytes().data() + begin, members.data() + first, 8 * words);
      continue;
    }
    for (size_t w = 0; w < words; ++w) {
      for (uint64_t left = members[first + w]; left; left &= left - 1)
        out.U16(static_cast<uint16_t>(64 * w + static_cast<size_t>(std::countr_zero(left))));
    }
  }
  return out.Take();
}

// What Pack() wrote; nothing when it is something else, as files with runs are, which were written
// before. `bytes` have a right checksum: here it is only seen to that nothing else is touched.
std::optional<exec::CustomerBits> Unpack(std::span<const uint8_t> bytes, uint64_t members) {
  ByteReader in(bytes);
  if (in.U32() != kWithoutRuns) return std::nullopt;
  const uint32_t containers = in.U32();
  const std::span<const uint8_t> heads = in.Raw(4 * size_t{containers});
  in.Raw(4 * size_t{containers});
  if (!in.ok() || containers > 65'536) return std::nullopt;
  exec::CustomerBits bits;
  ByteReader head(heads);
  for (uint32_t c = 0; c < containers; ++c) {
    const size_t first = head.U16() * kBlockWords;
    const uint32_t count = head.U16() + 1u;
    const std::span<const uint8_t> body = in.Raw(SizeOf(count));
    if (!in.ok() || first < bits.size()) return std::nullopt;
    bits.resize(first + kBlockWords);
    if (count > kMaxListedOrdinals) {
      std::memcpy(bits.data() + first, body.data(), kBlockBytes);
      continue;
    }
    ByteReader list(body);
    for (uint32_t i = 0; i < count; ++i) {
      const uint16_t local = list.U16();
      bits[first + local / 64] |= uint64_t{1} << (local % 64);
    }
  }
  if (exec::FastestCountCommon()(bits.data(), bits.data(), bits.size()) != members)
    return std::nullopt;
  while (!bits.empty() && bits.back() == 0) bits.pop_back();
  return bits;
}

}  // namespace

Result<> WriteMembers(io::FileSystem& files, const std::string& path,
                      const exec::CustomerBits& members) {
  const Bytes payload = Pack(members);
  const uint64_t count = exec::FastestCountCommon()(members.data(), members.data(), members.size());
  const uint64_t size = payload.size();
  Bytes bytes(kHeader + size);
  std::memcpy(bytes.data() + kHeader, payload.data(), size);
  const uint64_t checksum = ChecksumOf(path, count, payload);
  const uint32_t words[2] = {kMagic, kVersion};
  const uint64_t numbers[3] = {count, size, checksum};
  std::memcpy(bytes.data(), words, sizeof words);
  std::memcpy(bytes.data() + sizeof words, numbers, sizeof numbers);
  return io::ReplaceFile(files, path, bytes);
}

Result<exec::CustomerBits> ReadMembers(io::FileSystem& files, const std::string& path) {
  const Bytes bytes = TRY(io::ReadFile(files, path, kMaxFile));
  const auto damaged = [&](const char* what) { return Error(Code::kCorrupt, path + ": " + what); };
  if (bytes.size() < kHeader) return damaged("cut short");
  uint32_t words[2];
  uint64_t numbers[3];
  std::memcpy(words, bytes.data(), sizeof words);
  std::memcpy(numbers, bytes.data() + sizeof words, sizeof numbers);
  const std::span<const uint8_t> payload = std::span(bytes).subspan(kHeader);
  if (words[0] != kMagic || words[1] != kVersion) return damaged("no list of members");
  if (numbers[1] != payload.size()) return damaged("cut short");
  if (numbers[2] != ChecksumOf(path, numbers[0], payload)) return damaged("checksum mismatch");
  if (auto members = Unpack(payload, numbers[0])) return std::move(*members);
  const Bitmap bitmap(roaring_bitmap_portable_deserialize_safe(
      reinterpret_cast<const char*>(payload.data()), payload.size()));
  if (!bitmap || roaring_bitmap_get_cardinality(bitmap.get()) != numbers[0])
    return damaged("not the members that were written");
  exec::CustomerBits members;
  if (numbers[0] == 0) return members;
  members.resize(roaring_bitmap_maximum(bitmap.get()) / 64 + 1);
  roaring_iterate(
      bitmap.get(),
      [](uint32_t ordinal, void* to) {
        auto& bits = *static_cast<exec::CustomerBits*>(to);
        bits[ordinal / 64] |= uint64_t{1} << (ordinal % 64);
        return true;
      },
      &members);
  return members;
}

}  // namespace waypost::segments
