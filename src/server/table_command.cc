// table: the calls of the API, as commands.
#include <fmt/format.h>

#include <cstdio>

#include "files/import_job.h"
#include "files/table_proposal.h"
#include "server/commands.h"
#include "server/running_server.h"
#include "server/table_json.h"
#include "server/tables.h"

namespace waypost::server {
namespace {

using TableVerb = api::TableCall::Verb;

std::string MethodOf(TableVerb verb) {
  if (verb == TableVerb::kDeclare) return "PUT";
  if (verb == TableVerb::kUpload) return "POST";
  return verb == TableVerb::kRemove ? "DELETE" : "GET";
}

}  // namespace

Result<> ShowTable(const Machine& machine, const Config& config, const TableArguments& arguments) {
  const api::TableCall& call = arguments.call;
  const auto here = [&](Engines& engines) {
    Catalogs catalogs(machine, config);
    return EngineTables(engines, catalogs, machine.clock).Call(call);
  };
  std::string path = "/v1/tables";
  if (call.verb != TableVerb::kList) path += "/" + Escaped(call.id);
  if (call.verb == TableVerb::kRows || call.verb == TableVerb::kUpload) path += "/rows";
  return PrintAnswer(machine, config, call.project, here,
                     {MethodOf(call.verb),
                      fmt::format("{}?project={}&limit={}&after={}", path, Escaped(call.project),
                                  call.limit, Escaped(call.after)),
                      call.body});
}

Result<> ProposeTable(const Machine& machine, const std::string& file, const std::string& id) {
  const files::TableProposal proposal = TRY(files::ProposeTable(machine.files, file, id));
  std::printf("%s\n%s", DeclarationText(proposal.table).c_str(),
              files::MappingText(proposal.mapping).c_str());
  files::ImportJob job(machine.files, machine.clock, nullptr);
  const files::ImportReport report =
      TRY(job.Run({.sources = {file}, .mapping = proposal.mapping, .dry_run = true}));
  std::fprintf(stderr, "%s%s", proposal.report.c_str(), report.Text().c_str());
  return {};
}

}  // namespace waypost::server
