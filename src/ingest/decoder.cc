#include "ingest/decoder.h"

#include <algorithm>

#include "base/letters.h"
#include "ingest/limits.h"
#include "ingest/record_scope.h"
#include "ingest/segment_message.h"
#include "ingest/track_record.h"
#include "ingest/wire_text.h"

namespace waypost::ingest {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

constexpr size_t kMaxRefusals = 100;

Error BadEncoding(std::string_view what) {
  return Error(Code::kInvalid, "bad_encoding", std::string(what));
}

Error Unauthorized() {
  return Error(Code::kInvalid, "unauthorized",
               "no project takes writes with this key or token: check the write key of the source");
}

// SDKs name all kinds of content types, so only what is surely something else is refused.
Result<> CheckContentType(std::string_view content_type) {
  const std::string type = LowerLetters(content_type);
  for (const std::string_view other : {"xml", "html", "multipart/", "image/", "audio/", "video/",
                                       "protobuf", "msgpack", "avro", "csv", "pdf"}) {
    if (type.find(other) != std::string::npos) {
      return Error(Code::kInvalid, "unsupported", "this content type is not supported: send JSON");
    }
  }
  const size_t charset = type.find("charset=");
  if (charset == std::string::npos) return {};
  std::string_view name = std::string_view(type).substr(charset + 8);
  if (name.starts_with('"')) name.remove_prefix(1);
  if (name.starts_with("utf-8") || name.starts_with("utf8") || name.starts_with("us-ascii"))
    return {};
  return Error(Code::kInvalid, "unsupported", "this character set is not supported: send UTF-8");
}

// The body as it was before compression. `*inflated` holds it when it was compressed.
Result<std::string_view> PlainBody(const WireRequest& request, std::string* inflated) {
  if (request.body.size() > kMaxBodySize) {
    return Error(Code::kTooLarge, "too_large", "the body is over 4 MiB: send less at once");
  }
  const std::string encoding = LowerLetters(request.content_encoding);
  const bool is_gzip = encoding == "gzip" || encoding == "x-gzip" || encoding == "deflate";
  if (!is_gzip && !encoding.empty() && encoding != "identity") {
    return Error(Code::kInvalid, "unsupported",
                 "this content encoding is not supported: use gzip or none");
  }
  if (!is_gzip && !IsGzip(request.body)) return request.body;
  *inflated = TRY(Inflate(request.body, kMaxInflatedSize));
  return std::string_view(*inflated);
}

// Credentials of the header and the query; views into `query` and `*key`.
Credentials ReadCredentials(const WireRequest& request, const FormFields& query, std::string* key) {
  Credentials credentials;
  const auto field = [&](std::string_view name) -> std::string_view {
    const std::string* value = FindField(query, name);
    return value ? std::string_view(*value) : std::string_view();
  };
  credentials.project = field("project");
  credentials.token = field("token");
  credentials.write_key = field("write_key");
  const size_t space = request.authorization.find(' ');
  if (space == std::string_view::npos) return credentials;
  const std::string scheme = LowerLetters(request.authorization.substr(0, space));
  const std::string_view secret = request.authorization.substr(space + 1);
  if (scheme == "bearer") *key = secret;
  if (scheme == "basic") {
    *key = DecodeBase64(secret).value_or("");
    key->resize(std::min(key->find(':'), key->size()));
  }
  if (!key->empty()) credentials.write_key = *key;
  return credentials;
}

// The batch that one request becomes.
class RequestBatch {
 public:
  RequestBatch(const WireRequest& request, WireFormat format, Source source, GoodNames& names,
               IdentityList& identities, std::string& dedup_key)
      : out_({.project = source.project, .source = source.name, .ingest_ms = request.now_ms}),
        writer_(out_, names,
                format == WireFormat::kOwn ? RecordWriter::Nested::kRefuse
                                           : RecordWriter::Nested::kFlatten,
                request.now_ms),
        scope_{format,  decoded_.source, request.peer_ip, request.now_ms,
               writer_, identities,      dedup_key} {
    decoded_.format = format;
    decoded_.source = std::move(source);
  }

