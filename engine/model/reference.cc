#include "engine/model/reference.h"

#include <ATen/ATen.h>

#include <cmath>

namespace equipoise::model {

ReferenceCarry ReferenceStart(const ReferenceModel& model, int64_t rows) {
  const at::Tensor zero = at::zeros({rows, model.spec.hidden}, model.x_mean.options());
  return {zero, zero};
}

ReferenceHeads ReferenceStep(const ReferenceModel& model, const at::Tensor& x, const at::Tensor& masks,
                             ReferenceCarry* carry) {
  const int64_t H = model.spec.hidden, D = model.spec.outputs();
  auto w = [&](LstmBlock block) { return model.blocks[static_cast<size_t>(block)]; };
  auto mask = [&](int64_t layer) { return masks.select(1, layer); };
  const at::Tensor wx = w(kGateW).narrow(0, 0, H), wh = w(kGateW).narrow(0, H, H);

  const at::Tensor e = at::relu(at::matmul(x, w(kInputW)) + w(kInputB));
  const at::Tensor z = at::matmul(e * mask(0), wx) + at::matmul(carry->h * mask(1), wh) + w(kGateB);
  const at::Tensor i = at::sigmoid(z.narrow(1, 0, H)), f = at::sigmoid(z.narrow(1, H, H));
  const at::Tensor g = at::tanh(z.narrow(1, 2 * H, H)), o = at::sigmoid(z.narrow(1, 3 * H, H));
  carry->c = f * carry->c + i * g;
  carry->h = o * at::tanh(carry->c);
  const at::Tensor u = at::relu(at::matmul(carry->h * mask(2), w(kFirstW)) + w(kFirstB));
  const at::Tensor v = at::relu(at::matmul(u * mask(3), w(kSecondW)) + w(kSecondB));
  const at::Tensor out = at::matmul(v * mask(4), w(kHeadW)) + w(kHeadB);
  const at::Tensor sd = at::softplus(out.narrow(1, D, D)) + static_cast<double>(model.spec.sd_min);
  return {out.narrow(1, 0, D), at::clamp_max(sd, static_cast<double>(model.spec.sd_max))};
}

at::Tensor ReferenceNll(const ReferenceModel& model, const at::Tensor& x, const at::Tensor& y,
                        const at::Tensor& masks) {
  ReferenceCarry carry = ReferenceStart(model, x.size(1));
  std::vector<at::Tensor> terms;
  for (int64_t t = 0; t < x.size(0); ++t) {
    const ReferenceHeads heads = ReferenceStep(model, x[t], masks, &carry);
    const at::Tensor e = (y[t] - heads.mean) / heads.sd;
    terms.push_back(0.5 * e * e + at::log(heads.sd) + 0.5 * std::log(2.0 * std::acos(-1.0)));
  }
  return at::stack(terms);
}

at::Tensor ReferenceModelLoss(const at::Tensor& nll, const at::Tensor& flat, double eta, int64_t trajectories) {
  const at::Tensor likelihood = nll.sum(2).sum(0).mean();
  const at::Tensor prior = flat.square().sum() * (eta / static_cast<double>(trajectories));
  return (likelihood + prior) / static_cast<double>(nll.size(0) * nll.size(2));
}

ReferenceTrajectory ReferenceImagine(const ReferenceModel& model, const nets::ReferencePolicy& policy,
                                     const at::Tensor& start, ReferenceCarry* carry, const at::Tensor& masks,
                                     const at::Tensor& action_noise, const at::Tensor& dynamics_noise,
                                     bool detach_input) {
  const int64_t S = model.spec.states;
  const double limit = kClampLimit;
  const at::Tensor s_mean = model.x_mean.narrow(0, 0, S), s_sd = model.x_sd.narrow(0, 0, S);
  at::Tensor s = start;
  std::vector<at::Tensor> states{s}, rewards, log_probs;
  for (int64_t t = 0; t < action_noise.size(0); ++t) {
    const nets::ReferenceSample sample = nets::ReferenceAct(policy, detach_input ? s.detach() : s, action_noise[t]);
    const at::Tensor x = (at::cat({s, sample.action}, 1) - model.x_mean) / model.x_sd;
    const ReferenceHeads heads = ReferenceStep(model, x, masks, carry);
    const at::Tensor mean = at::clamp(heads.mean.narrow(1, 0, S), -limit, limit);
    const at::Tensor delta = mean + heads.sd.narrow(1, 0, S) * dynamics_noise[t];
    const at::Tensor next = s + model.y_mean.narrow(0, 0, S) + model.y_sd.narrow(0, 0, S) * delta;
    s = at::clamp((next - s_mean) / s_sd, -limit, limit) * s_sd + s_mean;
    states.push_back(s);
    rewards.push_back(heads.mean.select(1, S) * model.y_sd[S] + model.y_mean[S]);
    log_probs.push_back(sample.log_prob);
  }
  return {at::stack(states), at::stack(rewards), at::stack(log_probs)};
}

}  // namespace equipoise::model
