#include "services/channel_desk.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/logger.h"
#include "channels/http_channel.h"
#include "channels/mail_channel.h"
#include "channels/task_box.h"
#include "services/body.h"

namespace waypost::services {
namespace {

namespace json = boost::json;
using ChannelVerb = api::ChannelCall::Verb;

using ChannelPointer = std::shared_ptr<channels::Channel>;

constexpr std::string_view kKind = "channel";
constexpr size_t kMaxSecret = 4'096;

catalog::Reference Of(const std::string& name) { return {std::string(kKind), name}; }

// A definition's body: {"description": {...}, "sealed": {name: text}}.
struct Kept {
  std::string description;
  std::map<std::string, std::string> sealed;
};

Kept ReadBody(const std::string& body) {
  Kept kept;
  const json::value value = json::parse(body);
  kept.description = json::serialize(value.at("description"));
  for (const auto& [name, text] : value.at("sealed").as_object()) {
    kept.sealed[name] = std::string(text.as_string());
  }
  return kept;
}

std::string WriteBody(const std::string& description,
                      const std::map<std::string, std::string>& sealed) {
  json::object secrets;
  for (const auto& [name, text] : sealed) secrets[name] = text;
  return json::serialize(
      json::object{{"description", json::parse(description)}, {"sealed", std::move(secrets)}});
}

constexpr std::pair<std::string_view, std::string_view> kTitles[] = {{"/title/zh", "title_zh"},
                                                                     {"/title/en", "title_en"}};
constexpr std::string_view kNames[] = {"accepted", "rejected", "busy", "unknown"};

// A channel whose description cannot be used: its messages wait.
class BrokenChannel final : public channels::Channel {
 public:
  const channels::Traits& traits() const override { return traits_; }
  channels::Answer Send(const channels::Message&) override {
    return {channels::HandOff::kBusy, "the channel cannot be read"};
  }
  std::optional<bool> Find(const channels::Message&) override { return {}; }

