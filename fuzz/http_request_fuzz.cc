// Any bytes, in pieces of any size, are as many requests as in one piece. (A problem may show
// sooner in one piece: a head that is cut is read only as far as it came at first.)
#include "api/request_reader.h"
#include "base/bytes.h"
#include "base/check.h"

namespace {

using waypost::api::RequestReader;

// How many requests were read before the end or a problem.
int ReadAll(std::string_view bytes, size_t piece) {
  RequestReader reader;
  int requests = 0;
  while (!bytes.empty()) {
    reader.Append(bytes.substr(0, piece));
    bytes.remove_prefix(std::min(piece, bytes.size()));
    for (auto step = reader.Advance(); step != RequestReader::Step::kNeedMore;
         step = reader.Advance()) {
      if (step == RequestReader::Step::kBad) return requests;
      if (step == RequestReader::Step::kHead) reader.AcceptBody(4096);
      if (step != RequestReader::Step::kRequest) continue;
      ++requests;
      CHECK(reader.TakeRequest().body.size() <= 4096);
    }
  }
  return requests;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 1) return 0;
  const std::string_view bytes = waypost::AsText({data + 1, size - 1});
  CHECK(ReadAll(bytes, bytes.size() + 1) == ReadAll(bytes, 1 + data[0] % 16));
  return 0;
}
