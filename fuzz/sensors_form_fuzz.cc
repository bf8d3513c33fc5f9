// Any body sent to the Sensors Analytics paths is refused or becomes a batch that can be read,
// every record counted.
#include <cstddef>
#include <cstdint>

#include "ingest/decoder.h"
#include "ingest/decoder_fixture.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const waypost::ingest::FixtureKeys keys;
  static waypost::ingest::Decoder decoder(keys);
  const auto decoded = decoder.Decode({.method = "POST",
                                       .path = "/sa",
                                       .query = "project=default",
                                       .body = {reinterpret_cast<const char*>(data), size},
                                       .peer_ip = "127.0.0.1",
                                       .now_ms = 1'800'000'000'000});
  waypost::ingest::CheckDecoded(decoded);
  return 0;
}
