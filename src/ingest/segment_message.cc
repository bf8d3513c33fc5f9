#include "ingest/segment_message.h"

#include <algorithm>
#include <vector>

#include "ingest/json_parser.h"
#include "ingest/limits.h"

namespace waypost::ingest {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

// A clock that is less off than this may as well be the network's delay.
constexpr int64_t kToleratedSkewMs = 60'000;

struct SegmentPath {
  std::string_view name, type;
};
constexpr SegmentPath kPaths[] = {
    {"batch", ""},
    {"b", ""},
    {"track", "track"},
    {"t", "track"},
    {"identify", "identify"},
    {"i", "identify"},
    {"page", "page"},
    {"p", "page"},
    {"screen", "screen"},
    {"s", "screen"},
    {"group", "group"},
    {"g", "group"},
    {"alias", "alias"},
    {"a", "alias"},
};

using Field = std::optional<element>;

struct MessageFields {
  Field type, event, user_id, anonymous_id, previous_id, group_id, message_id;
  Field timestamp, original_timestamp, sent_at, properties, traits, context;
};

constexpr std::pair<std::string_view, Field MessageFields::*> kMessageFields[] = {
    {"type", &MessageFields::type},
    {"event", &MessageFields::event},
    {"userId", &MessageFields::user_id},
    {"anonymousId", &MessageFields::anonymous_id},
    {"previousId", &MessageFields::previous_id},
    {"groupId", &MessageFields::group_id},
    {"messageId", &MessageFields::message_id},
    {"timestamp", &MessageFields::timestamp},
    {"originalTimestamp", &MessageFields::original_timestamp},
    {"sentAt", &MessageFields::sent_at},
    {"properties", &MessageFields::properties},
    {"traits", &MessageFields::traits},
    {"context", &MessageFields::context},
};

Field MessageFields::* FindMessageField(std::string_view name) {
  const auto* found = std::ranges::find(
      kMessageFields, name, &std::pair<std::string_view, Field MessageFields::*>::first);
  return found == std::end(kMessageFields) ? nullptr : found->second;
}

class SegmentMessage {
 public:
  SegmentMessage(object message, const SegmentEnvelope& envelope, const RecordScope& scope)
      : message_(message),
        envelope_(envelope),
        scope_(scope),
        writer_(scope.writer),
        identities_(scope.identities) {}

  void Write() {
    for (const auto [name, value] : message_) {
      if (const auto field = FindMessageField(name)) {
        if (!value.is_null()) fields_.*field = value;
      }
    }
    type_ = fields_.type ? TextOf(fields_.type) : envelope_.default_type;
    ReadTime();
    ReadMeta();
    ReadIdentities();
    if (type_ == "track") return WriteEvent(TextOf(fields_.event));
    if (type_ == "page") return WriteEvent("$page");
    if (type_ == "screen") return WriteEvent("$screen");
    if (type_ == "identify") return WriteIdentify();
    if (type_ == "group") return WriteGroup();
    if (type_ == "alias") return WriteAlias();
    writer_.Fail("unknown_type");
  }

 private:
  void ReadTime() {
    meta_.time_ms = scope_.now_ms;
    const Field& time = fields_.original_timestamp ? fields_.original_timestamp : fields_.timestamp;
    const Field& sent_at = fields_.sent_at ? fields_.sent_at : envelope_.sent_at;
    if (sent_at) sent_ms_ = ingest::ReadTime(*sent_at, scope_.clock());
    if (!time) return;
    original_ms_ = ingest::ReadTime(*time, scope_.clock());
    if (!original_ms_) return writer_.Fail("bad_time");
    const int64_t skew = sent_ms_ ? scope_.now_ms - *sent_ms_ : 0;
    const int64_t corrected = *original_ms_ + (std::abs(skew) > kToleratedSkewMs ? skew : 0);
    const auto judged = JudgeTime(corrected, scope_.now_ms, scope_.source.late_limit_ms);
    if (!judged) return writer_.Fail("bad_time");
    meta_.time_ms = judged->ms;
    meta_.time_fixed = judged->fixed;
  }

  void ReadMeta() {
    object context, library;
    if (fields_.context && !fields_.context->get_object().get(context) &&
        !context["library"].get_object().get(library)) {
      std::string_view name, version;
      if (!library["name"].get_string().get(name)) library_ = name;
      if (!library["version"].get_string().get(version)) library_.append("/").append(version);
      if (library_.size() <= kMaxIdSize) meta_.library = library_;
    }
    if (!fields_.message_id) return;
    const auto id = IdText(*fields_.message_id, &message_id_);
    if (!id) return writer_.Fail("bad_record");
    meta_.message_id = *id;
    meta_.dedup_key = scope_.DedupKey(*id);
  }

  void ReadIdentities() {
    identities_.Clear();
    if (fields_.user_id) identities_.Add(kLoginKey, *fields_.user_id);
    if (fields_.anonymous_id) identities_.Add(kDeviceKey, *fields_.anonymous_id);
    if (!identities_.problem().empty()) return writer_.Fail(identities_.problem());
    if (identities_.empty()) writer_.Fail("bad_id");
  }

