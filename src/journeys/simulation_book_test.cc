// What is read in the notebook of a simulated month (simulation_book.h).
#include "journeys/simulation_book.h"

#include <algorithm>

namespace waypost::journeys {

DrawnRules DrawnRules::Draw(io::SimRandom& random) {
  using Scope = Cap::Scope;
  const auto maybe = [&] { return random.Below(2) == 0; };
  DrawnRules rules;
  std::string caps;
  const auto cap = [&](Scope scope, std::string_view name, std::string of, size_t most,
                       int64_t hours, int days = 0) {
    rules.limits.push_back({scope, of, most, hours * kHour, days});
    caps += std::string(caps.empty() ? "" : ",") + R"({"name":"c)" +
            std::to_string(rules.limits.size()) + R"(","scope":")" + std::string(name) +
            R"(","limit":)" + std::to_string(most) + (of.empty() ? "" : R"(,"of":")" + of + "\"") +
            (days == 0 ? R"(,"rolling":")" + std::to_string(hours) + "h\""
                       : std::string(R"(,"zone":"tenant","fixed":")") +
                             (days == 1 ? "day\"" : "week\"")) +
            "}";
  };
  cap(Scope::kTenant, "tenant", "", 3, 24);
  if (maybe()) cap(Scope::kTag, "tag", maybe() ? "" : "loans", 2, 30);
  if (maybe()) cap(Scope::kAccount, "account", "firm", 2 + random.Below(3), 24);
  if (maybe()) cap(Scope::kAddress, "address", "", 2, 20);
  if (maybe()) cap(Scope::kChannel, "channel", maybe() ? "" : "sms", 2, 0, 1);
  if (maybe()) cap(Scope::kCategory, "category", "marketing", 6, 0, 7);
  if (maybe()) cap(Scope::kJourney, "journey", maybe() ? "" : "sim0", 2, 36);
  std::string json = R"({"zone":"Asia/Tokyo","holdout_percent":10,"caps":[)" + caps + "]";
  rules.bank = *Zone::Find("Asia/Tokyo");
  if (maybe()) {
    const bool exempt = maybe(), counts = exempt && maybe();
    rules.uncapped["news"] = {exempt, counts};
    json += std::string(R"(,"uncapped":[{"category":"news","exempt":)") +
            (exempt ? "true" : "false") + (counts ? R"(,"counts":true)" : "") + "}]";
  }
  json += R"(,"quiet":[{"from":"22:00","to":"07:00"}])";
  switch (random.Below(4)) {
    case 0:
      rules.drops = true;
      json += R"(,"in_quiet":"drop")";
      break;
    case 1:
      rules.goes_otherwise = true;
      json += R"(,"in_quiet":"other_channel")";
      break;
    case 2:
      rules.jitter_ms = 90 * kMinute;
      json += R"(,"quiet_jitter":"90m")";
      break;
    default:
      break;
  }
  if (random.Below(3) == 0) {
    rules.collect_ms = 2 * kHour;
    json += R"(,"arbitration":"2h")";
  }
  if (maybe()) {
    rules.units.emplace("east", *Zone::Find("Asia/Urumqi"));
    json += R"(,"units":{"attribute":"branch","zones":[{"unit":"east","zone":"Asia/Urumqi"}]})";
  }
  rules.json = json +
               R"(,"channels":[{"name":"push","open":[{"from":"09:00","to":"22:00"}],
                   "tries_a_day":2,"retry_after":"1h","recall":true}]})";
  return rules;
}

void Book::Follow(const Decision& decision, const State& state) {
  state_ = &state;
  now_ = decision.time_ms;
  resumed_.clear();
  over_.clear();
  for (const Change& one : decision.changes) {
    std::visit([&](const auto& change) { Turn(change); }, one);
    if (testing::Test::HasFatalFailure()) return;
  }
  if (!resumed_.empty()) CheckResumed(decision);
}

