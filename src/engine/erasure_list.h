// Who was erased from a project, in a file beside its folder: so that a backup from before, when it
// is restored, can be made to forget them too. A line each:
//   1 <ms since 1970> <SHA-256 of key, zero byte, value, in hexadecimal> ...
// of the customer's strong identities, or of all when it had none. A hash does not say a name, but
// who tries all phone numbers finds it: keep the file as the backups are kept.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "identity/identity_graph.h"
#include "io/file_system.h"

namespace waypost::engine {

// What the list says of the customer that `ordinal` is of.
std::vector<std::string> ErasureHashes(const identity::IdentityGraph& graph, Ordinal ordinal);

// Adds a line; on disk when it returns. The folder of `path` exists. Errors: kIo.
Result<> AddToErasureList(io::FileSystem& files, const std::string& path, int64_t time_ms,
                          const std::vector<std::string>& hashes);

// An identity each of customers on the list who were first seen before they were erased. A list
// that does not exist is empty. Costs a hash an identity. Errors: kCorrupt; kIo.
Result<std::vector<Ordinal>> FindErased(io::FileSystem& files, const std::string& path,
                                        const identity::IdentityGraph& graph);

}  // namespace waypost::engine
