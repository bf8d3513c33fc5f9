// How customers of the demo bank live: sessions, and what happens between them.
#pragma once

#include "demo/customer.h"
#include "demo/random.h"
#include "demo/story.h"

namespace waypost::demo {

// Tells everything the customer does while with the bank.
void LiveThrough(const Customer& customer, const World& world, Random random, Story* story);

}  // namespace waypost::demo
