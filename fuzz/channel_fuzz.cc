// Any text is refused as a channel's description or read; any body is refused as receipts or read.
#include <cstddef>
#include <cstdint>

#include "channels/description.h"
#include "io/egress.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace waypost;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const io::EgressRules rules = io::EgressRules::Read("").value();
  (void)rules.Check(text, io::kHttpSchemes);
  (void)io::EgressRules::Read(text);
  const Result<channels::Description> read = channels::ReadDescription(text, rules);
  if (read.ok()) {
    for (const auto& match : read.value().accepted) {
      (void)channels::Fits(match, {200, std::string(text)});
    }
  }
  size_t strange = 0;
  const channels::ReceiptMap map{"/a", "/k", "/o", {{"D", "delivered"}}};
  (void)channels::ReadReceipts(map, text, &strange);
  (void)channels::ResultsOf({{}, {}, "/results"}, {200, std::string(text)}, 2);
  return 0;
}
