// Tables (entities and details): what is declared, and rows.
#include "api/routes.h"

namespace waypost::api {
namespace {

using TableVerb = TableCall::Verb;

constexpr uint64_t kDeclarationLimit = 1 << 20;
constexpr uint64_t kRowsLimit = 32 << 20;

template <TableVerb verb>
void Handle(std::shared_ptr<Call> call) {
  if (!call->backend.services.tables) return Tell(*call, ProblemOf("unavailable"));
  OnWorker(std::move(call), [](const Call& c) {
    const TableCall table{.verb = verb,
                          .project = c.project(),
                          .id = c.parameters.empty() ? std::string() : c.parameters[0],
                          .body = c.request.body,
                          .after = QueryValue(c.request.query, "after"),
                          .limit = c.limit(),
                          .masked = c.sight().masked};
    return c.backend.services.tables->Call(table);
  });
}

}  // namespace

std::vector<Route> TableRoutes() {
  const auto route = [](Object object, std::string_view method, std::string_view path,
                        void (*handle)(std::shared_ptr<Call>), std::string_view audit,
                        std::string_view operation, std::string_view summary,
                        std::string_view request, std::string_view response) {
    return Route{.method = method,
                 .path = path,
                 .right = audit.empty() ? Right::View(object) : Right::Change(object),
                 .scope = Scope::kProject,
                 .audit = audit,
                 .body_limit = request.empty()          ? 0
                               : request == "RowUpload" ? kRowsLimit
                                                        : kDeclarationLimit,
                 .patience = Patience::kLong,
                 .cors = false,
                 .handle = handle,
                 .operation = operation,
                 .summary = summary,
                 .request_schema = request,
                 .response_schema = response};
  };
  return {
      route(Object::kPlan, "GET", "/v1/tables", Handle<TableVerb::kList>, "", "listTables",
            "All tables, with how many rows each has", "", "Tables"),
      route(Object::kPlan, "GET", "/v1/tables/{id}", Handle<TableVerb::kShow>, "", "showTable",
            "A table's columns, key and whose its rows are", "", "Table"),
      route(Object::kPlan, "PUT", "/v1/tables/{id}", Handle<TableVerb::kDeclare>, "table.declared",
            "declareTable", "Declares a table, or what changes of one; rows that are there stay",
            "Table", "Table"),
      route(Object::kPlan, "DELETE", "/v1/tables/{id}", Handle<TableVerb::kRemove>, "table.removed",
            "removeTable", "Removes a table that nothing uses, with its rows", "", "Status"),
      route(Object::kCustomers, "GET", "/v1/tables/{id}/rows", Handle<TableVerb::kRows>, "",
            "showRows", "The rows of a table; ?limit=, ?after= the next of the page before", "",
            "Rows"),
      route(Object::kCustomers, "POST", "/v1/tables/{id}/rows", Handle<TableVerb::kUpload>,
            "table.rows_uploaded", "uploadRows",
            "Puts rows in the place of those of their keys, or takes these away; all or none",
            "RowUpload", "RowsTaken"),
  };
}

}  // namespace waypost::api
