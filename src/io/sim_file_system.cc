#include "io/sim_file_system.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace waypost::io {
namespace {

constexpr size_t kSector = 512;

Error Refused(FaultKind kind, std::string_view doing, const std::string& path) {
  switch (kind) {
    case FaultKind::kNoSpace:
    case FaultKind::kShortWrite:
      return Error(Code::kUnavailable, "storage_full",
                   fmt::format("{} {}: No space left on device", doing, path));
    case FaultKind::kIoError:
      return Error(Code::kIo, fmt::format("{} {}: Input/output error", doing, path));
    case FaultKind::kPowerOff:
      break;
  }
  return Error(Code::kIo, fmt::format("{} {}: the power is off", doing, path));
}

Error NotFound(const std::string& path) { return Error(Code::kNotFound, path + ": No such file"); }

}  // namespace

class SimWritableFile final : public WritableFile {
 public:
  SimWritableFile(SimFileSystem* disk, SimFileSystem::NodePtr node, std::string path)
      : disk_(disk),
        node_(std::move(node)),
        path_(std::move(path)),
        boot_(disk->boot_),
        size_(node_->bytes.size()) {}

  Result<> Append(std::span<const uint8_t> bytes) override {
    const std::lock_guard lock(disk_->mutex_);
    TRY(CheckAlive());
    TRY(disk_->AppendTo(*node_, path_, size_, bytes));
    size_ += bytes.size();
    return {};
  }

  Result<> Sync() override {
    const std::lock_guard lock(disk_->mutex_);
    TRY(CheckAlive());
    return disk_->SyncFile(*node_, path_);
  }

  Result<> Truncate(uint64_t size) override {
    CHECK(size <= size_);
    const std::lock_guard lock(disk_->mutex_);
    TRY(CheckAlive());
    TRY(disk_->Begin("truncate", path_, false));
    node_->bytes.resize(size);
    node_->unsynced.push_back({.offset = size, .bytes = {}, .truncates = true});
    size_ = size;
    return {};
  }

  Result<> Close() override {
    const std::lock_guard lock(disk_->mutex_);
    TRY(CheckAlive());
    return disk_->Begin("close", path_, false);
  }

  uint64_t size() const override { return size_; }
  const std::string& path() const override { return path_; }

 private:
  Result<> CheckAlive() const {
    if (boot_ == disk_->boot_) return {};
    return Error(Code::kIo, path_ + ": the file was open when the power went");
  }

  SimFileSystem* disk_;
  SimFileSystem::NodePtr node_;
  std::string path_;
  uint64_t boot_;
  uint64_t size_;
};

class SimReadableFile final : public ReadableFile {
 public:
  SimReadableFile(SimFileSystem* disk, SimFileSystem::NodePtr node, std::string path)
      : disk_(disk), node_(std::move(node)), path_(std::move(path)), size_(node_->bytes.size()) {}

  Result<size_t> ReadAt(uint64_t offset, std::span<uint8_t> out) const override {
    const std::lock_guard lock(disk_->mutex_);
    TRY(disk_->Begin("read", path_, false));
    const Bytes& bytes = node_->bytes;
    if (offset >= bytes.size()) return size_t{0};
    const size_t size = std::min<size_t>(out.size(), bytes.size() - offset);
    std::copy_n(bytes.begin() + static_cast<ptrdiff_t>(offset), size, out.begin());
    return size;
  }

  uint64_t size() const override { return size_; }

 private:
  SimFileSystem* disk_;
  SimFileSystem::NodePtr node_;
  std::string path_;
  uint64_t size_;
};

class SimFileLock final : public FileLock {
 public:
  SimFileLock(SimFileSystem* disk, SimFileSystem::NodePtr node)
      : disk_(disk), node_(std::move(node)), boot_(disk->boot_) {}
  ~SimFileLock() override {
    const std::lock_guard lock(disk_->mutex_);
    if (boot_ == disk_->boot_) node_->locked = false;
  }

 private:
  SimFileSystem* disk_;
  SimFileSystem::NodePtr node_;
  uint64_t boot_;
};

SimFileSystem::SimFileSystem() : root_(std::make_shared<Node>()) { root_->is_directory = true; }

void SimFileSystem::InjectFault(const Fault& fault) {
  const std::lock_guard lock(mutex_);
  fault_ = fault;
  fault_->at += operation_count_;
}

