#include "services/saved_desk.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "api/sign_in.h"
#include "model/time_text.h"

namespace waypost::services {
namespace {

namespace json = boost::json;
using catalog::Definition;
using SavedVerb = api::SavedCall::Verb;

constexpr std::string_view kSharedWord = "shared";
constexpr std::string_view kOwnWord = "own";
constexpr std::string_view kDashboardKind = "dashboard";
constexpr std::string_view kQuestionKind = "question";
constexpr std::string_view kTemplateKind = "template";

catalog::Reference SavedAt(const api::SavedCall& call) { return {call.kind, call.id}; }

Error BadSaved(std::string what) { return {Code::kInvalid, "bad_request", std::move(what)}; }

bool IsShownTo(const Definition& saved, std::string_view who) {
  return saved.state == kSharedWord || saved.owner == who || who == api::kTokenHolder;
}

json::object SavedJson(const Definition& saved) {
  return {{"id", saved.id},
          {"name", saved.name_zh},
          {"name_en", saved.name_en},
          {"owner", saved.owner},
          {"shared", saved.state == kSharedWord},
          {"version", saved.version},
          {"changed", DateTimeText(saved.changed_ms)},
          {"body", json::parse(saved.body)}};
}

Result<json::object> SavedForm(std::string_view body) {
  json::error_code error;
  json::value value = json::parse(body, error);
  if (error) return Error(Code::kInvalid, "bad_json", "the body is not JSON: " + error.message());
  if (!value.is_object())
    return BadSaved(
        R"(send {"name": text, "name_en": text, "shared": true or false, "body": object, "version": number})");
  return std::move(value.get_object());
}

Result<Definition> VisibleSaved(catalog::Catalog& catalog, const catalog::Reference& of,
                                std::string_view who) {
  Definition saved = TRY(catalog.Get(of));
  if (IsShownTo(saved, who)) return saved;
  return Error(Code::kNotFound, "not_found", fmt::format("there is no {} '{}'", of.kind, of.id));
}

// "tiles": [{"question": id, ...}]: which must be there for everybody who sees the dashboard.
Result<> CheckTiles(catalog::Catalog& catalog, std::string_view who, const json::object& body,
                    Definition* made) {
  const json::value* tiles = body.if_contains("tiles");
  if (!tiles || !tiles->is_array() || tiles->get_array().size() > kMaxTiles)
    return BadSaved(fmt::format("body.tiles: give a list of up to {}", kMaxTiles));
  for (size_t i = 0; i < tiles->get_array().size(); ++i) {
    const auto* tile = tiles->get_array()[i].if_object();
    const auto* question = tile ? tile->if_contains("question") : nullptr;
    const std::string at = fmt::format("body.tiles[{}].question: ", i);
    if (!question || !question->is_string())
      return BadSaved(at + "give the id of a saved question");
    const catalog::Reference of{std::string(kQuestionKind), std::string(question->get_string())};
    const auto found = VisibleSaved(catalog, of, who);
    if (!found.ok()) return BadSaved(at + found.error().message());
    if (made->state == kSharedWord && found.value().state != kSharedWord)
      return BadSaved(at + "'" + of.id + "' is not shared, and the dashboard is: share it first");
    made->uses.push_back(of);
  }
  std::ranges::sort(made->uses);
  made->uses.erase(std::ranges::unique(made->uses).begin(), made->uses.end());
  return {};
}

}  // namespace

Result<std::string> EngineSaved::Call(const api::SavedCall& call) {
  catalog::Catalog& catalog = *TRY(catalogs_.Find(TRY(engines_.NameOf(call.project))))->catalog;
  if (call.verb == SavedVerb::kShow)
    return json::serialize(SavedJson(TRY(VisibleSaved(catalog, SavedAt(call), call.who))));
  if (call.verb == SavedVerb::kList) {
    json::array items;
    for (const Definition& saved : TRY(catalog.List(call.kind))) {
      if (IsShownTo(saved, call.who)) items.push_back(SavedJson(saved));
    }
    return json::serialize(json::object{{"items", std::move(items)}});
  }
  const std::lock_guard lock(change_mutex_);
  if (call.verb == SavedVerb::kPut) return Put(catalog, call);
  const Definition saved = TRY(VisibleSaved(catalog, SavedAt(call), call.who));
  if (saved.owner != call.who && call.who != api::kTokenHolder)
    return Error(Code::kInvalid, "forbidden",
                 "it is " + saved.owner + "'s: ask them, or make a copy");
  TRY(catalog.Remove(SavedAt(call)));
  return std::string(R"({"status":"removed"})");
}

Result<> EngineSaved::CheckBody(catalog::Catalog& catalog, const api::SavedCall& call,
                                const json::object& body, Definition* made) const {
  if (call.kind == kDashboardKind) return CheckTiles(catalog, call.who, body, made);
  if (call.kind == kTemplateKind) {
    TRY(contents_.Check(json::serialize(body)));
    return {};
  }
  const json::value* ask = body.if_contains("ask");
  if (!ask || !ask->is_string())
    return BadSaved("body.ask: give a question, as POST /v1/query takes it");
  return {};
}

Result<std::string> EngineSaved::Put(catalog::Catalog& catalog, const api::SavedCall& call) {
  const json::object form = TRY(SavedForm(call.body));
  for (const auto& member : form) {
    constexpr std::string_view kKnown[] = {"name", "name_en", "shared", "body", "version"};
    if (std::ranges::find(kKnown, std::string_view(member.key())) == std::end(kKnown))
      return BadSaved(std::string(member.key()) + ": there is no such member");
  }
  const json::value *name = form.if_contains("name"), *shared = form.if_contains("shared"),
                    *body = form.if_contains("body"), *version = form.if_contains("version");
  if (!name || !name->is_string() || name->get_string().empty() ||
      name->get_string().size() > kMaxSavedName)
    return BadSaved(fmt::format("name: give a text of 1 to {} bytes", kMaxSavedName));
  const json::value* name_en = form.if_contains("name_en");
  if (name_en && (!name_en->is_string() || name_en->get_string().size() > kMaxSavedName))
    return BadSaved(fmt::format("name_en: give a text of at most {} bytes", kMaxSavedName));
  if (!shared || !shared->is_bool()) return BadSaved("shared: give true or false");
  if (!body || !body->is_object()) return BadSaved("body: give an object");
  if (version && !version->is_int64())
    return BadSaved("version: give the number of the one you changed");

  Result<Definition> known = catalog.Get(SavedAt(call));
  if (!known.ok() && known.error().code() != Code::kNotFound) return known.error();
  if (!known.ok() && TRY(catalog.List(call.kind)).size() >= kMaxSaved)
    return Error(Code::kTooLarge, "too_large", fmt::format("there are {} already", kMaxSaved));
  if (known.ok()) {
    TRY(VisibleSaved(catalog, SavedAt(call), call.who));
    if (known.value().owner != call.who && call.who != api::kTokenHolder)
      return Error(Code::kInvalid, "forbidden",
                   "it is " + known.value().owner + "'s: ask them, or make a copy");
  }
  Definition made{.kind = call.kind,
                  .id = call.id,
                  .version = version ? version->get_int64() : 0,
                  .name_zh = std::string(name->get_string()),
                  .name_en = name_en ? std::string(name_en->get_string()) : std::string(),
                  .owner = known.ok() ? known.value().owner : call.who,
                  .state = std::string(shared->get_bool() ? kSharedWord : kOwnWord),
                  .body = json::serialize(*body)};
  TRY(CheckBody(catalog, call, body->get_object(), &made));
  if (approvals_ && call.kind == kTemplateKind)
    TRY(approvals_->MayDo(call.project, kApprovedText, call.id, call.body));
  const int64_t now = clock_.NowMs();
  const std::string state = made.state;
  Definition kept =
      TRY(known.ok() ? catalog.Change(std::move(made), now) : catalog.Create(std::move(made), now));
  TRY(catalog.SetState(SavedAt(call), state));
  kept.state = state;
  return json::serialize(SavedJson(kept));
}

}  // namespace waypost::services
