#include "io/give_way.h"

#include <sys/resource.h>
#include <unistd.h>

namespace waypost::io {

// Linux keeps this of each thread, and lets everyone ask for less.
void GiveWay() { setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), 19); }

}  // namespace waypost::io
