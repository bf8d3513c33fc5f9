#include "ingest/track_record.h"

#include <algorithm>

#include "ingest/json_parser.h"
#include "ingest/limits.h"

namespace waypost::ingest {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

enum class Effect { kEvent, kLink, kUnlink, kProfile, kItem, kItemDelete };

struct RecordType {
  std::string_view name;
  Effect effect;
  std::string_view what;   // profile operation or kind of link
  std::string_view event;  // name when the record has none
};

constexpr RecordType kTypes[] = {
    {"track", Effect::kEvent, "", ""},
    {"track_signup", Effect::kLink, "signup", "$SignUp"},
    {"track_id_bind", Effect::kLink, "bind", "$BindID"},
    {"track_id_unbind", Effect::kUnlink, "unbind", "$UnbindID"},
    {"profile_set", Effect::kProfile, kProfileSet, ""},
    {"profile_set_once", Effect::kProfile, kProfileSetOnce, ""},
    {"profile_increment", Effect::kProfile, kProfileIncrement, ""},
    {"profile_append", Effect::kProfile, kProfileAppend, ""},
    {"profile_unset", Effect::kProfile, kProfileUnset, ""},
    {"profile_delete", Effect::kProfile, kProfileDelete, ""},
    {"item_set", Effect::kItem, "", ""},
    {"item_delete", Effect::kItemDelete, "", ""},
};

using Field = std::optional<element>;

struct RecordFields {
  Field type, event, time, properties, lib, library, message_id, track_id;
  Field distinct_id, original_id, login_id, anonymous_id, identities;
  Field item_type, item_id;
};

// Where each known top-level field goes. Several names may mean one field.
constexpr std::pair<std::string_view, Field RecordFields::*> kRecordFields[] = {
    {"type", &RecordFields::type},
    {"event", &RecordFields::event},
    {"time", &RecordFields::time},
    {"timestamp", &RecordFields::time},
    {"properties", &RecordFields::properties},
    {"lib", &RecordFields::lib},
    {"library", &RecordFields::library},
    {"message_id", &RecordFields::message_id},
    {"$insert_id", &RecordFields::message_id},
    {"insert_id", &RecordFields::message_id},
    {"_track_id", &RecordFields::track_id},
    {"distinct_id", &RecordFields::distinct_id},
    {"original_id", &RecordFields::original_id},
    {"login_id", &RecordFields::login_id},
    {"user_id", &RecordFields::login_id},
    {"anonymous_id", &RecordFields::anonymous_id},
    {"identities", &RecordFields::identities},
    {"item_type", &RecordFields::item_type},
    {"item_id", &RecordFields::item_id},
};
constexpr std::string_view kIgnored[] = {"project", "token"};
// Of the properties, tells the kind of the distinct_id.
constexpr std::string_view kIsLoginId = "$is_login_id";

Field RecordFields::* FindRecordField(std::string_view name) {
  const auto* found = std::ranges::find(kRecordFields, name,
                                        &std::pair<std::string_view, Field RecordFields::*>::first);
  return found == std::end(kRecordFields) ? nullptr : found->second;
}

class TrackRecord {
 public:
  TrackRecord(object record, const RecordScope& scope)
      : record_(record), scope_(scope), writer_(scope.writer), identities_(scope.identities) {}

  void Write() {
    ReadFields();
    const std::string_view type_name = fields_.type ? TextOf(fields_.type) : "track";
    const auto* type = std::ranges::find(kTypes, type_name, &RecordType::name);
    if (type == std::end(kTypes)) return writer_.Fail("unknown_type");
    ReadTime();
    ReadMeta(type->name);
    if (type->effect == Effect::kItem || type->effect == Effect::kItemDelete)
      return WriteItem(type->effect);
    ReadIdentities(type->effect);
    if (type->effect == Effect::kProfile) return WriteProfile(type->what);
    WriteEvent(*type);
    if (type->effect == Effect::kLink) WriteLink(ItemKind::kLink, type->what);
    if (type->effect == Effect::kUnlink) WriteLink(ItemKind::kUnlink, type->what);
  }

