#include "services/identities.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "api/identity_json.h"
#include "api/model_json.h"
#include "base/logger.h"
#include "model/time_text.h"

namespace waypost::services {
namespace {

using identity::IdentityGraph;

constexpr size_t kMembersShown = 20;

// The graph as a caller sees it.
struct Shown {
  const IdentityGraph& graph;
  bool masked = false;
  const Seen* seen = nullptr;  // null: everyone

  bool Shows(Ordinal ordinal) const { return seen == nullptr || seen->Shows(ordinal); }
  // Whether both are seen: nothing is said of who is linked to somebody else's.
  bool ShowsLink(uint32_t number) const {
    const identity::Link link = graph.links()[number];
    return Shows(link.a) && Shows(link.b);
  }
};

std::string IdentityJson(const Shown& shown, Ordinal ordinal) {
  return api::IdentityJson(shown.graph.identity(ordinal), shown.masked);
}

std::string LinkJson(const Shown& shown, uint32_t number) {
  const identity::Link link = shown.graph.links()[number];
  return fmt::format(
      R"({{"number":{},"time":{},"source":{},"rule":{},"a":{},"b":{},"outcome":{},"in_force":{}}})",
      number, JsonQuoted(DateTimeText(link.time_ms)), JsonQuoted(link.source),
      JsonQuoted(identity::LinkRuleName(link.rule)), IdentityJson(shown, link.a),
      IdentityJson(shown, link.b), JsonQuoted(identity::OutcomeName(link.outcome)),
      link.in_force());
}

std::string LinksJson(const Shown& shown, const std::vector<uint32_t>& numbers) {
  std::vector<std::string> links;
  for (const uint32_t number : numbers) links.push_back(LinkJson(shown, number));
  return JsonList(links);
}

std::string TrialJson(const Shown& shown, const identity::RuleTrial& trial) {
  std::vector<std::string> examples;
  for (const auto& example : trial.examples) {
    std::vector<std::string> members;
    for (size_t i = 0; i < example.members.size() && i < kMembersShown; ++i) {
      members.push_back(IdentityJson(shown, example.members[i]));
    }
    examples.push_back(fmt::format(R"({{"effect":"{}","identities":{}}})",
                                   example.merges ? "merge" : "split", JsonList(members)));
  }
  return fmt::format(R"({{"would_merge":{},"would_split":{},"examples":{}}})", trial.merged,
                     trial.split, JsonList(examples));
}

std::string WhyJson(const Shown& shown, Ordinal a, Ordinal b) {
  const IdentityGraph& graph = shown.graph;
  const std::string pair = "{\"a\":" + IdentityJson(shown, a) + ",\"b\":" + IdentityJson(shown, b);
  if (graph.root(a) == graph.root(b)) {
    return pair + ",\"same\":true,\"known_by\":" + IdentityJson(shown, graph.root(a)) +
           ",\"chain\":" + LinksJson(shown, graph.Chain(a, b)) + "}";
  }
  const std::vector<uint32_t> refused = graph.RefusedBetween(a, b);
  std::string reason = "no_link";
  for (const Ordinal o : {a, b}) {
    if (graph.blocked(o)) reason = graph.set_apart(o) ? "set_apart" : "stands_for_nobody";
  }
  if (!refused.empty()) reason = identity::OutcomeName(graph.links()[refused.back()].outcome);
  const identity::Outcome linked = graph.WouldBe(graph.root(a), graph.root(b));
  return pair + ",\"same\":false,\"reason\":" + JsonQuoted(reason) +
         ",\"refused\":" + LinksJson(shown, refused) +
         ",\"if_linked_now\":" + JsonQuoted(identity::OutcomeName(linked)) + "}";
}

// Runs `look` at the graph, with everything applied that was acknowledged before.
template <typename Look>
Result<std::string> At(const Engines& engines, std::string_view project, Look look) {
  engine::Engine* engine = TRY(engines.Find(project));
  TRY(engine->Read());
  std::string json;
  engine->Look([&](const engine::Applier& applier) { json = look(applier.identities()); });
  return json;
}

// The same as a caller sees it.
template <typename Look>
Result<std::string> ShownTo(const Engines& engines, Sights& sights, const api::Sight& sight,
                            Look look) {
  engine::Engine* engine = TRY(engines.Find(sight.project));
  const engine::Reading reading = TRY(engine->Read());
  const Seen seen = TRY(sights.See(sight, *engine, reading));
  return At(engines, sight.project, [&](const IdentityGraph& graph) {
    return look(Shown{graph, sight.masked, seen.bounded() ? &seen : nullptr});
  });
}

}  // namespace

Result<std::string> EngineIdentities::Rules(std::string_view project) {
  return At(engines_, project,
            [](const IdentityGraph& graph) { return api::KeyRulesJson(graph.rules()); });
}

Result<std::string> EngineIdentities::ChangeRules(std::string_view project,
                                                  std::string_view rules) {
  engine::Engine* engine = TRY(engines_.Find(project));
  TRY(engine->ChangeIdentityRules(TRY(api::KeyRulesOf(rules))));
  return Rules(project);
}

Result<std::string> EngineIdentities::TryRules(const api::Sight& sight, std::string_view rules) {
  const identity::KeyRules other = TRY(api::KeyRulesOf(rules));
  return At(engines_, sight.project, [&](const IdentityGraph& graph) {
    return TrialJson({graph, sight.masked}, graph.TryRules(other));
  });
}

Result<std::string> EngineIdentities::Links(const api::Sight& sight, std::string_view before,
                                            size_t limit) {
  uint32_t end = UINT32_MAX;
  const auto read = std::from_chars(before.data(), before.data() + before.size(), end);
  if (!before.empty() && (read.ec != std::errc() || read.ptr != before.data() + before.size())) {
    return Error(Code::kInvalid, "bad_request", "before: give the \"next\" of a page");
  }
  return ShownTo(engines_, sights_, sight, [&](const Shown& shown) {
    std::vector<uint32_t> numbers;
    uint32_t left = std::min(end, shown.graph.links().size());
    while (left > 0 && numbers.size() < limit) {
      if (shown.ShowsLink(--left)) numbers.push_back(left);
    }
    return "{\"links\":" + LinksJson(shown, numbers) +
           (left > 0 ? ",\"next\":\"" + std::to_string(left) + "\"}" : "}");
  });
}

Result<std::string> EngineIdentities::Conflicts(const api::Sight& sight, size_t limit) {
  return ShownTo(engines_, sights_, sight, [&](const Shown& shown) {
    const IdentityGraph& graph = shown.graph;
    std::vector<std::string> apart;
    for (const Ordinal ordinal : graph.SetApart()) {
      if (apart.size() < limit && shown.Shows(ordinal))
        apart.push_back(IdentityJson(shown, ordinal));
    }
    std::vector<uint32_t> refused = graph.Conflicts(shown.seen ? SIZE_MAX : limit);
    size_t count = graph.conflict_count();
    if (shown.seen) {
      std::erase_if(refused, [&](uint32_t number) { return !shown.ShowsLink(number); });
      count = refused.size();
      refused.resize(std::min(refused.size(), limit));
    }
    return fmt::format(R"({{"count":{},"refused":{},"set_apart":{}}})", count,
                       LinksJson(shown, refused), JsonList(apart));
  });
}

// For who does not see one of them there is no such customer.
Result<std::string> EngineIdentities::Why(const api::Sight& sight, const api::IdentityName& a,
                                          const api::IdentityName& b) {
  std::string unknown;
  const std::string json = TRY(ShownTo(engines_, sights_, sight, [&](const Shown& shown) {
    const auto find = [&](const api::IdentityName& name) {
      const auto found = shown.graph.Find(name.key, name.value);
      return found && shown.Shows(*found) ? found : std::nullopt;
    };
    const auto found_a = find(a), found_b = find(b);
    if (found_a && found_b) return WhyJson(shown, *found_a, *found_b);
    const api::IdentityName& missing = found_a ? b : a;
    unknown = fmt::format("There is no customer with the {} {}.", missing.key, missing.value);
    return std::string();
  }));
  if (unknown.empty()) return json;
  return Error(Code::kNotFound, "unknown_customer", unknown);
}

}  // namespace waypost::services
