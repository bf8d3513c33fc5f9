// What came, as short JSON text for people to look at: secrets left out, long texts cut.
#pragma once

#include <simdjson.h>

#include <span>
#include <string>

namespace waypost::ingest {

// Values of sensitive names and of write keys and tokens become "***", and when there are
// `hashed_keys` those of every name that identities come under in any format, or that is such a
// key; strings over 200 bytes are
// cut and end in "…"; once the text is over 4 KiB the rest of each object and list is left out.
// Always valid JSON.
std::string RedactedJson(simdjson::dom::element element,
                         std::span<const std::string> hashed_keys = {});

}  // namespace waypost::ingest
