#include "store/sealed_file.h"

#include "base/bytes.h"
#include "base/hash.h"

namespace waypost::store {
namespace {

constexpr uint32_t kMagic = 0x46535057;  // "WPSF"
constexpr uint32_t kSealVersion = 1;
constexpr uint64_t kPageBytes = 4096;
constexpr uint64_t kEndBytes = 4 * 4 + 3 * 8;

uint64_t Padded(uint64_t size) { return (size + 7) / 8 * 8; }
uint64_t PageCount(uint64_t payload) { return (Padded(payload) + kPageBytes - 1) / kPageBytes; }

uint64_t PageChecksum(std::span<const uint8_t> body, uint64_t id, uint64_t page) {
  const uint64_t at = page * kPageBytes;
  const uint64_t size = std::min(kPageBytes, body.size() - at);
  return Hash64(body.subspan(at, size), MixBits(id) ^ MixBits(at + 1));
}

Error Wrong(const std::string& path, const std::string& what) {
  return Error(Code::kCorrupt, "damaged_file", path + ": " + what);
}

}  // namespace

Result<uint64_t> WriteSealedFile(io::FileSystem& files, const std::string& path, SealedKind kind,
                                 uint64_t id, std::span<const uint8_t> payload) {
  static constexpr uint8_t kZeros[8] = {};
  const auto padding = std::span(kZeros).first(Padded(payload.size()) - payload.size());
  Bytes body(payload.begin(), payload.end());
  body.insert(body.end(), padding.begin(), padding.end());

  ByteWriter end;
  for (uint64_t page = 0; page < PageCount(payload.size()); ++page)
    end.U64(PageChecksum(body, id, page));
  end.U32(kMagic);
  end.U32(kSealVersion);
  end.U32(static_cast<uint32_t>(kind));
  end.U32(0);
  end.U64(id);
  end.U64(payload.size());
  end.U64(Hash64(end.bytes()));

  const std::string unfinished = path + ".tmp";
  if (files.FileSize(unfinished).ok()) TRY(files.Remove(unfinished));
  const auto file = TRY(files.Create(unfinished));
  TRY(file->Append(body));
  TRY(file->Append(end.bytes()));
  TRY(file->Sync());
  TRY(file->Close());
  TRY(files.Rename(unfinished, path));
  return body.size() + end.size();
}

Result<SealedFile> SealedFile::Open(io::FileSystem& files, const std::string& path, SealedKind kind,
                                    uint64_t id) {
  SealedFile sealed;
  sealed.path_ = path;
  sealed.id_ = id;
  sealed.file_ = TRY(files.Map(path));
  const std::span<const uint8_t> bytes = sealed.file_.bytes();
  if (bytes.size() < kEndBytes) return Wrong(path, "ends at byte " + std::to_string(bytes.size()));
  ByteReader end(bytes.last(kEndBytes));
  const uint32_t magic = end.U32(), version = end.U32(), found_kind = end.U32();
  end.U32();
  const uint64_t found_id = end.U64();
  sealed.payload_size_ = end.U64();
  const uint64_t checksum = end.U64();
  if (magic != kMagic)
    return Wrong(path, "no end mark at byte " + std::to_string(bytes.size() - kEndBytes));
  if (version != kSealVersion)
    return Wrong(path, "format version " + std::to_string(version) + " is not known");
  const uint64_t pages = sealed.payload_size_ > bytes.size() ? 0 : PageCount(sealed.payload_size_);
  if (Padded(sealed.payload_size_) + pages * 8 + kEndBytes != bytes.size()) {
    return Wrong(path,
                 "size does not fit its end at byte " + std::to_string(bytes.size() - kEndBytes));
  }
  const auto sums = bytes.subspan(Padded(sealed.payload_size_), pages * 8 + kEndBytes - 8);
  if (Hash64(sums) != checksum) {
    return Wrong(path, "wrong checksum of its end, from byte " +
                           std::to_string(Padded(sealed.payload_size_)));
  }
  if (found_kind != static_cast<uint32_t>(kind) || found_id != id) {
    return Wrong(path, "is another file, number " + std::to_string(found_id));
  }
  return sealed;
}

Result<> SealedFile::Verify() const {
  const std::span<const uint8_t> body = file_.bytes().first(Padded(payload_size_));
  ByteReader sums(file_.bytes().subspan(body.size()));
  for (uint64_t page = 0; page < PageCount(payload_size_); ++page) {
    if (PageChecksum(body, id_, page) != sums.U64()) {
      const uint64_t first = page * kPageBytes;
      return Wrong(path_, "wrong checksum of bytes " + std::to_string(first) + " to " +
                              std::to_string(std::min(first + kPageBytes, body.size()) - 1));
    }
  }
  return {};
}

}  // namespace waypost::store
