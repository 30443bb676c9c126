#include "engine/nets/activation.h"

#include "engine/base/check.h"
#include "engine/nets/kernels/kernels.h"

namespace equipoise::nets {

void Activate(Activation activation, int64_t count, float* h, float* slope) {
  switch (activation) {
    case Activation::kTanh:
      TanhInPlace(count, h);
      break;
    case Activation::kRelu:
      ReluInPlace(count, h);
      break;
    case Activation::kSwish:
      SwishInPlace(count, h, slope);
      break;
    case Activation::kElu:
      EluInPlace(count, h);
      break;
    case Activation::kLayerNormRelu:
      EQ_CHECK(false, "layer normalisation is no function of one number");
  }
}

void ActivateBackward(Activation activation, int64_t count, const float* h, const float* slope, float* d) {
  switch (activation) {
    case Activation::kTanh:
      TanhBackward(count, h, d);
      break;
    case Activation::kRelu:
      ReluBackward(count, h, d);
      break;
    case Activation::kSwish:
      SwishBackward(count, slope, d);
      break;
    case Activation::kElu:
      EluBackward(count, h, d);
      break;
    case Activation::kLayerNormRelu:
      EQ_CHECK(false, "layer normalisation is no function of one number");
  }
}

}  // namespace equipoise::nets