  void WriteEvent(std::string_view name) {
    if (const auto problem = JudgeEventName(name); !problem.empty()) return writer_.Fail(problem);
    writer_.BeginItem(ItemKind::kEvent, name, "", meta_);
    identities_.WriteTo(writer_);
    AddObject("", fields_.properties);
    AddObject("$traits.", fields_.traits);
    AddObject("$context.", fields_.context);
    if (fields_.group_id) writer_.AddField("$groupId", *fields_.group_id);
    if (fields_.previous_id) writer_.AddField("$previousId", *fields_.previous_id);
    WriteOtherFields();
    WriteEnvelope();
    if (original_ms_ && *original_ms_ != meta_.time_ms) {
      writer_.AddProperty("$original_time", Value::DateTime(*original_ms_));
    }
    writer_.EndItem();
  }

  void AddObject(std::string_view prefix, const Field& field) {
    object fields;
    if (!field) return;
    if (field->get_object().get(fields)) return writer_.Fail("bad_record");
    writer_.AddFields(prefix, fields);
  }

  // name, category, integrations, _metadata and whatever else a library sends.
  void WriteOtherFields() {
    for (const auto [name, value] : message_) {
      if (FindMessageField(name) || name == "writeKey") continue;
      name_ = name.starts_with('$') ? "" : "$";
      name_ += name;
      writer_.AddField(name_, value);
    }
  }

  void WriteEnvelope() {
    object fields;
    if (envelope_.context && !envelope_.context->get_object().get(fields)) {
      writer_.AddFields("$context.", fields, /*keep_first=*/true);
    }
    if (envelope_.integrations && !envelope_.integrations->get_object().get(fields)) {
      writer_.AddFields("$integrations.", fields, /*keep_first=*/true);
    }
    if (sent_ms_) writer_.AddMissingProperty("$sentAt", Value::DateTime(*sent_ms_));
    if (!scope_.peer_ip.empty()) writer_.AddMissingProperty("$ip", Value::String(scope_.peer_ip));
  }

  void WriteIdentify() {
    WriteEvent("$identify");
    writer_.BeginItem(ItemKind::kProfile, kProfileSet, "", FollowUp("profile"));
    identities_.WriteTo(writer_);
    AddObject("", fields_.traits);
    writer_.EndItem();
    WriteLink("link");
  }

  void WriteGroup() {
    std::string number;
    const auto id = fields_.group_id ? IdText(*fields_.group_id, &number) : std::nullopt;
    if (!id || id->empty()) return writer_.Fail("bad_id");
    WriteEvent("$group");
    writer_.BeginItem(ItemKind::kItem, "group", *id, FollowUp("group"));
    AddObject("", fields_.traits);
    writer_.EndItem();
  }

  void WriteAlias() {
    if (!fields_.user_id || !fields_.previous_id) return writer_.Fail("bad_id");
    WriteEvent("$alias");
    const auto previous = IdText(*fields_.previous_id, &previous_id_);
    identities_.Clear();
    identities_.Add(kLoginKey, *fields_.user_id);
    if (!previous || !identities_.Has(*previous)) identities_.Add(kDeviceKey, *fields_.previous_id);
    if (const auto problem = identities_.problem_of_link(); !problem.empty())
      return writer_.Fail(problem);
    WriteLink("alias");
  }

  void WriteLink(std::string_view what) {
    if (identities_.size() < 2) return;
    writer_.BeginItem(ItemKind::kLink, what, "", FollowUp("link"));
    identities_.WriteTo(writer_);
    writer_.EndItem();
  }

  ItemMeta FollowUp(std::string_view what) {
    follow_up_key_ = FollowUpKey(meta_.dedup_key, what);
    ItemMeta meta = meta_;
    meta.dedup_key = follow_up_key_;
    return meta;
  }

  object message_;
  const SegmentEnvelope& envelope_;
  const RecordScope& scope_;
  RecordWriter& writer_;
  IdentityList& identities_;
  MessageFields fields_;
  std::string_view type_;
  ItemMeta meta_;
  std::optional<int64_t> sent_ms_, original_ms_;
  std::string library_, message_id_, previous_id_, name_, follow_up_key_;
};

}  // namespace

std::optional<std::string_view> SegmentTypeOfPath(std::string_view path) {
  constexpr std::string_view kPrefix = "/v1/";
  if (!path.starts_with(kPrefix)) return std::nullopt;
  const auto* found = std::ranges::find(kPaths, path.substr(kPrefix.size()), &SegmentPath::name);
  return found == std::end(kPaths) ? std::nullopt : std::optional(found->type);
}

void WriteSegmentMessage(element message, const SegmentEnvelope& envelope,
                         const RecordScope& scope) {
  object fields;
  if (message.get_object().get(fields)) return scope.writer.Fail("bad_record");
  SegmentMessage(fields, envelope, scope).Write();
}

}  // namespace waypost::ingest
