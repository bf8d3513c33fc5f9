// Any bytes given as a block's attributes are refused, or make columns and encode again.
#include <cstddef>
#include <cstdint>

#include "store/attribute_block.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto block = waypost::store::AttributeBlock::Decode({data, size});
  if (!block.ok()) return 0;
  block.value()->Columns();
  CHECK(waypost::store::AttributeBlock::Decode(block.value()->Encode()).ok());
  return 0;
}
