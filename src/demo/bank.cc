#include "demo/bank.h"

#include <string>

#include "base/clock.h"
#include "demo/bank_rows.h"
#include "demo/customer.h"
#include "demo/life.h"
#include "demo/random.h"
#include "demo/session.h"
#include "demo/story.h"
#include "demo/world.h"
#include "model/batch.h"

namespace waypost::demo {
namespace {

constexpr uint32_t kCustomersPerBatch = 20;
constexpr std::string_view kLibrary = "waypost-demo/1";

Period PeriodOf(const BankSpec& spec) {
  const int64_t today = (spec.now_ms + kLocalOffsetMs) / kDayMs;
  return {(today - spec.days + 1) * kDayMs - kLocalOffsetMs, spec.now_ms};
}

void WriteProfile(const Customer& c, int64_t time_ms, BatchWriter* out) {
  out->BeginItem(ItemKind::kProfile, kProfileSet, {}, {.time_ms = time_ms, .library = kLibrary});
  out->AddIdentity("login", c.login);
  out->AddProperty("name", Value::String(c.name));
  out->AddProperty("gender", Value::String(c.female ? "女" : "男"));
  out->AddProperty("birthday", Value::Date(c.born_day));
  out->AddProperty("registered", Value::Date(c.registered_day));
  out->AddProperty("city", Value::String(c.branch->city));
  out->AddProperty("province", Value::String(c.branch->province));
  out->AddProperty("branch", Value::String(c.branch->name));
  out->AddProperty("manager", Value::String(c.manager));
  out->AddProperty("occupation", Value::String(c.occupation));
  out->AddProperty("first_channel", Value::String(c.first_channel));
  out->AddProperty("assets", Value::Decimal(c.assets));
  out->AddProperty("vip", Value::Int(c.vip));
  out->AddProperty("risk_level", Value::Int(c.risk));
  out->AddProperty("salary_here", Value::Bool(c.payday > 0));
  out->AddProperty("touch_group", Value::String(c.held_out ? "对照组" : "触达组"));
  out->EndItem();
}

void WriteLink(const Customer& c, int64_t time_ms, BatchWriter* out) {
  out->BeginItem(ItemKind::kLink, "signup", {}, {.time_ms = time_ms, .library = kLibrary});
  out->AddIdentity("login", c.login);
  out->AddIdentity("device", c.device);
  out->EndItem();
}

void WriteEvent(const Customer& c, const Story& story, const Story::Moment& moment,
                std::string_view message_id, BatchWriter* out) {
  out->BeginEvent(moment.event,
                  {.time_ms = moment.time_ms, .message_id = message_id, .library = kLibrary});
  if (moment.known) out->AddIdentity("login", c.login);
  if (!moment.known) out->AddIdentity("device", c.device);
  for (const Property& property : story.Properties(moment))
    out->AddProperty(property.name, property.value);
  out->EndItem();
}

void WriteCustomer(const Customer& c, Story* story, const Period& period, BatchWriter* out) {
  WriteProfile(c, c.joins_ms, out);
  bool linked = false;
  int number = 0;
  for (const Story::Moment& moment : story->Order(period.end_ms)) {
    if (moment.event == "login_success" && !linked) {
      WriteLink(c, moment.time_ms, out);
      linked = true;
    }
    WriteEvent(c, *story, moment, c.login + "-" + std::to_string(++number), out);
  }
}

std::string ChunkOf(const BankSpec& spec, std::string_view what) {
  return "demo/" + std::to_string(spec.seed) + "/" + std::string(what);
}

}  // namespace

Result<> WriteBank(const BankSpec& spec, const BatchSink& sink) {
  const World world = MakeWorld(spec.seed);
  const Period period = PeriodOf(spec);
  if (spec.tables) {
    const std::string chunk = ChunkOf(spec, "things");
    BatchWriter out({.project = spec.project,
                     .source = "demo",
                     .ingest_ms = spec.now_ms,
                     .import_chunk = chunk});
    WriteThings(world, spec.now_ms, &out);
    TRY(sink(out.Finish()));
  }
  for (uint32_t first = 1; first <= spec.customers; first += kCustomersPerBatch) {
    const std::string chunk = ChunkOf(spec, std::to_string(first));
    BatchWriter out({.project = spec.project,
                     .source = "demo",
                     .ingest_ms = spec.now_ms,
                     .import_chunk = chunk});
    for (uint32_t n = first; n < first + kCustomersPerBatch && n <= spec.customers; ++n) {
      const Customer customer = MakeCustomer(world, spec.seed, n, period);
      Story story;
      LiveThrough(customer, world, Random(spec.seed, /*stream=*/3, n), &story);
      WriteCustomer(customer, &story, period, &out);
      if (spec.tables) {
        WriteBelongings(customer, world, story, period.end_ms, Random(spec.seed, /*stream=*/4, n),
                        &out);
      }
    }
    TRY(sink(out.Finish()));
  }
  return {};
}

struct BankDay::State {
  BankSpec spec;
  World world;
  Period period;
  Random random;
  int64_t visits = 0;
};

BankDay::BankDay(const BankSpec& spec)
    : state_(std::make_unique<State>(State{.spec = spec,
                                           .world = MakeWorld(spec.seed),
                                           .period = PeriodOf(spec),
                                           .random = Random(spec.now_ms, /*stream=*/5, 0)})) {}
BankDay::~BankDay() = default;

Bytes BankDay::Visit(int64_t now_ms) {
  constexpr int64_t kLongestMs = 10 * kMinuteMs;
  State& s = *state_;
  const auto number = static_cast<uint32_t>(1 + s.random.Below(s.spec.customers));
  const Customer c = MakeCustomer(s.world, s.spec.seed, number, s.period);
  Story story;
  if (c.payday > 0 && s.random.Chance(0.4)) {
    story.Tell(now_ms - 1, "salary_received", true, {{"amount", Value::Decimal(c.salary)}});
  } else {
    const int64_t at = now_ms - s.random.Below(kLongestMs) - 1;
    const Campaign* from = s.random.Chance(0.15) ? &SomeCampaign(s.world, at, &s.random) : nullptr;
    TellSession(c, s.world, at, from, 9'000 + ++s.visits % 1'000, &s.random, &story);
  }
  BatchWriter out({.project = s.spec.project, .source = "demo", .ingest_ms = now_ms});
  int count = 0;
  for (const Story::Moment& moment : story.Order(now_ms)) {
    const std::string id = c.login + "-" + std::to_string(now_ms) + "-" + std::to_string(++count);
    WriteEvent(c, story, moment, id, &out);
  }
  return out.Finish();
}

}  // namespace waypost::demo
