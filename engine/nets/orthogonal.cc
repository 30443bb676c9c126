#include "engine/nets/orthogonal.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace equipoise::nets {

void FillOrthogonal(int block, int64_t columns, double gain, Stream& stream, Parameters* net) {
  const Block& w = net->layout[block];
  const int64_t few = std::min(w.rows, columns), many = std::max(w.rows, columns);
  // Gram-Schmidt, each vector made orthogonal twice: once leaves a rest that grows with their number.
  std::vector<std::vector<double>> q(static_cast<size_t>(few), std::vector<double>(static_cast<size_t>(many)));
  for (size_t k = 0; k < q.size(); ++k) {
    for (double& x : q[k]) x = stream.Normal();
    for (int round = 0; round < 2; ++round) {
      for (size_t i = 0; i < k; ++i) {
        const double along = std::inner_product(q[k].begin(), q[k].end(), q[i].begin(), 0.0);
        for (size_t j = 0; j < q[k].size(); ++j) q[k][j] -= along * q[i][j];
      }
    }
    const double length = std::sqrt(std::inner_product(q[k].begin(), q[k].end(), q[k].begin(), 0.0));
    for (double& x : q[k]) x /= length;
  }
  for (int64_t r = 0; r < w.rows; ++r) {
    for (int64_t c = 0; c < columns; ++c) {
      const bool columns_are_few = columns <= w.rows;
      const auto vector = static_cast<size_t>(columns_are_few ? c : r),
                 along = static_cast<size_t>(columns_are_few ? r : c);
      net->at(block)[r * w.cols + c] = static_cast<float>(gain * q[vector][along]);
    }
  }
}

}  // namespace equipoise::nets
