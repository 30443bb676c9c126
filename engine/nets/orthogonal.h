// orthogonal.h: weights whose rows or columns, whichever are fewer, are orthogonal and of one length: a layer that
// stretches no direction more than another (Saxe et al. 2014).
//
// Thread   no state
#pragma once

#include "engine/nets/parameters.h"

namespace equipoise::nets {

// Of the block's first `columns` columns; the others stay. The factor Q of a matrix of normal numbers, times `gain`.
void FillOrthogonal(int block, int64_t columns, double gain, Stream& stream, Parameters* net);

}  // namespace equipoise::nets
