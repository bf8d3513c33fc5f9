#include "journeys/node_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "journeys/document.h"

namespace waypost::journeys {
namespace {

struct KindName {
  std::string_view name;
  NodeKind kind;
};
constexpr KindName kKinds[] = {{"entry", NodeKind::kEntry},
                               {"wait", NodeKind::kWait},
                               {"wait_event", NodeKind::kWaitEvent},
                               {"judge", NodeKind::kJudge},
                               {"split", NodeKind::kSplit},
                               {"ratio", NodeKind::kRatio},
                               {"time_split", NodeKind::kTimeSplit},
                               {"send", NodeKind::kSend},
                               {"chain", NodeKind::kChain},
                               {"set", NodeKind::kSet},
                               {"fork", NodeKind::kFork},
                               {"join", NodeKind::kJoin},
                               {"loop", NodeKind::kLoop},
                               {"call", NodeKind::kCall},
                               {"exit", NodeKind::kExit},
                               {"experiment", NodeKind::kExperiment},
                               {"rate", NodeKind::kRate},
                               {"list", NodeKind::kList}};

class NodeReader {
 public:
  NodeReader(const Journey& journey, const Conditions& conditions, std::vector<Fault>* faults)
      : journey_(journey), conditions_(conditions), faults_(faults) {}

  Node Read(const boost::json::object& json);

 private:
  void ReadDetails(Document& in, Node* node);
  static void CheckWays(Document& in, const Node& node);
  static void CheckWaited(Document& in, const Node& node, const Journey& journey);
  void ReadRound(Document& in, Node* node);
  void ReadBranches(Document& in, Node* node);
  void CheckArms(Document& in, const Node& node, uint64_t shares);
  void ReadAttempts(Document& in, Node* node);
  void ReadSettings(Document& in, Node* node);
  std::vector<Passed> ReadPassed(Document& in, std::string_view field);
  Attempt ReadAttempt(Document& in, bool in_chain);
  void CheckCondition(const Document& in, std::string_view field, const std::string& condition) {
    in.CheckCondition(field, condition, conditions_);
  }
  void CheckMatch(const Document& in, std::string_view field, const EventMatch& match) {
    in.CheckCondition(field, match.where, conditions_, About::kEvent);
  }

