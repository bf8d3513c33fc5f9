// Files on disk as tables, whatever their format, and the files a path stands for.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "files/mapping.h"
#include "files/record_source.h"
#include "io/file_system.h"

namespace waypost::files {

struct SourceFile {
  std::string path;
  uint64_t size = 0;
};

// Files themselves, and of folders those whose names end like tables do (.csv .tsv .txt .asc .jsonl
// .ndjson .json .parquet, each also with .gz), by name. kNotFound; kInvalid for a folder without
// any.
Result<std::vector<SourceFile>> ListSources(io::FileSystem& files,
                                            const std::vector<std::string>& paths);

// By the name: .parquet, .jsonl .ndjson .json, else CSV; .gz passed over.
Format FormatOf(std::string_view path);

// The bytes of a file. `read`, when not null, grows by what was read.
Result<std::unique_ptr<ByteSource>> MakeFileSource(io::FileSystem& files, const std::string& path,
                                                   std::atomic<uint64_t>* read);

// Opens a file for reading rows. `columns`: those asked for (formats without a header need to
// know). Errors: as of the readers, prefixed with the path.
Result<std::unique_ptr<RecordSource>> OpenTable(io::FileSystem& files, const std::string& path,
                                                const TableRules& rules,
                                                std::vector<std::string> columns,
                                                std::atomic<uint64_t>* read);

// Names the content: a hash of 64 KiB in every 64th of the file, and its size.
Result<std::string> Fingerprint(io::FileSystem& files, const std::string& path);

}  // namespace waypost::files
