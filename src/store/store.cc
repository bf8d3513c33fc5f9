#include "store/store.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <set>
#include <thread>

#include "base/logger.h"

namespace waypost::store {
namespace {

// Questions that follow each other closely leave small parts: merging them must not cost more than
// taking the rows in did.
constexpr size_t kMemoryFanIn = 8;
constexpr uint64_t kMemorySlack = 1;
// Who asks waits for merges, and so does whatever happens meanwhile: none takes over some 50 ms,
// nor do all together.
constexpr uint64_t kMostMerged = 150'000;  // rows
// A customer's pending rows are built again for each question about it, but not so many.
constexpr uint64_t kMostPendingNear = 1'000;

// Fewer rows are built sooner than threads begin.
constexpr uint64_t kRowsForThreads = 100'000;

void OnAllCores(size_t count, const std::function<void(size_t)>& work) {
  std::atomic<size_t> next = 0;
  const auto some = [&] {
    for (size_t i = next++; i < count; i = next++) work(i);
  };
  std::vector<std::jthread> threads;
  for (unsigned i = 1; i < std::thread::hardware_concurrency(); ++i) threads.emplace_back(some);
  some();
}

bool IsOurs(const std::string& name) {
  return name.starts_with("part-") || name.starts_with("attributes-") ||
         name.starts_with("journal-") || name.ends_with(".tmp");
}

}  // namespace

int64_t MonthStart(int64_t time_ms) {
  using namespace std::chrono;
  const sys_days day = floor<days>(sys_time<milliseconds>(milliseconds(time_ms)));
  const year_month_day date(day);
  return duration_cast<milliseconds>(sys_days(date.year() / date.month() / 1).time_since_epoch())
      .count();
}

Result<std::unique_ptr<Store>> Store::Open(io::FileSystem& files, std::string directory) {
  std::unique_ptr<Store> store(new Store(files, std::move(directory)));
  TRY(files.CreateDirectory(store->directory_));
  TRY(files.SyncDirectory(io::ParentDirectory(store->directory_)));
  store->manifest_ = TRY(ReadManifest(files, store->directory_));
  store->applied_ = store->manifest_.position;
  TRY(store->RemoveLeftovers());
  TRY(store->OpenParts());
  TRY(store->OpenAttributes());
  for (const auto& [name, meta] : store->manifest_.journals) {
    store->journals_[name] = TRY(Journal::Open(files, store->directory_, name, meta));
  }
  return store;
}

Result<> Store::RemoveLeftovers() {
  std::set<std::string> named;
  for (const PartMeta& part : manifest_.parts) named.insert(Part::FileName(part.id));
  for (const AttributeFileMeta& file : manifest_.attributes)
    named.insert(AttributeFileMeta::FileName(file.id));
  for (const auto& [name, journal] : manifest_.journals)
    named.insert(Journal::FileName(name, journal.id));
  const auto entries = TRY(files_.List(directory_));
  for (const io::DirectoryEntry& entry : entries) {
    if (IsOurs(entry.name) && !named.contains(entry.name)) {
      TRY(files_.Remove(directory_ + "/" + entry.name));
    }
  }
  return {};
}

Result<> Store::OpenParts() {
  const std::vector<PartMeta>& metas = manifest_.parts;
  std::vector<std::optional<Result<std::shared_ptr<const Part>>>> opened(metas.size());
  OnAllCores(metas.size(), [&](size_t i) { opened[i] = Part::Open(files_, directory_, metas[i]); });
  for (size_t i = 0; i < metas.size(); ++i) {
    if (opened[i]->ok()) {
      index_.Add(std::move(*opened[i]).value());
      continue;
    }
    const Error& error = opened[i]->error();
    if (error.code() != Code::kCorrupt && error.code() != Code::kNotFound) return error;
    LogError("store.part_damaged",
             {{"part", Part::FileName(metas[i].id)}, {"error", error.message()}});
    damaged_.push_back(error.message());
    damaged_metas_.push_back(metas[i]);
  }
  return {};
}

Result<> Store::OpenAttributes() {
  for (const AttributeFileMeta& meta : manifest_.attributes) {
    const std::string path = directory_ + "/" + AttributeFileMeta::FileName(meta.id);
    const SealedFile file = TRY(SealedFile::Open(files_, path, SealedKind::kAttributes, meta.id));
    TRY(file.Verify());
    Result<std::unique_ptr<AttributeBlock>> block = AttributeBlock::Decode(file.payload());
    if (!block.ok()) return std::move(block).error().While(path);
    written_attributes_[meta.block] = block.value()->position();
    attributes_[meta.block] = std::move(block).value();
  }
  return {};
}

const Bytes* Store::Blob(const std::string& name) const {
  const auto found = manifest_.blobs.find(name);
  return found == manifest_.blobs.end() ? nullptr : &found->second;
}

Result<> Store::ReadJournal(const std::string& name,
                            const std::function<Result<>(std::span<const uint8_t>)>& visit) const {
  const auto found = manifest_.journals.find(name);
  if (found == manifest_.journals.end()) return {};
  return Journal::Read(files_, directory_, name, found->second, visit);
}

void Store::Append(Ordinal ordinal, EventTypeId event, int64_t time_ms,
                   std::span<const column::Cell> cells) {
  const uint32_t block = ordinal >> kBlockBits;
  const int64_t base_ms = MonthStart(time_ms);
  builders_[block]
      .try_emplace(base_ms, block, base_ms)
      .first->second.Add({event, ordinal & (kBlockSize - 1), time_ms, cells});
  ++pending_rows_;
}

AttributeBlock& Store::AttributesOf(Ordinal ordinal) {
  std::unique_ptr<AttributeBlock>& block = attributes_[ordinal >> kBlockBits];
  if (!block) block = std::make_unique<AttributeBlock>(ordinal >> kBlockBits);
  return *block;
}

void Store::ForEachSurvivor(
    std::span<const Ordinal> members, const SurvivorRules& rules,
    const std::function<void(PropertyId, const AttributeValue&)>& visit) const {
  static const SurvivorRule kLatest;
  std::map<PropertyId, std::vector<AttributeValue>> all;
  for (const Ordinal member : members) {
    const auto block = attributes_.find(member >> kBlockBits);
    if (block == attributes_.end()) continue;
    block->second->ForEach(
        member & (kBlockSize - 1),
        [&](PropertyId property, const AttributeValue& value) { all[property].push_back(value); });
  }
  for (const auto& [property, values] : all) {
    const auto rule = rules.find(property);
    std::string text;
    const auto survivor = Survivor(rule == rules.end() ? kLatest : rule->second, values, &text);
    if (survivor) visit(property, *survivor);
  }
}

void Store::ShowCustomer(Ordinal root, std::span<const Ordinal> members,
                         const SurvivorRules& rules) {
  std::map<PropertyId, AttributeValue> survivors;
  std::deque<std::string> texts;
  ForEachSurvivor(members, rules, [&](PropertyId property, const AttributeValue& survivor) {
    AttributeValue& kept = survivors[property] = survivor;
    kept.value.text = texts.emplace_back(survivor.value.text);
  });
  const auto block = attributes_.find(root >> kBlockBits);
  if (survivors.empty() && block == attributes_.end()) return;
  AttributesOf(root).Show(root & (kBlockSize - 1), survivors);
}

void Store::ShowTimeline(Ordinal ordinal) {
  const auto block = attributes_.find(ordinal >> kBlockBits);
  if (block != attributes_.end()) block->second->ShowOwn(ordinal & (kBlockSize - 1));
}

void Store::Freeze() {
  std::vector<column::BlockBuilder*> builders;
  for (auto& [block, months] : builders_) {
    for (auto& [base_ms, builder] : months) builders.push_back(&builder);
  }
  PartList built(builders.size());
  const auto build = [&](size_t i) { built[i] = Part::InMemory(builders[i]->Build()); };
  if (pending_rows_ < kRowsForThreads) {
    for (size_t i = 0; i < builders.size(); ++i) build(i);
  } else {
    OnAllCores(builders.size(), build);
  }
  for (auto& part : built) index_.Add(std::move(part));
  builders_.clear();
  pending_rows_ = 0;
}

void Store::FreezeBlock(uint32_t block) {
  const auto months = builders_.find(block);
  if (months == builders_.end()) return;
  for (auto& [base_ms, builder] : months->second) {
    pending_rows_ -= builder.row_count();
    index_.Add(Part::InMemory(builder.Build()));
  }
  builders_.erase(months);
}

PartList Store::PartsNear(uint32_t block, std::span<const uint32_t> locals,
                          const column::Wanted& wanted) {
  const auto months = builders_.find(block);
  if (months == builders_.end()) return index_.Block(block);
  uint64_t pending = 0;
  for (auto& [base_ms, builder] : months->second) {
    for (const uint32_t local : locals) pending += builder.RowsOf(local);
  }
  if (pending > kMostPendingNear) {
    FreezeBlock(block);
    MergeSmallParts(index_.InMemory(block));
    return index_.Block(block);
  }
  PartList parts = index_.Block(block);
  for (auto& [base_ms, builder] : months->second) {
    std::optional<column::Image> image = builder.BuildOf(locals, wanted);
    if (!image) continue;
    const auto later = std::ranges::find_if(
        parts, [&, base = base_ms](const auto& part) { return part->meta().base_ms > base; });
    parts.insert(later, Part::InMemory(std::move(*image)));
  }
  return parts;
}

// Keeps questions fast when they come often: few parts to look into.
void Store::MergeSmallParts(const std::vector<PartList>& in_memory) {
  if (request_)
    return;  // the parts set aside by BeginFlush() stay as they are until they are written
  uint64_t left = kMostMerged;
  for (const PartList& parts : in_memory) {
    const PartList merge = MergeOf(parts, kMemoryFanIn, kMemorySlack, left);
    if (merge.empty()) continue;
    for (const auto& part : merge) left -= part->meta().row_count;
    index_.Replace(merge, Part::InMemory(MergeParts(merge)));
  }
}

void Store::Erase(LogPosition position, Ordinal ordinal) {
  const uint32_t block = ordinal >> kBlockBits, local = ordinal & (kBlockSize - 1);
  if (const auto found = attributes_.find(block); found != attributes_.end()) {
    found->second->Erase(position, local);
  }
  std::vector<uint32_t>& locals = erased_[block];
  const auto at = std::lower_bound(locals.begin(), locals.end(), local);
  if (at == locals.end() || *at != local) locals.insert(at, local);
  if (std::find(unclean_.begin(), unclean_.end(), block) == unclean_.end()) {
    unclean_.push_back(block);
  }
}

std::shared_ptr<const Snapshot> Store::TakeSnapshot(const Customers& customers) {
  Freeze();
  MergeSmallParts(index_.InMemory());
  auto snapshot = std::make_shared<Snapshot>();
  column::SnapshotView& view = snapshot->view_;
  view.id = std::to_string(applied_);
  view.ordinal_count = customers.ordinal_count;
  view.blocks = index_.Blocks();
  view.clusters = customers.clusters;
  view.clustered = customers.clustered;
  view.erased = customers.erased;
  view.damaged_parts = damaged_;
  for (const auto& [key, list] : index_.lists()) {
    snapshot->parts_.insert(snapshot->parts_.end(), list.begin(), list.end());
  }
  for (auto& [number, block] : attributes_) {
    snapshot->attributes_.push_back(block->Columns());
    auto at = std::lower_bound(view.blocks.begin(), view.blocks.end(), number,
                               [](const column::BlockView& b, uint32_t n) { return b.block < n; });
    if (at == view.blocks.end() || at->block != number)
      at = view.blocks.insert(at, {number, {}, {}});
    at->attributes = snapshot->attributes_.back()->columns();
  }
  return snapshot;
}

std::shared_ptr<const Snapshot> Store::TakeSnapshotOf(const column::Cluster& customer,
                                                      const column::Wanted& wanted) {
  auto snapshot = std::make_shared<Snapshot>();
  column::SnapshotView& view = snapshot->view_;
  view.id = std::to_string(applied_);
  view.ordinal_count = customer.members.back() + 1;
  view.damaged_parts = damaged_;
  view.bits_from = customer.root >> kBlockBits;
  if (customer.members.size() > 1) {
    view.clusters = column::Clusters({&customer, 1});
    view.clustered.resize(kBlockSize / 64);
    const uint32_t local = customer.root & (kBlockSize - 1);
    view.clustered[local / 64] |= 1ull << (local % 64);
  }
  for (auto member = customer.members.begin(); member != customer.members.end();) {
    const uint32_t number = *member >> kBlockBits;
    std::vector<uint32_t> locals;
    for (; member != customer.members.end() && *member >> kBlockBits == number; ++member)
      locals.push_back(*member & (kBlockSize - 1));
    column::BlockView& block = view.blocks.emplace_back();
    block.block = number;
    for (auto& part : PartsNear(number, locals, wanted)) {
      block.parts.push_back(&part->events());
      snapshot->parts_.push_back(std::move(part));
    }
    const auto attributes = attributes_.find(number);
    if (attributes == attributes_.end()) continue;
    snapshot->attributes_.push_back(attributes->second->Columns());
    block.attributes = snapshot->attributes_.back()->columns();
  }
  return snapshot;
}

}  // namespace waypost::store
