// Any text given as a mapping is read or refused; what was read is the same after writing it and
// reading it again.
#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "base/check.h"
#include "files/mapping.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace waypost;
  const auto read = [](const std::string&) {
    return Result<std::string>(std::string("1,a\n2,b\n"));
  };
  const auto mapping = files::ParseMapping(AsText({data, size}), "m.toml", read);
  if (!mapping.ok()) return 0;
  const std::string text = files::MappingText(mapping.value());
  const auto again = files::ParseMapping(text, "m.toml", read);
  CHECK(again.ok());
  CHECK(files::MappingText(again.value()) == text);
  return 0;
}
