// Any bytes given as a manifest are refused, or mean the same when written again.
#include <cstddef>
#include <cstdint>

#include "store/manifest.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto manifest = waypost::store::Manifest::Decode({data, size});
  if (!manifest.ok()) return 0;
  const waypost::Bytes once = manifest.value().Encode();
  CHECK(waypost::store::Manifest::Decode(once).value().Encode() == once);
  return 0;
}
