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
                          .whole = QueryValue(c.request.query, "whole") == "true",
                          .after = QueryValue(c.request.query, "after"),
                          .limit = c.limit(),
                          .masked = c.sight().masked};
    return c.backend.services.tables->Call(table);
  });
}

}  // namespace

std::vector<Route> TableRoutes() {
  Topic plan = Topic::Of(Object::kPlan), rows = Topic::Of(Object::kCustomers);
  plan.body_limit = kDeclarationLimit, rows.body_limit = kRowsLimit;
  plan.patience = rows.patience = Patience::kLong;
  return {
      plan("GET", "/v1/tables", Handle<TableVerb::kList>, "", "listTables",
           "All tables, with how many rows each has", "", "Tables"),
      plan("GET", "/v1/tables/{id}", Handle<TableVerb::kShow>, "", "showTable",
           "A table's columns, key and whose its rows are", "", "Table"),
      plan("PUT", "/v1/tables/{id}", Handle<TableVerb::kDeclare>, "table.declared", "declareTable",
           "Declares a table, or what changes of one; rows that are there stay", "Table", "Table"),
      plan("DELETE", "/v1/tables/{id}", Handle<TableVerb::kRemove>, "table.removed", "removeTable",
           "Removes a table that nothing uses, with its rows", "", "Status"),
      rows("GET", "/v1/tables/{id}/rows", Handle<TableVerb::kRows>, "", "showRows",
           "The rows of a table; ?limit=, ?after= the next of the page before", "", "Rows"),
      rows("POST", "/v1/tables/{id}/rows", Handle<TableVerb::kUpload>, "table.rows_uploaded",
           "uploadRows",
           "Puts rows in the place of those of their keys, or takes these away; all or none",
           "RowUpload", "RowsTaken"),
      plan("GET", "/v1/tables/{id}/source", Handle<TableVerb::kSource>, "", "showTableSource",
           "Where a table is loaded from, and its last loads", "", "TableSource"),
      plan("PUT", "/v1/tables/{id}/source", Handle<TableVerb::kSetSource>, "table.source_set",
           "setTableSource", "Says from which PostgreSQL database a table is loaded, and when",
           "NewTableSource", "TableSource"),
      plan("DELETE", "/v1/tables/{id}/source", Handle<TableVerb::kRemoveSource>,
           "table.source_removed", "removeTableSource",
           "A table is no longer loaded by itself; its rows stay", "", "Status"),
      plan("PUT", "/v1/tables/{id}/source/password", Handle<TableVerb::kSetPassword>,
           "table.source_password_set", "setTableSourcePassword",
           "Sets the password for the database; it is kept sealed and never shown",
           "TableSourcePassword", "TableSource"),
      plan("POST", "/v1/tables/{id}/source/check", Handle<TableVerb::kCheckSource>,
           "table.source_checked", "checkTableSource",
           "Connects and tells how the columns and their types fit; loads nothing", "",
           "TableSourceCheck"),
      rows("POST", "/v1/tables/{id}/source/load", Handle<TableVerb::kLoadSource>,
           "table.source_loaded", "loadTableSource",
           "Loads what is new, or with ?whole=true everything; answers at the end", "",
           "TableSourceLoad"),
  };
}

}  // namespace waypost::api
