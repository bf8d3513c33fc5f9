#include "files/duckdb_library.h"

#include <dlfcn.h>

#include <filesystem>
#include <mutex>
#include <string>

namespace waypost::files {
namespace {

// Beside the program, in its ../lib, where the system looks, where the build had it.
void* OpenLibrary() {
  std::error_code ignored;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
  for (const std::string& path :
       {(program / "libduckdb.so").string(), (program / "../lib/libduckdb.so").string(),
        std::string("libduckdb.so"), std::string(WAYPOST_DUCKDB_LIBRARY)}) {
    if (void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) return library;
  }
  return nullptr;
}

Result<const DuckDbLibrary*> Load() {
  static DuckDbLibrary functions;
  void* library = OpenLibrary();
  if (!library) {
    return Error(Code::kUnavailable, "no_parquet",
                 "Parquet needs libduckdb.so beside the program or in its ../lib; copy it there, "
                 "or use CSV or JSON Lines");
  }
#define WAYPOST_FIND(name)                                                                      \
  functions.name = reinterpret_cast<decltype(functions.name)>(dlsym(library, "duckdb_" #name)); \
  if (!functions.name) {                                                                        \
    return Error(Code::kUnavailable, "no_parquet",                                              \
                 "libduckdb.so lacks duckdb_" #name "; install version 1.5");                   \
  }
  WAYPOST_DUCKDB_FUNCTIONS(WAYPOST_FIND)
#undef WAYPOST_FIND
  return &functions;
}

}  // namespace

Result<const DuckDbLibrary*> LoadDuckDb() {
  static std::mutex mutex;
  static const DuckDbLibrary* loaded = nullptr;
  const std::lock_guard lock(mutex);
  if (!loaded) loaded = TRY(Load());
  return loaded;
}

}  // namespace waypost::files
