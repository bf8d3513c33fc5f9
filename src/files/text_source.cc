#include "files/text_source.h"

#include <simdjson.h>

namespace waypost::files {
namespace {

constexpr size_t kHead = 64 << 10;

struct Magic {
  std::string_view bytes;
  std::string_view message;
};

constexpr Magic kForeign[] = {
    {"PK\x03\x04", "this is a zip or xlsx file; save the sheet as CSV UTF-8"},
    {"\xD0\xCF\x11\xE0", "this is an old Excel file; save the sheet as CSV UTF-8"},
    {"PAR1", "this is a Parquet file; say format = \"parquet\""},
    {"\x7F"
     "ELF",
     "this is a program, not a table"},
    {"\xFF\xFE", "this text is UTF-16; save it as UTF-8"},
    {"\xFE\xFF", "this text is UTF-16; save it as UTF-8"},
    {"\x1F\x8B", "this is gzip inside gzip; unpack it once"},
};

Result<> RefuseForeign(std::string_view head) {
  for (const Magic& magic : kForeign) {
    if (head.starts_with(magic.bytes)) return BadFile(std::string(magic.message));
  }
  const size_t zero = head.find('\0');
  if (zero != head.npos) {
    return BadFile("byte " + std::to_string(zero) + " is zero: this is a binary file, not a table");
  }
  return {};
}

// `head` without a character cut at its end.
std::string_view WholeCharacters(std::string_view head) {
  size_t size = head.size();
  for (int back = 0; back < 3 && size > 0 && (head[size - 1] & 0xC0) == 0x80; ++back) --size;
  return size > 0 && (head[size - 1] & 0xC0) == 0xC0 ? head.substr(0, size - 1)
                                                     : head.substr(0, size);
}

bool IsUtf8(std::string_view text) { return simdjson::validate_utf8(text.data(), text.size()); }

// Judged on whole lines, so that a character cut at the end of `head` does not count.
bool ReadsAsGbk(std::string_view head) {
  const size_t lines = head.rfind('\n');
  auto source = MakeGbkSource(MakeTextSource(std::string(head.substr(0, lines))));
  return source.ok() && source.value()->Skip(1).ok() && [&] {
    std::string waste(kHead * 4, '\0');
    return ReadFully(*source.value(), waste).ok();
  }();
}

Result<std::string> ReadHead(ByteSource& source) {
  std::string head(kHead, '\0');
  head.resize(TRY(ReadFully(source, head)));
  return head;
}

}  // namespace

Error BadFile(std::string message) { return {Code::kInvalid, "bad_file", std::move(message)}; }

Result<std::unique_ptr<ByteSource>> OpenText(std::unique_ptr<ByteSource> raw, Encoding encoding) {
  std::string head = TRY(ReadHead(*raw));
  if (head.starts_with("\x1F\x8B")) {
    raw = MakeGzipSource(MakePrefixedSource(std::move(head), std::move(raw)));
    head = TRY(ReadHead(*raw));
  }
  TRY(RefuseForeign(head));
  if (head.starts_with("\xEF\xBB\xBF")) {
    head.erase(0, 3);
    encoding = Encoding::kUtf8;  // the mark outweighs what was declared
  }
  if (encoding == Encoding::kGbk) {
    return MakeGbkSource(MakePrefixedSource(std::move(head), std::move(raw)));
  }
  const bool whole = head.size() < kHead - 3;
  if (!IsUtf8(whole ? std::string_view(head) : WholeCharacters(head))) {
    return BadFile(ReadsAsGbk(head)
                       ? "the text is not UTF-8 but reads as GBK; say encoding = \"gbk\""
                       : "the text is not UTF-8; save it as UTF-8");
  }
  return MakePrefixedSource(std::move(head), std::move(raw));
}

}  // namespace waypost::files
