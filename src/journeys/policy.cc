#include "journeys/policy.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "journeys/document.h"
#include "model/time_text.h"

namespace waypost::journeys {
namespace {

constexpr int64_t kMaxRollingMs = 366 * kDayMs;

const ChannelRule& Usual(std::string_view channel) {
  static const ChannelRule kPlain, kSms{.max_chars = 500}, kPush{.max_bytes = 4'096};
  return channel == "sms" ? kSms : channel == "push" ? kPush : kPlain;
}

Cap ReadCap(const boost::json::object& json, const std::string& path, std::vector<Fault>* faults) {
  Document in(json, {}, path + "caps.", faults);
  Cap cap;
  cap.name = in.Text("name", true);
  cap.scope = in.Choice("scope", Cap::Scope::kTenant,
                        {{"tenant", Cap::Scope::kTenant},
                         {"channel", Cap::Scope::kChannel},
                         {"category", Cap::Scope::kCategory},
                         {"journey", Cap::Scope::kJourney},
                         {"tag", Cap::Scope::kTag},
                         {"address", Cap::Scope::kAddress},
                         {"account", Cap::Scope::kAccount}});
  cap.of = in.Text("of", cap.scope == Cap::Scope::kAccount);
  cap.limit = static_cast<uint32_t>(in.Whole("limit", 1, 1, 10'000));
  if (!in.Has("limit")) in.Complain("limit", "missing", "say how many at most");
  cap.rolling_ms = in.Length("rolling").RoughMs();
  cap.fixed = in.Choice(
      "fixed", Cap::Fixed::kRolling,
      {{"day", Cap::Fixed::kDay}, {"week", Cap::Fixed::kWeek}, {"month", Cap::Fixed::kMonth}});
  if (cap.rolling_ms > kMaxRollingMs)
    in.Complain("rolling", "bad_window", "messages are counted for 366 days at most");
  if ((cap.rolling_ms > 0) == (cap.fixed != Cap::Fixed::kRolling)) {
    in.Complain("rolling", "bad_window", "give one of rolling and fixed");
  }
  cap.tenant_zone = in.Choice("zone", false, {{"customer", false}, {"tenant", true}});
  for (const auto* item : in.List("reserve", 100)) {
    Document one(*item, {}, path + "caps.reserve.", faults);
    cap.reserved[one.Text("journey", true)] =
        static_cast<uint32_t>(one.Whole("slots", 1, 1, 10'000));
  }
  return cap;
}

Blackout ReadBlackout(const boost::json::object& json, const std::string& path,
                      std::vector<Fault>* faults) {
  Document in(json, {}, path + "blackouts.", faults);
  Blackout blackout{.name = in.Text("name", true)};
  const auto day = [&](std::string_view field, const std::string& text) {
    const std::optional<int64_t> read = ParseDate(text);
    if (!read) in.Complain(field, "bad_date", "give a day such as 2027-02-05");
    return read.value_or(0);
  };
  const std::string from = in.Text("from", true);
  blackout.first_day = day("from", from);
  blackout.last_day = in.Has("to") ? day("to", in.Text("to")) : blackout.first_day;
  if (blackout.last_day < blackout.first_day || blackout.last_day > blackout.first_day + 366) {
    in.Complain("to", "bad_date", "give a day from `from` on, and within a year of it");
  }
  return blackout;
}

// What the bank and its units say alike.
template <typename Rules>
void ReadShared(Document& in, Rules* rules, int64_t* counted_ms) {
  for (const auto* item : in.List("caps", 100)) {
    rules->caps.push_back(ReadCap(*item, in.path(), in.faults()));
    *counted_ms = std::max(*counted_ms, rules->caps.back().rolling_ms);
  }
  rules->quiet = in.Windows("quiet");
  for (const auto* item : in.List("blackouts", 1'000))
    rules->blackouts.push_back(ReadBlackout(*item, in.path(), in.faults()));
  for (const auto* item : in.List("suppressed", 100)) {
    Document one(*item, {}, in.path() + "suppressed.", in.faults());
    rules->suppressed.push_back({one.Text("when", true), one.Text("channel")});
  }
}

void ReadUnit(const boost::json::object& json, Policy* policy, std::vector<Fault>* faults) {
  Document in(json, {}, "units.rules.", faults);
  const std::string unit = in.Text("unit", true);
  const auto [known, is_new] = policy->unit_rules.try_emplace(unit);
  if (!is_new) in.Complain("unit", "duplicate_unit", "rules of '" + unit + "' stand here twice");
  UnitRules& rules = known->second;
  ReadShared(in, &rules, &policy->counted_ms);
  for (Cap& cap : rules.caps) cap.name.insert(0, unit + "/");
  for (const auto* item : in.List("channels", 100)) {
    Document one(*item, {}, "units.rules.channels.", faults);
    const std::string channel = one.Text("name", true);
    rules.per_second[channel] = static_cast<uint32_t>(one.Whole("per_second", 0, 1, 1'000'000));
    if (!one.Has("per_second")) one.Complain("per_second", "missing", "say how many in a second");
  }
  if (const auto* budget = in.Object("budget")) {
    Document one(*budget, {}, "units.rules.budget.", faults);
    rules.budget = {.sends = static_cast<uint64_t>(one.Whole("sends", 0, 1, 1'000'000'000)),
                    .money = one.Money("money"),
                    .per = one.Choice("per", Cap::Fixed::kMonth,
                                      {{"day", Cap::Fixed::kDay},
                                       {"week", Cap::Fixed::kWeek},
                                       {"month", Cap::Fixed::kMonth}})};
    if (rules.budget.sends == 0 && rules.budget.money == 0)
      one.Complain("money", "missing", "say how many messages, or for how much money");
  }
}

void ReadUnits(const boost::json::object& json, Policy* policy, std::vector<Fault>* faults) {
  Document in(json, {}, "units.", faults);
  policy->unit_attribute = in.Text("attribute", true);
  for (const auto* item : in.List("zones", 10'000)) {
    Document one(*item, {}, "units.zones.", faults);
    const std::string unit = one.Text("unit", true);
    if (const std::optional<Zone> zone = one.ZoneOf("zone", true))
      policy->unit_zones.insert_or_assign(unit, *zone);
  }
  for (const auto* item : in.List("rules", 10'000)) ReadUnit(*item, policy, faults);
}

void Read(const boost::json::object& json, Policy* policy, std::vector<Fault>* faults) {
  Document in(json, {}, {}, faults);
  policy->zone = in.ZoneOf("zone").value_or(policy->zone);
  if (const auto* units = in.Object("units")) ReadUnits(*units, policy, faults);
  ReadShared(in, policy, &policy->counted_ms);
  for (const auto* item : in.List("uncapped", 100)) {
    Document one(*item, {}, "uncapped.", faults);
    const Uncapped& rule = policy->uncapped.emplace_back(
        Uncapped{one.Text("category", true), one.Flag("exempt", true), one.Flag("counts")});
    if (!rule.exempt && rule.counts)
      one.Complain("counts", kNoEffect, "what obeys caps and counts is as if nothing was said");
  }
  using InQuiet = Policy::InQuiet;
  policy->in_quiet = in.Choice("in_quiet", InQuiet::kDelay,
                               {{"delay", InQuiet::kDelay},
                                {"drop", InQuiet::kDrop},
                                {"other_channel", InQuiet::kOtherChannel}});
  policy->quiet_jitter_ms = in.Length("quiet_jitter").RoughMs();
  if (policy->quiet_jitter_ms > kDayMs)
    in.Complain("quiet_jitter", "out_of_range", "spread them over a day at most");
  in.OnlyIf("quiet_jitter", policy->in_quiet != InQuiet::kDrop, "where messages wait");
  policy->open = in.Windows("open");
  for (const auto* item : in.List("calendar", 100)) {
    const Result<> read = policy->holidays.ImportYear(boost::json::serialize(*item));
    if (!read.ok()) in.Complain("calendar", "bad_calendar", read.error().message());
  }
  for (const auto* item : in.List("channels", 100)) {
    Document one(*item, {}, "channels.", faults);
    const std::string name = one.Text("name", true);
    ChannelRule rule = Usual(name);
    rule.opt_in = one.Choice("consent", false, {{"opt_out", false}, {"opt_in", true}});
    rule.at_most_once =
        one.Choice("delivery", true, {{"at_most_once", true}, {"at_least_once", false}});
    rule.per_second = static_cast<uint32_t>(one.Whole("per_second", 0, 1, 1'000'000));
    rule.open = one.Windows("open");
    rule.max_chars = static_cast<uint32_t>(one.Whole("max_chars", rule.max_chars, 1, 100'000));
    rule.max_bytes = static_cast<uint32_t>(one.Whole("max_bytes", rule.max_bytes, 1, 1'000'000));
    rule.tries_a_day = static_cast<uint32_t>(one.Whole("tries_a_day", 0, 1, 100));
    rule.retry_after = one.Length("retry_after");
    rule.recall = one.Flag("recall");
    rule.obeys_quiet = one.Flag("obeys_quiet", true);
    for (const auto* receiver : one.List("to", 10)) {
      Document to(*receiver, {}, "channels.to.", faults);
      rule.to.push_back({to.Text("attribute", true), to.Text("when")});
    }
    policy->channels[name] = std::move(rule);
  }
  policy->arbitration_ms = in.Length("arbitration").RoughMs();
  policy->holdout = in.Percent("holdout_percent");
  policy->max_journeys = static_cast<uint32_t>(in.Whole("max_journeys", 0, 1, 1'000));
  for (const auto* item : in.List("stock", 1'000)) {
    Document one(*item, {}, "stock.", faults);
    policy->stock[one.Text("benefit", true)] =
        static_cast<uint64_t>(one.Whole("count", 0, 0, 1'000'000'000));
  }
}

}  // namespace

const ChannelRule& Policy::RuleOf(const std::string& channel) const {
  const auto found = channels.find(channel);
  return found == channels.end() ? Usual(channel) : found->second;
}

const UnitRules& Policy::RulesOfUnit(const std::string& unit) const {
  static const UnitRules kNone;
  const auto found = unit_rules.find(unit);
  return found == unit_rules.end() ? kNone : found->second;
}

std::pair<int64_t, int64_t> DaysOf(Cap::Fixed fixed, int64_t day) {
  if (fixed == Cap::Fixed::kWeek) {
    const int64_t monday = day - WeekdayOf(day);
    return {monday, monday + 7};
  }
  if (fixed == Cap::Fixed::kMonth) {
    const int64_t first = day - (ToCivil(day).day - 1);
    return {first, AddMonths(first, 1)};
  }
  return {day, day + 1};
}

std::vector<std::pair<std::string, std::string>> ConditionsOf(const Policy& policy) {
  std::vector<std::pair<std::string, std::string>> conditions;
  for (const auto& [channel, rule] : policy.channels) {
    for (const ChannelRule::Receiver& one : rule.to) {
      if (!one.when.empty()) conditions.emplace_back("channels." + channel + ".to.when", one.when);
    }
  }
  for (const Suppression& one : policy.suppressed)
    conditions.emplace_back("suppressed.when", one.when);
  for (const auto& [unit, rules] : policy.unit_rules) {
    for (const Suppression& one : rules.suppressed)
      conditions.emplace_back("units.rules." + unit + ".suppressed.when", one.when);
  }
  return conditions;
}

CheckedPolicy CheckPolicy(std::string_view json) {
  CheckedPolicy checked;
  boost::system::error_code fault;
  const boost::json::value document = boost::json::parse(json, fault);
  const auto* object = fault ? nullptr : document.if_object();
  if (!object) {
    checked.faults.push_back({{}, {}, "bad_json", "give a JSON object"});
    return checked;
  }
  const auto policy = std::make_shared<Policy>();
  Read(*object, policy.get(), &checked.faults);
  if (checked.faults.empty()) checked.policy = policy;
  return checked;
}

}  // namespace waypost::journeys
