// For those who watch the server: probes, metrics, and the description of the API itself.
#include <algorithm>
#include <charconv>

#include "api/openapi.h"
#include "api/routes.h"
#include "base/logger.h"

namespace waypost::api {
namespace {

void ShowAlive(std::shared_ptr<Call> call) { Json(*call, "{\"status\":\"ok\"}"); }

void ShowReady(std::shared_ptr<Call> call) {
  const auto reasons = call->backend.services.health.NotReady();
  if (reasons.empty()) return Json(*call, "{\"status\":\"ready\",\"reasons\":[]}");
  std::string json = "{\"status\":\"not_ready\",\"reasons\":[";
  for (const std::string& reason : reasons) {
    json += (json.back() == '[' ? "" : ",") + JsonQuoted(reason);
  }
  call->respond({.status = 503, .body = json + "]}", .headers = {{"Retry-After", "2"}}});
}

void ShowMetrics(std::shared_ptr<Call> call) {
  call->respond({.content_type = "text/plain; version=0.0.4",
                 .body = call->backend.metrics.Text(call->backend.services.health.Gauges()),
                 .headers = {}});
}

void ShowOpenApi(std::shared_ptr<Call> call) { Json(*call, OpenApiJson()); }

// Newest first; ?limit=, at most 1,000.
void ShowAudit(std::shared_ptr<Call> call) {
  OnWorker(std::move(call), [](const Call& c) -> Result<std::string> {
    const std::string text = QueryValue(c.request.query, "limit");
    size_t limit = 100;
    std::from_chars(text.data(), text.data() + text.size(), limit);
    return c.backend.services.audit.Newest(std::clamp<size_t>(limit, 1, 1'000));
  });
}

}  // namespace

std::vector<Route> WatchRoutes() {
  const auto route = [](std::string_view path, void (*handle)(std::shared_ptr<Call>),
                        std::string_view operation, std::string_view summary,
                        std::string_view response_schema) {
    return Route{.method = "GET",
                 .path = path,
                 .right = Right::kPublic,
                 .scope = Scope::kServer,
                 .audit = "",
                 .body_limit = 0,
                 .patience = Patience::kNone,
                 .cors = false,
                 .handle = handle,
                 .operation = operation,
                 .summary = summary,
                 .request_schema = "",
                 .response_schema = response_schema};
  };
  return {
      route("/healthz", ShowAlive, "showAlive", "The process answers", "Status"),
      route("/readyz", ShowReady, "showReady", "Ready for traffic, or the reasons why not",
            "Status"),
      route("/metrics", ShowMetrics, "showMetrics", "Counters in Prometheus text", ""),
      route("/v1/openapi.json", ShowOpenApi, "showOpenApi", "This description", ""),
      {.method = "GET",
       .path = "/v1/audit",
       .right = Right::View(Object::kAudit).WithoutRows(),
       .scope = Scope::kServer,
       .audit = "",
       .body_limit = 0,
       .patience = Patience::kShort,
       .cors = false,
       .handle = ShowAudit,
       .operation = "showAudit",
       .summary = "Who did what, newest first, and the head of the chain; ?limit=",
       .request_schema = "",
       .response_schema = "AuditRecords"},
  };
}

}  // namespace waypost::api
