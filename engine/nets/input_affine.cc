#include "engine/nets/input_affine.h"

#include "engine/base/check.h"

namespace equipoise::nets {

void MoveInputs(const InputAffine& from, const InputAffine& to, Parameters* net, Adam* adam) {
  const Block& w = net->layout[net->layout.Find("w0")];
  EQ_CHECK(static_cast<size_t>(w.rows) == from.sd.size() && from.sd.size() == to.sd.size(),
           "inputs of another network");
  float *weights = net->values.data() + w.offset, *bias = net->at(net->layout.Find("b0"));
  std::vector<double> shift(static_cast<size_t>(w.cols), 0.0);
  for (int64_t j = 0; j < w.rows; ++j) {
    const auto i = static_cast<size_t>(j);
    const double stretch = static_cast<double>(to.sd[i]) / from.sd[i],
                 by = (static_cast<double>(to.mean[i]) - from.mean[i]) / from.sd[i];
    float* row = weights + j * w.cols;
    for (int64_t k = 0; k < w.cols; ++k) {
      shift[static_cast<size_t>(k)] += by * row[k];
      row[k] = static_cast<float>(stretch * row[k]);
    }
    if (adam != nullptr) ScaleMoments(w.offset + j * w.cols, w.cols, static_cast<float>(1 / stretch), adam);
  }
  for (int64_t k = 0; k < w.cols; ++k) bias[k] = static_cast<float>(bias[k] + shift[static_cast<size_t>(k)]);
}

}  // namespace equipoise::nets
