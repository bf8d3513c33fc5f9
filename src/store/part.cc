#include "store/part.h"

#include <fmt/format.h>

#include "base/logger.h"

namespace waypost::store {

std::string Part::FileName(uint64_t id) { return fmt::format("part-{:012}", id); }

std::shared_ptr<const Part> Part::InMemory(column::Image image) {
  std::shared_ptr<Part> part(new Part);
  part->image_ = std::move(image);
  Result<column::EventBlock> events = column::ReadBlockImage(part->image_.bytes());
  CHECK(events.ok());
  part->events_ = std::move(events).value();
  part->meta_.block = part->events_.block;
  part->meta_.base_ms = part->events_.base_ms;
  part->meta_.row_count = part->events_.row_count;
  return part;
}

Result<std::shared_ptr<const Part>> Part::Open(io::FileSystem& files, const std::string& directory,
                                               const PartMeta& meta) {
  std::shared_ptr<Part> part(new Part);
  part->meta_ = meta;
  part->files_ = &files;
  const std::string path = directory + "/" + FileName(meta.id);
  part->file_ = TRY(SealedFile::Open(files, path, SealedKind::kPart, meta.id));
  TRY(part->file_.Verify());
  Result<column::EventBlock> events = column::ReadBlockImage(part->file_.payload());
  if (!events.ok()) return std::move(events).error().While(path);
  part->events_ = std::move(events).value();
  if (part->events_.block != meta.block || part->events_.base_ms != meta.base_ms ||
      part->events_.row_count != meta.row_count) {
    return Error(Code::kCorrupt, "damaged_file", path + ": is not what the manifest says");
  }
  return std::shared_ptr<const Part>(std::move(part));
}

uint64_t Part::bytes() const { return in_memory() ? image_.bytes().size() : file_.file_size(); }

Part::~Part() {
  if (!retired_ || in_memory()) return;
  const Result<> removed = files_->Remove(file_.path());
  if (!removed.ok()) LogWarning("store.part_not_removed", {{"error", removed.error().message()}});
}

}  // namespace waypost::store
