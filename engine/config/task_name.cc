#include "engine/config/task_name.h"

#include <algorithm>
#include <cstdio>

namespace equipoise::config {
namespace {

constexpr size_t kDigits = 12;

bool IsOneOf(char c, const char* more) {
  return (c >= '0' && c <= '9') || std::string(more).find(c) != std::string::npos;
}

}  // namespace

bool IsTaskStem(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || IsOneOf(c, "-_");
  });
}

bool NamesTaskFile(const std::string& task) {
  const size_t at = task.find('@');
  return at != std::string::npos && IsTaskStem(task.substr(0, at)) && task.size() == at + 1 + kDigits &&
         std::all_of(task.begin() + static_cast<std::ptrdiff_t>(at) + 1, task.end(),
                     [](char c) { return IsOneOf(c, "abcdef"); });
}

std::string TaskName(const std::string& stem, uint64_t sum) {
  char digits[24];
  std::snprintf(digits, sizeof(digits), "%012llx", static_cast<unsigned long long>(sum & 0xffffffffffffULL));
  return stem + "@" + digits;
}

std::string TaskStem(const std::string& task) { return task.substr(0, task.find('@')); }

}  // namespace equipoise::config
