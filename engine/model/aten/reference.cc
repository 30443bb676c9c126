#include "engine/model/aten/reference.h"

#include <ATen/ATen.h>

#include <cmath>

#include "engine/base/interrupt.h"

namespace equipoise::model {

ReferenceCarry ReferenceStart(const ReferenceModel& model, int64_t rows) {
  const at::Tensor zero = at::zeros({rows, model.spec.hidden}, model.blocks[0].options());
  return {zero, zero};
}

ReferenceHeads ReferenceStep(const ReferenceModel& model, const at::Tensor& x, const at::Tensor& masks,
                             ReferenceCarry* carry) {
  using nets::ReferenceAffine;
  auto w = [&](LstmBlock block) { return model.blocks[static_cast<size_t>(block)]; };
  auto mask = [&](int64_t layer) { return masks.select(1, layer); };
  PollInterrupt();
  const at::Tensor e = at::relu(ReferenceAffine(x, w(kInputW), w(kInputB)));
  // [W_x; W_h] are one block, so their two products are one; gates that share their masks share it too.
  const int64_t groups = model.spec.gate_groups, width = 4 * model.spec.hidden / groups;
  std::vector<at::Tensor> gates;
  for (int64_t k = 0; k < groups; ++k) {
    const at::Tensor both = at::cat({e * mask(k), carry->h * mask(groups + k)}, 1);
    gates.push_back(
        ReferenceAffine(both, w(kGateW).narrow(1, k * width, width), w(kGateB).narrow(1, k * width, width)));
  }
  const std::vector<at::Tensor> z = at::chunk(groups == 1 ? gates[0] : at::cat(gates, 1), 4, 1);
  const at::Tensor i = at::sigmoid(z[0]), f = at::sigmoid(z[1]), g = at::tanh(z[2]), o = at::sigmoid(z[3]);
  carry->c = f * carry->c + i * g;
  carry->h = o * at::tanh(carry->c);
  const at::Tensor u = at::relu(ReferenceAffine(carry->h * mask(2 * groups), w(kFirstW), w(kFirstB)));
  const at::Tensor v = at::relu(ReferenceAffine(u * mask(2 * groups + 1), w(kSecondW), w(kSecondB)));
  const std::vector<at::Tensor> out = at::chunk(ReferenceAffine(v * mask(2 * groups + 2), w(kHeadW), w(kHeadB)), 2, 1);
  const at::Tensor sd = at::softplus(out[1]) + static_cast<double>(model.spec.sd_min);
  return {out[0], at::clamp_max(sd, static_cast<double>(model.spec.sd_max))};
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

ReferenceHeads ReferenceStep(const ReferenceMember& member, const at::Tensor& x) {
  const at::Tensor out = nets::ReferenceMlp(member.spec, member.blocks, x);
  if (member.heads == HeadKind::kMeans) return {out, at::zeros_like(out)};
  const std::vector<at::Tensor> halves = at::chunk(out, 2, 1);
  const at::Tensor upper = member.high - at::softplus(member.high - halves[1]);
  return {halves[0], at::exp(0.5 * (member.low + at::softplus(upper - member.low)))};
}

at::Tensor ReferenceLoss(const ReferenceMember& member, const at::Tensor& x, const at::Tensor& y) {
  const ReferenceHeads heads = ReferenceStep(member, x);
  const at::Tensor square = (y - heads.mean).square();
  if (member.heads == HeadKind::kMeans) return 0.5 * square.mean();
  return (square / heads.sd.square() + 2.0 * at::log(heads.sd)).mean();
}

ReferenceTrajectory ReferenceImagine(const ReferenceUnits& units, const ReferenceNetwork& network,
                                     const nets::ReferencePolicy& policy, const at::Tensor& start,
                                     const at::Tensor& action_noise, const at::Tensor& dynamics_noise,
                                     bool detach_input) {
  const int64_t S = units.states;
  const double limit = kClampLimit;
  const at::Tensor s_mean = units.x_mean.narrow(0, 0, S), s_sd = units.x_sd.narrow(0, 0, S);
  const at::Tensor y_mean = units.y_mean.narrow(0, 0, S), y_sd = units.y_sd.narrow(0, 0, S);
  at::Tensor s = start;
  std::vector<at::Tensor> states{s}, rewards, log_probs;
  at::Tensor clamped = at::zeros({}, s.options()), turn;
  constexpr double kTurn = 6.283185307179586;
  if (!units.wrapped.empty()) turn = at::zeros({S}, s.options());
  for (int j : units.wrapped) turn[j] = kTurn;
  for (int64_t t = 0; t < action_noise.size(0); ++t) {
    const nets::ReferenceSample sample = nets::ReferenceAct(policy, detach_input ? s.detach() : s, action_noise[t]);
    const at::Tensor x = (at::cat({s, sample.action}, 1) - units.x_mean) / units.x_sd;
    const ReferenceHeads heads = network(x);
    const std::vector<at::Tensor> means = at::split_with_sizes(heads.mean, {S, 1}, 1);
    const at::Tensor delta = at::clamp(means[0], -limit, limit) + heads.sd.narrow(1, 0, S) * dynamics_noise[t];
    const at::Tensor next = (s + y_mean + y_sd * delta - s_mean) / s_sd;
    clamped = clamped + (next.detach().abs() > limit).sum();
    s = at::clamp(next, -limit, limit) * s_sd + s_mean;
    // Angles come back by whole turns; the derivative is that of doing nothing.
    if (turn.defined()) s = s - turn * at::round(s.detach() / kTurn);
    states.push_back(s);
    rewards.push_back(means[1].squeeze(1) * units.y_sd[S] + units.y_mean[S]);
    log_probs.push_back(sample.log_prob);
  }
  return {at::stack(states), at::stack(rewards), at::stack(log_probs), clamped, states};
}

ReferenceTrajectory ReferenceImagine(const ReferenceModel& model, const nets::ReferencePolicy& policy,
                                     const at::Tensor& start, ReferenceCarry* carry, const at::Tensor& masks,
                                     const at::Tensor& action_noise, const at::Tensor& dynamics_noise,
                                     bool detach_input) {
  return ReferenceImagine(
      {model.spec.states, model.spec.wrapped, model.x_mean, model.x_sd, model.y_mean, model.y_sd},
      [&](const at::Tensor& x) { return ReferenceStep(model, x, masks, carry); }, policy, start, action_noise,
      dynamics_noise, detach_input);
}

}  // namespace equipoise::model
