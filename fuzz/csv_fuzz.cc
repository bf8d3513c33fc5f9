// Any bytes are read as delimited text to the end or refused; reading on from the middle gives the
// same records. The first two bytes choose the dialect and the size of reads.
#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "base/check.h"
#include "files/csv_reader.h"
#include "files/text_source.h"

namespace {
using namespace waypost;

Result<std::unique_ptr<files::CsvReader>> Open(std::string_view text, uint8_t dialect,
                                               uint8_t step) {
  auto bytes = files::MakeTextSource(std::string(text), step + 1u);
  const auto encoding = dialect & 1 ? files::Encoding::kGbk : files::Encoding::kUtf8;
  return files::CsvReader::Open(TRY(files::OpenText(std::move(bytes), encoding)),
                                {.delimiter = dialect & 2 ? ';' : ',',
                                 .quote = dialect & 4 ? '\0' : '"',
                                 .merge_delimiters = (dialect & 8) != 0,
                                 .header = (dialect & 16) != 0,
                                 .max_columns = 50,
                                 .max_record_size = 200});
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  const std::string_view text = AsText({data + 2, size - 2});
  auto reader = Open(text, data[0], data[1]);
  if (!reader.ok()) return 0;
  std::vector<files::Position> positions;
  std::vector<std::string> raw;
  for (;;) {
    positions.push_back(reader.value()->position());
    const auto record = reader.value()->Next();
    if (!record.ok()) return 0;
    if (!record.value()) break;
    CHECK(!record.value()->problem.empty() ||
          record.value()->fields.size() == reader.value()->columns().size());
    raw.emplace_back(record.value()->raw);
  }
  const size_t middle = raw.size() / 2;
  auto rest = Open(text, data[0], data[1]);
  CHECK(rest.ok() && rest.value()->Seek(positions[middle]).ok());
  for (size_t i = middle; i < raw.size(); ++i) CHECK(rest.value()->Next().value()->raw == raw[i]);
  CHECK(rest.value()->Next().value() == nullptr);
  return 0;
}
