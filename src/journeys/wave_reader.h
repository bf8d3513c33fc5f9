// Reads the waves of an entry from a journey's document.
#pragma once

#include "journeys/document.h"

namespace waypost::journeys {

// The entry's `waves`, into its rule; what names no offset is local in `zone`. REQUIRES: what else
// the entry says was read.
void ReadWaves(Document& entry, Zone zone, EntryRule* rule);
// What waves say of the journey's goal and nodes. REQUIRES: these were read.
void SettleWaves(Journey* journey, std::vector<Fault>* faults);

}  // namespace waypost::journeys
