#include "governance/approval.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <set>

#include "base/bytes.h"
#include "base/check.h"
#include "base/clock.h"

namespace waypost::governance {
namespace {

namespace json = boost::json;

constexpr int64_t kHourMs = 3'600'000;
constexpr std::string_view kStates[] = {"open", "approved", "rejected", "withdrawn", "expired"};

Error Wrong(const std::string& where, std::string_view what) {
  return Error(Code::kInvalid, "flow_invalid", where + ": " + std::string(what));
}
Error Refused(std::string what) { return Error(Code::kConflict, "approval", std::move(what)); }

Result<Level> ReadLevel(const json::value& value, const std::string& where) {
  const auto* object = value.if_object();
  if (!object) return Wrong(where, "must be {\"name\", \"rule\", \"people\"}");
  Level level;
  std::set<std::string> people;
  for (const auto& [name, member] : *object) {
    if (name == "name" && member.is_string()) {
      level.name = member.get_string();
    } else if (name == "people" && member.is_array()) {
      for (const json::value& person : member.get_array()) {
        if (!person.is_string() || person.get_string().empty()) {
          return Wrong(where + ".people", "must be names");
        }
        people.emplace(person.get_string());
      }
    } else if (name == "external" && member.is_string() && !member.get_string().empty()) {
      level.external = member.get_string();
    } else if (name == "within_hours" && member.is_int64() && member.get_int64() >= 0 &&
               member.get_int64() <= 365 * 24) {
      level.open_for_ms = member.get_int64() * kHourMs;
    } else if (name != "rule") {
      return Wrong(where + "." + std::string(name), "is not known, or of another kind");
    }
  }
  if (!level.external.empty()) {
    if (object->contains("people") || object->contains("rule"))
      return Wrong(where + ".external", "stands instead of people and rule");
    return level;
  }
  if (people.empty() || people.size() > kMaxVoters) {
    return Wrong(where + ".people", "name 1 to 100 people");
  }
  level.people.assign(people.begin(), people.end());
  const json::value* rule = object->if_contains("rule");
  const bool counts = rule && rule->is_int64();
  if (counts && rule->get_int64() >= 1 &&
      rule->get_int64() <= static_cast<int64_t>(people.size())) {
    level.needed = static_cast<uint32_t>(rule->get_int64());
  } else if (rule && *rule == "all") {
    level.needed = static_cast<uint32_t>(people.size());
  } else if (!rule || *rule != "any") {
    return Wrong(where + ".rule", "must be \"all\", \"any\" or how many of the people");
  }
  return level;
}

bool HasVoted(const Request& request, std::string_view person) {
  return std::ranges::any_of(request.ballots, [&](const Ballot& ballot) {
    return ballot.level == request.level && ballot.person == person;
  });
}

uint32_t YesAt(const Request& request, uint32_t level) {
  return static_cast<uint32_t>(std::ranges::count_if(
      request.ballots, [&](const Ballot& ballot) { return ballot.level == level && ballot.yes; }));
}

// The asker is not asked, so all means all others.
uint32_t NeededAt(const Request& request) {
  const Level& level = request.flow.levels[request.level];
  if (!level.external.empty()) return 1;
  const bool asker = std::ranges::find(level.people, request.asker) != level.people.end();
  return std::min(level.needed, static_cast<uint32_t>(level.people.size()) - (asker ? 1 : 0));
}

json::object FlowJson(const Flow& flow) {
  json::array levels;
  for (const Level& level : flow.levels) {
    json::object one{{"name", level.name}};
    if (level.external.empty()) {
      json::array people;
      for (const std::string& person : level.people) people.push_back(json::value(person));
      one["rule"] = level.needed;
      one["people"] = std::move(people);
    } else {
      one["external"] = level.external;
    }
    if (level.open_for_ms > 0) one["within_hours"] = level.open_for_ms / kHourMs;
    levels.push_back(std::move(one));
  }
  return {{"levels", std::move(levels)}, {"open_for_days", flow.open_for_ms / kDayMs}};
}

Result<Flow> FlowOf(const json::value& value) {
  const auto* object = value.if_object();
  const auto* levels = object ? object->if_contains("levels") : nullptr;
  const bool good = levels && levels->is_array() && !levels->get_array().empty() &&
                    levels->get_array().size() <= kMaxLevels;
  if (!good) return Wrong("levels", "give a list of 1 to 10 levels");
  Flow flow;
  for (size_t i = 0; i < levels->get_array().size(); ++i) {
    flow.levels.push_back(
        TRY(ReadLevel(levels->get_array()[i], "levels[" + std::to_string(i) + "]")));
  }
  for (const auto& [name, member] : *object) {
    if (name == "levels") continue;
    const bool days = name == "open_for_days" && member.is_int64() && member.get_int64() >= 0 &&
                      member.get_int64() <= 365;
    if (!days) return Wrong(std::string(name), "is not known, or no number of 0 to 365");
    flow.open_for_ms = member.get_int64() * kDayMs;
  }
  return flow;
}

}  // namespace

std::string_view NameOf(ApprovalState state) { return kStates[static_cast<size_t>(state)]; }

Result<Flow> ReadFlow(std::string_view text) {
  json::error_code error;
  const json::value value = json::parse(text, error);
  if (error) return Error(Code::kInvalid, "bad_json", "not JSON: " + error.message());
  return FlowOf(value);
}

std::string ContentHash(std::string_view text) {
  json::error_code error;
  const json::value value = json::parse(text, error);
  const std::string content = error ? std::string(text) : json::serialize(value);
  std::array<uint8_t, SHA256_DIGEST_LENGTH> digest;
  SHA256(AsBytes(content).data(), content.size(), digest.data());
  return fmt::format("{:02x}", fmt::join(digest, ""));
}

Result<Request> Ask(const Flow& flow, std::string subject, std::string hash, std::string asker,
                    int64_t now_ms) {
  for (const Level& level : flow.levels) {
    if (level.people.size() == 1 && level.people[0] == asker) {
      return Error(Code::kInvalid, "approval",
                   "nobody approves what he asked for, and '" + level.name + "' has no one else");
    }
  }
  return Request{.subject = std::move(subject),
                 .hash = std::move(hash),
                 .asker = std::move(asker),
                 .asked_ms = now_ms,
                 .flow = flow,
                 .ballots = {},
                 .delegations = {}};
}

namespace {

// When the level that is asked now began to be.
int64_t LevelSince(const Request& request) {
  int64_t since = request.asked_ms;
  for (const Ballot& ballot : request.ballots) {
    if (ballot.level < request.level) since = std::max(since, ballot.at_ms);
  }
  return since;
}

// Nothing is left to ask when it is refused, or when the last level has what it needs.
void Count(Request* request, Ballot ballot, int64_t now_ms) {
  ballot.level = request->level;
  ballot.at_ms = now_ms;
  request->ballots.push_back(ballot);
  if (!ballot.yes) {
    request->state = ApprovalState::kRejected;
  } else if (YesAt(*request, request->level) >= NeededAt(*request)) {
    if (request->level + 1 < request->flow.levels.size()) {
      ++request->level;
    } else {
      request->state = ApprovalState::kApproved;
    }
  }
}

Result<> CheckOpen(const Request& request, int64_t now_ms) {
  const ApprovalState state = StateAt(request, now_ms);
  if (state == ApprovalState::kOpen) return {};
  return Refused("the request is " + std::string(NameOf(state)));
}

}  // namespace

ApprovalState StateAt(const Request& request, int64_t now_ms) {
  const int64_t level_ms = request.flow.levels[request.level].open_for_ms;
  const bool over =
      (request.flow.open_for_ms > 0 && now_ms >= request.asked_ms + request.flow.open_for_ms) ||
      (level_ms > 0 && now_ms >= LevelSince(request) + level_ms);
  return request.state == ApprovalState::kOpen && over ? ApprovalState::kExpired : request.state;
}

Result<> Vote(Request* request, Ballot ballot, int64_t now_ms) {
  TRY(CheckOpen(*request, now_ms));
  const Level& level = request->flow.levels[request->level];
  if (ballot.person == request->asker) return Refused("nobody approves what he asked for");
  if (std::ranges::find(level.people, ballot.person) == level.people.end()) {
    return Refused(ballot.person + " is not asked at level '" + level.name + "'");
  }
  if (HasVoted(*request, ballot.person)) return Refused(ballot.person + " has voted already");
  Count(request, std::move(ballot), now_ms);
  return {};
}

Result<> Answer(Request* request, Ballot ballot, std::string_view by, int64_t now_ms) {
  const auto& levels = request->flow.levels;
  for (const Ballot& said : request->ballots) {
    if (levels[said.level].external != ballot.person) continue;
    if (said.yes == ballot.yes) return {};
    return Refused(ballot.person + " has answered otherwise already");
  }
  TRY(CheckOpen(*request, now_ms));
  if (levels[request->level].external != ballot.person) {
    return Refused(ballot.person + " is not asked at level '" + levels[request->level].name + "'");
  }
  if (by == request->asker) return Refused("nobody approves what he asked for");
  Count(request, std::move(ballot), now_ms);
  return {};
}

Result<> Delegate(Request* request, std::string_view from, std::string to, int64_t now_ms) {
  TRY(CheckOpen(*request, now_ms));
  Level& level = request->flow.levels[request->level];
  const auto asked = std::ranges::find(level.people, from);
  if (asked == level.people.end() || from == request->asker)
    return Refused(std::string(from) + " is not asked at level '" + level.name + "'");
  if (HasVoted(*request, from)) return Refused(std::string(from) + " has voted already");
  if (to == request->asker) return Refused("nobody approves what he asked for");
  if (std::ranges::find(level.people, to) != level.people.end())
    return Refused(to + " is asked at level '" + level.name + "' already");
  *asked = to;
  request->delegations.push_back({std::string(from), std::move(to), request->level, now_ms});
  return {};
}

std::string SignatureOf(std::string_view secret, std::string_view text) {
  std::array<uint8_t, SHA256_DIGEST_LENGTH> digest;
  CHECK(HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), AsBytes(text).data(),
             text.size(), digest.data(), nullptr));
  return fmt::format("{:02x}", fmt::join(digest, ""));
}

