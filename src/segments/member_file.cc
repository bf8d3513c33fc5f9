#include "segments/member_file.h"

#include <roaring/roaring.h>

#include <bit>
#include <cstring>
#include <memory>

#include "base/hash.h"

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

Bitmap Pack(const exec::CustomerBits& members) {
  Bitmap bitmap(roaring_bitmap_create());
  std::vector<uint32_t> ordinals;
  const auto flush = [&] {
    roaring_bitmap_add_many(bitmap.get(), ordinals.size(), ordinals.data());
    ordinals.clear();
  };
  for (size_t w = 0; w < members.size(); ++w) {
    for (uint64_t left = members[w]; left; left &= left - 1) {
      ordinals.push_back(static_cast<uint32_t>(w * 64) +
                         static_cast<uint32_t>(std::countr_zero(left)));
    }
    if (ordinals.size() >= 65'536) flush();
  }
  flush();
  roaring_bitmap_run_optimize(bitmap.get());
  return bitmap;
}

}  // namespace

Result<> WriteMembers(io::FileSystem& files, const std::string& path,
                      const exec::CustomerBits& members) {
  const Bitmap bitmap = Pack(members);
  const uint64_t count = roaring_bitmap_get_cardinality(bitmap.get());
  const uint64_t size = roaring_bitmap_portable_size_in_bytes(bitmap.get());
  Bytes bytes(kHeader + size);
  roaring_bitmap_portable_serialize(bitmap.get(), reinterpret_cast<char*>(bytes.data() + kHeader));
  const uint64_t checksum = ChecksumOf(path, count, std::span(bytes).subspan(kHeader));
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
