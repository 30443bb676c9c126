// back_ends.h: the parts of every back end that this machine has, by the name of its device: the tests of a part run on
// each of them, against automatic gradients in double precision.
#pragma once

#include <ATen/ATen.h>

#include <string>
#include <vector>

#include "engine/model/aten/parts.h"

namespace equipoise::test {

inline std::vector<std::string> BackEnds() {
  std::vector<std::string> names{"cpu", "reference"};
  if (at::hasCUDA()) names.push_back("cuda");
  return names;
}

inline const model::ModelParts& PartsOf(const std::string& device) {
  if (device == "cpu") return model::CpuParts();
  static const model::AtenParts reference{at::Device(at::kCPU)};
  if (device == "reference") return reference;
  static const model::AtenParts cuda{at::Device(at::kCUDA, 0)};
  return cuda;
}

}  // namespace equipoise::test
