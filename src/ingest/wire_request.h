// What decoders take and give. The HTTP layer fills a WireRequest, the project's keys say where it
// writes to, and what comes back is a batch ready for the log.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace date {
class time_zone;
}

namespace waypost::ingest {

// One HTTP request, borrowed.
struct WireRequest {
  std::string_view method;        // "POST"
  std::string_view path;          // "/v1/batch", as sent, without the query
  std::string_view query;         // "project=default", as sent; may be empty
  std::string_view content_type;  // header values as sent; empty when absent
  std::string_view content_encoding;
  std::string_view authorization;
  std::string_view body;     // as sent, maybe compressed
  std::string_view peer_ip;  // who is believed to have sent it; becomes $ip
  int64_t now_ms = 0;
};

enum class WireFormat {
  kOwn,      // /v1/events
  kSegment,  // /v1/track, /v1/t, /v1/batch, /v1/b, ...
  kSensors,  // /sa, /sa.gif, /debug
};

// The format that lives at a path, or nothing.
std::optional<WireFormat> FormatOfPath(std::string_view path);

// What a request says about where it wants to write; what it does not say is empty.
struct Credentials {
  std::string_view write_key;  // Basic user name, Bearer token, or writeKey of query or body
  std::string_view project;    // ?project=
  std::string_view token;      // ?token=
};

// Where records go, and how their times are read.
struct Source {
  std::string project;
  std::string name;
  // Older events are given the time of their arrival; 0: as old as they say.
  int64_t late_limit_ms = 0;
  // The clock that times without an offset were read from; null: UTC. Outlives every request.
  const date::time_zone* time_zone = nullptr;
  // Keys of identities whose values are kept as hashes only: what is refused is kept without them.
  // Null: none.
  std::shared_ptr<const std::vector<std::string>> hashed_keys = nullptr;
};

// Who may write where. Called by many threads at once.
class WriteKeys {
 public:
  virtual ~WriteKeys() = default;
  // Nothing when the credentials open no source. `format` matters where a format's SDKs can send no
  // key (Sensors: a project's name alone may be enough).
  virtual std::optional<Source> FindSource(WireFormat format,
                                           const Credentials& credentials) const = 0;
};

// A record that was not taken as data. It is in the batch as a kQuarantine item.
struct Refusal {
  size_t index = 0;  // of the record in the request
  std::string_view reason;
};

struct Decoded {
  WireFormat format = WireFormat::kOwn;
  Source source;
  Bytes payload;  // model/batch.h; empty when there was not one record
  size_t accepted = 0;
  size_t quarantined = 0;
  std::vector<Refusal> refusals;  // the first 100
};

}  // namespace waypost::ingest
