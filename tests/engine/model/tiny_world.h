// tiny_world.h: a system small enough to learn in a second, recorded by a random policy; and the reference's view of a
// dropout LSTM, in double.
//
//   s' = 0.8 s + 0.4 (a_{j mod A}) + 0.1 sin(s_0) + 0.05 eps,   r = 2 a_0 + s_0 - 0.5
#pragma once

#include <cmath>

#include "engine/model/aten/reference.h"
#include "engine/nets/policy.h"
#include "engine/replay/episode_buffer.h"
#include "tests/engine/numeric.h"

namespace equipoise::test {

constexpr int64_t kTinyStates = 3, kTinyActions = 2;

// Advances s and returns the reward.
inline double TinyStep(std::vector<double>* s, const std::vector<double>& a, Stream* noise) {
  const double reward = 2 * a[0] + (*s)[0] - 0.5, wave = 0.1 * std::sin((*s)[0]);
  for (size_t j = 0; j < s->size(); ++j)
    (*s)[j] = 0.8 * (*s)[j] + 0.4 * a[j % a.size()] + wave + 0.05 * noise->Normal();
  return reward;
}

inline replay::Episode TinyEpisode(int64_t horizon, uint64_t index) {
  Stream stream(11, "tiny.episode", index);
  replay::Episode e;
  std::vector<double> s(kTinyStates), a(kTinyActions);
  for (double& x : s) x = 0.3 * stream.Normal();
  for (int64_t t = 0;; ++t) {
    for (double x : s) e.states.push_back(static_cast<float>(x));
    if (t == horizon) return e;
    for (double& x : a) {
      x = stream.Uniform(-1, 1);
      e.actions.push_back(static_cast<float>(x));
    }
    e.rewards.push_back(static_cast<float>(TinyStep(&s, a, &stream)));
  }
}

inline replay::EpisodeBuffer TinyBuffer(int episodes, int64_t horizon) {
  replay::EpisodeBuffer data(kTinyStates, kTinyActions, horizon, env::DistractorSpec{2, 3, 1.0, 5, 20}, 5);
  for (int i = 0; i < episodes; ++i) data.Append(TinyEpisode(horizon, static_cast<uint64_t>(i)));
  return data;
}

// An LSTM of no training, with the normaliser of `data` and all weights away from their special starting values.
inline model::DropoutLstm TinyModel(const replay::EpisodeBuffer& data, int64_t hidden, double dropout,
                                    uint64_t seed = 1, int64_t gate_groups = 1) {
  Stream init(seed, "tiny.model");
  model::LstmSpec spec;
  spec.states = data.states();
  spec.actions = data.actions();
  spec.hidden = hidden;
  spec.gate_groups = gate_groups;
  model::DropoutLstm lstm(spec, dropout, init);
  std::vector<float> extra(lstm.parameters().values.size());
  init.Normal(extra.data(), extra.size());
  for (size_t i = 0; i < extra.size(); ++i) lstm.parameters().values[i] += 0.15f * extra[i];
  lstm.Refit(data, false);
  return lstm;
}

// `flat` may carry gradients; null tensor: the model's own weights.
inline model::ReferenceModel ReferenceOf(const model::DropoutLstm& lstm, at::Tensor flat = {}) {
  if (!flat.defined()) flat = Double(lstm.parameters().values);
  const replay::Normaliser& n = lstm.normaliser();
  return {lstm.spec(),      nets::ReferenceBlocks(lstm.parameters().layout, flat),
          Double(n.x_mean), Double(n.x_sd),
          Double(n.y_mean), Double(n.y_sd)};
}

inline nets::ReferencePolicy ReferenceOf(const nets::Policy& policy, at::Tensor flat = {}) {
  if (!flat.defined()) flat = Double(policy.net.values);
  return {policy.spec, nets::ReferenceBlocks(policy.net.layout, flat), Double(policy.mean), Double(policy.sd),
          policy.spread};
}

// [rows, mask layers, H]: row r under belief r % count.
inline at::Tensor Masks(const model::Belief& beliefs, int64_t hidden, int64_t rows) {
  const auto layers = static_cast<int64_t>(beliefs.data.size()) / (beliefs.count * hidden);
  const at::Tensor all = Double(beliefs.data.data(), {beliefs.count, layers, hidden});
  return all.index_select(0, at::arange(rows, at::kLong).remainder(beliefs.count));
}

inline model::Belief DrawMasks(const model::WorldModel& lstm, int64_t count, uint64_t seed = 1) {
  Stream stream(seed, "test.mask");
  return lstm.Draw(count, stream);
}

}  // namespace equipoise::test
