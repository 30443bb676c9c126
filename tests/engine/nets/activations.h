// activations.h: every activation that a network may have, for tests that go through them.
#pragma once

#include <string>

#include "engine/nets/mlp.h"

namespace equipoise::test {

inline constexpr nets::Activation kActivations[] = {nets::Activation::kTanh, nets::Activation::kRelu,
                                                    nets::Activation::kLayerNormRelu, nets::Activation::kSwish,
                                                    nets::Activation::kElu};

inline std::string Name(nets::Activation activation) {
  switch (activation) {
    case nets::Activation::kTanh:
      return "Tanh";
    case nets::Activation::kRelu:
      return "Relu";
    case nets::Activation::kLayerNormRelu:
      return "LayerNormRelu";
    case nets::Activation::kSwish:
      return "Swish";
    case nets::Activation::kElu:
      return "Elu";
  }
  return "";
}

}  // namespace equipoise::test
