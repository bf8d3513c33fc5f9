// Any bytes given as a block image are refused, or can be read whole: every row, every value, every
// timeline lies inside.
#include <cstddef>
#include <cstdint>

#include "column/block_checksum.h"
#include "column/block_image.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const waypost::column::Image image(std::span(data, size));
  const auto block = waypost::column::ReadBlockImage(image.bytes());
  if (!block.ok()) return 0;
  waypost::column::BlockChecksum(block.value());
  for (const waypost::column::EventSlice& slice : block.value().slices) {
    for (uint32_t local = 0; local < 65'536; local += 257) {
      CHECK(slice.persons.Rows(local).end <= slice.row_count);
    }
  }
  return 0;
}
