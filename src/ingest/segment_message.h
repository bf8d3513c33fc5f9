// Messages of the Segment specification.
#pragma once

#include <simdjson.h>

#include <optional>
#include <string_view>

#include "ingest/record_scope.h"

namespace waypost::ingest {

// What the request around the messages says for all of them.
struct SegmentEnvelope {
  std::string_view default_type;  // of a message without one: "track" at /v1/track and /v1/t
  std::optional<simdjson::dom::element> sent_at, context, integrations;
};

// "track" for "/v1/track" and "/v1/t", ...; "" for the paths that take batches; nothing elsewhere.
std::optional<std::string_view> SegmentTypeOfPath(std::string_view path);

// Writes one message, or why it is refused, between scope.writer's Start and Finish.
//
// type         | becomes
// track        | event of its name
// page, screen | event "$page", "$screen"
// identify     | event "$identify"; kProfile "set" of the traits; kLink when it has both ids
// group        | event "$group"; kItem "group" with the traits
// alias        | event "$alias"; kLink "alias" of userId and previousId
//
// Properties keep their names; every other field is a property too: "$" and its path, so
// context.page.url is "$context.page.url" and name is "$name"; traits of events are "$traits.…".
// When sentAt is over a minute off the server's clock, the sender's clock is wrong and the
// message's time is moved by the difference ("$original_time" keeps it).
void WriteSegmentMessage(simdjson::dom::element message, const SegmentEnvelope& envelope,
                         const RecordScope& scope);

}  // namespace waypost::ingest