  const Journey& journey_;
  const Conditions& conditions_;
  std::vector<Fault>* const faults_;
};

Node NodeReader::Read(const boost::json::object& json) {
  const auto* id = json.if_contains("id");
  Document in(json, id && id->is_string() ? std::string(id->get_string()) : std::string(), {},
              faults_);
  Node node;
  node.id = in.Text("id", true);
  const std::string type = in.Text("type", true);
  const auto* kind = std::ranges::find(kKinds, type, &KindName::name);
  if (kind == std::end(kKinds)) {
    if (!type.empty())
      in.Complain("type", "unknown_type", "there is no node type '" + type + "'",
                  {{"given", type}});
  } else {
    node.kind = kind->kind;
    ReadDetails(in, &node);
  }
  (void)in.Object("at");  // where the canvas shows it
  (void)in.Text("note");
  if (!node.id.empty() && journey_.FindNode(node.id) != kNoNode) {
    in.Complain("id", "duplicate_node", "two nodes have this id");
  }
  node.next.assign(node.outcomes.size(), kNoNode);
  return node;
}

void NodeReader::ReadDetails(Document& in, Node* node) {
  switch (node->kind) {
    case NodeKind::kEntry:
      node->outcomes = {"next"};
      break;
    case NodeKind::kWait: {
      node->outcomes = {"next"};
      node->span = in.Length("for");
      node->time_of_day = in.TimeOfDay("until");
      node->windows = in.Windows("window");
      node->date_attribute = in.Text("date");
      in.CheckAttribute("date", node->date_attribute, conditions_, AskedFor::kDate);
      node->offset_days = static_cast<int32_t>(in.Whole("days", 0, -3'660, 3'660));
      node->offset_months = static_cast<int32_t>(in.Whole("months", 0, -120, 120));
      node->on_past = in.Choice(
          "on_past", OnPast::kSkip,
          {{"skip", OnPast::kSkip}, {"now", OnPast::kNow}, {"next_year", OnPast::kNextYear}});
      ReadRound(in, node);
      if (!node->date_attribute.empty()) node->outcomes = {"next", "no_date"};
      if (!node->date_attribute.empty() && node->round.every == ComesRound::Every::kOnce)
        node->outcomes.push_back("past");
      const int ways = !node->span.empty() + (node->time_of_day && node->date_attribute.empty()) +
                       !node->windows.empty() + !node->date_attribute.empty();
      if (ways == 0 && !in.Has("for")) {
        in.Complain("for", "bad_wait", "give one of: for, until, window, date");
      }
      CheckWays(in, *node);
      break;
    }
    case NodeKind::kWaitEvent:
      ReadBranches(in, node);
      node->span = in.Length("timeout", true);
      node->outcomes.push_back("timeout");
      node->ranked = in.Choice("mode", false, {{"first", false}, {"ranked", true}});
      node->correlated = in.Flag("same_key");
      node->accept_current = in.Flag("accept_current", true);
      node->earliest = in.Choice("entries", false, {{"all", false}, {"earliest", true}});
      node->since = in.Choice("since", Since::kNodeEntry,
                              {{"node_entry", Since::kNodeEntry},
                               {"touch", Since::kTouch},
                               {"journey_entry", Since::kJourneyEntry},
                               {"lookback", Since::kLookback}});
      node->lookback = in.Length("lookback", node->since == Since::kLookback);
      CheckWaited(in, *node, journey_);
      break;
    case NodeKind::kJudge:
      node->outcomes = {"yes", "no", "error"};
      node->condition = in.Text("when", true);
      CheckCondition(in, "when", node->condition);
      break;
    case NodeKind::kRatio:
      ReadBranches(in, node);
      node->random = in.Choice("mode", false, {{"sticky", false}, {"random", true}});
      break;
    case NodeKind::kSplit:
    case NodeKind::kFork:
      ReadBranches(in, node);
      break;
    case NodeKind::kExperiment:
      ReadBranches(in, node);
      node->span = in.Length("lasts", true);
      node->min_sample = static_cast<uint64_t>(in.Whole("min_sample", 100, 1, 1'000'000'000));
      node->metric = in.Match("metric", !journey_.goal || journey_.goal->on.of_customer());
      CheckMatch(in, "metric", node->metric);
      if (node->metric.event.empty() && journey_.goal) node->metric = journey_.goal->on;
      node->test = in.Choice(
          "test", TrialTest::kTwoProportions,
          {{"two_proportions", TrialTest::kTwoProportions}, {"bayesian", TrialTest::kBayesian}});
      node->chosen_by_hand = in.Choice("winner", false, {{"auto", false}, {"manual", true}});
      if (const std::string branch = in.Text("no_winner"); !branch.empty()) {
        const size_t place = node->OutcomeIndex(branch);
        if (place < node->branches.size()) {
          node->no_winner = static_cast<uint32_t>(place);
        } else {
          in.Complain("no_winner", "unknown_outcome",
                      fmt::format("the node has no outcome '{}'", branch), {{"given", branch}});
        }
      }
      break;
    case NodeKind::kTimeSplit:
      node->windows = in.Windows("windows");
      if (node->windows.empty()) in.Complain("windows", "missing", "give at least one window");
      node->outcomes = {"in", "out"};
      break;
    case NodeKind::kSend:
      node->outcomes = {"next", "failed"};
      ReadAttempts(in, node);
      break;
    case NodeKind::kChain:
      node->outcomes = {"succeeded", "exhausted"};
      ReadAttempts(in, node);
      node->habit = in.Text("habit");
      break;
    case NodeKind::kSet:
      node->outcomes = {"next"};
      ReadSettings(in, node);
      break;
    case NodeKind::kJoin:
      node->outcomes = {"next"};
      node->join_count = static_cast<uint32_t>(in.Whole("wait_for", 0, 1, kMaxBranches));
      node->span = in.Length("timeout");
      break;
    case NodeKind::kLoop:
      node->outcomes = {"again", "done"};
      node->max_visits = static_cast<uint32_t>(in.Whole("max_visits", 0, 1, 1'000));
      if (!in.Has("max_visits")) {
        in.Complain("max_visits", "loop_without_limit", "say how often at most");
      }
      break;
    case NodeKind::kCall:
      node->journey = in.Text("journey", true);
      node->wait_for_child = in.Choice("wait", false, {{"none", false}, {"completion", true}});
      node->span = in.Length("timeout", node->wait_for_child);
      in.OnlyIf("timeout", node->wait_for_child, "with \"wait\": \"completion\"");
      node->in = ReadPassed(in, "in");
      node->out = ReadPassed(in, "out");
      if (!node->out.empty() && !node->wait_for_child) {
        in.Complain("out", "bad_wait", "nothing comes back from what is not waited for");
      }
      node->outcomes = {"next", "timeout"};
      break;
    case NodeKind::kRate:
      node->outcomes = {"next"};
      node->most = static_cast<uint32_t>(in.Whole("most", 1, 1, kMaxRate));
      if (!in.Has("most")) in.Complain("most", "missing", "say how many it lets through");
      node->span = in.Length("per", true);
      break;
    case NodeKind::kList:
      node->outcomes = {"next"};
      node->list = in.Text("list", true);
      node->takes_off = in.Choice("action", false, {{"add", false}, {"remove", true}});
      break;
    case NodeKind::kExit:
      break;
  }
}

// A date is waited for before all else, then what is first of: for, until, window.
void NodeReader::CheckWays(Document& in, const Node& node) {
  const bool date = !node.date_attribute.empty(), span = in.Has("for"), until = in.Has("until");
  in.OnlyIf("for", !date, "without \"date\"");
  in.OnlyIf("until", date || !span, "without \"for\"");
  in.OnlyIf("window", !date && !span && !until, "without \"for\", \"until\" and \"date\"");
  for (const std::string_view field : {"days", "months", "on_past"})
    in.OnlyIf(field, date, "with \"date\"");
}

void NodeReader::CheckWaited(Document& in, const Node& node, const Journey& journey) {
  const bool conditions = std::ranges::any_of(
      node.branches, [](const Branch& branch) { return branch.match.of_customer(); });
  const bool events = std::ranges::any_of(
      node.branches, [](const Branch& branch) { return !branch.match.event.empty(); });
  in.OnlyIf("lookback", node.since == Since::kLookback, "with \"since\": \"lookback\"");
  in.OnlyIf("accept_current", conditions || node.accept_current, "of branches with \"when\"");
  in.OnlyIf("entries", events || !node.earliest, "of branches with \"event\"");
  in.OnlyIf("same_key", events || !node.correlated, "of branches with \"event\"");
  if (node.correlated && journey.entry.key.empty())
    in.Complain("same_key", kNoEffect, "the entry has no \"key\" to compare with");
}

void NodeReader::ReadRound(Document& in, Node* node) {
  using Every = ComesRound::Every;
  ComesRound& round = node->round;
  round.every =
      in.Choice("every", Every::kOnce, {{"year", Every::kYear}, {"lunar_year", Every::kLunarYear}});
  round.leap_day_in_march = in.Choice("leap_day", false, {{"02-28", false}, {"03-01", true}});
  round.leap_month = in.Choice("leap_month", LeapRule::kExactElseRegular,
                               {{"exact_else_regular", LeapRule::kExactElseRegular},
                                {"regular_only", LeapRule::kRegularOnly},
                                {"both", LeapRule::kBoth}});
  const auto only = [&](std::string_view field, bool fits, const char* why) {
    if (in.Has(field) && !fits) in.Complain(field, "bad_wait", why);
  };
  only("every", !node->date_attribute.empty(), "only a date comes round");
  only("leap_day", round.every == Every::kYear, "only with \"every\": \"year\"");
  only("leap_month", round.every == Every::kLunarYear, "only with \"every\": \"lunar_year\"");
  only("on_past", round.every == Every::kOnce, "what comes round is never past");
}

void NodeReader::ReadBranches(Document& in, Node* node) {
  uint64_t shares = 0;
  for (const auto* item : in.List("branches", kMaxBranches)) {
    Document one(*item, in.node(), "branches.", faults_);
    Branch branch{.outcome = one.Text("outcome", true), .match = {}, .receipt = {}};
    if (node->kind == NodeKind::kWaitEvent) {
      const std::string receipt = one.Text("receipt"), when = one.Text("when");
      branch.match = {one.Text("event", receipt.empty() && when.empty()), one.Text("where")};
      if (!when.empty() && (!receipt.empty() || one.Has("event") || one.Has("where")))
        one.Complain("when", "bad_wait", "give one of: event, receipt, when");
      if (!when.empty()) branch.match = {{}, when};
      if (!receipt.empty()) {
        branch.receipt = FindOutcome(receipt);
        if (!branch.receipt || !WasHandedOver(*branch.receipt)) {
          one.Complain("receipt", "unknown_value",
                       "use sent, accepted, delivered, opened, clicked or replied");
        }
        for (const std::string_view field : {"event", "where"})
          one.OnlyIf(field, false, "of a branch without \"receipt\"");
      }
      if (branch.match.of_customer()) {
        one.CheckFollowed("when", when, conditions_);
      } else {
        CheckMatch(one, "where", branch.match);
      }
    } else if (node->kind == NodeKind::kSplit) {
      branch.match.where = one.Text("when", true);
      CheckCondition(one, "when", branch.match.where);
    } else if (node->kind == NodeKind::kRatio || node->kind == NodeKind::kExperiment) {
      branch.share = one.Percent("percent");
      shares += branch.share;
    }
    if (node->OutcomeIndex(branch.outcome) < node->outcomes.size()) {
      one.Complain("outcome", "duplicate_outcome", "two branches have this outcome");
    }
    node->outcomes.push_back(branch.outcome);
    node->branches.push_back(std::move(branch));
  }
  if (node->branches.empty()) in.Complain("branches", "missing", "give at least one branch");
  if (node->kind == NodeKind::kSplit) {
    node->outcomes.push_back("else");
    if (node->OutcomeIndex("error") == node->outcomes.size()) node->outcomes.push_back("error");
  }
  if (node->kind == NodeKind::kRatio && shares != 10'000) {
    in.Complain("branches", "ratio_sum",
                fmt::format("the percentages add up to {}, not 100", shares / 100.0),
                {{"sum", fmt::format("{}", shares / 100.0)}});
  }
  if (node->kind == NodeKind::kExperiment) CheckArms(in, *node, shares);
}

// Whom no branch takes waits for the winner.
void NodeReader::CheckArms(Document& in, const Node& node, uint64_t shares) {
  if (shares > 10'000) {
    in.Complain("branches", "ratio_sum",
                fmt::format("the percentages add up to {}, over 100", shares / 100.0),
                {{"sum_over", fmt::format("{}", shares / 100.0)}});
  }
  if (node.branches.size() == 1 || !std::ranges::all_of(node.branches, &Branch::share)) {
    in.Complain("branches", "missing", "give two branches or more, each with a percentage");
  }
}

// One as `attribute` and `value` or `increment`, or several.
void NodeReader::ReadSettings(Document& in, Node* node) {
  const auto read = [&](Document& one) {
    Setting setting{
        .attribute = one.Text("attribute", true), .value = {}, .adds = one.Has("increment")};
    if (std::ranges::find(node->settings, setting.attribute, &Setting::attribute) !=
        node->settings.end()) {
      one.Complain("attribute", "duplicate_attribute", "'" + setting.attribute + "' is set twice");
    }
    if (setting.adds) {
      const size_t faults = faults_->size();
      const double number = one.Number("increment");
      if (number == 0 && faults_->size() == faults)
        one.Complain("increment", kNoEffect, "0 adds nothing");
      setting.value = NumberText(number);
      one.CheckAttribute("attribute", setting.attribute, conditions_,
                         number == std::floor(number) ? AskedFor::kWholeNumber : AskedFor::kNumber);
    } else {
      setting.value = one.Text("value", true);
    }
    node->settings.push_back(std::move(setting));
  };
  if (!in.Has("attributes")) return read(in);
  for (const auto* item : in.List("attributes", kMaxAttributes)) {
    Document one(*item, in.node(), "attributes.", faults_);
    read(one);
  }
  if (node->settings.empty()) in.Complain("attributes", "missing", "give at least one attribute");
}

// Each under its own name, or another.
std::vector<Passed> NodeReader::ReadPassed(Document& in, std::string_view field) {
  std::vector<Passed> passed;
  for (const auto* item : in.List(field, kMaxAttributes)) {
    Document one(*item, in.node(), std::string(field) + ".", faults_);
    Passed value{one.Text("from", true), one.Text("as")};
    if (value.as.empty()) value.as = value.from;
    if (std::ranges::find(passed, value.as, &Passed::as) != passed.end()) {
      one.Complain("as", "duplicate_attribute", "'" + value.as + "' is set twice");
    }
    passed.push_back(std::move(value));
  }
  return passed;
}

Attempt NodeReader::ReadAttempt(Document& in, bool in_chain) {
  Attempt attempt;
  attempt.channel = in.Text("channel", true);
  attempt.text = in.Text("text", true);
  attempt.only_if = in.Text("only_if");
  CheckCondition(in, "only_if", attempt.only_if);
  if (in_chain) {
    constexpr auto kGoal = Outcome::kPlanned;  // stands for it here alone
    attempt.success = in.Choice("success", Outcome::kOpened,
                                {{"accepted", Outcome::kAccepted},
                                 {"delivered", Outcome::kDelivered},
                                 {"opened", Outcome::kOpened},
                                 {"clicked", Outcome::kClicked},
                                 {"replied", Outcome::kReplied},
                                 {"goal", kGoal}});
    attempt.by_goal = attempt.success == kGoal;
    if (attempt.by_goal && !journey_.goal) {
      in.Complain("success", "missing_goal", "the journey has no goal");
    }
    attempt.wait = in.Length("wait", true);
  }
  return attempt;
}

void NodeReader::ReadAttempts(Document& in, Node* node) {
  if (node->kind == NodeKind::kSend) {
    node->attempts.push_back(ReadAttempt(in, false));
    for (const auto* item : in.List("instead", kMaxBranches)) {
      Document one(*item, in.node(), "instead.", faults_);
      node->attempts.push_back(ReadAttempt(one, false));
    }
  } else {
    for (const auto* item : in.List("steps", kMaxBranches)) {
      Document one(*item, in.node(), "steps.", faults_);
      node->attempts.push_back(ReadAttempt(one, true));
    }
    if (node->attempts.empty()) in.Complain("steps", "missing", "give at least one step");
  }
  node->on_cap = in.Choice("on_cap", OnCap::kSkip,
                           {{"skip", OnCap::kSkip},
                            {"wait", OnCap::kWait},
                            {"exit", OnCap::kExit},
                            {"next_channel", OnCap::kNextChannel}});
  if (node->kind == NodeKind::kSend) {
    const bool goes_on = node->on_cap == OnCap::kNextChannel;
    in.OnlyIf("instead", goes_on, "with \"on_cap\": \"next_channel\"");
    if (goes_on && node->attempts.size() == 1)
      in.Complain("instead", "missing", "say by which channel it goes then");
  }
  node->cap_wait = in.Length("cap_wait", node->on_cap == OnCap::kWait);
  in.OnlyIf("cap_wait", node->on_cap == OnCap::kWait, "with \"on_cap\": \"wait\"");
  node->time_to_live = in.Length("time_to_live");
  node->price = in.Money("price");
  node->transactional = in.Flag("transactional");
  node->benefit = in.Text("benefit");
}

}  // namespace

std::string_view NameOf(NodeKind kind) {
  return std::ranges::find(kKinds, kind, &KindName::kind)->name;
}

Node ReadNode(const boost::json::object& json, const Journey& journey, const Conditions& conditions,
              std::vector<Fault>* faults) {
  return NodeReader(journey, conditions, faults).Read(json);
}

}  // namespace waypost::journeys