void SimFileSystem::ClearFault() {
  const std::lock_guard lock(mutex_);
  fault_.reset();
}

uint64_t SimFileSystem::operation_count() const {
  const std::lock_guard lock(mutex_);
  return operation_count_;
}

void SimFileSystem::SetCapacity(uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  capacity_ = bytes;
}

void SimFileSystem::Damage(const std::string& path, const std::function<void(Bytes*)>& change) {
  const std::lock_guard lock(mutex_);
  const NodePtr node = FindFile(path).value();
  change(&node->bytes);
  node->durable_bytes = node->bytes;
  node->unsynced.clear();
}

std::optional<FaultKind> SimFileSystem::Strike(bool needs_space, bool is_append) {
  ++operation_count_;
  if (!fault_ || operation_count_ < fault_->at) return std::nullopt;
  const FaultKind kind = fault_->kind;
  if (kind == FaultKind::kNoSpace && !needs_space) return std::nullopt;
  if (kind == FaultKind::kShortWrite && !is_append) return std::nullopt;
  if (!fault_->sticky && kind != FaultKind::kPowerOff) fault_.reset();
  return kind;
}

Result<> SimFileSystem::Begin(const std::string& doing, const std::string& path, bool needs_space) {
  const auto struck = Strike(needs_space, false);
  if (struck) return Refused(*struck, doing, path);
  return {};
}

Result<SimFileSystem::Place> SimFileSystem::Find(const std::string& path) {
  Place place{.directory = root_, .name = "", .node = root_};
  for (size_t at = 0; at < path.size();) {
    const size_t slash = std::min(path.find('/', at), path.size());
    const std::string name = path.substr(at, slash - at);
    at = slash + 1;
    if (name.empty()) continue;
    if (place.node == nullptr || !place.node->is_directory) return NotFound(path);
    const auto found = place.node->entries.find(name);
    const NodePtr next = found == place.node->entries.end() ? nullptr : found->second;
    place = {.directory = place.node, .name = name, .node = next};
  }
  return place;
}

Result<SimFileSystem::NodePtr> SimFileSystem::FindFile(const std::string& path) {
  const Place place = TRY(Find(path));
  if (place.node == nullptr) return NotFound(path);
  if (place.node->is_directory) return Error(Code::kIo, path + ": Is a directory");
  return place.node;
}

uint64_t SimFileSystem::UsedBytes() const {
  uint64_t used = 0;
  std::vector<const Node*> open = {root_.get()};
  while (!open.empty()) {
    const Node* node = open.back();
    open.pop_back();
    used += node->bytes.size();
    for (const auto& [name, child] : node->entries) open.push_back(child.get());
  }
  return used;
}

Result<> SimFileSystem::AppendTo(Node& node, const std::string& path, uint64_t offset,
                                 std::span<const uint8_t> bytes) {
  if (const auto struck = Strike(true, true)) {
    if (*struck == FaultKind::kShortWrite) Put(node, offset, bytes.first(bytes.size() / 2));
    return Refused(*struck, "write", path);
  }
  if (capacity_) {
    const uint64_t used = UsedBytes();
    const uint64_t free = used < *capacity_ ? *capacity_ - used : 0;
    if (free < bytes.size()) {
      Put(node, offset, bytes.first(free));
      return Refused(FaultKind::kNoSpace, "write", path);
    }
  }
  Put(node, offset, bytes);
  return {};
}

void SimFileSystem::Put(Node& node, uint64_t offset, std::span<const uint8_t> bytes) {
  node.unsynced.push_back({.offset = offset, .bytes = {bytes.begin(), bytes.end()}});
  ApplyBytes(node.unsynced.back(), &node.bytes);
}

void SimFileSystem::ApplyBytes(const Change& change, Bytes* bytes) {
  if (change.truncates) {
    bytes->resize(std::min<size_t>(bytes->size(), change.offset));
    return;
  }
  if (bytes->size() < change.offset + change.bytes.size()) {
    bytes->resize(change.offset + change.bytes.size());
  }
  std::copy(change.bytes.begin(), change.bytes.end(),
            bytes->begin() + static_cast<ptrdiff_t>(change.offset));
}