Zone Book::ZoneOfCustomer(Ordinal customer, const Journey& definition) const {
  const auto own = world_->Attribute(customer, "timezone");
  if (const auto zone = own ? Zone::Find(*own) : std::nullopt) return *zone;
  const auto unit = rules_->units.find(world_->Attribute(customer, "branch").value_or(""));
  return unit == rules_->units.end() ? definition.zone : unit->second;
}

bool Book::IsFair(int64_t at_ms, std::string_view channel, Zone zone) {
  const int64_t of_day = zone.ToWall(at_ms) % kDayMs;
  return of_day < 22 * kHour && of_day >= (channel == "push" ? 9 : 7) * kHour;
}

std::string Book::AddressOf(Ordinal customer) const {
  const auto other = world_->addresses.find(customer);
  return other == world_->addresses.end() ? "to-" + std::to_string(customer) : other->second;
}

std::string Book::AccountOf(const Inside& inside, const std::string& name) const {
  const auto given = inside.context.find(name);
  if (given != inside.context.end()) return given->second;
  return world_->Attribute(inside.customer, name).value_or("");
}

bool Book::Obeys(const Journey& definition, const Node& node) const {
  const auto said = rules_->uncapped.find(definition.category);
  return !node.transactional && (said == rules_->uncapped.end() || !said->second.first);
}

std::string Book::FullLimit(const Inside& inside, const std::string& channel,
                            bool with_shared) const {
  const Journey& definition = DefinitionOf(inside);
  const std::string address = AddressOf(inside.customer);
  const int64_t today = rules_->bank.DayOf(now_);
  for (const DrawnRules::Limit& limit : rules_->limits) {
    const auto is_in = [&](const Mark& mark) {
      if (mark.lost && !(mark.shared && with_shared)) return false;
      if (limit.window_ms > 0) return mark.at_ms > now_ - limit.window_ms;
      const int64_t first = limit.days == 7 ? today - WeekdayOf(today) : today;
      return rules_->bank.DayOf(mark.at_ms) >= first;
    };
    // Of each thing that it is counted by how many there are.
    std::vector<std::string> things{""};
    if (limit.scope == Cap::Scope::kTag) things = definition.tags;
    for (const std::string& thing : things) {
      const auto counts = [&](const Mark& mark) {
        const bool his = mark.of.contains(inside.customer);
        switch (limit.scope) {
          case Cap::Scope::kTenant:
            return his;
          case Cap::Scope::kChannel:
            return his && mark.channel == channel;
          case Cap::Scope::kCategory:
            return his && mark.category == definition.category;
          case Cap::Scope::kJourney:
            return his && mark.journey == definition.id;
          case Cap::Scope::kTag:
            return his && std::ranges::count(mark.tags, thing) > 0;
          case Cap::Scope::kAddress:
            return mark.channel == channel && mark.address == address;
          case Cap::Scope::kAccount:
            return std::ranges::count(mark.accounts,
                                      std::pair(limit.of, AccountOf(inside, limit.of))) > 0;
        }
        return false;
      };
      const std::map<Cap::Scope, std::string> about{{Cap::Scope::kChannel, channel},
                                                    {Cap::Scope::kCategory, definition.category},
                                                    {Cap::Scope::kJourney, definition.id},
                                                    {Cap::Scope::kTag, thing}};
      const auto of = about.find(limit.scope);
      if (of != about.end() && !limit.of.empty() && of->second != limit.of) continue;
      const auto there = std::ranges::count_if(
          marks_, [&](const Mark& mark) { return is_in(mark) && counts(mark); });
      if (static_cast<size_t>(there) >= limit.most)
        return std::to_string(there) + " of scope " + std::to_string(static_cast<int>(limit.scope));
    }
  }
  return {};
}

void Book::Turn(const change::Published& c) {
  const size_t begin = std::string_view(R"({"id":")").size();
  const std::string id = c.json.substr(begin, c.json.find('"', begin) - begin);
  current_[*state_->FindJourney(id)] = c.version;
}

void Book::Turn(const change::PhaseSet& c) {
  if (c.phase == Phase::kRunning) resumed_.insert(c.journey);
}

