#include "store/manifest.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "base/logger.h"

namespace waypost::store {
namespace {

constexpr uint8_t kManifestVersion = 1;
constexpr std::string_view kPrefix = "manifest-";

std::string FileName(uint64_t sequence) { return fmt::format("{}{:012}", kPrefix, sequence); }

std::optional<uint64_t> SequenceOf(std::string_view name) {
  if (!name.starts_with(kPrefix)) return std::nullopt;
  name.remove_prefix(kPrefix.size());
  uint64_t sequence = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), sequence);
  if (error != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return sequence;
}

// Sequences of the manifests there, increasing.
Result<std::vector<uint64_t>> Sequences(io::FileSystem& files, const std::string& directory) {
  std::vector<uint64_t> found;
  const auto entries = TRY(files.List(directory));
  for (const io::DirectoryEntry& entry : entries) {
    if (const auto sequence = SequenceOf(entry.name)) found.push_back(*sequence);
  }
  return found;
}

}  // namespace

std::string AttributeFileMeta::FileName(uint64_t id) {
  return fmt::format("attributes-{:012}", id);
}

Bytes Manifest::Encode() const {
  ByteWriter out;
  out.U8(kManifestVersion);
  out.Varint(sequence);
  out.Varint(position);
  out.Varint(next_file_id);
  out.Varint(parts.size());
  for (const PartMeta& part : parts) {
    out.Varint(part.id);
    out.Varint(part.block);
    out.Signed(part.base_ms);
    out.Varint(part.row_count);
    out.Varint(part.file_bytes);
    out.U64(part.checksum);
  }
  out.Varint(attributes.size());
  for (const AttributeFileMeta& file : attributes) {
    out.Varint(file.id);
    out.Varint(file.block);
    out.Varint(file.file_bytes);
  }
  out.Varint(journals.size());
  for (const auto& [name, journal] : journals) {
    out.Text(name);
    out.Varint(journal.id);
    out.Varint(journal.size);
  }
  out.Varint(blobs.size());
  for (const auto& [name, blob] : blobs) {
    out.Text(name);
    out.Text(AsText(blob));
  }
  return out.Take();
}

Result<Manifest> Manifest::Decode(std::span<const uint8_t> bytes) {
  ByteReader in(bytes);
  Manifest manifest;
  if (in.U8() != kManifestVersion) return Error(Code::kCorrupt, "manifest: unknown version");
  manifest.sequence = in.Varint();
  manifest.position = in.Varint();
  manifest.next_file_id = in.Varint();
  for (uint64_t i = in.Varint(); i > 0 && in.ok(); --i) {
    PartMeta part;
    part.id = in.Varint();
    part.block = static_cast<uint32_t>(in.Varint());
    part.base_ms = in.Signed();
    part.row_count = static_cast<uint32_t>(in.Varint());
    part.file_bytes = in.Varint();
    part.checksum = in.U64();
    manifest.parts.push_back(part);
  }
  for (uint64_t i = in.Varint(); i > 0 && in.ok(); --i) {
    AttributeFileMeta file;
    file.id = in.Varint();
    file.block = static_cast<uint32_t>(in.Varint());
    file.file_bytes = in.Varint();
    manifest.attributes.push_back(file);
  }
  for (uint64_t i = in.Varint(); i > 0 && in.ok(); --i) {
    JournalMeta& journal = manifest.journals[std::string(in.Text())];
    journal.id = in.Varint();
    journal.size = in.Varint();
  }
  for (uint64_t i = in.Varint(); i > 0 && in.ok(); --i) {
    Bytes& blob = manifest.blobs[std::string(in.Text())];
    const std::string_view bytes_of = in.Text();
    blob.assign(bytes_of.begin(), bytes_of.end());
  }
  if (!in.ok() || !in.done()) return Error(Code::kCorrupt, "manifest: cut or too long");
  return manifest;
}

Result<> WriteManifest(io::FileSystem& files, const std::string& directory,
                       const Manifest& manifest) {
  TRY(WriteSealedFile(files, directory + "/" + FileName(manifest.sequence), SealedKind::kManifest,
                      manifest.sequence, manifest.Encode()));
  TRY(files.SyncDirectory(directory));
  const auto found = TRY(Sequences(files, directory));
  for (const uint64_t sequence : found) {
    if (sequence >= manifest.sequence) continue;
    const Result<> removed = files.Remove(directory + "/" + FileName(sequence));
    if (!removed.ok())
      LogWarning("store.manifest_not_removed", {{"error", removed.error().message()}});
  }
  return {};
}

Result<Manifest> ReadManifest(io::FileSystem& files, const std::string& directory) {
  const std::vector<uint64_t> sequences = TRY(Sequences(files, directory));
  if (sequences.empty()) return Manifest{};
  // WriteManifest makes a manifest durable before it touches the ones before it, so the newest is
  // whole unless the disk damaged it; then the files an older one names may be gone, and guessing
  // is worse.
  const uint64_t newest = sequences.back();
  const SealedFile file = TRY(
      SealedFile::Open(files, directory + "/" + FileName(newest), SealedKind::kManifest, newest));
  TRY(file.Verify());
  return Manifest::Decode(file.payload());
}

}  // namespace waypost::store
