// Records in the shape that Sensors SDKs send and our own API shares: a type ("track",
// "profile_set", "item_set", ...), whose it is, when, and properties. docs/collection.md lists the
// fields.
#pragma once

#include <simdjson.h>

#include "ingest/record_scope.h"

namespace waypost::ingest {

// Writes one record, or why it is refused, between scope.writer's Start and Finish.
//
// type               | becomes
// track (or none)    | event
// track_signup       | event and kLink "signup": the login, its distinct_id and the id before it
// track_id_bind      | event and kLink "bind" of its identities
// track_id_unbind    | event and kUnlink of its identities
// profile_*          | kProfile of that operation
// item_set, _delete  | kItem, kItemDelete
void WriteTrackRecord(simdjson::dom::element record, const RecordScope& scope);

}  // namespace waypost::ingest
