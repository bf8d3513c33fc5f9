// One visit to the app, told from opening to closing.
#pragma once

#include "demo/customer.h"
#include "demo/random.h"
#include "demo/story.h"

namespace waypost::demo {

// A campaign that runs at that time, the better known ones most often.
const Campaign& SomeCampaign(const World& world, int64_t time_ms, Random* random);

// Tells the session that opens at `time_ms`. `campaign` is what the customer clicked on to come, or
// null. `number` tells the customer's sessions apart.
void TellSession(const Customer& customer, const World& world, int64_t time_ms,
                 const Campaign* campaign, int64_t number, Random* random, Story* story);

}  // namespace waypost::demo
