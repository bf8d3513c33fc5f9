// The encodings that bodies arrive in besides JSON: gzip, base64, form fields.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace waypost::ingest {

// The text begins as gzip data does.
bool IsGzip(std::string_view bytes);

// What gzip or zlib data holds; several gzip members one after the other are one text. Stops as
// soon as more than `max_size` bytes come out. Errors: kTooLarge ("too_large"); kInvalid
// ("bad_encoding") for data that is cut, damaged or followed by something else.
Result<std::string> Inflate(std::string_view bytes, size_t max_size);

// Both alphabets ('+' '/' and '-' '_'), padding optional; anything else, white space too, is
// nothing.
std::optional<std::string> DecodeBase64(std::string_view text);

// "a=1&b=%E4%BD%A0" in order; '+' is a space, a '%' without two hex digits stays as it is.
using FormFields = std::vector<std::pair<std::string, std::string>>;
FormFields ParseForm(std::string_view text);

// The value of the first field of that name, or null.
const std::string* FindField(const FormFields& fields, std::string_view name);

// Java's String.hashCode of a text of ASCII characters: the checksum that Sensors SDKs send.
int32_t JavaHash(std::string_view ascii);

}  // namespace waypost::ingest
