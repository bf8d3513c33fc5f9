// What nodes and edges make together.
#include "journeys/graph.h"

#include <fmt/format.h>

#include <map>
#include <vector>

namespace waypost::journeys {
namespace {

class GraphChecker {
 public:
  GraphChecker(Journey& journey, std::vector<Fault>* faults) : journey_(journey), faults_(faults) {}

  void Check();

 private:
  void CheckReach();
  void CheckCycles();
  template <typename GoesOn>
  std::vector<bool> ReachedFrom(uint32_t first, GoesOn goes_on) const;
  std::vector<uint32_t> JoinsAfter(uint32_t fork, bool nested) const;
  void PairJoins();
  void Complain(std::string node, std::string field, std::string code, std::string message,
                bool warning = false) {
    faults_->push_back(
        {std::move(node), std::move(field), std::move(code), std::move(message), warning});
  }

  Journey& journey_;
  std::vector<Fault>* faults_;
};

void GraphChecker::Check() {
  size_t entries = 0;
  for (uint32_t i = 0; i < journey_.nodes.size(); ++i) {
    if (journey_.nodes[i].kind != NodeKind::kEntry) continue;
    ++entries;
    journey_.first = i;
  }
  if (entries != 1) {
    Complain({}, "nodes", "one_entry",
             fmt::format("a journey has exactly one entry node, not {}", entries));
    return;
  }
  CheckReach();
  CheckCycles();
  PairJoins();
  for (const Node& node : journey_.nodes) {
    if (node.span.RoughMs() > journey_.max_duration.RoughMs()) {
      Complain(node.id,
               node.kind == NodeKind::kWait         ? "for"
               : node.kind == NodeKind::kRate       ? "per"
               : node.kind == NodeKind::kExperiment ? "lasts"
                                                    : "timeout",
               "wait_exceeds_max_duration", "it waits longer than a customer may stay", true);
    }
    for (size_t i = 0; i < node.next.size(); ++i) {
      const bool goes_on = node.kind == NodeKind::kSend && i == 1;  // a failure, by "next"
      const bool fails = node.asks() && node.outcomes[i] == "error";
      if (node.next[i] != kNoNode || goes_on || fails) continue;
      Complain(node.id, "edges." + node.outcomes[i], "dead_end",
               "nothing follows: customers leave the journey here", true);
    }
  }
}

// Which nodes ways from one come to; they end at nodes that do not go on.
template <typename GoesOn>
std::vector<bool> GraphChecker::ReachedFrom(uint32_t first, GoesOn goes_on) const {
  std::vector<bool> reached(journey_.nodes.size());
  std::vector<uint32_t> open{first};
  while (!open.empty()) {
    const uint32_t at = open.back();
    open.pop_back();
    for (const uint32_t next : journey_.nodes[at].next) {
      if (next == kNoNode || reached[next]) continue;
      reached[next] = true;
      if (goes_on(journey_.nodes[next].kind)) open.push_back(next);
    }
  }
  return reached;
}

void GraphChecker::CheckReach() {
  std::vector<bool> seen = ReachedFrom(journey_.first, [](NodeKind) { return true; });
  seen[journey_.first] = true;
  for (size_t i = 0; i < seen.size(); ++i) {
    if (!seen[i]) Complain(journey_.nodes[i].id, "edges", "unreachable", "no way leads here");
  }
}

// Every cycle has a loop node in it: without loop nodes the graph must have no cycle.
void GraphChecker::CheckCycles() {
  const size_t count = journey_.nodes.size();
  std::vector<uint32_t> incoming(count);
  const auto each_edge = [&](uint32_t from, auto&& visit) {
    if (journey_.nodes[from].kind == NodeKind::kLoop) return;
    for (const uint32_t to : journey_.nodes[from].next) {
      if (to != kNoNode) visit(to);
    }
  };
  for (uint32_t i = 0; i < count; ++i) each_edge(i, [&](uint32_t to) { ++incoming[to]; });
  std::vector<uint32_t> open;
  for (uint32_t i = 0; i < count; ++i) {
    if (incoming[i] == 0) open.push_back(i);
  }
  size_t sorted = 0;
  for (; !open.empty(); ++sorted) {
    const uint32_t at = open.back();
    open.pop_back();
    each_edge(at, [&](uint32_t to) {
      if (--incoming[to] == 0) open.push_back(to);
    });
  }
  if (sorted == count) return;
  for (uint32_t i = 0; i < count; ++i) {
    if (incoming[i] > 0) {
      Complain(journey_.nodes[i].id, "edges", "loop_without_limit",
               "a way leads round to this node without a loop node, which counts the rounds");
    }
  }
}

// The joins that ways of the fork come to before any other join, and, without `nested`, fork.
std::vector<uint32_t> GraphChecker::JoinsAfter(uint32_t fork, bool nested) const {
  const std::vector<bool> reached = ReachedFrom(fork, [&](NodeKind kind) {
    return kind != NodeKind::kJoin && (nested || kind != NodeKind::kFork);
  });
  std::vector<uint32_t> joins;
  for (uint32_t i = 0; i < reached.size(); ++i) {
    if (reached[i] && journey_.nodes[i].kind == NodeKind::kJoin) joins.push_back(i);
  }
  return joins;
}

// A join collects the tokens of the last fork before it.
void GraphChecker::PairJoins() {
  std::map<uint32_t, size_t> forks;  // whose own ways a join collects
  for (uint32_t fork = 0; fork < journey_.nodes.size(); ++fork) {
    if (journey_.nodes[fork].kind != NodeKind::kFork) continue;
    for (const uint32_t join : JoinsAfter(fork, true)) journey_.nodes[join].join_fork = fork;
    for (const uint32_t join : JoinsAfter(fork, false)) ++forks[join];
  }
  for (const auto& [join, count] : forks) {
    if (count == 1) continue;
    Complain(journey_.nodes[join].id, "edges", "join_of_two_forks",
             "ways of several forks meet here, and go on once for each: give each fork its join",
             true);
  }
  for (const Node& node : journey_.nodes) {
    if (node.kind == NodeKind::kJoin && node.join_fork == kNoNode) {
      Complain(node.id, "edges", "join_without_fork", "a join needs a fork before it");
    }
  }
}

}  // namespace

void CheckGraph(Journey* journey, std::vector<Fault>* faults) {
  GraphChecker(*journey, faults).Check();
}

}  // namespace waypost::journeys
