#include "store/journal.h"

#include <fmt/format.h>

#include "base/hash.h"

namespace waypost::store {
namespace {

uint64_t FrameChecksum(uint64_t id, uint64_t offset, std::span<const uint8_t> payload) {
  return Hash64(payload, MixBits(id) ^ MixBits(offset + 1));
}

}  // namespace

std::string Journal::FileName(const std::string& name, uint64_t id) {
  return fmt::format("journal-{}-{:012}", name, id);
}

Result<std::unique_ptr<Journal>> Journal::Create(io::FileSystem& files,
                                                 const std::string& directory,
                                                 const std::string& name, uint64_t id) {
  auto file = TRY(files.Create(directory + "/" + FileName(name, id)));
  return std::unique_ptr<Journal>(new Journal(id, std::move(file)));
}

Result<std::unique_ptr<Journal>> Journal::Open(io::FileSystem& files, const std::string& directory,
                                               const std::string& name, const JournalMeta& meta) {
  auto file = TRY(files.OpenAppend(directory + "/" + FileName(name, meta.id)));
  if (file->size() < meta.size) {
    return Error(Code::kCorrupt, "damaged_file",
                 file->path() + ": ends at byte " + std::to_string(file->size()));
  }
  if (file->size() > meta.size) TRY(file->Truncate(meta.size));
  return std::unique_ptr<Journal>(new Journal(meta.id, std::move(file)));
}

Result<> Journal::Read(io::FileSystem& files, const std::string& directory, const std::string& name,
                       const JournalMeta& meta,
                       const std::function<Result<>(std::span<const uint8_t> payload)>& visit) {
  const std::string path = directory + "/" + FileName(name, meta.id);
  const io::MappedFile file = TRY(files.Map(path));
  const auto wrong = [&](uint64_t at) {
    return Error(Code::kCorrupt, "damaged_file", path + ": damaged at byte " + std::to_string(at));
  };
  if (file.bytes().size() < meta.size) return wrong(file.bytes().size());
  ByteReader in(file.bytes().first(meta.size));
  while (!in.done()) {
    const uint64_t at = meta.size - in.left();
    const uint32_t size = in.U32();
    const uint64_t checksum = in.U64();
    const std::span<const uint8_t> payload = in.Raw(size);
    if (!in.ok() || FrameChecksum(meta.id, at, payload) != checksum) return wrong(at);
    TRY(visit(payload));
  }
  return {};
}

Result<> Journal::Append(std::span<const uint8_t> payload) {
  CHECK(payload.size() <= UINT32_MAX);
  ByteWriter frame;
  frame.U32(static_cast<uint32_t>(payload.size()));
  frame.U64(FrameChecksum(id_, file_->size(), payload));
  TRY(file_->Append(frame.bytes()));
  TRY(file_->Append(payload));
  return file_->Sync();
}

}  // namespace waypost::store
