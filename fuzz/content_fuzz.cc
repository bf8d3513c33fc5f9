// Any text is refused as a template or read; a filled one obeys its limit.
#include <cstddef>
#include <cstdint>

#include "content/review.h"
#include "content/template.h"
#include "io/egress.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace waypost;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const content::ReviewRules rules{.egress = io::EgressRules::Read("").value()};
  (void)content::Review(text, {"sms", "marketing"}, rules);
  const Result<content::Template> read = content::Template::Read(text);
  if (!read.ok()) return 0;
  const Result<std::string> filled =
      read.value().Fill([](std::string_view name) { return name.size() % 2 ? "[1,2]" : "-12.5"; },
                        [](int64_t ms) { return ms; });
  CHECK(!filled.ok() || filled.value().size() <= content::kMaxMessageBytes);
  return 0;
}
