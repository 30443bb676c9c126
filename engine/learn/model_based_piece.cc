#include "engine/learn/model_based_piece.h"

#include <algorithm>

namespace equipoise::learn {
namespace {

// The rows of one shard in out [steps, rows, width], in the order in which they are drawn when it is alone.
void DrawNormals(Stream& stream, int64_t steps, int64_t rows, int64_t width, const Shard& shard, float* out) {
  const auto count = static_cast<size_t>(steps * shard.count * width);
  if (shard.count == rows) {
    stream.Normal(out, count);
    return;
  }
  std::vector<float> drawn(count);
  stream.Normal(drawn.data(), count);
  for (int64_t t = 0; t < steps; ++t)
    std::copy_n(drawn.data() + t * shard.count * width, shard.count * width, out + (t * rows + shard.first) * width);
}

}  // namespace

ImaginedPiece::ImaginedPiece(const ImaginationInputs& in, const PolicyInTraining& policy, const Shard& which,
                             int64_t all_rows, int64_t steps, bool detach_input)
    : n(which.count),
      horizon(steps),
      imagined(policy.parts.NewTrajectories(*in.model, policy.policy, *policy.weights, detach_input)),
      gradient(policy.weights->NewGradient()) {
  uint64_t index = 0;
  for (const Shard& shard : ShardsOf(all_rows)) {
    if (shard.first >= which.first && shard.first < which.first + which.count)
      shards.push_back({index, {shard.first - which.first, shard.count}});
    ++index;
  }
  const int64_t S = in.model->states(), A = in.model->actions();
  start.resize(static_cast<size_t>(n * S));
  action_noise.resize(static_cast<size_t>(horizon * n * A));
  dynamics_noise.resize(static_cast<size_t>(horizon * n * S));
  dreward.resize(static_cast<size_t>(horizon * n));
  dlog_prob.resize(dreward.size());
}

void ImaginedPiece::DrawNoise(const ImaginationInputs& in, uint64_t step) {
  const auto seed = static_cast<uint64_t>(in.settings.run.seed);
  for (const DrawnShard& shard : shards) {
    Stream act(seed, "mb.act", in.iteration, step, shard.index), dyn(seed, "mb.dyn", in.iteration, step, shard.index);
    DrawNormals(act, horizon, n, in.model->actions(), shard.rows, action_noise.data());
    DrawNormals(dyn, horizon, n, in.model->states(), shard.rows, dynamics_noise.data());
  }
}

void ImaginedPiece::Run(const float* carry) {
  imagined->Run({n, horizon, start.data(), carry, &beliefs, action_noise.data(), dynamics_noise.data()});
  entropy = 0;
  const float* log_prob = imagined->log_prob(0);
  for (int64_t i = 0; i < horizon * n; ++i) entropy -= log_prob[i];
  entropy /= static_cast<double>(horizon * n);
}

void ImaginedPiece::Backward(const float* dz) {
  gradient->Clear();
  imagined->Backward(dz, dreward.data(), dlog_prob.data(), gradient.get());
}

}  // namespace equipoise::learn