 private:
  const channels::Traits traits_;
};

// In a time that tells nothing of where they differ.
bool IsToken(const std::string& token, const std::string& given) {
  return token.size() == given.size() &&
         CRYPTO_memcmp(token.data(), given.data(), token.size()) == 0;
}

}  // namespace

std::string EngineChannels::Token(const std::string& project, const std::string& name) const {
  return channels::TokenFor(key_, "receipts " + project + "/" + name);
}

std::string EngineChannels::Proof(const std::string& project, const std::string& name,
                                  std::string_view key) const {
  return channels::TokenFor(key_, "unsubscribe " + project + "/" + name + "/" + std::string(key));
}

Result<std::shared_ptr<channels::Channel>> EngineChannels::Make(
    const std::string& project, const channels::Description& description,
    const Secrets& sealed) const {
  Secrets secrets;
  for (const auto& [name, text] : sealed) {
    secrets[name] =
        TRY(channels::Unseal(key_, project + "/" + description.name + "/" + name, text));
  }
  using Kind = channels::Description::Kind;
  if (description.kind == Kind::kTasks)
    return ChannelPointer(std::make_shared<channels::TaskBox>());
  if (description.kind == Kind::kMail) {
    channels::Description proving = description;
    proving.prove = [this, project, name = description.name](std::string_view key) {
      return Proof(project, name, key);
    };
    return ChannelPointer(
        std::make_shared<channels::MailChannel>(std::move(proving), std::move(secrets), egress_));
  }
  return ChannelPointer(
      std::make_shared<channels::HttpChannel>(description, std::move(secrets), egress_));
}

Result<> EngineChannels::Load() {
  for (const auto& [project, engine] : engines_.All()) {
    Journeys& journeys = *TRY(engines_.FindJourneys(project));
    for (const catalog::Definition& known :
         TRY(TRY(catalogs_.Find(project))->catalog->List(kKind))) {
      const Kept kept = ReadBody(known.body);
      const auto description = channels::ReadDescription(kept.description, rules_);
      auto made = description.ok() ? Make(project, description.value(), kept.sealed)
                                   : Result<ChannelPointer>(description.error());
      if (!made.ok()) {
        LogError("channel.unreadable",
                 {{"project", project}, {"channel", known.id}, {"error", made.error().message()}});
        made = ChannelPointer(std::make_shared<BrokenChannel>());
      }
      journeys.SetChannel(known.id, std::move(made).value());
    }
  }
  return {};
}

Result<std::string> EngineChannels::Call(const api::ChannelCall& call) {
  const std::string project = TRY(engines_.NameOf(call.project));
  switch (call.verb) {
    case ChannelVerb::kList:
      return List(project);
    case ChannelVerb::kShow:
      return Show(project, call.channel);
    case ChannelVerb::kCheck:
      TRY(channels::ReadDescription(call.body, rules_));
      return std::string(R"({"valid":true})");
    case ChannelVerb::kPut:
      return Put(project, call.channel, call.body);
    case ChannelVerb::kRemove:
      return Remove(project, call.channel);
    case ChannelVerb::kSetSecrets:
      return SetSecrets(project, call.channel, call.body);
    case ChannelVerb::kTry:
      return Try(project, call.channel, call.body);
    case ChannelVerb::kReceipts:
      return TakeReceipts(project, call);
    case ChannelVerb::kMayUnsubscribe:
    case ChannelVerb::kUnsubscribe:
      return Unsubscribe(project, call);
    case ChannelVerb::kCheckText:
      return contents_.Check(call.body);
    case ChannelVerb::kPreviewText:
      return contents_.Preview(call.body);
  }
  return Error(Code::kInvalid, "no such call");
}

Result<std::string> EngineChannels::List(const std::string& project) {
  const auto traffic = TRY(engines_.FindJourneys(project))->Traffic();
  json::array list;
  for (const catalog::Definition& known : TRY(TRY(catalogs_.Find(project))->catalog->List(kKind))) {
    const Kept kept = ReadBody(known.body);
    const json::value described = json::parse(kept.description);
    json::array missing;
    if (const json::value* secrets = described.as_object().if_contains("secrets")) {
      for (const json::value& name : secrets->as_array()) {
        if (!kept.sealed.contains(std::string(name.as_string()))) missing.push_back(name);
      }
    }
    const auto on_their_way = traffic.find(known.id);
    const Journeys::OnTheirWay counts =
        on_their_way == traffic.end() ? Journeys::OnTheirWay() : on_their_way->second;
    json::object one{{"name", known.id},
                     {"version", known.version},
                     {"kind", described.at("kind")},
                     {"secrets_missing", std::move(missing)},
                     {"waiting", counts.waiting},
                     {"claimed", counts.claimed},
                     {"unknown", counts.unknown}};
    for (const auto& [from, to] : kTitles) {
      json::error_code absent;
      const json::value* title = described.find_pointer(from, absent);
      if (title && title->is_string()) one[to] = *title;
    }
    list.push_back(std::move(one));
  }
  return json::serialize(json::object{{"channels", std::move(list)}});
}

Result<std::string> EngineChannels::Show(const std::string& project, const std::string& name) {
  const catalog::Definition known = TRY(TRY(catalogs_.Find(project))->catalog->Get(Of(name)));
  const Kept kept = ReadBody(known.body);
  json::array set;
  for (const auto& [secret, text] : kept.sealed) set.push_back(json::value(secret));
  return json::serialize(json::object{
      {"name", name},
      {"version", known.version},
      {"description", json::parse(kept.description)},
      {"secrets_set", std::move(set)},
      {"receipts_path", "/v1/receipts/" + project + "/" + name + "/" + Token(project, name)}});
}

// REQUIRES: change_mutex_ is held. What is kept is what works from here on.
Result<> EngineChannels::Keep(const std::string& project, catalog::Definition definition, bool made,
                              const std::string& description, const Secrets& secrets) {
  const channels::Description read = TRY(channels::ReadDescription(description, rules_));
  std::shared_ptr<channels::Channel> channel = TRY(Make(project, read, secrets));
  definition.body = WriteBody(description, secrets);
  catalog::Catalog& catalog = *TRY(catalogs_.Find(project))->catalog;
  const int64_t now = machine_.clock.NowMs();
  TRY(made ? catalog.Create(std::move(definition), now)
           : catalog.Change(std::move(definition), now));
  TRY(engines_.FindJourneys(project))->SetChannel(read.name, std::move(channel));
  return {};
}

Result<std::string> EngineChannels::Put(const std::string& project, const std::string& name,
                                        const std::string& body) {
  const channels::Description described = TRY(channels::ReadDescription(body, rules_));
  if (described.name != name) {
    return Error(Code::kInvalid, "channel_invalid", "name: must be '" + name + "', as in the path");
  }
  const std::lock_guard lock(change_mutex_);
  Result<catalog::Definition> known = TRY(catalogs_.Find(project))->catalog->Get(Of(name));
  if (!known.ok() && known.error().code() != Code::kNotFound) return known.error();
  Secrets secrets;
  if (known.ok()) {
    for (auto& [secret, text] : ReadBody(known.value().body).sealed) {
      if (std::ranges::find(described.secrets, secret) != described.secrets.end()) {
        secrets[secret] = text;
      }
    }
  }
  catalog::Definition definition =
      known.ok() ? known.value()
                 : catalog::Definition{.kind = std::string(kKind), .id = name, .state = "live"};
  TRY(Keep(project, std::move(definition), !known.ok(), body, secrets));
  return Show(project, name);
}

Result<std::string> EngineChannels::Remove(const std::string& project, const std::string& name) {
  const std::lock_guard lock(change_mutex_);
  TRY(TRY(catalogs_.Find(project))->catalog->Remove(Of(name)));
  TRY(engines_.FindJourneys(project))->SetChannel(name, nullptr);
  return std::string(R"({"status":"removed"})");
}

Result<std::string> EngineChannels::SetSecrets(const std::string& project, const std::string& name,
                                               const std::string& body) {
  const json::object given = TRY(ObjectOf(body, "{name: secret}"));
  const std::lock_guard lock(change_mutex_);
  catalog::Definition known = TRY(TRY(catalogs_.Find(project))->catalog->Get(Of(name)));
  Kept kept = ReadBody(known.body);
  const channels::Description described = TRY(channels::ReadDescription(kept.description, rules_));
  for (const auto& [secret, value] : given) {
    const bool named = std::ranges::find(described.secrets, secret) != described.secrets.end();
    if (!named || !value.is_string() || value.get_string().size() > kMaxSecret) {
      return Error(Code::kInvalid, "channel_invalid",
                   std::string(secret) + ": must be a text for one of the channel's secrets");
    }
    kept.sealed[secret] = channels::Seal(key_, project + "/" + name + "/" + std::string(secret),
                                         value.get_string(), machine_.random);
  }
  TRY(Keep(project, std::move(known), false, kept.description, kept.sealed));
  return Show(project, name);
}

Result<std::string> EngineChannels::Try(const std::string& project, const std::string& name,
                                        const std::string& body) {
  const json::object given = TRY(ObjectOf(body, R"({"address", "text"})"));
  const catalog::Definition known = TRY(TRY(catalogs_.Find(project))->catalog->Get(Of(name)));
  const Kept kept = ReadBody(known.body);
  const auto described = TRY(channels::ReadDescription(kept.description, rules_));
  const ChannelPointer channel = TRY(Make(project, described, kept.sealed));
  if (channel->traits().tasks) {
    return Error(Code::kConflict,
                 "a task is about a customer in a journey: try the journey instead");
  }
  const std::string prefix = described.address.empty() ? "" : described.address + ":";
  const int64_t now = machine_.clock.NowMs();
  const channels::Answer answer = channel->Send(
      {.key = channels::TokenFor(key_, "try " + std::to_string(machine_.random.Next())),
       .channel = name,
       .address = prefix + TextIn(given, "address"),
       .text = TextIn(given, "text"),
       .journey = "test",
       .node = "test",
       .time_ms = now});
  return json::serialize(
      json::object{{"outcome", kNames[static_cast<size_t>(answer.what)]}, {"why", answer.why}});
}

// Who guesses is not answered for a while.
Result<std::string> EngineChannels::Unsubscribe(const std::string& project,
                                                const api::ChannelCall& call) {
  if (guesses_.WaitMs(call.peer) > 0)
    return Error(Code::kUnavailable, "too_many_tries", "too many links that are none");
  if (!IsToken(Proof(project, call.channel, call.key), call.token)) {
    guesses_.Failed(call.peer);
    return Error(Code::kNotFound, "not_found", "there is nothing here");
  }
  Journeys& journeys = *TRY(engines_.FindJourneys(project));
  TRY(journeys.Unsubscribe(call.channel, call.key, call.verb == ChannelVerb::kUnsubscribe));
  return std::string();
}

Result<std::string> EngineChannels::TakeReceipts(const std::string& project,
                                                 const api::ChannelCall& call) {
  if (!IsToken(Token(project, call.channel), call.token)) {
    return Error(Code::kNotFound, "not_found", "there is nothing here");
  }
  const catalog::Definition known =
      TRY(TRY(catalogs_.Find(project))->catalog->Get(Of(call.channel)));
  const channels::Description described =
      TRY(channels::ReadDescription(ReadBody(known.body).description, rules_));
  size_t not_understood = 0;
  const std::vector<channels::Receipt> receipts =
      TRY(channels::ReadReceipts(described.receipts, call.body, &not_understood));
  TRY(TRY(engines_.FindJourneys(project))->GiveReceipts(receipts, &not_understood));
  return json::serialize(json::object{
      {"status", "done"}, {"taken", receipts.size()}, {"not_understood", not_understood}});
}

}  // namespace waypost::services
