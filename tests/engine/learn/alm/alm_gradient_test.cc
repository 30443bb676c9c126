// The three losses of an aligned latent model against their equations, in plain operations with automatic gradients,
// with every place where gradients stop; and that each of those stops is one that shows.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "engine/learn/alm/imagined_actor.h"
#include "engine/learn/alm/judges.h"
#include "engine/learn/alm/representation.h"
#include "engine/nets/aten/reference.h"
#include "tests/engine/back_ends.h"
#include "tests/engine/numeric.h"

namespace equipoise::learn {
namespace {

using at::Tensor;
using test::Double;

constexpr int64_t S = 3, A = 2, L = 4, kRows = 10, kSteps = 3;
constexpr double kGamma = 0.9, kLambda = 0.8, kCost = 0.3, kSd = 0.4, kClip = 0.3;

config::Settings Small(int seed) {
  config::Settings s;
  s.run.seed = seed;
  auto& alm = s.Of<AlmSettings>();
  alm.latent = L;
  alm.hidden = 12;
  alm.model_hidden = 10;
  alm.batch = kRows;
  return s;
}

// Nothing at its special beginning: slower copies are others, biases and shifts are not 0.
AlmNets Somewhere() {
  AlmNets nets(S, A, Small(1)), slow(S, A, Small(2));
  nets.encoder.target = slow.encoder.net;
  for (size_t j = 0; j < 2; ++j) nets.critics.nets()[j].target = slow.critics.nets()[j].net;
  int which = 0;
  const auto move = [&which](nets::Parameters* net) {
    const std::vector<float> by =
        test::Normals(static_cast<int64_t>(net->values.size()), "by" + std::to_string(which++), 0.2f);
    for (size_t k = 0; k < by.size(); ++k) net->values[k] += by[k];
  };
  for (nets::Parameters* net : {&nets.encoder.net, &nets.encoder.target, &nets.model.net, &nets.reward.net,
                                &nets.classifier.net, &nets.actor.net})
    move(net);
  for (TargetedNet& critic : nets.critics.nets()) {
    move(&critic.net);
    move(&critic.target);
  }
  return nets;
}

// Places where no gradient goes, to be opened one by one.
enum class Stop { kLastAction, kTarget, kActsOn, kNextOfClassifier, kActionOfValue };

// The networks once more.
struct Reference {
  explicit Reference(const AlmNets& kept) : nets(kept) {
    encoder = Double(kept.encoder.net.values);
    slow_encoder = Double(kept.encoder.target.values);
    model = Double(kept.model.net.values);
    reward = Double(kept.reward.net.values);
    classifier = Double(kept.classifier.net.values);
    actor = Double(kept.actor.net.values);
    AlmNets copy = kept;
    for (TargetedNet& critic : copy.critics.nets()) {
      critics.push_back(Double(critic.net.values));
      slow_critics.push_back(Double(critic.target.values));
    }
  }
  struct Gaussian {
    Tensor mean, sd;
    Tensor Draw(const Tensor& eps) const { return mean + sd * eps; }
  };
  static Tensor Softplus(const Tensor& x) { return at::logaddexp(x, at::zeros_like(x)); }
  static Tensor Run(const nets::MlpSpec& spec, const nets::Layout& layout, const Tensor& flat, const Tensor& x) {
    return nets::ReferenceMlp(spec, nets::ReferenceBlocks(layout, flat), x);
  }
  static Gaussian Heads(const Tensor& raw) {
    const Tensor x = raw.narrow(1, 0, L), y = raw.narrow(1, L, L);
    return {30 * at::tanh(x / 30), 0.1 + Softplus(10 - Softplus(10 - y) - 0.1)};
  }
  Gaussian Encode(const Tensor& flat, const Tensor& s) const {
    return Heads(Run(nets.encoder.spec, nets.encoder.net.layout, flat, s));
  }
  Gaussian Next(const Tensor& z, const Tensor& a) const {
    return Heads(Run(nets.model.spec, nets.model.net.layout, model, at::cat({z, a}, 1)));
  }
  Tensor Reward(const Tensor& z, const Tensor& a) const {
    return Run(nets.reward.spec, nets.reward.net.layout, reward, at::cat({z, a}, 1)).squeeze(1);
  }
  Tensor Classify(const Tensor& z, const Tensor& a, const Tensor& next) const {
    return Run(nets.classifier.spec, nets.classifier.net.layout, classifier, at::cat({z, a, next}, 1));
  }
  Tensor Q(const Tensor& flat, const Tensor& z, const Tensor& a) const {
    return Run(nets.critic_spec(), nets.reward.net.layout, flat, at::cat({z, a}, 1)).squeeze(1);
  }
  Tensor Least(const std::vector<Tensor>& all, const Tensor& z, const Tensor& a) const {
    return at::minimum(Q(all[0], z, a), Q(all[1], z, a));
  }
  // Straight through the outer clamp.
  Tensor Act(const Tensor& z, const Tensor& eps) const {
    const Tensor m = at::tanh(Run(nets.actor.spec, nets.actor.net.layout, actor, z));
    const Tensor a = m + at::clamp(kSd * eps, -kClip, kClip);
    return a + (at::clamp(a, -1, 1) - a).detach();
  }
  Tensor Held(const Tensor& x, Stop stop) const { return open.count(stop) > 0 ? x : x.detach(); }

