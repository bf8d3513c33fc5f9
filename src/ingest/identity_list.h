// The identities of one record as they are read off the wire: named with our keys, judged, in
// order.
#pragma once

#include <simdjson.h>

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/record_writer.h"
#include "model/batch.h"

namespace waypost::ingest {

// Our keys. Others keep the name they come with.
inline constexpr std::string_view kLoginKey = "login";    // a customer signed in as this
inline constexpr std::string_view kDeviceKey = "device";  // an anonymous id the SDK made
inline constexpr std::string_view kDistinctKey =
    "distinct";  // a distinct_id nobody said the kind of

// Our key of one off the wire (IdentityList::AddTyped).
std::string_view IdentityKey(std::string_view wire_key);

class IdentityList {
 public:
  void Clear();

  // A text, a whole number, or a list of them, under one of our keys. null and "" add nothing; what
  // is there already is not added again, nor are placeholders such as "null" or "0000", which many
  // customers share. Values are borrowed. The first problem is kept: "bad_id" for another kind of
  // value or one over 255 bytes.
  void Add(std::string_view key, simdjson::dom::element value);
  void Add(std::string_view key, std::string_view value);
  // The same under a key off the wire: "$identity_login_id" is "login", "$identity_anonymous_id"
  // "device", "$identity_mobile" "phone", other "$identity_x" are "x", any other key is itself.
  // "bad_id" and "sensitive" for keys that cannot be.
  void AddTyped(std::string_view wire_key, simdjson::dom::element value);

  bool Has(std::string_view value) const;
  bool empty() const { return list_.empty(); }
  size_t size() const { return list_.size(); }
  // Also "id_quarantined", when there was nothing but placeholders.
  std::string_view problem() const { return list_.empty() ? problem_of_link() : problem_; }
  // Likewise, when there was any: nobody can be linked to one.
  std::string_view problem_of_link() const {
    return problem_.empty() && has_placeholder_ ? "id_quarantined" : problem_;
  }

  // Logins first, then those whose value is `distinct_id`, then the rest as they came: the first
  // names the timeline.
  void Order(std::string_view distinct_id);
  void WriteTo(RecordWriter& writer) const;

 private:
  void Fail(std::string_view problem);

  std::vector<IdentityView> list_;
  std::deque<std::string> numbers_;  // texts of whole numbers
  std::string_view problem_;
  bool has_placeholder_ = false;
};

}  // namespace waypost::ingest
