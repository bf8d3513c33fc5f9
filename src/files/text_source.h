// Opens the text inside a file: unpacks .gz by its magic, refuses what is no text before anything
// is read from it, converts GBK, and drops a byte order mark.
#pragma once

#include <memory>

#include "files/byte_source.h"

namespace waypost::files {

enum class Encoding { kUtf8, kGbk };

// Errors: kInvalid ("bad_file") for a zip or xlsx, another binary file, UTF-16, or bytes that are
// not UTF-8 in the first 64 KiB; when those read well as GBK the message offers it. Later bytes are
// judged record by record by the readers.
// What cannot be read whatever its records: kInvalid, "bad_file".
Error BadFile(std::string message);

Result<std::unique_ptr<ByteSource>> OpenText(std::unique_ptr<ByteSource> raw, Encoding encoding);

}  // namespace waypost::files
