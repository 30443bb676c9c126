// gate_groups.h: the LSTM's gates by the masks that they share: what their packed matrix product reads, and gradients
// of it.
//
//   one group of four gates (tied masks):     z = [W_x; W_h] [e . m_x ; h . m_h]
//   four groups of one gate (untied masks):   z_g = [W_xg; W_hg] [e . m_xg ; h . m_hg],  g = i, f, g, o
//
// A group is W = 4H / G neighbouring columns of the packed gates; the product of each reads its own masked copy of e
// and h. With one group there is one copy, made in place.
//
// Shapes   masks: G of H for e, then G for h; copies: group g of a row lies g * `group` behind group 0, rows `stride`
//          apart
// Thread   no state
#pragma once

#include <cstdint>

namespace equipoise::model {

// One belief's rows of masks: row r uses mask + (r % count) * stride.
struct MaskRows {
  const float* mask;
  int64_t count, stride;
  // The masks of another layer (or group), H further.
  MaskRows After(int64_t layers, int64_t hidden) const { return {mask + layers * hidden, count, stride}; }
};

// Masked copies of one input, [rows, H] per group.
struct GroupCopies {
  float* data;
  int64_t groups, group, stride;
};

// Group 0 holds the pre-activation of e; every group becomes relu(it) under the group's mask.
void ReluMaskGroups(int64_t rows, int64_t hidden, const MaskRows& masks, const GroupCopies& e);
// `d` holds the gradients of those copies `e`; group 0 of d becomes the gradient of the pre-activation.
void ReluMaskGroupsBackward(int64_t rows, int64_t hidden, const MaskRows& masks, const GroupCopies& e,
                            const GroupCopies& d);
// Every group becomes h [rows, H] under the group's mask.
void MaskGroups(int64_t rows, int64_t hidden, const float* h, const MaskRows& masks, const GroupCopies& copies);
// `d` holds the gradients of those copies; dh [rows, H] is their sum behind the masks. dh may be group 0 itself. The
// other groups are destroyed.
void MaskGroupsBackward(int64_t rows, int64_t hidden, const MaskRows& masks, const GroupCopies& d, float* dh,
                        int64_t dh_stride);

}  // namespace equipoise::model
