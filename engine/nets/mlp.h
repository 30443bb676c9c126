// mlp.h: a multilayer perceptron with hand-written gradients: policies, actors, critics and values are all this.
//
//   h_0 = x;  h_{l+1} = act(h_l W_l + b_l);  y = h_L W_out + b_out
//
// An MlpPass keeps the activations of up to `rows` inputs and is filled and walked back in slices of rows, so that an
// unroll over time can run slice by slice and still multiply out all weight gradients at once.
//
// Shapes   x [rows, inputs], y [rows, outputs], weights [in, out]
// Thread   a pass belongs to one thread
#pragma once

#include <cstdint>
#include <vector>

#include "engine/nets/kernels/gemm.h"
#include "engine/nets/parameters.h"

namespace equipoise::nets {

enum class Activation {
  kTanh,
  kRelu,
  kLayerNormRelu,  // layer normalisation between the map and the ReLU
  kSwish,          // x sigmoid(x), smooth: of models whose derivatives are followed
  kElu,
};

struct MlpSpec {
  int64_t inputs = 0, hidden = 0, layers = 2, outputs = 0;
  Activation activation = Activation::kTanh;
  // So many of the outputs, the last ones, are numbers of their own, whatever x is: y = b_out there. Their columns of
  // w_out are 0 and stay so.
  int64_t free_outputs = 0;
};

// Blocks "w0", "b0", ("gain0", "shift0",) ..., "w_out", "b_out"; linear maps start uniform in +-1/sqrt(fan_in).
Parameters MakeMlp(const MlpSpec& spec, Stream& stream);

class MlpPass {
 public:
  // Room for `rows`; `gradients` also makes room for walking back.
  void Resize(const MlpSpec& spec, int64_t rows, bool gradients);

  // Computes rows [first, first + n); x points at the first of them.
  void Forward(const Parameters& net, const float* x, int64_t first, int64_t n);
  // The same outputs, quicker, for a pass that will not be walked back before the next Forward.
  void Evaluate(const Parameters& net, const float* x, int64_t first, int64_t n);
  float* output(int64_t row) { return output_.data() + row * spec_.outputs; }
  // The caller writes dLoss/dy here before BackwardData.
  float* output_gradient(int64_t row) { return output_gradient_.data() + row * spec_.outputs; }
  // Optional, after Resize, for many passes of few rows each by the same weights, which must not change until the next
  // Prepare or Resize: puts them once into the order in which products read them.
  void PrepareForward(const Parameters& net);
  void PrepareBackward(const Parameters& net);
  // From dLoss/dy to the gradients of all layers and, when dx is not null, of the input (dx points at row `first`).
  void BackwardData(const Parameters& net, int64_t first, int64_t n, float* dx);
  // Adds the weight gradients of rows [first, first + n), after BackwardData; x as given to Forward.
  void BackwardWeights(const Parameters& net, const float* x, int64_t first, int64_t n, float* gradient);
  // The gradient of the input alone, of the rows listed, in rising order: dx holds them one behind the other, as
  // BackwardData has them (by oneDNN 2.6 to the same bits), and has room for all rows of the pass. The other rows'
  // dLoss/dy does not matter. Uses the pass up: a Forward must come next.
  void BackwardInput(const Parameters& net, const std::vector<int64_t>& rows, float* dx);

 private:
  void Run(const Parameters& net, const float* x, int64_t first, int64_t n, bool keep);
  // From dLoss/dy to the gradients of all layers and of the input; `norms`: of gains and shifts as well.
  void WalkBack(const Parameters& net, int64_t first, int64_t n, bool norms, float* dx);
  int Block(int64_t layer) const;  // index of w_l; b_l follows, then gain and shift when there are any
  // y [n, columns of w_l] = x [n, rows of w_l] w_l + b_l
  void Affine(const Parameters& net, int64_t layer, int64_t n, const float* x, float* y) const;
  // dx [n, rows of w_l] = d [n, columns of w_l] w_l^T
  void TimesTransposed(const Parameters& net, int64_t layer, int64_t n, const float* d, float* dx) const;
  MlpSpec spec_;
  int64_t rows_ = 0;
  bool gradients_ = false;
  std::vector<std::vector<float>> hidden_, hidden_gradient_;
  // What walking back needs beside h: the normalised sums and 1 / sd (layer normalisation), or the slopes (swish).
  std::vector<std::vector<float>> normalised_, inverse_sd_, slope_;
  std::vector<float> output_, output_gradient_;
  std::vector<Factor> forward_, backward_;  // by layer: w_l and w_l^T; empty unless prepared
  // Gains and shifts receive their gradients while walking back; BackwardWeights adds them up.
  std::vector<float> norm_gradient_;
};

}  // namespace equipoise::nets
