#include "engine/base/check.h"

namespace equipoise {

void CheckFailed(const char* condition, const char* file, int line, const std::string& why) {
  throw InternalError(std::string(file) + ":" + std::to_string(line) + ": " + why + " (" + condition + ")");
}

}  // namespace equipoise
