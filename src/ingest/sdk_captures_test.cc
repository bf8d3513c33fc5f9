// What real SDKs sent, from the shared captures: every call of theirs is found again, field by
// field.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "ingest/decoder.h"
#include "ingest/decoder_fixture.h"
#include "ingest/wire_text.h"
#include "model/time_text.h"

namespace waypost::ingest {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

struct Item {
  ItemKind kind;
  std::string what, detail, message_id;
  int64_t time_ms;
  std::map<std::string, std::string> properties;
  std::set<std::string> identities;  // values
};

std::vector<Item> ItemsOf(const Bytes& payload) {
  std::vector<Item> items;
  BatchReader in = BatchReader::Open(payload).value();
  while (const auto view = in.Next().value()) {
    Item item{view->kind,
              std::string(view->what),
              std::string(view->detail),
              std::string(view->meta.message_id),
              view->meta.time_ms,
              {},
              {}};
    for (const auto& identity : view->identities) item.identities.emplace(identity.value);
    for (const auto& [name, value] : view->properties)
      item.properties.emplace(in.names()[name], ValueText(value));
    items.push_back(std::move(item));
  }
  return items;
}

// A leaf of the sent JSON in the words of ValueText.
std::string LeafText(element leaf) {
  switch (leaf.type()) {
    case simdjson::dom::element_type::BOOL:
      return bool{leaf} ? "true" : "false";
    case simdjson::dom::element_type::INT64:
      return std::to_string(int64_t{leaf});
    case simdjson::dom::element_type::DOUBLE:
      return std::to_string(double{leaf});
    case simdjson::dom::element_type::STRING:
      return "'" + std::string(std::string_view{leaf}) + "'";
    default:
      break;
  }
  std::string text = "[";
  for (const element item : array{leaf}) {
    text.append(item.is_string() ? std::string(std::string_view{item}) : simdjson::minify(item))
        .append(";");
  }
  return text + "]";
}

void Flatten(const std::string& path, element value, std::map<std::string, std::string>* out) {
  if (value.is_null()) return;
  if (!value.is_object()) {
    (*out)[path] = LeafText(value);
    return;
  }
  for (const auto [name, inner] : object{value}) {
    Flatten(path + (path.empty() || path.ends_with('.') ? "" : ".") + std::string(name), inner,
            out);
  }
}

std::string StringAt(element record, std::string_view name) {
  std::string_view text;
  return record[name].get_string().get(text) ? "" : std::string(text);
}

void ExpectProperties(const Item& item, const std::string& prefix, element sent) {
  std::map<std::string, std::string> expected;
  Flatten(prefix, sent, &expected);
  for (const auto& [name, text] : expected) {
    const auto found = item.properties.find(name);
    ASSERT_NE(found, item.properties.end()) << item.what << " lacks " << name;
    std::string got = found->second;
    if (got.starts_with('@')) {  // a local time text became a moment; the captures were made in UTC
      std::string utc = DateTimeText(std::stoll(got.substr(1)));
      utc.pop_back();
      utc[10] = ' ';
      got = "'" + utc + "'";
    }
    EXPECT_EQ(got, text) << item.what << " " << name;
  }
}

const Item* FindItem(const std::vector<Item>& items, ItemKind kind, const std::string& what,
                     const std::string& id) {
  for (const Item& item : items) {
    if (item.kind == kind && item.what == what && item.message_id == id) return &item;
  }
  return nullptr;
}

void ExpectSegmentMessage(const std::vector<Item>& items, element message) {
  const std::string type = StringAt(message, "type");
  const std::string id = StringAt(message, "messageId");
  const Item* event = FindItem(items, ItemKind::kEvent,
                               type == "track" ? StringAt(message, "event") : "$" + type, id);
  ASSERT_TRUE(event) << type << " " << id;
  EXPECT_EQ(event->time_ms, ParseDateTime(StringAt(message, "timestamp"))->UtcMs());
  static const std::set<std::string_view> kElsewhere = {"type", "event", "messageId", "timestamp",
                                                        "writeKey"};
  for (const auto [name, value] : object{message}) {
    if (kElsewhere.contains(name)) continue;
    if (name == "userId" || name == "anonymousId") {
      EXPECT_TRUE(event->identities.contains(std::string(std::string_view{value})));
    } else if (name == "sentAt") {
      EXPECT_EQ(event->properties.at("$sentAt"),
                "@" + std::to_string(ParseDateTime(std::string_view{value})->UtcMs()));
    } else {
      ExpectProperties(*event, name == "properties" ? "" : "$" + std::string(name), value);
    }
  }
  if (type == "identify" || type == "group") {
    const Item* traits = type == "group" ? FindItem(items, ItemKind::kItem, "group", id)
                                         : FindItem(items, ItemKind::kProfile, "set", id);
    ASSERT_TRUE(traits) << type;
    EXPECT_EQ(traits->detail, type == "group" ? StringAt(message, "groupId") : "");
    ExpectProperties(*traits, "", message["traits"].value());
  }
  if (type == "alias" && StringAt(message, "previousId") != StringAt(message, "userId")) {
    const Item* link = FindItem(items, ItemKind::kLink, "alias", id);
    ASSERT_TRUE(link);
    EXPECT_TRUE(link->identities.contains(StringAt(message, "previousId")));
  }
}

void ExpectSensorsRecord(const std::vector<Item>& items, element record) {
  const std::string type = StringAt(record, "type");
  const std::string id = std::to_string(int64_t{record["_track_id"]});
  const bool is_profile = type.starts_with("profile_");
  const Item* item = is_profile ? FindItem(items, ItemKind::kProfile, type.substr(8), id)
                                : FindItem(items, ItemKind::kEvent, StringAt(record, "event"), id);
  ASSERT_TRUE(item) << type << " " << id;
  EXPECT_EQ(item->time_ms, int64_t{record["time"]});
  for (const char* name : {"distinct_id", "login_id", "anonymous_id"}) {
    const std::string value = StringAt(record, name);
    EXPECT_TRUE(value.empty() || item->identities.contains(value)) << name;
  }
  for (const auto [key, value] : object{record["identities"]}) {
    EXPECT_TRUE(item->identities.contains(std::string(std::string_view{value}))) << key;
  }
  ExpectProperties(*item, "", record["properties"].value());
  if (!is_profile) {
    ExpectProperties(*item, "", record["lib"].value());
    EXPECT_EQ(item->properties.at("_flush_time"), std::to_string(int64_t{record["_flush_time"]}));
  }
  if (type == "track_signup" || type == "track_id_bind") {
    const Item* link =
        FindItem(items, ItemKind::kLink, type == "track_signup" ? "signup" : "bind", id);
    ASSERT_TRUE(link);
    EXPECT_TRUE(link->identities.contains(StringAt(record, "distinct_id")));
    EXPECT_TRUE(type == "track_id_bind" ||
                link->identities.contains(StringAt(record, "original_id")));
  }
}

// The records of a request as the capture itself decoded them.
std::vector<element> SentRecords(element decoded) {
  std::vector<element> records;
  element json;
  array list;
  for (const char* path :
       {"/json", "/form/data/json", "/form/data_list/json", "/query/data/json"}) {
    if (decoded.at_pointer(path).get(json)) continue;
    if (!json["batch"].get_array().get(list) || !json.get_array().get(list)) {
      for (const element record : list) records.push_back(record);
    } else {
      records.push_back(json);
    }
  }
  return records;
}

// When the request was sent, as far as it says.
int64_t SentMs(element decoded) {
  std::string_view sent_at;
  if (decoded.at_pointer("/json/sentAt").get_string().get(sent_at)) return 1'795'310'145'000;
  return ParseDateTime(sent_at)->UtcMs();
}

TEST(SdkCapturesTest, EveryCallIsFoundAgainFieldByField) {
  const std::filesystem::path folder = SharedFolder() / "cases/sdk_captures";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no captures beside the checkout";
  const FixtureKeys keys;
  Decoder decoder(keys);
  size_t record_count = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    SCOPED_TRACE(file.path().filename().string());
    simdjson::dom::parser parser;
    const element capture = parser.load(file.path().string());
    for (const element request : array{capture["requests"]}) {
      const std::vector<element> records = SentRecords(request["decoded"]);
      const std::string url = StringAt(request, "url");
      const std::string path = url.substr(0, url.find('?'));
      if (records.empty()) {
        EXPECT_TRUE(path.ends_with("/settings")) << url;
        continue;
      }
      SCOPED_TRACE(path + " request " + std::to_string(int64_t{request["n"]}));
      const std::string body = *DecodeBase64(StringAt(request, "body_base64"));
      const element headers = request["headers"];
      const std::string method = StringAt(request, "method"),
                        type = StringAt(headers, "Content-Type"),
                        authorization = StringAt(headers, "Authorization");
      const Result<Decoded> decoded =
          decoder.Decode({.method = method,
                          .path = path,
                          .query = url.find('?') == std::string::npos
                                       ? ""
                                       : std::string_view(url).substr(path.size() + 1),
                          .content_type = type,
                          .authorization = authorization,
                          .body = body,
                          .now_ms = SentMs(request["decoded"])});
      ASSERT_TRUE(decoded.ok()) << decoded.error().message();
      EXPECT_EQ(decoded.value().quarantined, 0u);
      EXPECT_EQ(decoded.value().accepted, records.size());
      const std::vector<Item> items = ItemsOf(decoded.value().payload);
      for (const element record : records) {
        const bool is_segment = decoded.value().format == WireFormat::kSegment;
        is_segment ? ExpectSegmentMessage(items, record) : ExpectSensorsRecord(items, record);
      }
      record_count += records.size();
    }
  }
  EXPECT_GE(record_count, 50u);
}

}  // namespace
}  // namespace waypost::ingest
