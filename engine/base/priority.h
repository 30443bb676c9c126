// priority.h: lets a thread stand back: it and those that it starts from then on get the processor after others. There
// is no way back without privileges.
//
// Thread   that which calls. Elsewhere than on Linux: no effect, since there a niceness is the whole program's
#pragma once

namespace equipoise {

// From 0 (as the program) to 19 (when nobody else wants it); each step is a quarter less of a contended processor.
void StandBack(int niceness);

}  // namespace equipoise
