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
// first event. Identities are "login" (C0000001) and "device". No event is later than now_ms.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "model/plan_change.h"

namespace waypost::demo {

struct BankSpec {
  uint64_t seed = 1;
  uint32_t customers = 20'000;
  uint32_t days = 90;  // the story covers [now_ms - days, now_ms]
  int64_t now_ms = 0;
  std::string_view project = "default";
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

}  // namespace waypost::demo
