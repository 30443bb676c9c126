// targeted_net.h: a value network as it is kept between two phases of training: itself, the slower copy that targets
// are made with, and its moments.
//
// Thread   a value; any
// Errors   Load as nets/trainable.h
#pragma once

#include <string>

#include "engine/nets/mlp.h"

namespace equipoise::learn {

struct TargetedNet {
  TargetedNet(const nets::MlpSpec& shape, Stream& init);
  // `count` inputs of weight 0 inserted at `at` (> 0), or those behind it removed (< 0).
  void EditInputs(int64_t at, int64_t count);

  nets::MlpSpec spec;
  nets::Parameters net, target;
  nets::Adam adam;
};

// Their outputs are counted in other units from now on, in which they are `ratio` times what they were. The squared
// error is then ratio^2 times what it was: gradients are ratio^2 times as large in all layers but the last, whose
// weights are ratio times as large and their gradients ratio times. Adam's moments follow.
void RescaleOutput(float ratio, nets::Parameters* net, nets::Adam* adam);

// What its arrays are called in an archive.
struct TargetedNames {
  std::string net, target, adam;
};
void Save(const TargetedNet& net, const TargetedNames& names, ArchiveWriter& out);
void Load(const ArchiveReader& in, const TargetedNames& names, TargetedNet* net);

}  // namespace equipoise::learn
