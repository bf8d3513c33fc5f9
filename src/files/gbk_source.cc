#include <iconv.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "files/byte_source.h"

namespace waypost::files {
namespace {

class GbkSource final : public ByteSource {
 public:
  GbkSource(iconv_t converter, std::unique_ptr<ByteSource> encoded)
      : converter_(converter), encoded_(std::move(encoded)), window_(64 << 10) {}
  ~GbkSource() override { iconv_close(converter_); }
  GbkSource(const GbkSource&) = delete;
  GbkSource& operator=(const GbkSource&) = delete;

  Result<size_t> Read(std::span<char> out) override {
    if (spare_.empty() && out.size() >= kLongest) return ReadWhole(out);
    if (spare_.empty()) {
      spare_.resize(kLongest);
      spare_.resize(TRY(ReadWhole(spare_)));
    }
    const size_t size = std::min(out.size(), spare_.size());
    std::memcpy(out.data(), spare_.data(), size);
    spare_.erase(0, size);
    return size;
  }

 private:
  static constexpr size_t kLongest = 8;  // bytes one character can become

  // Whole characters. REQUIRES: out.size() >= kLongest
  Result<size_t> ReadWhole(std::span<char> out) {
    size_t given = 0;
    while (given == 0) {
      if ((held_ == 0 || starved_) && !TRY(Refill())) break;
      given = TRY(Convert(out));
    }
    return given;
  }

  // False at the end of the input.
  Result<bool> Refill() {
    const size_t size = TRY(encoded_->Read(std::span(window_).subspan(held_)));
    if (size == 0 && held_ > 0) return BadByte();
    held_ += size;
    starved_ = false;
    return size > 0;
  }

  Result<size_t> Convert(std::span<char> out) {
    char* in = window_.data();
    size_t left = held_;
    char* to = out.data();
    size_t room = out.size();
    const bool failed = iconv(converter_, &in, &left, &to, &room) == static_cast<size_t>(-1);
    const int why = errno;
    consumed_ += held_ - left;
    std::memmove(window_.data(), in, left);
    held_ = left;
    if (failed && why == EILSEQ && room == out.size()) return BadByte();
    starved_ = failed && why == EINVAL;  // a character cut at the end of the window
    return out.size() - room;
  }

  Error BadByte() const {
    return {Code::kInvalid, "bad_file",
            "byte " + std::to_string(consumed_) + " is not GBK text; is the file UTF-8 after all?"};
  }

  iconv_t converter_;
  std::unique_ptr<ByteSource> encoded_;
  std::vector<char> window_;
  size_t held_ = 0;
  uint64_t consumed_ = 0;
  bool starved_ = false;
  std::string spare_;  // for callers with less room than one character
};

}  // namespace

Result<std::unique_ptr<ByteSource>> MakeGbkSource(std::unique_ptr<ByteSource> encoded) {
  const iconv_t converter = iconv_open("UTF-8", "GB18030");
  if (converter == reinterpret_cast<iconv_t>(-1)) {
    return Error(Code::kInvalid, "bad_file",
                 "this system cannot read GBK (glibc's gconv modules are missing); convert the "
                 "file to UTF-8");
  }
  return std::unique_ptr<ByteSource>(std::make_unique<GbkSource>(converter, std::move(encoded)));
}

}  // namespace waypost::files