bool IsSigned(std::string_view secret, std::string_view text, std::string_view signature) {
  const std::string right = SignatureOf(secret, text);
  return signature.size() == right.size() &&
         CRYPTO_memcmp(signature.data(), right.data(), right.size()) == 0;
}

Result<> Withdraw(Request* request, std::string_view person, int64_t now_ms) {
  TRY(CheckOpen(*request, now_ms));
  if (person != request->asker) return Refused("only who asked withdraws");
  request->state = ApprovalState::kWithdrawn;
  return {};
}

// A level takes no more votes than it needs, so one that does not count any more is one too few.
Result<> MayDo(const Request& request, std::string_view hash, int64_t now_ms,
               const MayVote& may_vote) {
  const ApprovalState state = StateAt(request, now_ms);
  if (state != ApprovalState::kApproved) {
    return Refused("its approval is " + std::string(NameOf(state)));
  }
  if (hash != request.hash) return Refused("it was changed after it was approved: ask again");
  for (const Ballot& ballot : request.ballots) {
    const bool outside = !request.flow.levels[ballot.level].external.empty();
    if (!outside && !may_vote(ballot.person)) {
      return Refused(ballot.person + ", who approved it, may not approve any more: ask again");
    }
  }
  return {};
}

std::string ToJson(const Request& request, int64_t now_ms) {
  json::array ballots;
  for (const Ballot& ballot : request.ballots) {
    ballots.push_back(json::object{{"person", ballot.person},
                                   {"yes", ballot.yes},
                                   {"comment", ballot.comment},
                                   {"level", ballot.level},
                                   {"at_ms", ballot.at_ms}});
  }
  json::array delegations;
  for (const Delegation& one : request.delegations) {
    delegations.push_back(json::object{
        {"from", one.from}, {"to", one.to}, {"level", one.level}, {"at_ms", one.at_ms}});
  }
  return json::serialize(json::object{{"subject", request.subject},
                                      {"hash", request.hash},
                                      {"asker", request.asker},
                                      {"asked_ms", request.asked_ms},
                                      {"flow", FlowJson(request.flow)},
                                      {"ballots", std::move(ballots)},
                                      {"delegations", std::move(delegations)},
                                      {"level", request.level},
                                      {"state", NameOf(StateAt(request, now_ms))}});
}

