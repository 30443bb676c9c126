#include "ui/gl/damage.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace equipoise::ui {
namespace {

constexpr int kTile = 32;
constexpr size_t kMostBoxes = 6;  // every one of them is a pass over the lists

uint64_t Mix(uint64_t sum, uint64_t value) {
  sum ^= value;
  sum *= 0x9E3779B97F4A7C15ull;
  return sum ^ sum >> 29;
}

uint64_t MixVertex(uint64_t sum, const ImDrawVert& v) {
  uint64_t words[2];
  std::memcpy(words, &v.pos, 8);
  std::memcpy(words + 1, &v.uv, 8);
  return Mix(Mix(Mix(sum, words[0]), words[1]), v.col);
}

// What a triangle may touch, within what clips it. With a pixel around it: a line of one pixel covers its neighbours.
struct Bounds {
  float left, top, right, bottom;
  bool empty() const { return !(left < right && top < bottom); }
};
Bounds BoundsOf(const ImDrawVert& a, const ImDrawVert& b, const ImDrawVert& c, const Bounds& clip) {
  return {std::max(std::min({a.pos.x, b.pos.x, c.pos.x}) - 1, clip.left),
          std::max(std::min({a.pos.y, b.pos.y, c.pos.y}) - 1, clip.top),
          std::min(std::max({a.pos.x, b.pos.x, c.pos.x}) + 1, clip.right),
          std::min(std::max({a.pos.y, b.pos.y, c.pos.y}) + 1, clip.bottom)};
}

// In whole pixels, as ImGui's renderer cuts them off, from the lower left corner.
Bounds ClipOf(const ImDrawCmd& command, const ImDrawData& data) {
  const ImVec4& c = command.ClipRect;
  const float left = std::trunc(c.x - data.DisplayPos.x), width = std::trunc(c.z - c.x);
  const float height = std::trunc(c.w - c.y), up = data.DisplaySize.y - (c.w - data.DisplayPos.y);
  const float bottom = data.DisplaySize.y - std::trunc(up);
  return {left, bottom - height, left + width, bottom};
}

ImDrawVert Vertex(const ImDrawList& list, const ImDrawCmd& command, unsigned index) {
  return list
      .VtxBuffer[static_cast<int>(command.VtxOffset + list.IdxBuffer[static_cast<int>(command.IdxOffset + index)])];
}

bool Meet(const DamageBox& a, const DamageBox& b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
DamageBox Both(const DamageBox& a, const DamageBox& b) {
  return {std::min(a.left, b.left), std::min(a.top, b.top), std::max(a.right, b.right), std::max(a.bottom, b.bottom)};
}
int64_t Area(const DamageBox& box) { return static_cast<int64_t>(box.right - box.left) * (box.bottom - box.top); }

// Makes one of two as long as some overlap, and of those that cost least together while there are too many.
void Merge(std::vector<DamageBox>* boxes) {
  for (;;) {
    size_t first = 0, second = 0;
    int64_t least = 0;
    bool found = false, overlap = false;
    for (size_t i = 0; i < boxes->size() && !overlap; ++i) {
      for (size_t j = i + 1; j < boxes->size() && !overlap; ++j) {
        overlap = Meet((*boxes)[i], (*boxes)[j]);
        const int64_t cost = Area(Both((*boxes)[i], (*boxes)[j])) - Area((*boxes)[i]) - Area((*boxes)[j]);
        if (!overlap && found && cost >= least) continue;
        first = i;
        second = j;
        least = cost;
        found = true;
      }
    }
    if (!found || (!overlap && boxes->size() <= kMostBoxes && least > 0)) return;
    (*boxes)[first] = Both((*boxes)[first], (*boxes)[second]);
    boxes->erase(boxes->begin() + static_cast<std::ptrdiff_t>(second));
  }
}

}  // namespace

const std::vector<DamageBox>& Damage::Compare(const ImDrawData& data, uint32_t ground, const Version& version) {
  const int width = static_cast<int>(data.DisplaySize.x * data.FramebufferScale.x);
  const int height = static_cast<int>(data.DisplaySize.y * data.FramebufferScale.y);
  // A scaled framebuffer is that of another system; there all of it is drawn.
  const bool scaled = data.FramebufferScale.x != 1 || data.FramebufferScale.y != 1;
  const bool other = scaled || width != width_ || height != height_ || ground != ground_ || sums_.empty();
  width_ = width;
  height_ = height;
  ground_ = ground;
  columns_ = (width + kTile - 1) / kTile;
  rows_ = (height + kTile - 1) / kTile;
  now_.assign(static_cast<size_t>(columns_) * static_cast<size_t>(rows_), 1);
  Sum(data, version);
  if (other) {
    boxes_.assign(1, DamageBox{0, 0, width, height});
  } else {
    std::vector<bool> changed(now_.size());
    for (size_t i = 0; i < now_.size(); ++i) changed[i] = now_[i] != sums_[i];
    Gather(changed);
  }
  std::swap(sums_, now_);
  return boxes_;
}

void Damage::Sum(const ImDrawData& data, const Version& version) {
  const auto tile = [](float pixel, int most) {
    return std::clamp(static_cast<int>(std::floor(pixel / kTile)), 0, most - 1);
  };
  for (int l = 0; l < data.CmdListsCount; ++l) {
    const ImDrawList& list = *data.CmdLists[l];
    for (const ImDrawCmd& command : list.CmdBuffer) {
      const Bounds clip = ClipOf(command, data);
      if (clip.empty() || command.UserCallback != nullptr) continue;
      const ImTextureID texture = command.GetTexID();
      uint64_t begin = Mix(0, (uint64_t)(uintptr_t)texture);
      if (version) begin = Mix(begin, version(texture));
      uint64_t clips[2];
      std::memcpy(clips, &command.ClipRect, 16);
      begin = Mix(Mix(begin, clips[0]), clips[1]);
      for (unsigned i = 0; i + 2 < command.ElemCount; i += 3) {
        const ImDrawVert a = Vertex(list, command, i), b = Vertex(list, command, i + 1),
                         c = Vertex(list, command, i + 2);
        const Bounds bounds = BoundsOf(a, b, c, clip);
        if (bounds.empty() || bounds.right <= 0 || bounds.bottom <= 0) continue;
        if (bounds.left >= static_cast<float>(width_) || bounds.top >= static_cast<float>(height_)) continue;
        const uint64_t sum = MixVertex(MixVertex(MixVertex(begin, a), b), c);
        const int right = tile(bounds.right, columns_), bottom = tile(bounds.bottom, rows_);
        for (int y = tile(bounds.top, rows_); y <= bottom; ++y) {
          for (int x = tile(bounds.left, columns_); x <= right; ++x) {
            uint64_t& here = now_[static_cast<size_t>(y) * static_cast<size_t>(columns_) + static_cast<size_t>(x)];
            here = Mix(here, sum);
          }
        }
      }
    }
  }
}

// Runs of tiles in a row, joined with the same run of the row above.
void Damage::Gather(const std::vector<bool>& changed) {
  boxes_.clear();
  for (int y = 0; y < rows_; ++y) {
    for (int x = 0; x < columns_; ++x) {
      const size_t row = static_cast<size_t>(y) * static_cast<size_t>(columns_);
      if (!changed[row + static_cast<size_t>(x)]) continue;
      const int from = x;
      while (x < columns_ && changed[row + static_cast<size_t>(x)]) ++x;
      const DamageBox run{from * kTile, y * kTile, std::min(x * kTile, width_), std::min((y + 1) * kTile, height_)};
      const auto above = std::find_if(boxes_.begin(), boxes_.end(), [&](const DamageBox& box) {
        return box.bottom == run.top && box.left == run.left && box.right == run.right;
      });
      if (above == boxes_.end()) {
        boxes_.push_back(run);
      } else {
        above->bottom = run.bottom;
      }
    }
  }
  if (boxes_.size() > 64) {  // all over the place
    DamageBox all = boxes_.front();
    for (const DamageBox& box : boxes_) all = Both(all, box);
    boxes_.assign(1, all);
  }
  Merge(&boxes_);
}

void KeepBoxes(const std::vector<DamageBox>& boxes, ImDrawData* data) {
  for (int l = 0; l < data->CmdListsCount; ++l) {
    ImDrawList& list = *data->CmdLists[l];
    ImVector<ImDrawCmd> commands;
    ImVector<ImDrawIdx> indices;
    for (const ImDrawCmd& command : list.CmdBuffer) {
      const Bounds clip = ClipOf(command, *data);
      if (command.UserCallback != nullptr) commands.push_back(command);
      for (const DamageBox& box : boxes) {
        const Bounds inside{
            std::max(clip.left, static_cast<float>(box.left)), std::max(clip.top, static_cast<float>(box.top)),
            std::min(clip.right, static_cast<float>(box.right)), std::min(clip.bottom, static_cast<float>(box.bottom))};
        if (inside.empty()) continue;
        ImDrawCmd here = command;
        here.ClipRect = {inside.left + data->DisplayPos.x, inside.top + data->DisplayPos.y,
                         inside.right + data->DisplayPos.x, inside.bottom + data->DisplayPos.y};
        here.IdxOffset = static_cast<unsigned>(indices.Size);
        for (unsigned i = 0; i + 2 < command.ElemCount; i += 3) {
          const Bounds seen =
              BoundsOf(Vertex(list, command, i), Vertex(list, command, i + 1), Vertex(list, command, i + 2), inside);
          if (seen.empty()) continue;
          for (unsigned k = i; k < i + 3; ++k)
            indices.push_back(list.IdxBuffer[static_cast<int>(command.IdxOffset + k)]);
        }
        here.ElemCount = static_cast<unsigned>(indices.Size) - here.IdxOffset;
        if (here.ElemCount > 0) commands.push_back(here);
      }
    }
    list.CmdBuffer.swap(commands);
    list.IdxBuffer.swap(indices);
  }
}

}  // namespace equipoise::ui
