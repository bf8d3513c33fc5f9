// A part: the events of one block of customers and one month that arrived in one stretch.
// Immutable, held in memory until it is written, or mapped from its file.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "column/block_image.h"
#include "column/event_block.h"
#include "io/file_system.h"
#include "store/sealed_file.h"

namespace waypost::store {

// What the manifest says of a part.
struct PartMeta {
  uint64_t id = 0;  // 0 while only in memory
  uint32_t block = 0;
  int64_t base_ms = 0;
  uint32_t row_count = 0;
  uint64_t file_bytes = 0;
  uint64_t checksum = 0;  // column::BlockChecksum
};

// Shared by snapshots; the last one to let go of a part marked Retire()d removes its file.
class Part {
 public:
  static std::shared_ptr<const Part> InMemory(column::Image image);
  // Maps, verifies every byte and reads the structure. kCorrupt names the file and the place.
  static Result<std::shared_ptr<const Part>> Open(io::FileSystem& files,
                                                  const std::string& directory,
                                                  const PartMeta& meta);
  ~Part();
  Part(const Part&) = delete;
  Part& operator=(const Part&) = delete;

  const PartMeta& meta() const { return meta_; }
  const column::EventBlock& events() const { return events_; }
  bool in_memory() const { return meta_.id == 0; }
  // REQUIRES: in_memory()
  const column::Image& image() const { return image_; }
  // Bytes of memory or file.
  uint64_t bytes() const;

  // The manifest no longer names it.
  void Retire() const { retired_ = true; }

  static std::string FileName(uint64_t id);

 private:
  Part() = default;
  PartMeta meta_;
  column::Image image_;
  SealedFile file_;
  column::EventBlock events_;
  io::FileSystem* files_ = nullptr;
  mutable std::atomic<bool> retired_ = false;
};

}  // namespace waypost::store
