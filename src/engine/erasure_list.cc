#include "engine/erasure_list.h"

#include <fmt/format.h>
#include <openssl/sha.h>

#include <boost/unordered/unordered_flat_map.hpp>
#include <charconv>

namespace waypost::engine {
namespace {

constexpr std::string_view kLineVersion = "1 ";

std::string HashOf(const IdentityView& identity) {
  std::string text(identity.key);
  text += '\0';
  text += identity.value;
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(AsBytes(text).data(), text.size(), digest);
  std::string hash;
  for (const unsigned char byte : digest) hash += fmt::format("{:02x}", byte);
  return hash;
}

using ErasedAt = boost::unordered_flat_map<std::string, int64_t>;  // ms, by hash

Result<> ReadLine(std::string_view line, ErasedAt* erased) {
  const Error wrong(Code::kCorrupt, "erasure list: a line that cannot be read");
  if (!line.starts_with(kLineVersion)) return wrong;
  line.remove_prefix(kLineVersion.size());
  int64_t time_ms = 0;
  const auto time = std::from_chars(line.data(), line.data() + line.size(), time_ms);
  if (time.ec != std::errc()) return wrong;
  line.remove_prefix(static_cast<size_t>(time.ptr - line.data()));
  for (; !line.empty(); line.remove_prefix(2 * SHA256_DIGEST_LENGTH + 1)) {
    if (line[0] != ' ' || line.size() <= 2 * SHA256_DIGEST_LENGTH) return wrong;
    int64_t& last = (*erased)[std::string(line.substr(1, 2 * SHA256_DIGEST_LENGTH))];
    last = std::max(last, time_ms);
  }
  return {};
}

Result<ErasedAt> ReadList(io::FileSystem& files, const std::string& path) {
  ErasedAt erased;
  if (const auto size = files.FileSize(path); !size.ok()) {
    if (size.error().code() == Code::kNotFound) return erased;
    return size.error();
  }
  const io::MappedFile file = TRY(files.Map(path));
  std::string_view text = AsText(file.bytes());
  // What follows the last line end was never acknowledged.
  for (size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    TRY(ReadLine(text.substr(0, end), &erased));
    text.remove_prefix(end + 1);
  }
  return erased;
}

}  // namespace

std::vector<std::string> ErasureHashes(const identity::IdentityGraph& graph, Ordinal ordinal) {
  std::vector<std::string> hashes;
  const bool strong = graph.strong(graph.root(ordinal));
  for (const Ordinal member : graph.Members(ordinal)) {
    if (!strong || graph.strong(member)) hashes.push_back(HashOf(graph.identity(member)));
  }
  return hashes;
}

Result<> AddToErasureList(io::FileSystem& files, const std::string& path, int64_t time_ms,
                          const std::vector<std::string>& hashes) {
  const bool exists = files.FileSize(path).ok();
  const std::unique_ptr<io::WritableFile> file =
      exists ? TRY(files.OpenAppend(path)) : TRY(files.Create(path));
  std::string line = fmt::format("{}{}", kLineVersion, time_ms);
  for (const std::string& hash : hashes) line += " " + hash;
  line += "\n";
  TRY(file->Append(AsBytes(line)));
  TRY(file->Sync());
  return exists ? Result<>() : files.SyncDirectory(io::ParentDirectory(path));
}

Result<std::vector<Ordinal>> FindErased(io::FileSystem& files, const std::string& path,
                                        const identity::IdentityGraph& graph) {
  std::vector<Ordinal> found;
  const ErasedAt erased = TRY(ReadList(files, path));
  for (Ordinal o = 0; !erased.empty() && o < graph.ordinal_count(); ++o) {
    if (graph.erased(o)) continue;
    const auto at = erased.find(HashOf(graph.identity(o)));
    if (at != erased.end() && graph.from_ms(o) <= at->second) found.push_back(o);
  }
  return found;
}

}  // namespace waypost::engine