  // s [W + 1, n, S], a [W, n, A], eps [W + 1, n, L], last_eps [n, A]
  Tensor RepresentationLoss(const Tensor& s, const Tensor& a, const Tensor& eps, const Tensor& last_eps) const {
    Tensor z = Encode(encoder, s[0]).Draw(eps[0]), sum = at::zeros({kRows}, at::kDouble);
    for (int64_t t = 0; t < kSteps; ++t) {
      const Gaussian p = Next(z, a[t]);
      Gaussian q = Encode(open.count(Stop::kTarget) > 0 ? encoder : slow_encoder, s[t + 1]);
      if (open.count(Stop::kTarget) == 0) q = {q.mean.detach(), q.sd.detach()};
      const Tensor kl = at::log(q.sd / p.sd) + (p.sd.square() + (p.mean - q.mean).square()) / (2 * q.sd.square()) - 0.5;
      sum = sum + kl.sum(1) - Reward(z, a[t]);
      z = p.Draw(eps[t + 1]);
    }
    return (sum - Least(critics, z, Held(Act(z, last_eps), Stop::kLastAction))).mean();
  }
  // z [n, L], eps [H, n, L], action_eps [H + 1, n, A]
  Tensor ActorLoss(Tensor z, const Tensor& eps, const Tensor& action_eps) const {
    std::vector<Tensor> r, v;
    for (int64_t k = 0; k <= kSteps; ++k) {
      const Tensor a = Act(Held(z, Stop::kActsOn), action_eps[k]);
      if (k > 0) v.push_back(Least(critics, z, Held(a, Stop::kActionOfValue)));
      if (k == kSteps) break;
      const Tensor next = Next(z, a).Draw(eps[k]), c = Classify(z, a, Held(next, Stop::kNextOfClassifier));
      r.push_back(Reward(z, a) + kCost * (c.select(1, 1) - c.select(1, 0)));
      z = next;
    }
    Tensor g = v.back(), loss = at::zeros({}, at::kDouble);
    for (int64_t k = kSteps - 1; k >= 0; --k) {
      const auto at = static_cast<size_t>(k);
      g = r[at] + kGamma * ((1 - kLambda) * v[at] + kLambda * g);
      loss = loss - std::pow(kGamma, static_cast<double>(k)) * g.mean() / static_cast<double>(kSteps);
    }
    return loss;
  }

