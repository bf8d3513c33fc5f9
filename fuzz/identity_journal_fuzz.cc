// Any bytes given as an identity journal are applied or refused; a graph that took them writes a
// journal that makes the same graph again.
#include <cstddef>
#include <cstdint>

#include "identity/identity_graph.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  waypost::identity::IdentityGraph graph, copy;
  if (!graph.ApplyJournal({data, size}).ok()) return 0;
  waypost::ByteWriter once, again;
  graph.EncodeAll(&once);
  CHECK(copy.ApplyJournal(once.bytes()).ok());
  copy.EncodeAll(&again);
  CHECK(once.bytes() == again.bytes());
  return 0;
}
