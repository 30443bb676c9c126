#include "engine/model/gate_groups.h"

#include <algorithm>

#include "engine/nets/kernels/kernels.h"

namespace equipoise::model {
namespace {

void AddRows(int64_t rows, int64_t cols, const float* x, int64_t x_stride, float* sum, int64_t sum_stride) {
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t j = 0; j < cols; ++j) sum[r * sum_stride + j] += x[r * x_stride + j];
}

}  // namespace

void ReluMaskGroups(int64_t rows, int64_t hidden, const MaskRows& masks, const GroupCopies& e) {
  for (int64_t g = e.groups - 1; g >= 0; --g) {  // group 0 last: until then it holds what the others copy
    float* copy = e.data + g * e.group;
    if (g > 0)
      for (int64_t r = 0; r < rows; ++r) std::copy_n(e.data + r * e.stride, hidden, copy + r * e.stride);
    nets::ReluMask(rows, hidden, copy, e.stride, masks.mask + g * hidden, masks.count, masks.stride);
  }
}

void ReluMaskGroupsBackward(int64_t rows, int64_t hidden, const MaskRows& masks, const GroupCopies& e,
                            const GroupCopies& d) {
  for (int64_t g = 0; g < d.groups; ++g) {
    float* part = d.data + g * d.group;
    nets::ReluMaskBackward(rows, hidden, e.data + g * e.group, e.stride, part, d.stride, masks.mask + g * hidden,
                           masks.count, masks.stride);
    if (g > 0) AddRows(rows, hidden, part, d.stride, d.data, d.stride);
  }
}

void MaskGroups(int64_t rows, int64_t hidden, const float* h, const MaskRows& masks, const GroupCopies& copies) {
  for (int64_t g = 0; g < copies.groups; ++g)
    nets::MultiplyMask(rows, hidden, h, hidden, masks.mask + g * hidden, masks.count, masks.stride,
                       copies.data + g * copies.group, copies.stride);
}

void MaskGroupsBackward(int64_t rows, int64_t hidden, const MaskRows& masks, const GroupCopies& d, float* dh,
                        int64_t dh_stride) {
  for (int64_t g = 0; g < d.groups; ++g) {
    float* part = d.data + g * d.group;
    float* to = g == 0 ? dh : part;
    const int64_t to_stride = g == 0 ? dh_stride : d.stride;
    nets::MultiplyMask(rows, hidden, part, d.stride, masks.mask + g * hidden, masks.count, masks.stride, to, to_stride);
    if (g > 0) AddRows(rows, hidden, part, d.stride, dh, dh_stride);
  }
}

}  // namespace equipoise::model
