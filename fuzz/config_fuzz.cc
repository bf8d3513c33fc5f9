// Any text is a configuration or an error that names the file.
#include "base/bytes.h"
#include "base/check.h"
#include "services/config.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  waypost::services::Config config;
  const auto applied =
      waypost::services::ApplyToml(waypost::AsText({data, size}), "f.toml", &config);
  CHECK(applied.ok() || applied.error().message().starts_with("f.toml:"));
  return 0;
}
