// What a file looks like as a table: a declaration and a mapping for a person to check.
#pragma once

#include <string>

#include "base/result.h"
#include "files/mapping.h"
#include "io/file_system.h"
#include "model/table.h"

namespace waypost::files {

struct TableProposal {
  Table table;
  Mapping mapping;
  std::string report;  // of the columns, a line each, for a person
};

// From the first 1,000 rows. `id` empty: made from the file's name. The key is a column that has
// another value in each of them, rather one that is called an id; rows are of customers when a
// column has a name customers go by.
Result<TableProposal> ProposeTable(io::FileSystem& files, const std::string& path,
                                   const std::string& id);

}  // namespace waypost::files