 private:
  void ReadFields() {
    for (const auto [name, value] : record_) {
      if (const auto field = FindRecordField(name)) fields_.*field = value;
    }
    if (!fields_.properties || fields_.properties->is_null()) return;
    if (fields_.properties->get_object().get(properties_)) return writer_.Fail("bad_record");
    has_properties_ = true;
    if (scope_.format == WireFormat::kSensors) ReadClock();
  }

  // $timezone_offset is JavaScript's getTimezoneOffset: minutes that UTC is ahead of the sender.
  void ReadClock() {
    WallClock clock = scope_.clock();
    int64_t behind;
    if (!properties_["$timezone_offset"].get_int64().get(behind) && std::abs(behind) <= 14 * 60) {
      clock.offset_minutes = static_cast<int>(-behind);
    }
    writer_.ReadTimesOn(clock);
  }

  void ReadTime() {
    sent_time_ms_ = meta_.time_ms = scope_.now_ms;
    if (!fields_.time || fields_.time->is_null()) return;
    const std::optional<int64_t> time = ingest::ReadTime(*fields_.time, scope_.clock());
    if (!time) return writer_.Fail("bad_time");
    const auto judged = JudgeTime(*time, scope_.now_ms, scope_.source.late_limit_ms);
    if (!judged) return writer_.Fail("bad_time");
    sent_time_ms_ = *time;
    meta_.time_ms = judged->ms;
    meta_.time_fixed = judged->fixed;
  }

  void ReadMeta(std::string_view type) {
    ReadLibrary();
    if (!fields_.message_id && has_properties_) {
      element inserted;
      if (!properties_["$insert_id"].get(inserted)) fields_.message_id = inserted;
    }
    const Field& id = fields_.message_id ? fields_.message_id : fields_.track_id;
    if (!id || id->is_null()) return;
    const std::optional<std::string_view> text = IdText(*id, &message_id_);
    if (!text) return writer_.Fail("bad_record");
    meta_.message_id = *text;
    scope_.DedupKey(*text);
    if (!fields_.message_id && !text->empty()) {  // _track_id alone is a small random number
      for (const std::string_view part :
           {TextOf(fields_.distinct_id), type, TextOf(fields_.event)}) {
        scope_.dedup_key.append("\n").append(part);
      }
      if (fields_.time) scope_.dedup_key.append("\n").append(std::to_string(sent_time_ms_));
    }
    meta_.dedup_key = scope_.dedup_key;
  }

  void ReadLibrary() {
    object lib;
    if (fields_.lib && !fields_.lib->get_object().get(lib)) {
      std::string_view name, version;
      if (!lib["$lib"].get_string().get(name)) library_ = name;
      if (!lib["$lib_version"].get_string().get(version)) library_.append("/").append(version);
    } else {
      library_ = TextOf(fields_.library);
    }
    if (library_.size() > kMaxIdSize) library_.clear();
    meta_.library = library_;
  }

  void ReadIdentities(Effect effect) {
    identities_.Clear();
    object typed;
    if (fields_.identities && !fields_.identities->get_object().get(typed)) {
      for (const auto [key, value] : typed) identities_.AddTyped(key, value);
    }
    if (fields_.login_id) identities_.Add(kLoginKey, *fields_.login_id);
    if (fields_.anonymous_id) identities_.Add(kDeviceKey, *fields_.anonymous_id);
    if (fields_.distinct_id) AddDistinctId(effect);
    identities_.Order(distinct_id_);
    const bool links = effect == Effect::kLink || effect == Effect::kUnlink;
    const std::string_view problem = links ? identities_.problem_of_link() : identities_.problem();
    if (!problem.empty()) return writer_.Fail(problem);
    if (identities_.empty()) writer_.Fail("bad_id");
  }

  // A distinct_id whose kind nothing tells is an identity of its own kind.
  void AddDistinctId(Effect effect) {
    const auto text = IdText(*fields_.distinct_id, &distinct_number_);
    if (!text) return identities_.Add(kDistinctKey, *fields_.distinct_id);  // refuses it
    distinct_id_ = *text;
    if (identities_.Has(distinct_id_)) return;
    bool is_login = effect == Effect::kLink && fields_.original_id;
    if (has_properties_ && !is_login) {
      const auto said = properties_[kIsLoginId].get_bool();
      is_login = !said.error() && said.value_unsafe();
    }
    identities_.Add(is_login ? kLoginKey : kDistinctKey, distinct_id_);
  }

