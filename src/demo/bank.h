// The demo bank: a made-up retail bank whose customers behave like people, for `waypost demo`,
// tours and tests. The same spec gives the same bytes on every machine.
//
//   TRY(log.Append(RecordKind::kPlan, demo::BankPlan("default").Encode()));
//   TRY(demo::WriteBank({.customers = 20'000, .now_ms = now},
//                       [&](Bytes batch) { return log.Append(RecordKind::kBatch, batch); }));
//
// 20,000 customers make 1.2 million events over 90 days: sessions on the phone and the web with
// log-ins, browsing, wealth purchases, transfers, loans, cards; pushes received and clicked; branch
// visits and calls by relationship managers; salaries coming in. Over a quarter of the
// events come before a log-in, from a device alone; the first log-in on a device joins the two with
// a link.
//
// Every customer has a profile (name, city, branch, manager, assets, ...), set once before their
// first event. Campaigns have their months; who clicked on one buys what it is for more often, and
// a tenth of the customers ("touch_group" 对照组) is sent no push. Identities are "login"
// (C0000001) and "device". No event is later than now_ms.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "model/plan_change.h"
#include "model/table.h"

namespace waypost::demo {

struct BankSpec {
  uint64_t seed = 1;
  uint32_t customers = 20'000;
  uint32_t days = 90;  // the story covers [now_ms - days, now_ms]
  int64_t now_ms = 0;
  std::string_view project = "default";
  bool tables = false;  // rows of BankTables too: what things there are, who has which
};

// Takes one batch payload (model/batch.h): twenty customers, all they ever did.
using BatchSink = std::function<Result<>(Bytes payload)>;

// Writes the whole bank to `sink`, customer by customer, and stops at its first error. Each batch
// names its import chunk, so writing the same bank twice adds nothing. About 1 million events a
// second.
Result<> WriteBank(const BankSpec& spec, const BatchSink& sink);

// The bank's tracking plan: every event and property with its type, class and names in Chinese and
// English. All that WriteBank writes fits it, in strict mode too.
PlanChange BankPlan(std::string_view project);

// Products, branches and managers as things; accounts and holdings of the customers. Holdings are
// what was bought in the period, and before, and is not due yet.
std::vector<Table> BankTables();

// The bank while it is open: visits that happen now.
class BankDay {
 public:
  explicit BankDay(const BankSpec& spec);
  ~BankDay();
  // A visit of some customer's, which ends at `now_ms` at the latest; one in six is a salary that
  // comes in instead. Some 15 events, about 20 us.
  Bytes Visit(int64_t now_ms);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace waypost::demo
