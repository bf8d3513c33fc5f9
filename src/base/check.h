// CHECK(condition) stops the program when a promise between our own functions is broken. It stays
// on in release builds: a server that knows its state is wrong must not go on writing.
#pragma once

namespace waypost {
[[noreturn]] void CheckFailed(const char* condition, const char* file, int line);
}  // namespace waypost

#define CHECK(condition) \
  ((condition) ? (void)0 : ::waypost::CheckFailed(#condition, __FILE__, __LINE__))
