#include "engine/nets/policy.h"

#include "engine/nets/kernels/kernels.h"

namespace equipoise::nets {

Policy::Policy(int64_t states, int64_t actions, int64_t hidden, int64_t layers, double sigma, Stream& stream)
    : spec{states, hidden, layers, 2 * actions, Activation::kTanh},
      net(MakeMlp(spec, stream)),
      mean(static_cast<size_t>(states), 0.0f),
      sd(static_cast<size_t>(states), 1.0f),
      sigma_max(static_cast<float>(sigma)) {
  // Raw outputs start near 0: mean action 0, sigma near softplus(0) = 0.69.
  net.Fill(net.layout.Find("b_out"), 0.0f);
}

void Policy::Act(const float* observation, const float* eps, float* action) {
  pass_.Resize(spec, 1, false);
  input_.resize(static_cast<size_t>(states()));
  for (size_t j = 0; j < input_.size(); ++j) input_[j] = (observation[j] - mean[j]) / sd[j];
  pass_.Forward(net, input_.data(), 0, 1);
  float log_prob;
  TanhGaussian(1, actions(), pass_.output(0), eps, sigma_max, action, &log_prob);
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
