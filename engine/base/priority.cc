#include "engine/base/priority.h"

#if defined(__linux__)
#include <sys/resource.h>
#endif

namespace equipoise {

void StandBack(int niceness) {
#if defined(__linux__)
  (void)setpriority(PRIO_PROCESS, 0, niceness);  // of this thread alone
#else
  (void)niceness;
#endif
}

}  // namespace equipoise
