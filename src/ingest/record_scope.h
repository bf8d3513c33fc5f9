// What all records of one request have in common.
#pragma once

#include "ingest/identity_list.h"
#include "ingest/record_time.h"
#include "ingest/record_writer.h"
#include "ingest/wire_request.h"

namespace waypost::ingest {

struct RecordScope {
  WireFormat format;
  const Source& source;
  std::string_view peer_ip;
  int64_t now_ms;
  RecordWriter& writer;
  IdentityList& identities;  // room that each record uses anew
  std::string& dedup_key;    // the same

  WallClock clock() const { return {.zone = source.time_zone}; }
  // The key of a message that has an id of its own, or "" when the id is empty.
  std::string_view DedupKey(std::string_view message_id) const {
    dedup_key.clear();
    if (!message_id.empty()) dedup_key.append(source.name).append("\n").append(message_id);
    return dedup_key;
  }
};

// The key of an item that follows the one with the message's key: of what it is too, so that each
// is taken once, however often the message comes. A link that came again would undo a cut.
std::string FollowUpKey(std::string_view dedup_key, std::string_view what);

// Why an event cannot have that name ("bad_event_name", "reserved_name"), or nothing.
std::string_view JudgeEventName(std::string_view name);

// The text of a string or whole number, for ids; nothing for other kinds and what is over 255
// bytes.
// `*number` holds the digits of a number.
std::optional<std::string_view> IdText(simdjson::dom::element value, std::string* number);

}  // namespace waypost::ingest
