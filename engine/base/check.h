// check.h: a condition that only a mistake of ours can break. Throws, so that a window above can say it and live on.
#pragma once

#include <stdexcept>
#include <string>

namespace equipoise {

// A broken promise inside the program (not a user's mistake: those are Result).
class InternalError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

[[noreturn]] void CheckFailed(const char* condition, const char* file, int line, const std::string& why);

}  // namespace equipoise

#define EQ_CHECK(condition, why)                                                       \
  do {                                                                                 \
    if (!(condition)) ::equipoise::CheckFailed(#condition, __FILE__, __LINE__, (why)); \
  } while (false)
