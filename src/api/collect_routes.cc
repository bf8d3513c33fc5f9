// Collection: the own API, the Segment spec and the Sensors Analytics wire format.
#include "api/routes.h"
#include "base/logger.h"

namespace waypost::api {
namespace {

constexpr uint64_t kCollectLimit = 4 << 20;

// A transparent GIF of one pixel: what an <img> that carries an event must load.
constexpr unsigned char kPixel[] = {
    0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 0x01, 0x00, 0x01, 0x00, 0x80, 0x00, 0x00, 0x00,
    0x00, 0x00, 0xff, 0xff, 0xff, 0x21, 0xf9, 0x04, 0x01, 0x00, 0x00, 0x00, 0x00, 0x2c,
    0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x01, 0x00, 0x00, 0x02, 0x01, 0x44, 0x00, 0x3b};

std::string ReceiptCode(const Receipt& receipt) {
  for (const auto& issue : receipt.issues) {
    if (issue.reason == "id_quarantined") return issue.reason;
  }
  return receipt.quarantined > 0 ? "quarantined" : "ok";
}

std::string ReceiptJson(const Receipt& receipt) {
  std::string json = "{\"success\":true,\"code\":\"" + ReceiptCode(receipt) + "\"";
  json += ",\"accepted\":" + std::to_string(receipt.accepted);
  json += ",\"quarantined\":" + std::to_string(receipt.quarantined);
  if (!receipt.issues.empty()) {
    json += ",\"issues\":[";
    for (const auto& issue : receipt.issues) {
      if (json.back() != '[') json += ',';
      json += "{\"index\":" + std::to_string(issue.index) +
              ",\"reason\":" + JsonQuoted(issue.reason) + "}";
    }
    json += ']';
  }
  return json += '}';
}

// Hands the request to the collector; `answer` makes the 200.
void Collect(std::shared_ptr<Call> call, Response (*answer)(const Receipt&)) {
  Request request = std::move(call->request);
  call->request.id = request.id;
  call->backend.services.collector.Collect(
      std::move(request), [call, answer](Result<Receipt> receipt) {
        if (!receipt.ok()) return Tell(*call, receipt.error());
        call->backend.metrics.Collected(receipt.value().accepted, receipt.value().quarantined);
        call->respond(answer(receipt.value()));
      });
}

Response AsJson(const Receipt& receipt) { return {.body = ReceiptJson(receipt), .headers = {}}; }

Response AsPixel(const Receipt&) {
  return {.content_type = "image/gif",
          .body = std::string(reinterpret_cast<const char*>(kPixel), sizeof(kPixel)),
          .headers = {}};
}

void CollectJson(std::shared_ptr<Call> call) { Collect(std::move(call), AsJson); }
void CollectPixel(std::shared_ptr<Call> call) { Collect(std::move(call), AsPixel); }

// What a person imports rather than a site or an app sends: the right opens the source, and its key
// is shown to nobody.
void ImportEvents(std::shared_ptr<Call> call) {
  Request& request = call->request;
  const std::string source = QueryValue(request.query, "source");
  const Result<std::string> key =
      call->backend.services.collector.WriteKeyOf(call->project(), source);
  if (!key.ok()) return Tell(*call, key.error());
  call->audit->detail = source;
  request.path = "/v1/events";
  request.query.clear();
  request.authorization = "Bearer " + key.value();
  CollectJson(std::move(call));
}

// What @segment/analytics-next asks first: which integrations run, and where to send.
void ShowSettings(std::shared_ptr<Call> call) {
  const std::string& key = call->parameters[0];
  if (!call->backend.services.collector.KnowsWriteKey(key)) {
    return Tell(*call, ProblemOf("not_found"));
  }
  const Request& request = call->request;
  const std::string protocol = request.forwarded_proto == "https" ? "https" : "http";
  const std::string segment = "{\"apiKey\":" + JsonQuoted(key) +
                              ",\"apiHost\":" + JsonQuoted(request.host + "/v1") +
                              ",\"protocol\":\"" + protocol +
                              "\",\"addBundledMetadata\":true,\"unbundledIntegrations\":[]"
                              ",\"versionSettings\":{\"componentTypes\":[\"browser\"]}}";
  Json(*call, "{\"integrations\":{\"Segment.io\":" + segment +
                  "},\"plan\":{\"track\":{\"__default\":{\"enabled\":true,\"integrations\":{}}},"
                  "\"identify\":{\"__default\":{\"enabled\":true}},"
                  "\"group\":{\"__default\":{\"enabled\":true}}},"
                  "\"edgeFunction\":{},\"analyticsNextEnabled\":true,\"middlewareSettings\":{},"
                  "\"enabledMiddleware\":{},\"metrics\":{\"sampleRate\":0},"
                  "\"legacyVideoPluginsEnabled\":false,\"remotePlugins\":[]}");
}

Route CollectRoute(std::string_view method, std::string_view path,
                   void (*handle)(std::shared_ptr<Call>), std::string_view operation,
                   std::string_view summary, std::string_view request_schema,
                   std::string_view response_schema = "Receipt") {
  return {.method = method,
          .path = path,
          .right = Right::kCollect,
          .scope = Scope::kProject,
          .audit = "",
          .body_limit = kCollectLimit,
          .patience = Patience::kNone,
          .cors = true,
          .handle = handle,
          .operation = operation,
          .summary = summary,
          .request_schema = request_schema,
          .response_schema = response_schema};
}

}  // namespace

std::vector<Route> CollectRoutes() {
  std::vector<Route> routes = {
      CollectRoute("POST", "/v1/events", CollectJson, "collectEvents",
                   "Events as a JSON array or NDJSON, gzip allowed", "Events"),
      Topic{.view = Right::Change(Object::kEvents), .body_limit = kCollectLimit}(
          "POST", "/v1/events/import", ImportEvents, "events.imported", "importEvents",
          "Events of a person with a right, into ?source= or the first of the project", "Events",
          "Receipt"),
      {.method = "GET",
       .path = "/v1/projects/{key}/settings",
       .right = Right::kPublic,
       .scope = Scope::kProject,
       .audit = "",
       .body_limit = 0,
       .patience = Patience::kNone,
       .cors = true,
       .handle = ShowSettings,
       .operation = "segmentSettings",
       .summary = "What Segment's browser SDK asks first",
       .request_schema = "",
       .response_schema = "SegmentSettings"},
  };
  constexpr struct {
    std::string_view path, operation;
  } kSegment[] = {
      {"/v1/track", "segmentTrack"}, {"/v1/identify", "segmentIdentify"},
      {"/v1/alias", "segmentAlias"}, {"/v1/group", "segmentGroup"},
      {"/v1/page", "segmentPage"},   {"/v1/screen", "segmentScreen"},
      {"/v1/batch", "segmentBatch"}, {"/v1/b", "segmentB"},
      {"/v1/p", "segmentP"},         {"/v1/i", "segmentI"},
      {"/v1/t", "segmentT"},         {"/v1/g", "segmentG"},
      {"/v1/a", "segmentA"},         {"/v1/s", "segmentS"},
  };
  for (const auto& [path, operation] : kSegment) {
    routes.push_back(CollectRoute("POST", path, CollectJson, operation,
                                  "A call of the Segment HTTP spec", "SegmentCall"));
  }
  constexpr struct {
    std::string_view path, get, post;
  } kSensors[] = {{"/sa", "sensorsGet", "sensorsPost"},
                  {"/sa.gif", "sensorsPixelGet", "sensorsPixelPost"},
                  {"/debug", "sensorsDebugGet", "sensorsDebugPost"}};
  for (const auto& [path, get, post] : kSensors) {
    const bool json = path == "/debug";
    routes.push_back(CollectRoute("GET", path, json ? CollectJson : CollectPixel, get,
                                  "A record of the Sensors Analytics format, in data=", "",
                                  json ? "Receipt" : "Pixel"));
    routes.push_back(CollectRoute(
        "POST", path, CollectJson, post,
        "Records of the Sensors Analytics format, in data= or data_list=", "SensorsForm"));
  }
  return routes;
}

}  // namespace waypost::api
