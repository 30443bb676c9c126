#include "engine/base/version.h"

namespace equipoise {

const char* Version() { return EQUIPOISE_VERSION; }

std::string Build() {
  const std::string commit = EQUIPOISE_COMMIT;
  return EQUIPOISE_BUILD_TYPE + (commit.empty() ? "" : ", " + commit);
}

}  // namespace equipoise
