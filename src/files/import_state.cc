#include "files/import_state.h"

#include <fmt/format.h>

#include <sstream>

namespace waypost::files {
namespace {

constexpr uint64_t kMaxStateSize = 64 << 20;

Error Damaged(const std::string& path, size_t line) {
  return {Code::kCorrupt, "bad_state",
          path + ":" + std::to_string(line) +
              ": is not an import's state; remove it to read the files from the start"};
}

}  // namespace

Result<ImportState> LoadImportState(io::FileSystem& files, const std::string& path,
                                    const std::string& import_id) {
  const auto bytes = io::ReadFile(files, path, kMaxStateSize);
  if (!bytes.ok() && bytes.error().code() == Code::kNotFound)
    return ImportState{import_id, 0, {}, {}};
  std::istringstream lines{std::string(AsText(TRY(bytes)))};
  ImportState state;
  std::string word;
  int version = 0;
  lines >> word >> version >> state.import_id;
  if (word != "waypost-import" || version != 1) return Damaged(path, 1);
  if (state.import_id != import_id && !state.import_id.starts_with(import_id + "@")) {
    return Error(Code::kConflict, "other_import",
                 path + " belongs to the import \"" + state.import_id +
                     "\": the mapping changed, or it was run under " +
                     "another id; give another state file");
  }
  lines >> word >> state.rejects_bytes;
  if (word != "rejects") return Damaged(path, 2);
  std::getline(lines, state.rejects_path);
  if (!state.rejects_path.empty()) state.rejects_path.erase(0, 1);  // the blank before it
  for (size_t line = 3; lines >> word; ++line) {
    std::string name;
    FileState file;
    lines >> name >> file.chunks >> file.position.offset >> file.position.records >>
        file.position.lines >> file.loaded >> file.rejected >> file.done;
    if (word != "file" || !lines) return Damaged(path, line);
    state.files.emplace(std::move(name), file);
  }
  return state;
}

Result<> SaveImportState(io::FileSystem& files, const std::string& path, const ImportState& state) {
  std::string text = fmt::format("waypost-import 1 {}\nrejects {} {}\n", state.import_id,
                                 state.rejects_bytes, state.rejects_path);
  for (const auto& [name, file] : state.files) {
    text += fmt::format("file {} {} {} {} {} {} {} {}\n", name, file.chunks, file.position.offset,
                        file.position.records, file.position.lines, file.loaded, file.rejected,
                        file.done ? 1 : 0);
  }
  return io::ReplaceFile(files, path, AsBytes(text));
}

}  // namespace waypost::files
