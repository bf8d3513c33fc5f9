#include "services/text_file.h"

namespace waypost::services {

Result<std::string> ReadTextFile(io::FileSystem& files, const std::string& path) {
  constexpr uint64_t kMaxSize = 16 << 20;
  const auto file = TRY(files.OpenRead(path));
  if (file->size() > kMaxSize) return Error(Code::kTooLarge, path + " is over 16 MiB");
  std::string text(file->size(), '\0');
  const size_t size = TRY(file->ReadAt(0, {reinterpret_cast<uint8_t*>(text.data()), text.size()}));
  text.resize(size);
  return text;
}

}  // namespace waypost::services
