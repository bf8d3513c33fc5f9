#include <zlib.h>

#include <vector>

#include "files/byte_source.h"

namespace waypost::files {
namespace {

constexpr size_t kPackedBytes = 256 << 10;
constexpr uint64_t kFreeOutput = 64 << 20;  // before the ratio is looked at
constexpr uint64_t kMaxRatio = 250;

Error BadGzip(std::string_view why) {
  return {Code::kInvalid, "bad_file", "the gzip data " + std::string(why)};
}

class GzipSource final : public ByteSource {
 public:
  explicit GzipSource(std::unique_ptr<ByteSource> compressed)
      : compressed_(std::move(compressed)), window_(kPackedBytes) {
    // 32: gzip or zlib header. The only failure is want of memory.
    CHECK(inflateInit2(&stream_, 15 + 32) == Z_OK);
  }
  ~GzipSource() override { inflateEnd(&stream_); }
  GzipSource(const GzipSource&) = delete;
  GzipSource& operator=(const GzipSource&) = delete;

  Result<size_t> Read(std::span<char> out) override {
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = static_cast<uInt>(std::min<size_t>(out.size(), 1u << 30));
    const uInt asked = stream_.avail_out;
    while (stream_.avail_out == asked && !finished_) TRY(Step());
    const size_t given = asked - stream_.avail_out;
    output_size_ += given;
    if (output_size_ > kFreeOutput && output_size_ / kMaxRatio > input_size_) {
      return BadGzip(
          "grows more than 250 times when unpacked, as no table does; unpack it yourself");
    }
    return given;
  }

 private:
  // Inflates once, or goes on to the next member, or notices the end.
  Result<> Step() {
    if (stream_.avail_in == 0) TRY(Refill());
    if (stream_.avail_in == 0) {
      if (!between_members_) return BadGzip("ends too early; copy the file again");
      finished_ = true;
      return {};
    }
    if (between_members_) {
      inflateReset(&stream_);
      between_members_ = false;
    }
    const int code = inflate(&stream_, Z_NO_FLUSH);
    if (code == Z_STREAM_END) {
      between_members_ = true;
    } else if (code != Z_OK && code != Z_BUF_ERROR) {
      return BadGzip("is damaged; copy the file again");
    }
    return {};
  }

  Result<> Refill() {
    const size_t size = TRY(compressed_->Read(window_));
    input_size_ += size;
    stream_.next_in = reinterpret_cast<Bytef*>(window_.data());
    stream_.avail_in = static_cast<uInt>(size);
    return {};
  }

  std::unique_ptr<ByteSource> compressed_;
  std::vector<char> window_;
  z_stream stream_{};
  uint64_t input_size_ = 0, output_size_ = 0;
  bool between_members_ = false;
  bool finished_ = false;
};

}  // namespace

std::unique_ptr<ByteSource> MakeGzipSource(std::unique_ptr<ByteSource> compressed) {
  return std::make_unique<GzipSource>(std::move(compressed));
}

}  // namespace waypost::files
