#include "store/verify.h"

#include <functional>

#include "column/block_checksum.h"
#include "store/attribute_block.h"
#include "store/journal.h"
#include "store/manifest.h"
#include "store/part.h"

namespace waypost::store {
namespace {

Result<> CheckPart(io::FileSystem& files, const std::string& directory, const PartMeta& meta) {
  const auto part = TRY(Part::Open(files, directory, meta));
  if (column::BlockChecksum(part->events()) == meta.checksum) return {};
  return Error(Code::kCorrupt, "damaged_file",
               directory + "/" + Part::FileName(meta.id) + ": other rows than were written");
}

Result<> CheckAttributes(io::FileSystem& files, const std::string& directory,
                         const AttributeFileMeta& meta) {
  const std::string path = directory + "/" + AttributeFileMeta::FileName(meta.id);
  const SealedFile file = TRY(SealedFile::Open(files, path, SealedKind::kAttributes, meta.id));
  TRY(file.Verify());
  Result<std::unique_ptr<AttributeBlock>> block = AttributeBlock::Decode(file.payload());
  if (!block.ok()) return std::move(block).error().While(path);
  return {};
}

// Calls visit(file name, bytes that count, check) for every file a manifest names.
using Visit =
    std::function<Result<>(const std::string&, uint64_t, const std::function<Result<>()>&)>;

Result<> ForEachFile(io::FileSystem& files, const std::string& directory, const Manifest& manifest,
                     const Visit& visit) {
  for (const PartMeta& part : manifest.parts) {
    TRY(visit(Part::FileName(part.id), part.file_bytes,
              [&] { return CheckPart(files, directory, part); }));
  }
  for (const AttributeFileMeta& file : manifest.attributes) {
    TRY(visit(AttributeFileMeta::FileName(file.id), file.file_bytes,
              [&] { return CheckAttributes(files, directory, file); }));
  }
  for (const auto& [name, journal] : manifest.journals) {
    const std::string journal_name = name;
    const JournalMeta meta = journal;
    TRY(visit(Journal::FileName(name, journal.id), journal.size, [&] {
      return Journal::Read(files, directory, journal_name, meta,
                           [](std::span<const uint8_t>) { return Result<>(); });
    }));
  }
  return {};
}

}  // namespace

Result<VerifyReport> VerifyStore(io::FileSystem& files, const std::string& directory) {
  VerifyReport report;
  TRY(files.List(directory));
  const Result<Manifest> manifest = ReadManifest(files, directory);
  if (!manifest.ok()) {
    report.damage.push_back(manifest.error().message());
    return report;
  }
  for (const PartMeta& part : manifest.value().parts) report.rows += part.row_count;
  TRY(ForEachFile(files, directory, manifest.value(),
                  [&](const std::string&, uint64_t bytes, const std::function<Result<>()>& check) {
                    ++report.files;
                    report.bytes += bytes;
                    const Result<> checked = check();
                    if (!checked.ok()) report.damage.push_back(checked.error().message());
                    return Result<>();
                  }));
  return report;
}

Result<> CopyStore(io::FileSystem& files, const std::string& from, const std::string& to) {
  const Manifest manifest = TRY(ReadManifest(files, from));
  TRY(files.CreateDirectory(to));
  TRY(files.SyncDirectory(io::ParentDirectory(to)));
  if (const auto there = TRY(files.List(to)); !there.empty()) {
    return Error(Code::kConflict, "not_empty", to + ": has files already, choose an empty folder");
  }
  TRY(ForEachFile(files, from, manifest,
                  [&](const std::string& name, uint64_t bytes,
                      const std::function<Result<>()>& check) -> Result<> {
                    TRY(check());
                    return io::CopyFile(files, from + "/" + name, to + "/" + name, bytes);
                  }));
  TRY(files.SyncDirectory(to));
  return WriteManifest(files, to, manifest);
}

}  // namespace waypost::store
