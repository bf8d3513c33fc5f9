#include "files/table_file.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/hash.h"
#include "files/json_lines_reader.h"
#include "files/parquet.h"

namespace waypost::files {
namespace {

// Files up to 4 MiB are read whole for their fingerprint.
constexpr uint64_t kSample = 64 << 10;
constexpr uint64_t kSamples = 64;

class FileSource final : public ByteSource {
 public:
  FileSource(std::unique_ptr<io::ReadableFile> file, std::atomic<uint64_t>* read)
      : file_(std::move(file)), read_(read) {}

  Result<size_t> Read(std::span<char> out) override {
    const size_t size =
        TRY(file_->ReadAt(at_, {reinterpret_cast<uint8_t*>(out.data()), out.size()}));
    Advance(size);
    return size;
  }

  Result<> Skip(uint64_t count) override {
    if (count > file_->size() - at_) return ByteSource::Skip(count);  // tells what is wrong
    Advance(count);
    return {};
  }

 private:
  void Advance(uint64_t count) {
    at_ += count;
    if (read_) *read_ += count;
  }

  std::unique_ptr<io::ReadableFile> file_;
  std::atomic<uint64_t>* read_;
  uint64_t at_ = 0;
};

std::string_view WithoutGz(std::string_view path) {
  return path.ends_with(".gz") ? path.substr(0, path.size() - 3) : path;
}

bool EndsWithAny(std::string_view text, std::initializer_list<std::string_view> ends) {
  return std::ranges::any_of(ends, [&](std::string_view end) { return text.ends_with(end); });
}

bool LooksLikeTable(std::string_view name) {
  return EndsWithAny(WithoutGz(name),
                     {".csv", ".tsv", ".txt", ".asc", ".jsonl", ".ndjson", ".json", ".parquet"});
}

Result<std::unique_ptr<RecordSource>> OpenTextTable(std::unique_ptr<ByteSource> raw, Format format,
                                                    const TableRules& rules,
                                                    std::vector<std::string> columns) {
  auto text = TRY(OpenText(std::move(raw), rules.encoding));
  if (format == Format::kJsonLines) {
    return std::unique_ptr<RecordSource>(
        TRY(JsonLinesReader::Open(std::move(text), std::move(columns))));
  }
  return std::unique_ptr<RecordSource>(TRY(CsvReader::Open(std::move(text), rules.csv)));
}

}  // namespace

Result<std::vector<SourceFile>> ListSources(io::FileSystem& files,
                                            const std::vector<std::string>& paths) {
  std::vector<SourceFile> out;
  for (const std::string& path : paths) {
    const auto entries = files.List(path);
    if (!entries.ok()) {
      out.push_back({path, TRY(files.FileSize(path))});
      continue;
    }
    const size_t before = out.size();
    for (const io::DirectoryEntry& entry : entries.value()) {
      if (!entry.is_directory && LooksLikeTable(entry.name))
        out.push_back({path + "/" + entry.name, entry.size});
    }
    if (out.size() == before) {
      return Error(Code::kInvalid, "bad_file",
                   path + ": the folder has no file named .csv, .jsonl or .parquet");
    }
  }
  return out;
}

Format FormatOf(std::string_view path) {
  path = WithoutGz(path);
  if (path.ends_with(".parquet")) return Format::kParquet;
  return EndsWithAny(path, {".jsonl", ".ndjson", ".json"}) ? Format::kJsonLines : Format::kCsv;
}

Result<std::unique_ptr<ByteSource>> MakeFileSource(io::FileSystem& files, const std::string& path,
                                                   std::atomic<uint64_t>* read) {
  return std::unique_ptr<ByteSource>(std::make_unique<FileSource>(TRY(files.OpenRead(path)), read));
}

Result<std::unique_ptr<RecordSource>> OpenTable(io::FileSystem& files, const std::string& path,
                                                const TableRules& rules,
                                                std::vector<std::string> columns,
                                                std::atomic<uint64_t>* read) {
  const Format format = rules.format.value_or(FormatOf(path));
  auto table = format == Format::kParquet ? OpenParquet(path, std::move(columns))
                                          : OpenTextTable(TRY(MakeFileSource(files, path, read)),
                                                          format, rules, std::move(columns));
  if (!table.ok()) return std::move(table).error().While(path);
  return table;
}

Result<std::string> Fingerprint(io::FileSystem& files, const std::string& path) {
  const auto file = TRY(files.OpenRead(path));
  const uint64_t step = std::max(kSample, file->size() / kSamples);
  uint64_t hash = file->size();
  Bytes sample(kSample);
  for (uint64_t at = 0; at < file->size(); at += step) {
    sample.resize(kSample);
    sample.resize(TRY(file->ReadAt(at, sample)));
    hash = Hash64(sample, hash);
  }
  return fmt::format("{:016x}-{}", hash, file->size());
}

}  // namespace waypost::files