void Book::Turn(const change::Entered& c) {
  inside_[c.entry] = {c.journey, c.version, c.customer, {c.context.begin(), c.context.end()},
                      {},        {}};
}

void Book::Turn(const change::ContextSet& c) { inside_.at(c.entry).context[c.name] = c.value; }

void Book::Turn(const change::TokenSet& c) {
  Inside& inside = inside_.at(c.entry);
  const auto known = inside.tokens.find(c.token.id);
  const Token* before = known == inside.tokens.end() ? nullptr : &known->second;
  if (c.token.state == TokenState::kHeld && !resumed_.contains(inside.journey))
    CheckHeld(inside, c.token, before);
  inside.tokens[c.token.id] = c.token;
}

void Book::Turn(const change::TokenGone& c) {
  Inside& inside = inside_.at(c.entry);
  inside.gone = inside.tokens.at(c.token);
  inside.tokens.erase(c.token);
}

void Book::Turn(const change::NodePassed& c) {
  const Inside& inside = inside_.at(c.entry);
  const Node& node = DefinitionOf(inside).nodes[c.node];
  std::vector<Token> there;
  for (const auto& [id, token] : inside.tokens) {
    if (token.node == c.node) there.push_back(token);
  }
  if (node.kind == NodeKind::kWait && c.outcome == 0 && there.size() == 1)
    CheckLate(inside, there.front(), false);
  const bool waits =
      (node.kind == NodeKind::kWait && c.outcome == 0) || node.kind == NodeKind::kWaitEvent;
  const bool late = node.kind == NodeKind::kWait && there.size() == 1 &&
                    IsTooLate(DefinitionOf(inside), there.front());
  if (waits && !late && there.size() == 1 && resumed_.contains(inside.journey) &&
      there.front().state == TokenState::kWaiting && there.front().due_ms <= now_ &&
      there.front().arrived_ms < now_) {
    const uint32_t rate = NowOf(inside.journey).resume_per_second;
    ASSERT_TRUE(++over_[inside.journey] <= rate || rate == 0) << "more at once than it says";
  }
  if (node.kind == NodeKind::kExperiment) CheckWay(inside, node, c.outcome);
  if (node.kind == NodeKind::kList) lists_[node.list][inside.customer] = !node.takes_off;
}

void Book::Turn(const change::Left& c) {
  const Inside& inside = inside_.at(c.entry);
  if (c.reason == Exit::kTooLate) CheckLate(inside, inside.gone, true);
  inside_.erase(c.entry);
}

// What becomes of who waited, when it is over.
void Book::CheckLate(const Inside& inside, const Token& token, bool left) {
  const Journey& definition = DefinitionOf(inside);
  const Node& node = definition.nodes[token.node];
  const bool waited = token.state == TokenState::kWaiting;
  const bool late = waited && IsTooLate(definition, token);
  if (left) {
    ASSERT_TRUE(late) << "left as too late, and is not";
    ASSERT_EQ(definition.on_late, Journey::OnLate::kExit);
  } else if (late) {
    ASSERT_NE(definition.on_late, Journey::OnLate::kExit) << "too late, and goes on";
    if (!node.time_of_day || !node.date_attribute.empty()) return;
    const Zone zone = ZoneOfCustomer(inside.customer, definition);
    ASSERT_EQ(zone.ToWall(now_) % kDayMs, *node.time_of_day) << "too late, and not the next time";
  }
}

