#include "engine/nets/policy.h"

#include <algorithm>
#include <cmath>

#include "engine/base/check.h"
#include "engine/nets/kernels/kernels.h"

namespace equipoise::nets {

Policy::Policy(const PolicySpec& p, Stream& stream)
    : spec{p.states, p.hidden, p.layers, 2 * p.actions, p.activation, p.free_sd ? p.actions : 0},
      net(MakeMlp(spec, stream)),
      mean(static_cast<size_t>(p.states), 0.0f),
      sd(static_cast<size_t>(p.states), 1.0f),
      spread(p.spread) {
  // Raw outputs start near 0: mean action 0, sigma near softplus(0) = 0.69.
  net.Fill(net.layout.Find("b_out"), 0.0f);
  if (p.free_sd) SetFreeSd(1.0);
}

Policy::Policy(int64_t states, int64_t actions, int64_t hidden, int64_t layers, double sigma_max, Stream& stream)
    : Policy({states, actions, hidden, layers, Activation::kTanh, Spread::Below(sigma_max), false}, stream) {}

void Policy::SetFreeSd(double to) {
  EQ_CHECK(spec.free_outputs > 0 && spread.kind == Spread::Kind::kSoftplus, "no spread of this policy's is free");
  float* s = net.at(net.layout.Find("b_out")) + actions();
  std::fill_n(s, actions(), static_cast<float>(std::log(std::expm1(to - 1e-3))));  // softplus(s) + 1e-3 = to
}

const float* Policy::Raw(const float* observation) {
  pass_.Resize(spec, 1, false);
  input_.resize(static_cast<size_t>(states()));
  for (size_t j = 0; j < input_.size(); ++j) input_[j] = (observation[j] - mean[j]) / sd[j];
  pass_.Forward(net, input_.data(), 0, 1);
  return pass_.output(0);
}

void Policy::Act(const float* observation, const float* eps, float* action) {
  float log_prob;
  TanhGaussian(1, actions(), Raw(observation), eps, spread, action, &log_prob);
}

void Policy::Act(const float* observation, const float* eps, float* action, float* u, float* log_prob) {
  EQ_CHECK(!spread.deterministic(), "an action without spread has no density");
  Act(observation, eps, action);
  const float* raw = pass_.output(0);
  Latents(1, actions(), raw, eps, spread, u);
  LogDensity(1, actions(), raw, u, spread, log_prob);
}

void Policy::EditStates(int64_t count, float appended_sd, Adam* adam) {
  const int64_t at = count > 0 ? spec.inputs : spec.inputs + count;
  ApplyEdits({{"w0", 0, at, count, 0.0f}}, &net, adam);
  spec.inputs += count;
  mean.resize(static_cast<size_t>(spec.inputs), 0.0f);
  sd.resize(static_cast<size_t>(spec.inputs), appended_sd);
}

void Policy::Save(ArchiveWriter& out, const std::string& name) const {
  out.Put(name + ".net", net.values);
  out.Put(name + ".mean", mean);
  out.Put(name + ".sd", sd);
}

void Policy::Load(const ArchiveReader& in, const std::string& name) {
  in.Get(name + ".net", net.values.data(), net.values.size());
  in.Get(name + ".mean", mean.data(), mean.size());
  in.Get(name + ".sd", sd.data(), sd.size());
}

}  // namespace equipoise::nets