Result<Request> FromJson(std::string_view text) {
  const Error corrupt(Code::kCorrupt, "a request for approval cannot be read");
  json::error_code error;
  const json::value value = json::parse(text, error);
  if (error || !value.is_object()) return corrupt;
  Request request;
  const auto read = [&]() -> Result<> {
    const json::object& object = value.get_object();
    for (const auto& [name, into] : {std::pair{"subject", &request.subject},
                                     {"hash", &request.hash},
                                     {"asker", &request.asker}}) {
      const auto* member = object.if_contains(name);
      if (!member || !member->is_string()) return corrupt;
      *into = member->get_string();
    }
    const auto* asked = object.if_contains("asked_ms");
    const auto* level = object.if_contains("level");
    const auto* flow = object.if_contains("flow");
    const auto* state = object.if_contains("state");
    const auto* ballots = object.if_contains("ballots");
    const bool there = asked && asked->is_int64() && level && level->is_int64() && flow && state &&
                       state->is_string() && ballots && ballots->is_array();
    if (!there) return corrupt;
    request.asked_ms = asked->get_int64();
    request.flow = TRY(FlowOf(*flow));
    request.level = static_cast<uint32_t>(level->get_int64());
    if (request.level >= request.flow.levels.size()) return corrupt;
    const auto* known = std::ranges::find(kStates, std::string_view(state->get_string()));
    if (known == std::end(kStates)) return corrupt;
    request.state = static_cast<ApprovalState>(known - std::begin(kStates));
    for (const json::value& item : ballots->get_array()) {
      const auto* one = item.if_object();
      const auto* person = one ? one->if_contains("person") : nullptr;
      const auto* yes = one ? one->if_contains("yes") : nullptr;
      const auto* comment = one ? one->if_contains("comment") : nullptr;
      const auto* at_level = one ? one->if_contains("level") : nullptr;
      const auto* at_ms = one ? one->if_contains("at_ms") : nullptr;
      const bool whole = person && person->is_string() && yes && yes->is_bool() && comment &&
                         comment->is_string() && at_level && at_level->is_int64() && at_ms &&
                         at_ms->is_int64();
      if (!whole) return corrupt;
      request.ballots.push_back({std::string(person->get_string()), yes->get_bool(),
                                 std::string(comment->get_string()),
                                 static_cast<uint32_t>(at_level->get_int64()), at_ms->get_int64()});
      if (request.ballots.back().level >= request.flow.levels.size()) return corrupt;
    }
    const auto* delegations = object.if_contains("delegations");
    if (!delegations) return {};  // it was asked before there were any
    if (!delegations->is_array()) return corrupt;
    for (const json::value& item : delegations->get_array()) {
      const auto* one = item.if_object();
      const auto* from = one ? one->if_contains("from") : nullptr;
      const auto* to = one ? one->if_contains("to") : nullptr;
      const auto* at_level = one ? one->if_contains("level") : nullptr;
      const auto* at_ms = one ? one->if_contains("at_ms") : nullptr;
      const bool whole = from && from->is_string() && to && to->is_string() && at_level &&
                         at_level->is_int64() && at_ms && at_ms->is_int64();
      if (!whole) return corrupt;
      request.delegations.push_back({std::string(from->get_string()), std::string(to->get_string()),
                                     static_cast<uint32_t>(at_level->get_int64()),
                                     at_ms->get_int64()});
    }
    return {};
  };
  if (!read().ok()) return corrupt;
  return request;
}

}  // namespace waypost::governance
