#include "engine/eps/pick.h"

#include <algorithm>
#include <deque>

#include "engine/base/check.h"
#include "engine/base/mutex.h"

namespace equipoise::eps {
namespace {

// Grows only, and the entries of a deque stay where they are: references outlive the lock.
struct Names {
  Mutex mutex;
  std::deque<std::string> ids EQ_GUARDED_BY(mutex){"random"};
};
Names& AllNames() {
  static Names names;
  return names;
}

}  // namespace

Pick Pick::Of(std::string_view id) {
  Names& names = AllNames();
  const MutexLock lock(names.mutex);
  auto found = std::find(names.ids.begin(), names.ids.end(), id);
  if (found == names.ids.end()) {
    EQ_CHECK(names.ids.size() < UINT16_MAX, "too many names of learners");
    found = names.ids.insert(names.ids.end(), std::string(id));
  }
  Pick pick;
  pick.number_ = static_cast<uint16_t>(found - names.ids.begin());
  return pick;
}

bool Pick::IsId(std::string_view id) {
  constexpr size_t kLongest = 32;
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'; };
  return !id.empty() && id.size() <= kLongest && std::all_of(id.begin(), id.end(), fits);
}

size_t Pick::known() {
  Names& names = AllNames();
  const MutexLock lock(names.mutex);
  return names.ids.size();
}

const std::string& Pick::id() const {
  Names& names = AllNames();
  const MutexLock lock(names.mutex);
  return names.ids[number_];
}

}  // namespace equipoise::eps