Result<> SimFileSystem::SyncFile(Node& node, const std::string& path) {
  const auto struck = Strike(false, false);
  if (!struck) {
    for (const Change& change : node.unsynced) ApplyBytes(change, &node.durable_bytes);
  }
  if (struck == FaultKind::kPowerOff) return Refused(*struck, "sync", path);
  node.unsynced.clear();  // after a failure the kernel believes that the pages are clean
  if (struck) return Refused(*struck, "sync", path);
  return {};
}

Result<std::unique_ptr<WritableFile>> SimFileSystem::Create(const std::string& path) {
  const std::lock_guard lock(mutex_);
  TRY(Begin("create", path, true));
  const Place place = TRY(Find(path));
  if (place.node != nullptr) return Error(Code::kConflict, path + ": File exists");
  const auto node = std::make_shared<Node>();
  place.directory->entries[place.name] = node;
  unsynced_names_.push_back({nullptr, place.directory, "", place.name, node});
  return std::unique_ptr<WritableFile>(std::make_unique<SimWritableFile>(this, node, path));
}

Result<std::unique_ptr<WritableFile>> SimFileSystem::OpenAppend(const std::string& path) {
  const std::lock_guard lock(mutex_);
  TRY(Begin("open", path, false));
  return std::unique_ptr<WritableFile>(
      std::make_unique<SimWritableFile>(this, TRY(FindFile(path)), path));
}

Result<std::unique_ptr<ReadableFile>> SimFileSystem::OpenRead(const std::string& path) {
  const std::lock_guard lock(mutex_);
  TRY(Begin("open", path, false));
  return std::unique_ptr<ReadableFile>(
      std::make_unique<SimReadableFile>(this, TRY(FindFile(path)), path));
}

Result<MappedFile> SimFileSystem::Map(const std::string& path) {
  const std::lock_guard lock(mutex_);
  TRY(Begin("map", path, false));
  const auto copy = std::make_shared<Bytes>(TRY(FindFile(path))->bytes);
  const size_t size = copy->size();
  copy->resize(size + 8);
  return MappedFile(std::shared_ptr<const uint8_t>(copy, copy->data()), size);
}

Result<uint64_t> SimFileSystem::FileSize(const std::string& path) {
  const std::lock_guard lock(mutex_);
  TRY(Begin("stat", path, false));
  return static_cast<uint64_t>(TRY(FindFile(path))->bytes.size());
}

void SimFileSystem::ApplyName(const NameChange& change) {
  if (change.from_directory) change.from_directory->durable_entries.erase(change.from);
  if (change.to_directory) change.to_directory->durable_entries[change.to] = change.node;
}

Result<> SimFileSystem::Rename(const std::string& from, const std::string& to) {
  const std::lock_guard lock(mutex_);
  TRY(Begin("rename", from, true));
  const Place source = TRY(Find(from));
  if (source.node == nullptr) return NotFound(from);
  const Place target = TRY(Find(to));
  if (target.node != nullptr && target.node->is_directory && !target.node->entries.empty()) {
    return Error(Code::kIo, to + ": Directory not empty");
  }
  source.directory->entries.erase(source.name);
  target.directory->entries[target.name] = source.node;
  unsynced_names_.push_back(
      {source.directory, target.directory, source.name, target.name, source.node});
  return {};
}

Result<> SimFileSystem::Remove(const std::string& path) {
  const std::lock_guard lock(mutex_);
  TRY(Begin("remove", path, false));
  const Place place = TRY(Find(path));
  if (place.node == nullptr) return NotFound(path);
  if (!place.node->entries.empty()) return Error(Code::kIo, path + ": Directory not empty");
  place.directory->entries.erase(place.name);
  unsynced_names_.push_back({place.directory, nullptr, place.name, "", place.node});
  return {};
}

Result<> SimFileSystem::CreateDirectory(const std::string& path) {
  const std::lock_guard lock(mutex_);
  TRY(Begin("create directory", path, true));
  const Place place = TRY(Find(path));
  if (place.node != nullptr && place.node->is_directory) return {};
  if (place.node != nullptr) return Error(Code::kConflict, path + ": File exists");
  const auto node = std::make_shared<Node>();
  node->is_directory = true;
  place.directory->entries[place.name] = node;
  unsynced_names_.push_back({nullptr, place.directory, "", place.name, node});
  return {};
}

