// The rows of the demo bank's tables (demo/bank.h: BankTables).
#pragma once

#include "demo/customer.h"
#include "demo/random.h"
#include "demo/story.h"
#include "model/batch.h"

namespace waypost::demo {

// Products, branches and managers.
void WriteThings(const World& world, int64_t time_ms, BatchWriter* out);

// A customer's accounts, and what is held at `end_ms`: bought in the story, and before it. After
// Story::Order.
void WriteBelongings(const Customer& customer, const World& world, const Story& story,
                     int64_t end_ms, Random random, BatchWriter* out);

}  // namespace waypost::demo
