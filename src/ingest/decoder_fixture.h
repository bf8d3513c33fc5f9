// For tests: decodes requests and tells what came out as text.
#pragma once

#include <zlib.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "ingest/decoder.h"
#include "model/batch.h"

namespace waypost::ingest {

// Opens the source "web" of project "default" to the write key "KEY", and to a project's name with
// the token "TOKEN" (Sensors: without one).
class FixtureKeys final : public WriteKeys {
 public:
  std::optional<Source> FindSource(WireFormat format,
                                   const Credentials& credentials) const override {
    const bool by_key = credentials.write_key == "KEY" || credentials.write_key == "WRITEKEY123";
    const bool by_project = credentials.project == "default" &&
                            (credentials.token == "TOKEN" ||
                             (format == WireFormat::kSensors && credentials.token.empty()));
    if (!by_key && !by_project) return std::nullopt;
    return Source{.project = "default",
                  .name = "web",
                  .late_limit_ms = late_limit_ms,
                  .time_zone = time_zone,
                  .hashed_keys = hashed_keys};
  }
  int64_t late_limit_ms = 0;
  std::shared_ptr<const std::vector<std::string>> hashed_keys;
  const date::time_zone* time_zone = nullptr;
};

// As a client compresses a body.
inline std::string Gzip(std::string_view text) {
  z_stream stream = {};
  deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(out.size() - stream.avail_out);
  deflateEnd(&stream);
  return out;
}

inline std::string ValueText(const Value& value) {
  switch (value.type) {
    case ValueType::kBool:
      return value.whole ? "true" : "false";
    case ValueType::kInt:
      return std::to_string(value.whole);
    case ValueType::kDouble:
      return std::to_string(value.real);
    case ValueType::kString:
      return "'" + std::string(value.text) + "'";
    case ValueType::kDateTime:
      return "@" + std::to_string(value.whole);
    case ValueType::kList: {
      std::string text = "[";
      for (const std::string_view item : ListItems(value.text)) text.append(item).append(";");
      return text + "]";
    }
    default:
      return std::string(ValueTypeName(value.type));
  }
}

// "event pay @12 login=u1 | price=3 tags=[a;]", one line an item; quarantined ones are
// "quarantine reason detail".
inline std::string BatchText(const Bytes& payload) {
  if (payload.empty()) return "";
  static constexpr const char* kKinds[] = {"",       "event", "profile",     "link",
                                           "unlink", "item",  "item_delete", "quarantine"};
  BatchReader in = BatchReader::Open(payload).value();
  std::string text;
  while (const auto item = in.Next().value()) {
    text.append(kKinds[static_cast<int>(item->kind)]).append(" ").append(item->what);
    if (!item->detail.empty()) text.append(" ").append(item->detail);
    if (item->kind == ItemKind::kQuarantine) {
      text += '\n';
      continue;
    }
    text += " @" + std::to_string(item->meta.time_ms) + (item->meta.time_fixed ? "!" : "");
    for (const auto& [key, value] : item->identities)
      text.append(" ").append(key).append("=").append(value);
    if (!item->properties.empty()) text += " |";
    for (const auto& [name, value] : item->properties) {
      text.append(" ").append(in.names()[name]).append("=").append(ValueText(value));
    }
    text += '\n';
  }
  return text;
}

// A request is refused by one of the names that clients know, or every record of it is in a batch
// that reads to its end.
inline void CheckDecoded(const Result<Decoded>& decoded) {
  if (!decoded.ok()) {
    const std::string& name = decoded.error().name();
    CHECK(name == "bad_json" || name == "bad_encoding" || name == "too_large" ||
          name == "unsupported" || name == "unauthorized");
    CHECK(decoded.error().message().find("cannot be read") == std::string::npos);  // unexplained
    return;
  }
  const std::string text = BatchText(decoded.value().payload);
  const auto lines = static_cast<size_t>(std::ranges::count(text, '\n'));
  CHECK(lines >= decoded.value().accepted + decoded.value().quarantined);
}

// The folder of shared test data, or empty: $WAYPOST_SHARED, else ../shared beside the checkout or
// further up.
inline std::filesystem::path SharedFolder() {
  if (const char* folder = std::getenv("WAYPOST_SHARED")) return folder;
  for (auto folder = std::filesystem::current_path(); folder != folder.root_path();
       folder = folder.parent_path()) {
    if (std::filesystem::exists(folder / "shared/cases")) return folder / "shared";
  }
  return {};
}

}  // namespace waypost::ingest