// Those whose turn is later are as many in each second as it says, and were due in that order.
void Book::CheckResumed(const Decision& decision) {
  std::map<std::pair<JourneyIndex, int64_t>, uint32_t> of_second;
  for (const Change& one : decision.changes) {
    const auto* set = std::get_if<change::TokenSet>(&one);
    const auto inside = set ? inside_.find(set->entry) : inside_.end();
    if (inside == inside_.end() || !resumed_.contains(inside->second.journey)) continue;
    const int64_t wait = set->token.due_ms - now_;
    const Journey& now = NowOf(inside->second.journey);
    if (now.resume_per_second == 0 || wait <= 0 || wait > kMinute || wait % 1'000 != 0) continue;
    ASSERT_LE(++of_second[std::pair(inside->second.journey, wait)], now.resume_per_second);
  }
}

// He waits until others are there, for an hour that is fair, or for a place under a limit.
void Book::CheckHeld(const Inside& inside, const Token& token, const Token* before) {
  const Journey& definition = DefinitionOf(inside);
  const Node& node = definition.nodes[token.node];
  if (node.kind != NodeKind::kSend && node.kind != NodeKind::kChain) return;
  const bool again = before && before->state == TokenState::kHeld && before->node == token.node &&
                     before->visit == token.visit && before->step == token.step;
  if (rules_->collect_ms > 0 && !again) {
    ASSERT_EQ(token.due_ms % rules_->collect_ms, 0);
    ASSERT_TRUE(token.due_ms > now_ && token.due_ms <= now_ + rules_->collect_ms);
    return;
  }
  const std::string& channel = node.attempts[token.step].channel;
  const Zone zone = ZoneOfCustomer(inside.customer, definition);
  if (IsFair(now_, channel, zone)) {
    ASSERT_TRUE(Obeys(definition, node)) << "waits for nothing";
    ASSERT_NE(FullLimit(inside, channel, true), "") << "waits for nothing";
    return;
  }
  ASSERT_FALSE(rules_->drops) << "waits, and is to be dropped";
  int64_t fair = now_ - now_ % kMinute;
  while (!IsFair(fair, channel, zone)) fair += kMinute;
  const int64_t longer = token.due_ms - fair;
  if (longer == 0 && (rules_->jitter_ms == 0 || !IsFair(fair + rules_->jitter_ms, channel, zone)))
    return;
  ASSERT_TRUE(longer >= 0 && longer < rules_->jitter_ms) << "by " << longer;
  ASSERT_EQ(spread_.emplace(inside.customer, longer).first->second, longer) << "not as always";
}

void Book::TakeTurn(const Inside& inside, uint32_t node, uint32_t step) {
  if (resumed_.contains(inside.journey)) return;
  const Journey& now = NowOf(inside.journey);
  const Token* held = nullptr;
  for (const auto& [id, token] : inside.tokens) {
    if (token.node == node && token.step == step && token.state == TokenState::kHeld) held = &token;
  }
  if (!held || held->due_ms > now_) return;
  const double worth =
      now.value_attribute.empty()
          ? static_cast<double>(now.value)
          : std::stod(world_->Attribute(inside.customer, now.value_attribute).value_or("0")) *
                10'000;
  const Span& lives = DefinitionOf(inside).nodes[node].time_to_live;
  const Urgency urgency{!now.mandatory, -now.priority, -worth,
                        lives.empty() ? kNever : held->hold_since_ms + lives.ms};
  const auto [last, first] = turns_.try_emplace({inside.customer, held->due_ms, now_}, urgency);
  ASSERT_TRUE(first || last->second <= urgency)
      << "of " << now.id << " after what is less urgent, for customer " << inside.customer;
  last->second = urgency;
}

void Book::Turn(const change::TouchPlanned& c) {
  const Inside& inside = inside_.at(c.entry);
  const Journey& definition = DefinitionOf(inside);
  const Node& node = definition.nodes[c.node];
  TakeTurn(inside, c.node, c.step);
  ASSERT_EQ(c.customer, inside.customer);
  ASSERT_EQ(c.category, definition.category);
  ASSERT_EQ(c.tags, definition.tags);
  ASSERT_EQ(c.address, AddressOf(c.customer));
  if (Obeys(definition, node)) {
    ASSERT_EQ(FullLimit(inside, c.channel), "") << "over a limit: " << c.why;
  }
  const auto said = rules_->uncapped.find(definition.category);
  const bool counts = said == rules_->uncapped.end() ? !node.transactional : said->second.second;
  ASSERT_EQ(c.counts, counts);
  if (!counts) return;
  Mark mark{c.key, now_, c.channel, c.category, definition.id, c.address, c.tags, {}, {c.customer}};
  for (const DrawnRules::Limit& limit : rules_->limits) {
    if (limit.scope == Cap::Scope::kAccount && AccountOf(inside, limit.of) != "")
      mark.accounts.emplace_back(limit.of, AccountOf(inside, limit.of));
  }
  ASSERT_EQ(c.accounts, mark.accounts);
  marks_.push_back(std::move(mark));
}

void Book::Turn(const change::TouchMoved& c) {
  if (!NeverHappened(c.outcome)) return;
  if (c.outcome == Outcome::kQuietDropped) {
    ASSERT_TRUE(rules_->drops || rules_->goes_otherwise);
    const change::TouchPlanned& plan = state_->FindTouch(c.key)->plan;
    const Zone zone = ZoneOfCustomer(state_->Now(plan.customer), NowOf(plan.journey));
    ASSERT_FALSE(IsFair(now_, plan.channel, zone)) << "dropped in an hour that is fair";
  }
  for (Mark& mark : marks_) {
    if (mark.key == c.key) mark.lost = true;
  }
}

// It goes to where he is by now, and counts there.
void Book::Turn(const change::TouchReworded& c) {
  const change::TouchPlanned& plan = state_->FindTouch(c.key)->plan;
  if (c.address != plan.address) {
    ASSERT_EQ(c.address, AddressOf(state_->Now(plan.customer)));
  }
  for (Mark& mark : marks_) {
    if (mark.key == c.key) mark.address = c.address;
  }
}

void Book::Turn(const change::Denied& c) {
  const Inside& inside = inside_.at(c.entry);
  const Journey& definition = DefinitionOf(inside);
  const Node& node = definition.nodes[c.node];
  TakeTurn(inside, c.node, c.step);
  if (c.outcome == Outcome::kCapped) {
    ASSERT_TRUE(Obeys(definition, node)) << "capped, and is exempt";
    ASSERT_NE(FullLimit(inside, c.channel, true), "") << c.why;
  }
  if (c.outcome == Outcome::kQuietDropped) {
    ASSERT_FALSE(IsFair(now_, c.channel, ZoneOfCustomer(inside.customer, definition))) << c.why;
    ASSERT_TRUE(rules_->drops || rules_->goes_otherwise);
  }
}

// What was of one is of the other.
void Book::Turn(const change::Merged& c) {
  for (auto& [name, experiment] : experiments_) {
    const auto given = experiment.given.extract(c.from);
    if (!given.empty()) experiment.given.try_emplace(c.to, given.mapped());
  }
  for (auto& [id, inside] : inside_) {
    if (inside.customer == c.from) inside.customer = c.to;
  }
  for (Mark& mark : marks_) {
    if (mark.of.erase(c.from) > 0) mark.of.insert(c.to);
  }
}

// What was of one is of both.
void Book::Turn(const change::Parted& c) {
  for (const EntryId id : c.entries) inside_.at(id).customer = c.to;
  for (Mark& mark : marks_) {
    if (!mark.of.contains(c.from)) continue;
    mark.of.insert(c.to);
    mark.shared = true;
  }
}

void Book::Turn(const change::Erased& c) {
  for (Mark& mark : marks_) mark.of.erase(c.customer);
  for (auto& [name, experiment] : experiments_) experiment.given.erase(c.customer);
}

void Book::Turn(const change::TrialGiven& c) {
  Experiment& experiment = experiments_[{c.journey, c.node}];
  ASSERT_FALSE(experiment.over) << "a way is given when it is over";
  ASSERT_TRUE(experiment.given.try_emplace(c.customer, c.arm, false).second) << "given twice";
  experiment.came.resize(std::max<size_t>(experiment.came.size(), c.arm + 1));
  ++experiment.came[c.arm];
}

void Book::Turn(const change::TrialConverted& c) {
  Experiment& experiment = experiments_[{c.journey, c.node}];
  ASSERT_FALSE(experiment.over) << "counted when it is over";
  auto& [way, did] = experiment.given.at(c.customer);
  ASSERT_FALSE(did) << "counted twice";
  did = true;
  experiment.did.resize(std::max<size_t>(experiment.did.size(), way + 1));
  ++experiment.did[way];
}

void Book::Turn(const change::TrialSet& c) {
  Experiment& experiment = experiments_[{c.journey, c.node}];
  ASSERT_FALSE(experiment.decided) << "decided twice";
  const Journey& now = NowOf(c.journey);
  const Node& node = now.nodes[now.FindNode(c.node)];
  if (c.decided && c.end != TrialEnd::kChosen) {
    ASSERT_FALSE(node.chosen_by_hand) << "nobody chose";
    if (c.end == TrialEnd::kWinner) {
      for (const uint64_t came : experiment.came) ASSERT_GE(came, node.min_sample);
    } else {
      ASSERT_EQ(c.winner, node.no_winner);
    }
  }
  experiment.over = c.over;
  experiment.decided = c.decided;
  experiment.winner = c.winner;
}

void Book::CheckWay(const Inside& inside, const Node& node, uint32_t way) const {
  const Experiment& experiment = experiments_.at({inside.journey, node.id});
  if (const auto given = experiment.given.find(inside.customer); given != experiment.given.end()) {
    ASSERT_EQ(way, given->second.first) << "another way than he was given";
  } else {
    ASSERT_TRUE(experiment.decided) << "a way that nobody gave him";
    ASSERT_EQ(way, experiment.winner) << "another way than it ended with";
  }
}

void Book::Count(JourneyIndex journey, std::pair<EntryId, Ordinal> whose, const std::string& unique,
                 int64_t value, bool reversed, bool every) {
  Sums& sums = sums_[journey];
  std::vector<std::string>& bought = sums.bought[whose];
  const auto known = std::ranges::find(bought, unique);
  const bool of_held_out = whose.first == 0;
  if (reversed) {
    ASSERT_NE(known, bought.end()) << "taken back, and never bought";
    bought.erase(known);
    sums.reversals += !of_held_out;
  } else {
    ASSERT_TRUE(every || bought.empty()) << "a second goal";
    ASSERT_TRUE(unique.empty() || known == bought.end()) << "bought twice: " << unique;
    bought.push_back(unique);
    ++(of_held_out ? sums.of_held_out : sums.goals);
  }
  if (!of_held_out) sums.money += reversed ? -value : value;
}

void Book::Turn(const change::Converted& c) {
  const Inside& inside = inside_.at(c.entry);
  Count(inside.journey, {c.entry, 0}, c.unique, c.value, c.reversed,
        DefinitionOf(inside).goal->every);
}

// Who left an older version goes by that one; of all of them the drawn goals count alike.
void Book::Turn(const change::LateGoal& c) {
  Count(c.journey, {c.entry, c.entry == 0 ? c.customer : 0}, c.unique, c.value, c.reversed, true);
}

void Book::CheckCounts(const State& state) const {
  for (const auto& [journey, sums] : sums_) {
    const JourneyState& known = state.journeys()[journey];
    ASSERT_EQ(std::tuple(known.conversions, known.reversals, known.revenue),
              std::tuple(sums.goals, sums.reversals, sums.money));
    ASSERT_EQ(known.held_out.conversions, sums.of_held_out);
  }
  for (const auto& [name, experiment] : experiments_) {
    const Trial& trial = state.journeys()[name.first].trials.at(name.second);
    for (size_t way = 0; way < trial.arms.size(); ++way) {
      ASSERT_EQ(trial.arms[way].entered, way < experiment.came.size() ? experiment.came[way] : 0);
      ASSERT_EQ(trial.arms[way].converted, way < experiment.did.size() ? experiment.did[way] : 0);
    }
  }
}

std::set<Ordinal> Book::OnList(const std::string& list) const {
  std::set<Ordinal> on;
  const auto found = lists_.find(list);
  if (found == lists_.end()) return on;
  for (const auto& [customer, is_on] : found->second) {
    if (is_on) on.insert(customer);
  }
  return on;
}

}  // namespace waypost::journeys
