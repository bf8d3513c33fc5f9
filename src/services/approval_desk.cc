#include "services/approval_desk.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <iterator>
#include <map>
#include <set>

#include "api/sign_in.h"
#include "journeys/conditions.h"
#include "services/body.h"
#include "services/contents.h"
#include "services/journey_templates.h"
#include "services/journey_uses.h"

namespace waypost::services {
namespace {

namespace json = boost::json;
using ApprovalVerb = api::ApprovalCall::Verb;

constexpr std::string_view kFlow = "approval_flow";
constexpr int64_t kSignedMs = 5 * 60'000;  // what was signed before, or is to be, is not taken

catalog::Reference FlowOf(std::string_view kind) { return {std::string(kFlow), std::string(kind)}; }
catalog::Reference RequestOf(std::string_view kind, std::string_view id) {
  return {std::string(kind) + "_approval", std::string(id)};
}

Result<> CheckKind(std::string_view kind) {
  for (const std::string_view known :
       {kApprovedJourney, kApprovedPolicy, kApprovedTemplate, kApprovedText, kApprovedExport}) {
    if (kind == known) return {};
  }
  return Error(
      Code::kNotFound, "not_found",
      "journeys (\"journey\"), the rules for messages (\"policy\"), templates of journeys "
      "(\"template\"), texts (\"text\") and files of members (\"export\") can need approval");
}

bool Says(const json::value* value, std::string_view text) {
  return value && value->is_string() && std::string_view(value->get_string()) == text;
}

// A definition's body: {"request": {...}, "content": {...}}.
json::object ReadBody(const catalog::Definition& kept) {
  return json::parse(kept.body).as_object();
}
Result<governance::Request> RequestIn(const catalog::Definition& kept) {
  return governance::FromJson(json::serialize(ReadBody(kept).at("request")));
}

// What is there under this name, else nothing of version 0.
Result<catalog::Definition> Known(catalog::Catalog& catalog, const catalog::Reference& of) {
  Result<catalog::Definition> known = catalog.Get(of);
  if (known.ok() || known.error().code() != Code::kNotFound) return known;
  return catalog::Definition{.kind = of.kind, .id = of.id, .state = "live"};
}

// {"kind", "id", "hash"} of each. There are none of what was asked before they were kept.
json::array UsesJson(const std::vector<Used>& uses) {
  json::array list;
  for (const Used& one : uses)
    list.push_back({{"kind", one.of.kind}, {"id", one.of.id}, {"hash", one.hash}});
  return list;
}
std::vector<Used> UsesIn(const json::object& body) {
  std::vector<Used> uses;
  const json::value* list = body.if_contains("uses");
  for (const json::value& one : list ? list->as_array() : json::array()) {
    const json::object& said = one.as_object();
    uses.push_back({{TextIn(said, "kind", ""), TextIn(said, "id", "")}, TextIn(said, "hash", "")});
  }
  return uses;
}

// Those that are another thing now: then, or now.
std::vector<Used> ChangedOf(const std::vector<Used>& then, const std::vector<Used>& now) {
  std::vector<Used> changed;
  std::ranges::set_symmetric_difference(then, now, std::back_inserter(changed));
  return changed;
}

// Each once, as it was then, or as it is when it was not there; with whether that has changed.
json::array UsesSince(const std::vector<Used>& then, const std::vector<Used>& now) {
  std::map<catalog::Reference, std::string> hashes;
  for (const auto* some : {&then, &now}) {
    for (const Used& one : *some) hashes.emplace(one.of, one.hash);
  }
  std::set<catalog::Reference> changed;
  for (const Used& one : ChangedOf(then, now)) changed.insert(one.of);
  json::array list;
  for (const auto& [of, hash] : hashes)
    list.push_back(
        {{"kind", of.kind}, {"id", of.id}, {"hash", hash}, {"changed", changed.contains(of)}});
  return list;
}

// By kind of thing.
Result<json::object> Flows(catalog::Catalog& catalog) {
  json::object flows;
  for (const catalog::Definition& flow : TRY(catalog.List(kFlow)))
    flows[flow.id] = json::parse(flow.body);
  return flows;
}

// {"hash", "yes", "comment"}: of what is asked for.
Result<governance::Ballot> BallotIn(const api::ApprovalCall& call,
                                    const governance::Request& request) {
  const json::object given = TRY(ObjectOf(call.body));
  const json::value* yes = given.if_contains("yes");
  const json::value* comment = given.if_contains("comment");
  const bool good = yes && yes->is_bool() && (!comment || comment->is_string());
  if (!good) {
    return Error(Code::kInvalid, "bad_request",
                 R"(send {"hash": of the content, "yes": true or false, "comment": text})");
  }
  if (!Says(given.if_contains("hash"), request.hash)) {
    return Error(Code::kConflict, "approval",
                 "'hash' is not that of what is asked for now: read it again");
  }
  return governance::Ballot{
      .person = call.who,
      .yes = yes->get_bool(),
      .comment = comment ? std::string(comment->get_string()) : std::string()};
}

Result<> Keep(catalog::Catalog& catalog, catalog::Definition definition, int64_t now_ms) {
  TRY(definition.version > 0 ? catalog.Change(std::move(definition), now_ms)
                             : catalog.Create(std::move(definition), now_ms));
  return {};
}

}  // namespace

std::string ExportContent(const std::string& segment, int64_t run, std::string_view ask) {
  json::error_code error;
  json::value body = json::parse(ask, error);
  return json::serialize(json::object{{"id", segment}, {"run", run}, {"ask", std::move(body)}});
}

Result<std::string> EngineApprovals::Call(const api::ApprovalCall& call) {
  const std::string project = TRY(engines_.NameOf(call.project));
  catalog::Catalog& catalog = *TRY(catalogs_.Find(project))->catalog;
  if (call.verb == ApprovalVerb::kExternal)
    return json::serialize(json::object{{"secret", SecretOf(project, call.id)}});
  const bool all = call.verb == ApprovalVerb::kList || call.verb == ApprovalVerb::kFlows;
  if (!all) TRY(CheckKind(call.kind));
  const std::lock_guard lock(change_mutex_);
  switch (call.verb) {
    case ApprovalVerb::kList:
      return List(catalog);
    case ApprovalVerb::kFlows:
      return json::serialize(json::object{{"flows", TRY(Flows(catalog))}});
    case ApprovalVerb::kShow:
      return Show(*TRY(catalogs_.Find(project)), call);
    case ApprovalVerb::kSetFlow:
      return SetFlow(catalog, call);
    case ApprovalVerb::kRemoveFlow:
      TRY(catalog.Remove(FlowOf(call.kind)));
      return std::string(R"({"status":"removed"})");
    case ApprovalVerb::kAsk:
      return Ask(*TRY(catalogs_.Find(project)), call);
    case ApprovalVerb::kVote:
    case ApprovalVerb::kWithdraw:
      return Vote(catalog, call);
    case ApprovalVerb::kDelegate:
      return Delegate(catalog, call);
    case ApprovalVerb::kAnswer:
      return Answer(catalog, project, call);
    case ApprovalVerb::kExternal:
      break;
  }
  return Error(Code::kInvalid, "no such call");
}

Result<std::string> EngineApprovals::SetFlow(catalog::Catalog& catalog,
                                             const api::ApprovalCall& call) {
  TRY(governance::ReadFlow(call.body));
  catalog::Definition flow = TRY(Known(catalog, FlowOf(call.kind)));
  flow.body = call.body;
  flow.owner = call.who;
  TRY(Keep(catalog, std::move(flow), clock_.NowMs()));
  return std::string(R"({"status":"done"})");
}

// What could not be done were it approved is not asked for.
Result<> EngineApprovals::MayBeAsked(const api::ApprovalCall& call) const {
  if (call.kind == kApprovedJourney)
    return TRY(engines_.FindJourneys(call.project))->MayPublish(call.body, call.barred);
  if (call.kind == kApprovedPolicy)
    return TRY(engines_.FindJourneys(call.project))->MaySetPolicy(call.body);
  if (call.kind == kApprovedTemplate) {
    return CheckJourneyTemplate(*TRY(engines_.FindJourneys(call.project)), call.id, call.body,
                                call.barred);
  }
  if (call.kind == kApprovedText) {
    const json::object form = TRY(ObjectOf(call.body));
    const json::value* text = form.if_contains("body");
    TRY(Contents().Check(text ? json::serialize(*text) : "{}"));
  }
  return {};
}

// A new request for the same thing takes the place of the old one, whose votes stay with its
// version.
Result<std::string> EngineApprovals::Ask(ProjectCatalog& of, const api::ApprovalCall& call) {
  catalog::Catalog& catalog = *of.catalog;
  json::object content = TRY(ObjectOf(call.body));
  if (call.kind == kApprovedJourney) {
    if (!Says(content.if_contains("id"), call.id)) {
      return Error(Code::kInvalid, "bad_request", "id: must be '" + call.id + "', as in the path");
    }
  } else if (call.kind == kApprovedPolicy && call.id != kMessagePolicy) {
    return Error(Code::kNotFound, "not_found", "there is one policy, \"messages\"");
  }
  const Result<catalog::Definition> flow = catalog.Get(FlowOf(call.kind));
  if (!flow.ok()) {
    return Error(Code::kNotFound, "not_found", "nothing of the kind '" + call.kind + "' needs it");
  }
  TRY(MayBeAsked(call));
  const int64_t now = clock_.NowMs();
  const governance::Request request =
      TRY(governance::Ask(TRY(governance::ReadFlow(flow.value().body)), call.kind + "/" + call.id,
                          governance::ContentHash(call.body), call.who, now));
  catalog::Definition kept = TRY(Known(catalog, RequestOf(call.kind, call.id)));
  const std::string shown = governance::ToJson(request, now);
  json::object body{{"request", json::parse(shown)}, {"content", std::move(content)}};
  if (call.kind == kApprovedJourney) body["uses"] = UsesJson(TRY(UsesOf(of, call.body)));
  kept.body = json::serialize(body);
  kept.owner = call.who;
  TRY(Keep(catalog, std::move(kept), now));
  return shown;
}

Result<std::string> EngineApprovals::ChangeRequest(
    catalog::Catalog& catalog, const api::ApprovalCall& call,
    const std::function<Result<>(governance::Request* request, int64_t now_ms)>& change) {
  catalog::Definition kept = TRY(catalog.Get(RequestOf(call.kind, call.id)));
  governance::Request request = TRY(RequestIn(kept));
  const int64_t now = clock_.NowMs();
  TRY(change(&request, now));
  const std::string shown = governance::ToJson(request, now);
  json::object body = ReadBody(kept);
  if (body.at("request") == json::parse(shown)) return shown;
  body["request"] = json::parse(shown);
  kept.body = json::serialize(body);
  TRY(Keep(catalog, std::move(kept), now));
  return shown;
}

Result<std::string> EngineApprovals::Vote(catalog::Catalog& catalog,
                                          const api::ApprovalCall& call) {
  return ChangeRequest(catalog, call, [&](governance::Request* request, int64_t now) -> Result<> {
    if (call.verb == ApprovalVerb::kWithdraw) return governance::Withdraw(request, call.who, now);
    return governance::Vote(request, TRY(BallotIn(call, *request)), now);
  });
}

Result<std::string> EngineApprovals::Delegate(catalog::Catalog& catalog,
                                              const api::ApprovalCall& call) {
  const json::object given = TRY(ObjectOf(call.body));
  const json::value* to = given.if_contains("to");
  if (!to || !to->is_string() || to->get_string().empty())
    return Error(Code::kInvalid, "bad_request", R"(send {"to": who is asked instead of you})");
  const std::string other(to->get_string());
  if (!MayVote(other))
    return Error(Code::kConflict, "approval", other + " may not approve: name somebody who may");
  return ChangeRequest(catalog, call, [&](governance::Request* request, int64_t now) {
    return governance::Delegate(request, call.who, other, now);
  });
}

// Signed over its time, what it is about and all it says, so that none of it can be put elsewhere.
Result<std::string> EngineApprovals::Answer(catalog::Catalog& catalog, const std::string& project,
                                            const api::ApprovalCall& call) {
  const std::optional<double> seconds = journeys::NumberOf(call.time);
  const std::string text = call.time + "." + call.kind + "/" + call.id + "." + call.body;
  const bool fresh =
      seconds && std::abs(*seconds * 1'000 - static_cast<double>(clock_.NowMs())) <= kSignedMs;
  if (!fresh || !governance::IsSigned(SecretOf(project, call.who), text, call.sign)) {
    return Error(
        Code::kInvalid, "bad_signature",
        "sign \"<time>.<kind>/<id>.<body>\", the time being seconds since 1970 of the last "
        "five minutes");
  }
  const json::object given = TRY(ObjectOf(call.body));
  const json::value* by = given.if_contains("by");
  if (by && !by->is_string()) return Error(Code::kInvalid, "bad_request", "by: give a name");
  const std::string person = by ? std::string(by->get_string()) : std::string();
  return ChangeRequest(catalog, call, [&](governance::Request* request, int64_t now) -> Result<> {
    return governance::Answer(request, TRY(BallotIn(call, *request)), person, now);
  });
}

// Nobody else can make it, and it is kept nowhere.
std::string EngineApprovals::SecretOf(const std::string& project, const std::string& system) const {
  return channels::TokenFor(key_, "approval/" + project + "/" + system);
}

bool EngineApprovals::MayVote(std::string_view person) const {
  constexpr people::Right kVoting{people::Object::kJourneys, people::Action::kApprove};
  return person == api::kTokenHolder || people_.RightsOf(person).Has(kVoting);
}

Result<std::string> EngineApprovals::Show(ProjectCatalog& of, const api::ApprovalCall& call) {
  const catalog::Definition kept = TRY(of.catalog->Get(RequestOf(call.kind, call.id)));
  const governance::Request request = TRY(RequestIn(kept));
  json::object shown = json::parse(governance::ToJson(request, clock_.NowMs())).as_object();
  const json::object body = ReadBody(kept);
  shown["content"] = body.at("content");
  if (body.contains("uses"))
    shown["uses"] = UsesSince(UsesIn(body), TRY(UsesOf(of, json::serialize(body.at("content")))));
  return json::serialize(shown);
}

Result<std::string> EngineApprovals::List(catalog::Catalog& catalog) {
  json::array requests;
  for (const catalog::Definition& flow : TRY(catalog.List(kFlow))) {
    for (const catalog::Definition& kept : TRY(catalog.List(RequestOf(flow.id, {}).kind))) {
      const governance::Request request = TRY(RequestIn(kept));
      requests.push_back(json::parse(governance::ToJson(request, clock_.NowMs())));
    }
  }
  return json::serialize(
      json::object{{"flows", TRY(Flows(catalog))}, {"requests", std::move(requests)}});
}

Result<> EngineApprovals::MayDo(std::string_view project, std::string_view kind,
                                std::string_view id, std::string_view content) {
  ProjectCatalog& of = *TRY(catalogs_.Find(TRY(engines_.NameOf(project))));
  catalog::Catalog& catalog = *of.catalog;
  const std::lock_guard lock(change_mutex_);
  if (TRY(Known(catalog, FlowOf(kind))).version == 0) return {};
  const catalog::Definition kept = TRY(Known(catalog, RequestOf(kind, id)));
  if (kept.version == 0) {
    return Error(Code::kConflict, "approval", "it needs an approval: ask for one first");
  }
  TRY(governance::MayDo(TRY(RequestIn(kept)), governance::ContentHash(content), clock_.NowMs(),
                        [&](std::string_view person) { return MayVote(person); }));
  if (kind != kApprovedJourney) return {};
  const std::vector<Used> changed = ChangedOf(UsesIn(ReadBody(kept)), TRY(UsesOf(of, content)));
  if (changed.empty()) return {};
  return Error(Code::kConflict, "approval",
               "the " + changed[0].of.kind + " '" + changed[0].of.id +
                   "' was changed after it was approved: ask again");
}

}  // namespace waypost::services
