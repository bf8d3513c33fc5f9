// A stream of bytes read once, front to back: a file, what a .gz holds, a file in another encoding.
// Sources wrap each other; each belongs to one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace waypost::files {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Fills the front of `out` and returns how much; 0 only at the end. `out` is not empty.
  virtual Result<size_t> Read(std::span<char> out) = 0;
  // Passes over `count` bytes, or kInvalid ("bad_position") when the end comes first.
  virtual Result<> Skip(uint64_t count);
};

// Reads until `out` is full or the end; returns how much.
Result<size_t> ReadFully(ByteSource& source, std::span<char> out);

// Bytes in memory, given out at most `step` at a time so that tests can cut anywhere.
std::unique_ptr<ByteSource> MakeTextSource(std::string text, size_t step = SIZE_MAX);

// `head`, then what is left of `rest`.
std::unique_ptr<ByteSource> MakePrefixedSource(std::string head, std::unique_ptr<ByteSource> rest);

// What one or more gzip members hold. Stops with kInvalid ("bad_file") when the data is damaged, or
// when more than 64 MiB came out and it is over 250 times what went in: real tables shrink by 5
// to 50.
std::unique_ptr<ByteSource> MakeGzipSource(std::unique_ptr<ByteSource> compressed);

// UTF-8 of text in GB18030, which contains GBK and GB2312. kInvalid ("bad_file") names the first
// byte that is not in that encoding.
Result<std::unique_ptr<ByteSource>> MakeGbkSource(std::unique_ptr<ByteSource> encoded);

}  // namespace waypost::files
