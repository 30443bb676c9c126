#include "engine/base/version.h"

namespace equipoise {

const char* Version() { return EQUIPOISE_VERSION; }

}  // namespace equipoise
