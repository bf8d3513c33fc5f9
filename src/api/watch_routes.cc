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

Result<std::string> ConfirmClock(const Call& call) {
  return "{\"moved_ms\":" + std::to_string(call.backend.services.health.ConfirmClock()) + "}";
}

// Newest first; ?limit=, at most 1,000.
void ShowAudit(std::shared_ptr<Call> call) {
  OnWorker(std::move(call), [](const Call& c) -> Result<std::string> {
    return c.backend.services.audit.Newest(c.limit());
  });
}

void ShowAuditCheck(std::shared_ptr<Call> call) {
  Json(*call, call->backend.services.audit.CheckJson());
}

void CheckAudit(std::shared_ptr<Call> call) {
  call->backend.services.audit.BeginCheck();
  ShowAuditCheck(std::move(call));
}

}  // namespace

std::vector<Route> WatchRoutes() {
  const Topic route{.view = Right::kPublic, .scope = Scope::kServer, .patience = Patience::kNone};
  const Topic server{.view = Right::View(Object::kServer),
                     .change = Right::Change(Object::kServer),
                     .scope = Scope::kServer};
  const Topic audit{.view = Right::View(Object::kAudit).WithoutRows(), .scope = Scope::kServer};
  return {
      route("GET", "/healthz", ShowAlive, "", "showAlive", "The process answers", {}, "Status"),
      route("GET", "/readyz", ShowReady, "", "showReady",
            "Ready for traffic, or the reasons why not", {}, "Status"),
      route("GET", "/metrics", ShowMetrics, "", "showMetrics", "Counters in Prometheus text", "",
            "Text"),
      server(
          "POST", "/v1/clock/confirm",
          [](std::shared_ptr<Call> call) { OnWorker(std::move(call), ConfirmClock); },
          "clock.confirmed", "confirmClock",
          "Says that the machine's clock is right after it jumped: time moves to it", {}, "Moved"),
      route("GET", "/v1/openapi.json", ShowOpenApi, "", "showOpenApi", "This description"),
      audit("GET", "/v1/audit", ShowAudit, "", "showAudit",
            "Who did what, newest first, and the head of the chain; ?limit=", {}, "AuditRecords"),
      audit("GET", "/v1/audit/verify", ShowAuditCheck, "", "showAuditCheck",
            "How far the newest check of the chain is, and what it found", {}, "AuditCheck"),
      audit("POST", "/v1/audit/verify", CheckAudit, "", "checkAudit",
            "Begins to check every record and the chain between them, unless that goes on", {},
            "AuditCheck"),
  };
}

}  // namespace waypost::api