  // `write(record, scope)` writes one record.
  template <typename Write>
  Result<> Add(element record, const Write& write) {
    if (record_count_ == kMaxRecords) {
      return Error(Code::kTooLarge, "too_large",
                   "more than 10000 records in one request: send less at once");
    }
    writer_.Start();
    write(record, scope_);
    const auto& hashed = decoded_.source.hashed_keys;
    const std::string_view reason =
        writer_.Finish(record, hashed ? std::span(*hashed) : std::span<const std::string>());
    ++(reason.empty() ? decoded_.accepted : decoded_.quarantined);
    if (!reason.empty() && decoded_.refusals.size() < kMaxRefusals) {
      decoded_.refusals.push_back({record_count_, reason});
    }
    ++record_count_;
    return {};
  }

  // Each record of a list, or the one record that is no list.
  template <typename Write>
  Result<> AddAll(element document, const Write& write) {
    array records;
    if (document.get_array().get(records)) return Add(document, write);
    for (const element record : records) TRY(Add(record, write));
    return {};
  }

  Decoded Finish() {
    if (record_count_ > 0) decoded_.payload = out_.Finish();
    return std::move(decoded_);
  }

 private:
  Decoded decoded_;
  BatchWriter out_;
  RecordWriter writer_;
  RecordScope scope_;
  size_t record_count_ = 0;
};

bool IsSpace(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

std::string_view Trim(std::string_view text) {
  while (!text.empty() && IsSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsSpace(text.back())) text.remove_suffix(1);
  return text;
}

// Documents must be objects or lists: a bare number or text is no record.
Result<element> ParseRecords(JsonParser& parser, std::string_view text, size_t offset = 0) {
  const element document = TRY(parser.Parse(text, offset));
  if (document.is_object() || document.is_array()) return document;
  return Error(
      Code::kInvalid, "bad_json",
      "not a record at byte " + std::to_string(offset) + ": an object or list is expected");
}

// The text is one JSON document a line: it says so, or it is several lines of which the first is a
// document of its own.
bool IsLines(JsonParser& parser, std::string_view content_type, std::string_view text) {
  if (content_type.find("ndjson") != std::string_view::npos ||
      content_type.find("jsonl") != std::string_view::npos) {
    return true;
  }
  text = Trim(text);
  const size_t end = text.find('\n');
  return text.starts_with('{') && end != std::string_view::npos &&
         parser.Parse(text.substr(0, end)).ok();
}

// JSON text in a form field, as Sensors SDKs put it there: base64, maybe of gzip data, maybe with a
// checksum over the base64 text.
Result<std::string> DecodeData(std::string text, const FormFields& fields) {
  const bool repaired = text.find(' ') != std::string::npos;  // a '+' that was not escaped
  for (char& c : text) c = c == ' ' ? '+' : c;
  const std::string* checksum = FindField(fields, "crc");
  std::string ext_checksum;
  if (const std::string* ext = FindField(fields, "ext"); ext && ext->starts_with("crc=")) {
    ext_checksum = ext->substr(4);
    checksum = &ext_checksum;
  }
  if (checksum && *checksum != std::to_string(JavaHash(text))) {
    return BadEncoding("data does not have the checksum that crc says");
  }
  std::optional<std::string> bytes = DecodeBase64(text);
  if (!bytes) return BadEncoding("data is not base64");
  const std::string* gzip = FindField(fields, "gzip");
  const bool says_gzip = gzip && *gzip == "1";
  if (says_gzip || IsGzip(*bytes)) bytes = TRY(Inflate(*bytes, kMaxInflatedSize));
  if (repaired && !checksum) {
    return BadEncoding("data holds spaces and no checksum: escape '+' as %2B");
  }
  return *std::move(bytes);
}

}  // namespace

std::optional<WireFormat> FormatOfPath(std::string_view path) {
  if (path == "/v1/events") return WireFormat::kOwn;
  if (path == "/sa" || path == "/sa.gif" || path == "/debug") return WireFormat::kSensors;
  if (SegmentTypeOfPath(path)) return WireFormat::kSegment;
  return std::nullopt;
}

Result<Decoded> Decoder::Decode(const WireRequest& request) {
  TRY(CheckContentType(request.content_type));
  const std::optional<WireFormat> format = FormatOfPath(request.path);
  CHECK(format);
  switch (*format) {
    case WireFormat::kOwn:
      return DecodeOwn(request);
    case WireFormat::kSegment:
      return DecodeSegment(request);
    case WireFormat::kSensors:
      return DecodeSensors(request);
  }
  CHECK(false && "a WireFormat");
}

Result<Decoded> Decoder::DecodeOwn(const WireRequest& request) {
  const FormFields query = ParseForm(request.query);
  std::string key, inflated;
  auto source = keys_.FindSource(WireFormat::kOwn, ReadCredentials(request, query, &key));
  if (!source) return Unauthorized();
  const std::string_view body = TRY(PlainBody(request, &inflated));
  RequestBatch batch(request, WireFormat::kOwn, *std::move(source), names_, identities_,
                     dedup_key_);
  if (!IsLines(parser_, request.content_type, body)) {
    TRY(batch.AddAll(TRY(ParseRecords(parser_, body)), WriteTrackRecord));
    return batch.Finish();
  }
  for (size_t at = 0; at < body.size();) {
    const std::string_view line = body.substr(at, body.find('\n', at) - at);
    if (!Trim(line).empty())
      TRY(batch.AddAll(TRY(ParseRecords(parser_, line, at)), WriteTrackRecord));
    at += line.size() + 1;
  }
  return batch.Finish();
}

Result<Decoded> Decoder::DecodeSegment(const WireRequest& request) {
  const FormFields query = ParseForm(request.query);
  std::string key, inflated;
  Credentials credentials = ReadCredentials(request, query, &key);
  const element document = TRY(ParseRecords(parser_, TRY(PlainBody(request, &inflated))));
  if (credentials.write_key.empty()) {
    std::string_view body_key;
    if (!document["writeKey"].get_string().get(body_key) ||
        !document["batch"].at(0)["writeKey"].get_string().get(body_key)) {
      credentials.write_key = body_key;
    }
  }
  auto source = keys_.FindSource(WireFormat::kSegment, credentials);
  if (!source) return Unauthorized();
  RequestBatch batch(request, WireFormat::kSegment, *std::move(source), names_, identities_,
                     dedup_key_);
  SegmentEnvelope envelope{.default_type = *SegmentTypeOfPath(request.path)};
  const auto write = [&](element message, const RecordScope& scope) {
    WriteSegmentMessage(message, envelope, scope);
  };
  element messages = document;
  if (!document["batch"].get(messages)) {
    const auto field = [&](std::string_view name) {
      element value;
      return document[name].get(value) ? std::nullopt : std::optional(value);
    };
    envelope.sent_at = field("sentAt");
    envelope.context = field("context");
    envelope.integrations = field("integrations");
  }
  TRY(batch.AddAll(messages, write));
  return batch.Finish();
}

Result<Decoded> Decoder::DecodeSensors(const WireRequest& request) {
  FormFields fields = ParseForm(request.query);
  std::string key, inflated, decoded;
  auto source = keys_.FindSource(WireFormat::kSensors, ReadCredentials(request, fields, &key));
  if (!source) return Unauthorized();
  std::string_view text = TRY(PlainBody(request, &inflated));
  const bool is_json = Trim(text).starts_with('{') || Trim(text).starts_with('[');
  if (!is_json) {
    for (auto& field : ParseForm(Trim(text))) fields.push_back(std::move(field));
    const std::string* list = FindField(fields, "data_list");
    const std::string* data = list ? list : FindField(fields, "data");
    if (!data)
      return Error(Code::kInvalid, "bad_json", "no JSON at byte 0: send it as data or data_list");
    decoded = TRY(DecodeData(*data, fields));
    text = decoded;
  }
  RequestBatch batch(request, WireFormat::kSensors, *std::move(source), names_, identities_,
                     dedup_key_);
  TRY(batch.AddAll(TRY(ParseRecords(parser_, text)), WriteTrackRecord));
  return batch.Finish();
}

}  // namespace waypost::ingest
