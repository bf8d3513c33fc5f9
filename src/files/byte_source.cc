#include "files/byte_source.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

namespace waypost::files {
namespace {

class TextSource final : public ByteSource {
 public:
  TextSource(std::string text, size_t step) : text_(std::move(text)), step_(step) {}

  Result<size_t> Read(std::span<char> out) override {
    const size_t size = std::min({out.size(), step_, text_.size() - at_});
    std::memcpy(out.data(), text_.data() + at_, size);
    at_ += size;
    return size;
  }

 private:
  std::string text_;
  size_t step_;
  size_t at_ = 0;
};

class PrefixedSource final : public ByteSource {
 public:
  PrefixedSource(std::string head, std::unique_ptr<ByteSource> rest)
      : head_(std::move(head)), rest_(std::move(rest)) {}

  Result<size_t> Read(std::span<char> out) override {
    if (at_ == head_.size()) return rest_->Read(out);
    const size_t size = std::min(out.size(), head_.size() - at_);
    std::memcpy(out.data(), head_.data() + at_, size);
    at_ += size;
    return size;
  }

  Result<> Skip(uint64_t count) override {
    const uint64_t here = std::min<uint64_t>(count, head_.size() - at_);
    at_ += here;
    if (count > here) return rest_->Skip(count - here);
    return {};
  }

 private:
  std::string head_;
  size_t at_ = 0;
  std::unique_ptr<ByteSource> rest_;
};

}  // namespace

Result<> ByteSource::Skip(uint64_t count) {
  std::vector<char> waste(std::min<uint64_t>(count, 256 << 10));
  while (count > 0) {
    const size_t size = TRY(Read({waste.data(), std::min<uint64_t>(count, waste.size())}));
    if (size == 0) {
      return Error(Code::kInvalid, "bad_position",
                   "the file is shorter than when the import began; import it under a new id");
    }
    count -= size;
  }
  return {};
}

Result<size_t> ReadFully(ByteSource& source, std::span<char> out) {
  size_t filled = 0;
  while (filled < out.size()) {
    const size_t size = TRY(source.Read(out.subspan(filled)));
    if (size == 0) break;
    filled += size;
  }
  return filled;
}

std::unique_ptr<ByteSource> MakeTextSource(std::string text, size_t step) {
  return std::make_unique<TextSource>(std::move(text), step);
}

std::unique_ptr<ByteSource> MakePrefixedSource(std::string head, std::unique_ptr<ByteSource> rest) {
  return std::make_unique<PrefixedSource>(std::move(head), std::move(rest));
}

}  // namespace waypost::files
