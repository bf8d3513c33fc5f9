// Any bytes given as the values of a tag are refused, or every value lies inside.
#include "column/block_image.h"
#include "tags/summary.h"
#include "tags/value_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace waypost;
  const auto image = std::make_shared<column::Image>(std::span(data, size));
  const auto values = tags::DecodeValues(image->bytes(), image);
  if (!values.ok()) return 0;
  const exec::CustomerBits everyone(4 * column::PersonIndex::kWords, ~0ull);
  tags::Summarize(values.value().type, values.value().columns, everyone);
  return 0;
}
