// kernels_rows.h: rows of narrow heads in and out of flat arrays. Private to kernels*.cc.
//
// Heads are narrow (a few actions or states) and their rows hold two halves, so a loop over one row hardly fills a
// vector. A pass over them gathers rows into flat arrays, works on those in one long loop, and scatters back.
//
// Thread   a Scratch belongs to the thread that made it
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace equipoise::nets {

// `fields` arrays of `count` floats, valid until the next one of this thread and source file is made.
namespace {
struct Scratch {
  Scratch(int64_t count, int fields) : count_(count) {
    thread_local std::vector<float> memory;
    memory.resize(static_cast<size_t>(count * fields));
    base_ = memory.data();
  }
  float* operator[](int field) const { return base_ + field * count_; }

 private:
  int64_t count_;
  float* base_;
};
}  // namespace

// Columns [first, first + cols) of x [rows, stride] to or from a flat [rows, cols].
inline void Gather(int64_t rows, int64_t cols, const float* x, int64_t stride, int64_t first, float* flat) {
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t j = 0; j < cols; ++j) flat[r * cols + j] = x[r * stride + first + j];
}
inline void Scatter(int64_t rows, int64_t cols, const float* flat, float* x, int64_t stride, int64_t first) {
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t j = 0; j < cols; ++j) x[r * stride + first + j] = flat[r * cols + j];
}
// A row of per-column constants repeated for all rows.
inline void Repeat(int64_t rows, int64_t cols, const float* row, float* flat) {
  for (int64_t r = 0; r < rows; ++r) std::copy(row, row + cols, flat + r * cols);
}

// States brought into +-limit; returns how many were outside. A NaN is neither above nor below and so stays one: the
// check must see it.
inline int64_t Clamp(int64_t count, float limit, float* z) {
  int64_t clamped = 0;
  for (int64_t i = 0; i < count; ++i) {
    const float next = z[i];
    z[i] = next > limit ? limit : next < -limit ? -limit : next;
    clamped += z[i] != next && next == next;
  }
  return clamped;
}

}  // namespace equipoise::nets
