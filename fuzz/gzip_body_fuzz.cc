// Any bytes given as gzip data, base64 or a form are refused or give no more than asked for.
#include <cstddef>
#include <cstdint>

#include "ingest/wire_text.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto inflated = waypost::ingest::Inflate(text, 1 << 20);
  CHECK(!inflated.ok() || inflated.value().size() <= 1 << 20);
  const auto bytes = waypost::ingest::DecodeBase64(text);
  CHECK(!bytes || bytes->size() <= size);
  size_t field_sizes = 0;
  for (const auto& [name, value] : waypost::ingest::ParseForm(text)) {
    field_sizes += name.size() + value.size();
  }
  CHECK(field_sizes <= size);
  return 0;
}
