#include "ui/kit/trace.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <map>

#include "ui/kit/picture.h"

namespace equipoise::ui {
namespace {

struct Trace {
  std::FILE* file = nullptr;
  std::map<std::string, std::array<int, 4>> known;

  Trace() {
    const char* path = std::getenv("EQUIPOISE_UI_TRACE");
    if (path != nullptr && path[0] != '\0') file = std::fopen(path, "a");
  }
  ~Trace() {
    if (file != nullptr) std::fclose(file);
  }
};

}  // namespace

void TraceWidget(const std::string& name, ImVec2 top_left, ImVec2 bottom_right) {
  static Trace trace;
  if (trace.file == nullptr || DrawingPicture()) return;
  const int x = static_cast<int>(top_left.x), y = static_cast<int>(top_left.y);
  const std::array<int, 4> box{x, y, static_cast<int>(bottom_right.x) - x, static_cast<int>(bottom_right.y) - y};
  const auto [entry, is_new] = trace.known.try_emplace(name, box);
  if (!is_new && entry->second == box) return;
  entry->second = box;
  std::fprintf(trace.file, "%s %d %d %d %d\n", name.c_str(), box[0], box[1], box[2], box[3]);
  std::fflush(trace.file);
}

}  // namespace equipoise::ui
