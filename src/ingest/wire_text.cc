#include "ingest/wire_text.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace waypost::ingest {
namespace {

constexpr size_t kChunkSize = 64 << 10;
constexpr uint8_t kNoDigit = 0xFF;

constexpr std::array<uint8_t, 256> MakeBase64Digits() {
  std::array<uint8_t, 256> digits;
  digits.fill(kNoDigit);
  for (uint8_t i = 0; i < 26; ++i) {
    digits['A' + i] = i;
    digits['a' + i] = static_cast<uint8_t>(26 + i);
  }
  for (uint8_t i = 0; i < 10; ++i) digits['0' + i] = static_cast<uint8_t>(52 + i);
  digits['+'] = digits['-'] = 62;
  digits['/'] = digits['_'] = 63;
  return digits;
}
constexpr std::array<uint8_t, 256> kBase64Digits = MakeBase64Digits();

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string DecodePercent(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && HexDigit(text[i + 1]) >= 0 &&
        HexDigit(text[i + 2]) >= 0) {
      decoded.push_back(static_cast<char>(HexDigit(text[i + 1]) * 16 + HexDigit(text[i + 2])));
      i += 2;
    } else {
      decoded.push_back(text[i] == '+' ? ' ' : text[i]);
    }
  }
  return decoded;
}

Error BadGzip(std::string_view what) {
  return Error(Code::kInvalid, "bad_encoding", "gzip data " + std::string(what));
}

// An inflate stream that ends itself.
struct Inflater {
  z_stream stream = {};
  bool ready = inflateInit2(&stream, 15 + 32) == Z_OK;  // gzip or zlib, by header
  ~Inflater() {
    if (ready) inflateEnd(&stream);
  }
};

}  // namespace

bool IsGzip(std::string_view bytes) { return bytes.starts_with("\x1f\x8b"); }

Result<std::string> Inflate(std::string_view bytes, size_t max_size) {
  Inflater inflater;
  CHECK(inflater.ready);
  z_stream& stream = inflater.stream;
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::string text;
  for (;;) {
    const size_t done = text.size();
    text.resize(std::min(done + kChunkSize, max_size + 1));
    stream.next_out = reinterpret_cast<Bytef*>(text.data() + done);
    stream.avail_out = static_cast<uInt>(text.size() - done);
    const int status = inflate(&stream, Z_NO_FLUSH);
    text.resize(text.size() - stream.avail_out);
    if (text.size() > max_size) {
      return Error(Code::kTooLarge, "too_large",
                   "the body inflates to more than " + std::to_string(max_size) +
                       " bytes: send less at once");
    }
    if (status == Z_STREAM_END) {
      if (stream.avail_in == 0) return text;
      if (!IsGzip({reinterpret_cast<const char*>(stream.next_in), stream.avail_in})) {
        return BadGzip("is followed by something else");
      }
      inflateReset(&stream);
    } else if (status == Z_BUF_ERROR ||
               (status == Z_OK && stream.avail_in == 0 && stream.avail_out > 0)) {
      return BadGzip("is cut");
    } else if (status != Z_OK) {
      return BadGzip("is damaged");
    }
  }
}

std::optional<std::string> DecodeBase64(std::string_view text) {
  for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) text.remove_suffix(1);
  if (text.size() % 4 == 1) return std::nullopt;
  std::string decoded;
  decoded.reserve(text.size() / 4 * 3 + 2);
  uint32_t bits = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const uint8_t digit = kBase64Digits[static_cast<uint8_t>(text[i])];
    if (digit == kNoDigit) return std::nullopt;
    bits = bits << 6 | digit;
    const size_t in_group = i % 4;  // after it, (in_group + 1) * 6 bits are there
    if (in_group > 0) decoded.push_back(static_cast<char>(bits >> (6 - 2 * in_group)));
  }
  return decoded;
}

FormFields ParseForm(std::string_view text) {
  FormFields fields;
  while (!text.empty()) {
    const std::string_view field = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), field.size() + 1));
    if (field.empty()) continue;
    const size_t equals = std::min(field.find('='), field.size());
    const std::string_view value = equals < field.size() ? field.substr(equals + 1) : "";
    fields.emplace_back(DecodePercent(field.substr(0, equals)), DecodePercent(value));
  }
  return fields;
}

const std::string* FindField(const FormFields& fields, std::string_view name) {
  const auto found = std::ranges::find(
      fields, name, [](const auto& field) { return std::string_view(field.first); });
  return found == fields.end() ? nullptr : &found->second;
}

int32_t JavaHash(std::string_view ascii) {
  uint32_t hash = 0;
  for (const char c : ascii) hash = hash * 31 + static_cast<uint8_t>(c);
  return static_cast<int32_t>(hash);
}

}  // namespace waypost::ingest
