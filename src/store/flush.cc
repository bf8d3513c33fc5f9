// The background half of the store: what turns memory into files and files into fewer files.
#include <algorithm>

#include "base/logger.h"
#include "column/block_checksum.h"
#include "store/store.h"

namespace waypost::store {
namespace {

bool HoldsAny(const column::EventBlock& events, const std::vector<uint32_t>& locals) {
  return std::any_of(locals.begin(), locals.end(),
                     [&](uint32_t local) { return events.timeline.persons.Contains(local); });
}

}  // namespace

void Store::BeginFlush(FlushRequest request) {
  CHECK(!request_);
  Freeze();
  request_ = std::move(request);
  request_parts_ = index_.InMemory();
}

Result<std::shared_ptr<const Part>> Store::WritePart(std::span<const uint8_t> image,
                                                     uint64_t checksum, uint64_t id) {
  const column::EventBlock events = TRY(column::ReadBlockImage(image));
  const std::string path = directory_ + "/" + Part::FileName(id);
  PartMeta meta{id, events.block, events.base_ms, events.row_count, 0, checksum};
  meta.file_bytes = TRY(WriteSealedFile(files_, path, SealedKind::kPart, id, image));
  auto part = TRY(Part::Open(files_, directory_, meta));
  if (column::BlockChecksum(part->events()) != checksum) {
    return Error(Code::kCorrupt, "damaged_file", path + ": read back other rows than were written");
  }
  return part;
}

Result<std::vector<Store::Swap>> Store::WriteMemoryParts(Manifest* next) {
  std::vector<Swap> swaps;
  for (const PartList& group : request_parts_) {
    uint64_t checksum = 0;
    for (const auto& part : group) checksum += column::BlockChecksum(part->events());
    const column::Image image = MergeParts(group);
    auto part = TRY(WritePart(image.bytes(), checksum, next->next_file_id++));
    swaps.emplace_back(group, std::move(part));
  }
  return swaps;
}

std::vector<uint32_t> Store::ChangedAttributeBlocks() {
  const std::lock_guard lock(mutex_);
  std::vector<uint32_t> changed;
  for (const auto& [number, block] : attributes_) {
    const auto written = written_attributes_.find(number);
    if (written == written_attributes_.end() || written->second <= block->changed_at()) {
      changed.push_back(number);
    }
  }
  return changed;
}

// A block is written as it is now, which may be later than the flush's position; it says so itself.
Result<std::map<uint32_t, LogPosition>> Store::WriteAttributes(Manifest* next) {
  std::map<uint32_t, LogPosition> written;
  for (const uint32_t number : ChangedAttributeBlocks()) {
    Bytes bytes;
    LogPosition position = 0;
    {
      const std::lock_guard lock(mutex_);
      AttributeBlock& block = *attributes_[number];
      block.Reached(applied_);
      position = block.position();
      bytes = block.Encode();
    }
    AttributeFileMeta meta{next->next_file_id++, number, 0};
    meta.file_bytes =
        TRY(WriteSealedFile(files_, directory_ + "/" + AttributeFileMeta::FileName(meta.id),
                            SealedKind::kAttributes, meta.id, bytes));
    std::erase_if(next->attributes,
                  [&](const AttributeFileMeta& file) { return file.block == number; });
    next->attributes.push_back(meta);
    written[number] = position;
  }
  return written;
}

Result<> Store::WriteJournal(const JournalChange& change, Manifest* next) {
  std::unique_ptr<Journal>& journal = journals_[change.name];
  const auto named = manifest_.journals.find(change.name);
  if (named == manifest_.journals.end() && change.bytes.empty()) return {};
  if (named == manifest_.journals.end() || change.anew) {
    const uint64_t id = next->next_file_id++;
    const std::string path = directory_ + "/" + Journal::FileName(change.name, id);
    if (files_.FileSize(path).ok()) TRY(files_.Remove(path));  // of a flush that failed
    journal = TRY(Journal::Create(files_, directory_, change.name, id));
  } else if (!journal || journal->meta() != named->second) {
    journal = TRY(Journal::Open(files_, directory_, change.name, named->second));
  }
  if (!change.bytes.empty()) TRY(journal->Append(change.bytes));
  next->journals[change.name] = journal->meta();
  return {};
}

Result<> Store::Commit(Manifest next, const std::vector<Swap>& swaps) {
  PartIndex index;
  {
    const std::lock_guard lock(mutex_);
    index = index_;
  }
  for (const auto& [old, merged] : swaps) index.Replace(old, merged);
  next.parts = damaged_metas_;
  for (const auto& [key, list] : index.lists()) {
    for (const auto& part : list) {
      if (!part->in_memory()) next.parts.push_back(part->meta());
    }
  }
  ++next.sequence;
  TRY(WriteManifest(files_, directory_, next));

  const std::lock_guard lock(mutex_);
  for (const auto& [old, merged] : swaps) {
    index_.Replace(old, merged);
    for (const auto& part : old) part->Retire();
  }
  RemoveUnnamed(manifest_, next);
  manifest_ = std::move(next);
  return {};
}

// Attribute files and journals `before` names and `now` does not. What cannot be removed is a
// leftover the next Open() removes.
void Store::RemoveUnnamed(const Manifest& before, const Manifest& now) {
  std::vector<std::string> gone;
  for (const AttributeFileMeta& file : before.attributes) {
    const bool kept =
        std::any_of(now.attributes.begin(), now.attributes.end(),
                    [&](const AttributeFileMeta& other) { return other.id == file.id; });
    if (!kept) gone.push_back(AttributeFileMeta::FileName(file.id));
  }
  for (const auto& [name, journal] : before.journals) {
    if (now.journals.at(name).id != journal.id) gone.push_back(Journal::FileName(name, journal.id));
  }
  for (const std::string& name : gone) {
    const Result<> removed = files_.Remove(directory_ + "/" + name);
    if (!removed.ok()) LogWarning("store.file_not_removed", {{"error", removed.error().message()}});
  }
}

Result<LogPosition> Store::Flush() {
  CHECK(request_);
  Manifest next = manifest_;
  next.position = request_->position;
  next.blobs = request_->blobs;
  const std::vector<Swap> swaps = TRY(WriteMemoryParts(&next));
  const std::map<uint32_t, LogPosition> written = TRY(WriteAttributes(&next));
  for (const JournalChange& change : request_->journals) TRY(WriteJournal(change, &next));
  TRY(files_.SyncDirectory(directory_));
  TRY(Commit(std::move(next), swaps));
  for (const auto& [number, position] : written) written_attributes_[number] = position;
  const std::lock_guard lock(mutex_);
  busy_.clear();
  for (const PartList& group : request_parts_)
    busy_.insert({group.front()->meta().block, group.front()->meta().base_ms});
  request_.reset();
  request_parts_.clear();
  return manifest_.position;
}

// A part on disk with events of erased timelines. A block with such rows in memory stays unclean.
std::shared_ptr<const Part> Store::PickErased() {
  while (!unclean_.empty()) {
    const uint32_t block = unclean_.back();
    bool waits = false;
    for (auto list = index_.lists().lower_bound({block, INT64_MIN});
         list != index_.lists().end() && list->first.block == block; ++list) {
      for (const auto& part : list->second) {
        if (!HoldsAny(part->events(), erased_[block])) continue;
        if (!part->in_memory()) return part;
        waits = true;
      }
    }
    if (waits || !builders_.empty()) return nullptr;
    unclean_.pop_back();
  }
  return nullptr;
}

Result<> Store::RewriteErased(const std::shared_ptr<const Part>& part) {
  std::vector<uint32_t> erased;
  {
    const std::lock_guard lock(mutex_);
    erased = erased_[part->meta().block];
  }
  Manifest next = manifest_;
  column::BlockBuilder builder(part->meta().block, part->meta().base_ms);
  builder.AddOthers(part->events(), erased);
  const uint32_t rows = builder.row_count();
  std::shared_ptr<const Part> rest;  // null: nothing is left
  if (rows > 0) {
    const uint64_t checksum = column::BlockChecksum(part->events(), erased);
    rest = TRY(WritePart(builder.Build().bytes(), checksum, next.next_file_id++));
    TRY(files_.SyncDirectory(directory_));
  }
  LogInfo("store.erased", {{"rows", part->meta().row_count - rows}});
  return Commit(std::move(next), {{{part}, rest}});
}

Result<bool> Store::Compact() {
  std::shared_ptr<const Part> unclean;
  {
    const std::lock_guard lock(mutex_);
    unclean = PickErased();
  }
  if (unclean) {
    TRY(RewriteErased(unclean));
    return true;
  }
  PartList group;
  {
    const std::lock_guard lock(mutex_);
    if (unflushed_rows() == 0) busy_.clear();
    group = index_.PickMerge(busy_);
  }
  if (group.empty()) return false;
  uint64_t checksum = 0;
  for (const auto& part : group) checksum += part->meta().checksum;
  Manifest next = manifest_;
  const column::Image image = MergeParts(group);
  auto merged = TRY(WritePart(image.bytes(), checksum, next.next_file_id++));
  TRY(files_.SyncDirectory(directory_));
  LogInfo("store.compacted", {{"parts", group.size()}, {"rows", merged->meta().row_count}});
  TRY(Commit(std::move(next), {{std::move(group), std::move(merged)}}));
  return true;
}

}  // namespace waypost::store
