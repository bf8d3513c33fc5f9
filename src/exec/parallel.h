// Runs numbered pieces of work on a few threads.
#pragma once

#include <cstddef>
#include <functional>

namespace waypost::exec {

// Calls work(0) .. work(count - 1), each once, on up to `threads` threads (this one included; 0
// counts as 1), and returns when all are done. Which thread takes which piece is not fixed, so
// `work` keeps what it finds by piece number: then the whole is the same on any number of threads.
void ParallelFor(size_t count, unsigned threads, const std::function<void(size_t)>& work);

// Likewise, but once the calling thread's Limit (limit.h) is hit, the pieces that have not begun
// are left out.
void ParallelWithinLimit(size_t count, unsigned threads, const std::function<void(size_t)>& work);

}  // namespace waypost::exec
