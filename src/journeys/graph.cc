// What nodes and edges make together.
#include "journeys/graph.h"

#include <fmt/format.h>

#include <map>
#include <set>

namespace waypost::journeys {
namespace {

class GraphChecker {
 public:
  GraphChecker(Journey& journey, std::vector<Fault>* faults) : journey_(journey), faults_(faults) {}

  void Check();

 private:
  void CheckReach();
  void CheckCycles();
  std::set<uint32_t> JoinsAfter(uint32_t fork, bool nested) const;
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
      if (node.next[i] != kNoNode || goes_on) continue;
      Complain(node.id, "edges." + node.outcomes[i], "dead_end",
               "nothing follows: customers leave the journey here", true);
    }
  }
}

void GraphChecker::CheckReach() {
  std::vector<bool> seen(journey_.nodes.size());
  std::vector<uint32_t> open{journey_.first};
  seen[journey_.first] = true;
  while (!open.empty()) {
    const uint32_t at = open.back();
    open.pop_back();
    for (const uint32_t next : journey_.nodes[at].next) {
      if (next == kNoNode || seen[next]) continue;
      seen[next] = true;
      open.push_back(next);
    }
  }
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
std::set<uint32_t> GraphChecker::JoinsAfter(uint32_t fork, bool nested) const {
  std::set<uint32_t> joins;
  std::vector<bool> seen(journey_.nodes.size());
  std::vector<uint32_t> open{fork};
  while (!open.empty()) {
    const uint32_t at = open.back();
    open.pop_back();
    for (const uint32_t next : journey_.nodes[at].next) {
      if (next == kNoNode || seen[next]) continue;
      seen[next] = true;
      const NodeKind kind = journey_.nodes[next].kind;
      if (kind == NodeKind::kJoin) {
        joins.insert(next);
      } else if (nested || kind != NodeKind::kFork) {
        open.push_back(next);
      }
    }
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