Result<> SimFileSystem::SyncDirectory(const std::string& path) {
  const std::lock_guard lock(mutex_);
  TRY(Begin("sync directory", path, false));
  const Place place = TRY(Find(path));
  if (place.node == nullptr || !place.node->is_directory) return NotFound(path);
  std::erase_if(unsynced_names_, [&](const NameChange& change) {
    if (change.from_directory != place.node && change.to_directory != place.node) return false;
    ApplyName(change);
    return true;
  });
  return {};
}

Result<std::vector<DirectoryEntry>> SimFileSystem::List(const std::string& path) {
  const std::lock_guard lock(mutex_);
  TRY(Begin("list", path, false));
  const Place place = TRY(Find(path));
  if (place.node == nullptr || !place.node->is_directory) return NotFound(path);
  std::vector<DirectoryEntry> entries;
  for (const auto& [name, node] : place.node->entries) {
    entries.push_back({name, node->is_directory, node->bytes.size()});
  }
  return entries;
}

Result<std::unique_ptr<FileLock>> SimFileSystem::Lock(const std::string& path) {
  const std::lock_guard lock(mutex_);
  TRY(Begin("lock", path, true));
  const Place place = TRY(Find(path));
  NodePtr node = place.node;
  if (node == nullptr) {
    node = place.directory->entries[place.name] = std::make_shared<Node>();
    unsynced_names_.push_back({nullptr, place.directory, "", place.name, node});
  }
  if (node->locked) return Error(Code::kConflict, "locked", path + " is locked by another process");
  node->locked = true;
  return std::unique_ptr<FileLock>(std::make_unique<SimFileLock>(this, node));
}

Result<uint64_t> SimFileSystem::FreeSpace(const std::string& path) {
  const std::lock_guard lock(mutex_);
  TRY(Begin("ask the free space of", path, false));
  const uint64_t used = UsedBytes();
  const uint64_t capacity = capacity_.value_or(1ull << 40);
  return used < capacity ? capacity - used : 0;
}

void SimFileSystem::Crash(uint64_t seed) {
  const std::lock_guard lock(mutex_);
  SimRandom random(seed);
  ++boot_;
  fault_.reset();
  CrashNames(random);
  std::set<Node*> seen;
  std::vector<NodePtr> open = {root_};
  while (!open.empty()) {
    const NodePtr node = open.back();
    open.pop_back();
    if (!seen.insert(node.get()).second) continue;
    CrashNode(*node, random);
    for (const auto& [name, child] : node->entries) open.push_back(child);
  }
}

void SimFileSystem::CrashNames(Random& random) {
  const bool in_order = random.Below(2) == 0;
  const uint64_t kept = random.Below(unsynced_names_.size() + 1);
  for (size_t i = 0; i < unsynced_names_.size(); ++i) {
    if (in_order ? i < kept : random.Below(2) == 0) ApplyName(unsynced_names_[i]);
  }
  unsynced_names_.clear();
}

void SimFileSystem::CrashNode(Node& node, Random& random) {
  node.locked = false;
  node.entries = node.durable_entries;
  if (random.Below(2) == 0) {
    KeepPrefix(node, random);
  } else {
    KeepSectors(node, random);
  }
  node.unsynced.clear();
  node.bytes = node.durable_bytes;
}

void SimFileSystem::KeepPrefix(Node& node, Random& random) {
  const uint64_t kept = random.Below(node.unsynced.size() + 1);
  for (size_t i = 0; i < kept; ++i) ApplyBytes(node.unsynced[i], &node.durable_bytes);
  if (kept == node.unsynced.size()) return;
  Change& torn = node.unsynced[kept];
  torn.bytes.resize(random.Below(torn.bytes.size() + 1));
  if (!torn.truncates) ApplyBytes(torn, &node.durable_bytes);
}

void SimFileSystem::KeepSectors(Node& node, Random& random) {
  for (const Change& change : node.unsynced) {
    if (change.truncates && random.Below(2) == 0) ApplyBytes(change, &node.durable_bytes);
    for (size_t at = 0; at < change.bytes.size(); at += kSector) {
      if (random.Below(3) == 0) continue;
      const auto begin = change.bytes.begin() + static_cast<ptrdiff_t>(at);
      const auto size = static_cast<ptrdiff_t>(std::min(kSector, change.bytes.size() - at));
      ApplyBytes({.offset = change.offset + at, .bytes = {begin, begin + size}},
                 &node.durable_bytes);
    }
  }
}

}  // namespace waypost::io