  void WriteEvent(const RecordType& type) {
    const std::string_view name =
        fields_.event || type.event.empty() ? TextOf(fields_.event) : type.event;
    if (const auto problem = JudgeEventName(name); !problem.empty()) return writer_.Fail(problem);
    writer_.BeginItem(ItemKind::kEvent, name, "", meta_);
    identities_.WriteTo(writer_);
    if (has_properties_) writer_.AddFields("", properties_);
    object lib;
    if (fields_.lib && !fields_.lib->get_object().get(lib))
      writer_.AddFields("", lib, /*keep_first=*/true);
    WriteOtherFields();
    if (!scope_.peer_ip.empty()) writer_.AddMissingProperty("$ip", Value::String(scope_.peer_ip));
    if (meta_.time_fixed)
      writer_.AddMissingProperty("$original_time", Value::DateTime(sent_time_ms_));
    writer_.EndItem();
  }

  // RecordFields that no rule knows are kept as properties.
  void WriteOtherFields() {
    for (const auto [name, value] : record_) {
      if (FindRecordField(name) || std::ranges::find(kIgnored, name) != std::end(kIgnored))
        continue;
      writer_.AddField(name, value);
    }
  }

  void WriteLink(ItemKind kind, std::string_view what) {
    if (kind == ItemKind::kLink && fields_.original_id) {
      identities_.Add(kDistinctKey, distinct_id_);
      const auto original = IdText(*fields_.original_id, &original_number_);
      if (!original || !identities_.Has(*original))
        identities_.Add(kDistinctKey, *fields_.original_id);
      if (const auto problem = identities_.problem_of_link(); !problem.empty())
        return writer_.Fail(problem);
    }
    if (identities_.size() < 2 && kind == ItemKind::kLink) return;
    ItemMeta meta = meta_;
    const std::string key = FollowUpKey(meta_.dedup_key, "link");
    meta.dedup_key = key;
    writer_.BeginItem(kind, what, "", meta);
    identities_.WriteTo(writer_);
    writer_.EndItem();
  }

  void WriteProfile(std::string_view operation) {
    writer_.BeginItem(ItemKind::kProfile, operation, "", meta_);
    identities_.WriteTo(writer_);
    if (has_properties_) {
      for (const auto [name, value] : properties_) {
        if (name != kIsLoginId) WriteAttribute(operation, name, value);
      }
    }
    writer_.EndItem();
  }

  void WriteAttribute(std::string_view operation, std::string_view name, element value) {
    if (operation == kProfileUnset) return writer_.AddProperty(name, Value::Bool(true));
    if (operation == kProfileIncrement && !value.is_number()) return writer_.Fail("bad_increment");
    std::string_view text;
    if (operation == kProfileAppend && !value.get_string().get(text)) {  // a list of one
      return writer_.AddProperty(name, Value::List(PackList(std::span(&text, 1))));
    }
    if (operation == kProfileAppend && !value.is_array()) return writer_.Fail("bad_record");
    writer_.AddField(name, value);
  }

  void WriteItem(Effect effect) {
    const std::string_view type = TextOf(fields_.item_type), id = TextOf(fields_.item_id);
    if (type.empty() || type.size() > kMaxNameSize || id.empty() || id.size() > kMaxIdSize) {
      return writer_.Fail("bad_id");
    }
    writer_.BeginItem(effect == Effect::kItem ? ItemKind::kItem : ItemKind::kItemDelete, type, id,
                      meta_);
    if (effect == Effect::kItem && has_properties_) writer_.AddFields("", properties_);
    writer_.EndItem();
  }

  object record_;
  const RecordScope& scope_;
  RecordWriter& writer_;
  IdentityList& identities_;
  RecordFields fields_;
  object properties_;
  bool has_properties_ = false;
  ItemMeta meta_;
  int64_t sent_time_ms_ = 0;
  std::string_view distinct_id_;
  std::string library_, message_id_, distinct_number_, original_number_;
};

}  // namespace

void WriteTrackRecord(element record, const RecordScope& scope) {
  object fields;
  if (record.get_object().get(fields)) return scope.writer.Fail("bad_record");
  TrackRecord(fields, scope).Write();
}

}  // namespace waypost::ingest