  const AlmNets& nets;
  Tensor encoder, slow_encoder, model, reward, classifier, actor;
  std::vector<Tensor> critics, slow_critics;
  std::set<Stop> open;
};

// Of a loss by one of the reference's networks.
Tensor By(Reference* reference, Tensor Reference::*net, const std::function<Tensor()>& loss) {
  const Tensor kept = reference->*net;
  const Tensor gradient = test::Gradient(kept, [&](const Tensor& flat) {
    reference->*net = flat;
    return loss();
  });
  reference->*net = kept;
  return gradient;
}

// What was gathered: a guarded step of Adam from nothing leaves a tenth of it in the first moment.
std::vector<float> Gathered(const nets::Adam& adam) {
  std::vector<float> g = adam.m;
  for (float& x : g) x *= 10.0f;
  return g;
}

TEST(LatentGaussian, ItsDerivativesAreThoseOfAutograd) {
  constexpr int64_t n = 50;
  std::vector<float> raw = test::Normals(n * 2 * L, "raw", 12.0f);
  const std::vector<float> dmean = test::Normals(n * L, "dmean"), dsd = test::Normals(n * L, "dsd");
  std::vector<float> mean(n * L), sd(n * L), draw(n * 2 * L);
  LatentGaussian(n, L, raw.data(), mean.data(), sd.data());
  LatentGaussianBackward(n, L, raw.data(), dmean.data(), dsd.data(), draw.data());
  const Tensor x = Double(raw.data(), {n, 2 * L}), by_mean = Double(dmean.data(), {n, L}),
               by_sd = Double(dsd.data(), {n, L});
  const Reference::Gaussian want = Reference::Heads(x);
  EXPECT_LT(test::RelativeError(mean, want.mean), 1e-6);
  EXPECT_LT(test::RelativeError(sd, want.sd), 1e-6);
  EXPECT_LT(test::RelativeError(draw, test::Gradient(x,
                                                     [&](const Tensor& leaf) {
                                                       const Reference::Gaussian g = Reference::Heads(leaf);
                                                       return (g.mean * by_mean).sum() + (g.sd * by_sd).sum();
                                                     })),
            1e-6);
}

TEST(LatentGaussian, TheDerivativesOfKlAreThoseOfAutograd) {
  constexpr int64_t n = 200;
  const std::vector<float> mean = test::Normals(n, "m"), q_mean = test::Normals(n, "qm");
  std::vector<float> sd = test::Normals(n, "s"), q_sd = test::Normals(n, "qs"), dmean(n, 0.0f), dsd(n, 0.0f);
  for (auto* v : {&sd, &q_sd})
    for (float& x : *v) x = 0.1f + std::fabs(x);
  const double got = LatentKl(n, mean.data(), sd.data(), q_mean.data(), q_sd.data(), 0.5, dmean.data(), dsd.data());
  const Tensor qm = Double(q_mean), qs = Double(q_sd);
  const auto kl = [&](const Tensor& m, const Tensor& s) {
    return (at::log(qs / s) + (s.square() + (m - qm).square()) / (2 * qs.square()) - 0.5).sum();
  };
  EXPECT_NEAR(got / kl(Double(mean), Double(sd)).item<double>(), 1, 1e-9);
  EXPECT_LT(test::RelativeError(dmean,
                                test::Gradient(Double(mean), [&](const Tensor& m) { return 0.5 * kl(m, Double(sd)); })),
            1e-6);
  EXPECT_LT(
      test::RelativeError(dsd, test::Gradient(Double(sd), [&](const Tensor& s) { return 0.5 * kl(Double(mean), s); })),
      1e-6);
}

TEST(Classifier, TheDerivativesOfItsLossAreThoseOfAutograd) {
  const std::vector<float> logits = test::Normals(2 * kRows, "logits", 3.0f);
  std::vector<float> dlogits(2 * kRows);
  const CrossEntropy got = TwoLogits(kRows, 4, logits.data(), dlogits.data());
  const Tensor x = Double(logits.data(), {kRows, 2});
  const auto loss = [](const Tensor& l) {
    const Tensor log_p = at::log_softmax(l, 1);
    return -(log_p.narrow(0, 0, 4).select(1, 0).sum() + log_p.narrow(0, 4, kRows - 4).select(1, 1).sum()) /
           static_cast<double>(kRows);
  };
  EXPECT_NEAR(got.loss, loss(x).item<double>(), 1e-9);
  EXPECT_LT(test::RelativeError(dlogits, test::Gradient(x, loss)), 1e-6);
}

class AlmGradients : public ::testing::TestWithParam<std::string> {
 protected:
  const nets::NetworkParts& parts() const { return test::PartsOf(GetParam()); }
  const std::vector<float> states = test::Normals((kSteps + 1) * kRows * S, "states"),
                           actions = test::Normals(kSteps * kRows * A, "actions", 0.4f),
                           rewards = test::Normals(kRows, "rewards"), z = test::Normals(kRows * L, "z"),
                           noise = test::Normals((kSteps + 1) * kRows * L, "noise"),
                           action_noise = test::Normals((kSteps + 1) * kRows * A, "action_noise");
  AlmNets nets = Somewhere();
};

TEST_P(AlmGradients, OfTheRepresentationReachEncoderAndModelAndStopWhereMarked) {
  Reference reference(nets);
  const Tensor s = Double(states.data(), {kSteps + 1, kRows, S}), a = Double(actions.data(), {kSteps, kRows, A}),
               eps = Double(noise.data(), {kSteps + 1, kRows, L}), last = Double(action_noise.data(), {kRows, A});
  const auto loss = [&] { return reference.RepresentationLoss(s, a, eps, last); };
  const Tensor by_encoder = By(&reference, &Reference::encoder, loss),
               by_model = By(&reference, &Reference::model, loss);
  const double want = loss().item<double>();
  for (const Stop stop : {Stop::kLastAction, Stop::kTarget}) {
    reference.open = {stop};
    EXPECT_GT((By(&reference, &Reference::encoder, loss) - by_encoder).norm().item<double>(),
              1e-3 * by_encoder.norm().item<double>());
  }

  AlmNets kept = nets;
  AlmWeights weights(parts(), &kept);
  Representation fit(parts(), kept, weights, kRows, kSteps);
  Representation::Told told =
      fit.Differentiate(weights, {kRows, kSteps, states, actions}, noise.data(), action_noise.data(), {kSd, kClip});
  EXPECT_NEAR(told.loss, want, 1e-4 * std::fabs(want));
  fit.Step(&weights, 1e-4, 0, &told);
  weights.Store();
  EXPECT_LT(test::WorstBlockError(kept.encoder.net.layout, Gathered(kept.encoder.adam), by_encoder), 5e-5);
  EXPECT_LT(test::WorstBlockError(kept.model.net.layout, Gathered(kept.model.adam), by_model), 5e-5);
  EXPECT_NEAR(told.encoder_norm, by_encoder.norm().item<double>(), 1e-4 * told.encoder_norm);
  // Nobody else.
  EXPECT_TRUE(kept.reward.net.values == nets.reward.net.values);
  EXPECT_TRUE(kept.actor.net.values == nets.actor.net.values);
  EXPECT_TRUE(kept.encoder.target.values == nets.encoder.target.values);
}

TEST_P(AlmGradients, OfRewardClassifierAndCriticsAreThoseOfTheirEquations) {
  Reference reference(nets);
  const Tensor s = Double(states.data(), {kRows, S}), s_next = Double(states.data() + kRows * S, {kRows, S}),
               a = Double(actions.data(), {kRows, A}), r = Double(rewards), eps = Double(noise.data(), {3, kRows, L}),
               a_eps = Double(action_noise.data(), {kRows, A});
  const Tensor now = reference.Encode(reference.slow_encoder, s).Draw(eps[0]),
               next = reference.Encode(reference.slow_encoder, s_next).Draw(eps[1]),
               imagined = reference.Next(now, a).Draw(eps[2]);
  const int64_t half = kRows / 2;
  const Tensor mixed = at::cat({imagined.narrow(0, 0, half), next.narrow(0, half, kRows - half)});
  const Tensor y = r + kGamma * reference.Least(reference.slow_critics, next, reference.Act(next, a_eps));
  const auto reward_loss = [&] { return (reference.Reward(now, a) - r).square().mean(); };
  const auto classifier_loss = [&] {
    const Tensor log_p = at::log_softmax(reference.Classify(now, a, mixed), 1);
    return -(log_p.narrow(0, 0, half).select(1, 0).sum() + log_p.narrow(0, half, kRows - half).select(1, 1).sum()) /
           static_cast<double>(kRows);
  };
  const auto critic_loss = [&](size_t j, const Tensor& flat) {
    (void)j;
    return 0.5 * (reference.Q(flat, now, a) - y).square().mean();
  };

  AlmNets kept = nets;
  AlmWeights weights(parts(), &kept);
  Judges judges(parts(), kept, weights, kRows);
  Judges::Told told =
      judges.Differentiate(weights, {states.data(), actions.data(), rewards.data(), states.data() + kRows * S},
                           noise.data(), action_noise.data(), {kSd, kClip}, kGamma);
  EXPECT_LT(test::RelativeError(judges.z(), now), 1e-5);
  judges.Step(&weights, 1e-4, 1e-4, 0, &told);
  weights.Store();
  EXPECT_NEAR(told.reward_loss, reward_loss().item<double>(), 1e-4 * told.reward_loss);
  EXPECT_NEAR(told.classifier_loss, classifier_loss().item<double>(), 1e-4 * told.classifier_loss);
  EXPECT_LT(test::WorstBlockError(kept.reward.net.layout, Gathered(kept.reward.adam),
                                  By(&reference, &Reference::reward, reward_loss)),
            5e-5);
  EXPECT_LT(test::WorstBlockError(kept.classifier.net.layout, Gathered(kept.classifier.adam),
                                  By(&reference, &Reference::classifier, classifier_loss)),
            5e-5);
  double sum = 0;
  for (size_t j = 0; j < 2; ++j) {
    const Tensor want = test::Gradient(reference.critics[j], [&](const Tensor& flat) { return critic_loss(j, flat); });
    sum += critic_loss(j, reference.critics[j]).item<double>();
    EXPECT_LT(test::WorstBlockError(nets.reward.net.layout, Gathered(kept.critics.nets()[j].adam), want), 5e-5);
  }
  EXPECT_NEAR(told.critic_loss, sum, 1e-4 * sum);
  EXPECT_TRUE(kept.encoder.net.values == nets.encoder.net.values);
  EXPECT_TRUE(kept.model.net.values == nets.model.net.values);
}

TEST_P(AlmGradients, OfTheActorGoThroughTheModelAndStopWhereMarked) {
  Reference reference(nets);
  const Tensor tz = Double(z.data(), {kRows, L}), eps = Double(noise.data(), {kSteps, kRows, L}),
               a_eps = Double(action_noise.data(), {kSteps + 1, kRows, A});
  const auto loss = [&] { return reference.ActorLoss(tz, eps, a_eps); };
  const Tensor by_actor = By(&reference, &Reference::actor, loss);
  const double want = loss().item<double>();
  for (const Stop stop : {Stop::kActsOn, Stop::kNextOfClassifier, Stop::kActionOfValue}) {
    reference.open = {stop};
    EXPECT_GT((By(&reference, &Reference::actor, loss) - by_actor).norm().item<double>(),
              1e-3 * by_actor.norm().item<double>());
  }

  AlmNets kept = nets;
  AlmWeights weights(parts(), &kept);
  ImaginedActor actor(parts(), kept, weights, kRows, kSteps);
  ImaginedActor::Told told =
      actor.Differentiate(weights, z.data(), noise.data(), action_noise.data(), {kSd, kClip}, {kGamma, kLambda, kCost});
  EXPECT_NEAR(told.loss, want, 1e-4 * std::fabs(want) + 1e-5);
  actor.Step(&weights, 1e-4, 0, &told);
  weights.Store();
  EXPECT_LT(test::WorstBlockError(kept.actor.net.layout, Gathered(kept.actor.adam), by_actor), 5e-5);
  EXPECT_TRUE(kept.model.net.values == nets.model.net.values);
  EXPECT_TRUE(kept.reward.net.values == nets.reward.net.values);
}

INSTANTIATE_TEST_SUITE_P(BackEnds, AlmGradients, ::testing::ValuesIn(test::BackEnds()),
                         [](const auto& param_info) { return param_info.param; });

}  // namespace
}  // namespace equipoise::learn
