// Threads whose work can wait.
#pragma once

namespace waypost::io {

// From now on the calling thread runs where others leave time: beside one other thread it has a
// seventieth of a core, beside none all of it. Costs a system call.
void GiveWay();

}  // namespace waypost::io
