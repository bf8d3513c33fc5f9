// Any bytes given as a batch payload are read to the end or refused; a list never reaches outside
// them.
#include <cstddef>
#include <cstdint>

#include "model/batch.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  waypost::Result<waypost::BatchReader> in = waypost::BatchReader::Open({data, size});
  while (in.ok()) {
    const waypost::Result<std::optional<waypost::ItemView>> item = in.value().Next();
    if (!item.ok() || !item.value()) break;
    for (const waypost::PropertyView& property : item.value()->properties) {
      CHECK(property.name < in.value().names().size());
      if (property.value.type != waypost::ValueType::kList) continue;
      for (const std::string_view text : waypost::ListItems(property.value.text)) {
        CHECK(text.size() <= size);
      }
    }
  }
  return 0;
}
