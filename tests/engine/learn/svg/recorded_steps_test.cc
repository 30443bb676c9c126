// Value gradients along recorded steps: the scalar linear-quadratic world in closed form, automatic gradients under the
// inferred noise, and that noise itself.
#include "engine/learn/svg/recorded_steps.h"

#include <cmath>

#include <gtest/gtest.h>

#include "engine/model/feedforward/bootstrap_ensemble.h"
#include "engine/model/feedforward/bootstrap_ensemble_settings.h"
#include "engine/model/infer_noise.h"
#include "tests/engine/back_ends.h"
#include "tests/engine/model/feedforward/tiny_members.h"
#include "tests/engine/model/scalar_model.h"

namespace equipoise::learn {
namespace {

using test::Double;
using test::Normals;

constexpr int64_t S = test::kTinyStates, A = test::kTinyActions;

// u = theta tanh(s) + bias, nearly without spread: linear to 1e-4 at s = .01.
nets::Policy Linear(double theta, double bias = 0) {
  Stream stream(1, "linear");
  nets::Policy policy(1, 1, 1, 1, 1e-9, stream);
  for (int block = 0; block < policy.net.layout.size(); ++block) policy.net.Fill(block, 0.0f);
  policy.net.at(policy.net.layout.Find("w0"))[0] = 1.0f;
  policy.net.at(policy.net.layout.Find("w_out"))[0] = static_cast<float>(theta);
  policy.net.at(policy.net.layout.Find("b_out"))[0] = static_cast<float>(bias);
  return policy;
}

// The gradient that the actor would step against, out of the moments of a first step.
std::vector<float> Gradient(GaussianActor* actor, const nets::Adam& adam) {
  EXPECT_TRUE(actor->Step(0.0, 1e-3, 0.0).applied);
  actor->Store();
  std::vector<float> gradient = adam.m;
  for (float& g : gradient) g *= 10.0f;
  return gradient;
}
float At(const nets::Policy& policy, const std::vector<float>& gradient, const char* block) {
  return gradient[static_cast<size_t>(policy.net.layout[policy.net.layout.Find(block)].offset)];
}

// dJ/dtheta over s_0^2 along an episode that was recorded in s' = .9 s + .5 a, by a model that says `slope` for .9.
double Derivative(double slope, int T, double gamma) {
  constexpr double kStart = 0.01;
  const test::ScalarModel model(slope);
  nets::Policy policy = Linear(-0.5);
  nets::Adam adam(policy.net.layout.total());
  std::vector<float> s{static_cast<float>(kStart)}, u;
  for (int t = 0; t < T; ++t) {
    u.push_back(-0.5f * std::tanh(s.back()));
    s.push_back(0.9f * s.back() + 0.5f * std::tanh(u.back()));
  }
  GaussianActor actor(model::CpuParts(), &policy, &adam, 1);
  RecordedSteps steps(model, &actor, 1, T, {});
  steps.Infer(s.data(), u.data());
  steps.Walk({gamma, 0.0, nullptr, nullptr});
  const nets::Policy shape = policy;
  return -At(shape, Gradient(&actor, adam), "w_out") / (kStart * kStart);
}

TEST(RecordedSteps, HaveTheDerivativeOfTheLinearQuadraticWorldOverAWholeEpisode) {
  EXPECT_NEAR(Derivative(0.9, 5, 1.0), -1.616183, 1e-3);
  EXPECT_NEAR(Derivative(0.9, 20, 1.0), -1.824552, 1e-3);
  EXPECT_GT(std::fabs(Derivative(0.5, 20, 1.0) + 1.824552), 0.1) << "derivatives are the model's";  // negative control
}

// At s = 1 and a = -.5, with V = -1.653893 s^2 behind it: dr/da + gamma V'(s') ds'/da = -.867527.
TEST(RecordedSteps, OfOneStepHaveTheDerivativeOfItsValue) {
  const test::ScalarModel model(0.9);
  const double a = -0.5, next = 0.65;
  for (const double spread : {0.0, 0.8}) {
    // What was drawn was not the mean: the derivative is that of the action all the same.
    nets::Policy policy = Linear(0, std::atanh(a) - spread);
    nets::Adam adam(policy.net.layout.total());
    GaussianActor actor(model::CpuParts(), &policy, &adam, 1);
    RecordedSteps steps(model, &actor, 1, 1, {});
    const float s[] = {1.0f, static_cast<float>(next)}, u[] = {static_cast<float>(std::atanh(a))}, weight[] = {3.0f};
    const float dend[] = {static_cast<float>(3 * 0.9 * 2 * 1.653893 * next)};
    steps.Infer(s, u);
    steps.Walk({0.9, 0.0, weight, dend});
    EXPECT_NEAR(-At(policy, Gradient(&actor, adam), "b_out") / (1 - a * a), 3 * -0.867527, 1e-4) << spread;
    EXPECT_NEAR(steps.value_gradient(1), dend[0] / 0.9, 1e-5);
  }
}

// The best is a = -1.324624 s, with V = -1.238432 s^2: there no derivative is left.
TEST(RecordedSteps, OfOneStepHaveNoDerivativeAtTheOptimum) {
  const test::ScalarModel model(0.9);
  for (const double shift : {0.0, 0.2}) {
    const double start = 0.5, a = -1.324624 * start + shift, next = 0.9 * start + 0.5 * a;
    nets::Policy policy = Linear(0, std::atanh(a));
    nets::Adam adam(policy.net.layout.total());
    GaussianActor actor(model::CpuParts(), &policy, &adam, 1);
    RecordedSteps steps(model, &actor, 1, 1, {});
    const float s[] = {static_cast<float>(start), static_cast<float>(next)}, u[] = {static_cast<float>(std::atanh(a))};
    const float dend[] = {static_cast<float>(0.9 * 2 * 1.238432 * next)};
    steps.Infer(s, u);
    steps.Walk({0.9, 0.0, nullptr, dend});
    const double derivative = -At(policy, Gradient(&actor, adam), "b_out") / (1 - a * a);
    // Of a quadratic in a: -(.2 + .9 2 1.238432 .25) shift.
    EXPECT_NEAR(derivative, -(0.2 + 0.9 * 2 * 1.238432 * 0.25) * shift, 1e-5);
  }
}

nets::Policy NewPolicy(uint64_t seed) {
  Stream init(seed, "policy");
  return nets::Policy({S, A, 16, 2, nets::Activation::kTanh, nets::Spread{nets::Spread::Kind::kLogClamp, 0}}, init);
}

struct Spreading {
  Spreading() {
    config::Settings settings;
    auto& ensemble = settings.Of<model::BootstrapEnsembleSettings>();
    ensemble.hidden = 12;
    ensemble.layers = 2;
    ensemble.members = 3;
    model = test::TinyMembers<model::FeedForward>(model::BootstrapEnsembleInfo(), data, settings);
    policy = NewPolicy(5);
    policy.sd = {0.4f, 0.6f, 0.5f};
  }
  // The first n episodes, T steps of each.
  void Record(int64_t n, int64_t T) {
    std::vector<float> o(static_cast<size_t>(S));
    for (int64_t t = 0; t <= T; ++t) {
      for (int64_t i = 0; i < n; ++i) {
        data.Observation(i, t, o.data());
        s.insert(s.end(), o.begin(), o.end());
        for (int64_t j = 0; j < A && t < T; ++j)
          u.push_back(std::atanh(data[i].actions[static_cast<size_t>(t * A + j)]));
      }
    }
  }
  replay::EpisodeBuffer data = test::TinyBuffer(6, 8);
  std::unique_ptr<model::FeedForward> model;
  nets::Policy policy;
  std::vector<float> s, u;
};

TEST(RecordedSteps, AreRepeatedUnderTheirNoiseHoweverWrongTheModelIs) {
  constexpr int64_t n = 5, T = 8;
  Spreading world;
  world.Record(n, T);
  nets::Adam adam(world.policy.net.layout.total());
  GaussianActor actor(model::CpuParts(), &world.policy, &adam, n);
  RecordedSteps steps(*world.model, &actor, n, T, {});
  steps.Infer(world.s.data(), world.u.data());
  EXPECT_GT(steps.ModelNoise(), 0.1);
  EXPECT_GT(steps.PolicyNoise(), 0.1);
  for (int64_t t = 0; t < T; ++t) {
    actor.Density(world.s.data() + t * n * S, world.u.data() + t * n * A);
    for (int64_t i = 0; i < n; ++i) EXPECT_EQ(steps.log_prob(t)[i], actor.log_prob()[i]);
    actor.Sample(world.s.data() + t * n * S, steps.eps(t));
    for (int64_t i = 0; i < n * A; ++i)
      EXPECT_NEAR(actor.action()[i], std::tanh(world.u[static_cast<size_t>(t * n * A + i)]), 1e-5);
  }
  steps.Walk({});
  double entropy = 0;
  for (int64_t i = 0; i < T * n; ++i) entropy -= steps.log_prob(0)[i] / static_cast<double>(T * n);
  EXPECT_NEAR(steps.entropy(), entropy, 1e-3);
  EXPECT_GT(steps.ModelNoiseWithin(2), steps.ModelNoiseWithin(1));
  const replay::Normaliser& norm = world.model->normaliser();
  for (int64_t t = 1; t <= T; ++t)
    for (int64_t i = 0; i < n * S; ++i) {
      const auto j = static_cast<size_t>(i % S);
      EXPECT_NEAR(steps.repeated(t)[i] * norm.x_sd[j] + norm.x_mean[j], world.s[static_cast<size_t>(t * n * S + i)],
                  1e-5);
    }
}

// The same loss written as an imagination under that noise, whose states are the recorded ones; and once the policy has
// moved, those that it would have led to.
void ExpectTheGradientOfTheEquations(bool moved) {
  constexpr int64_t n = 6, T = 3;
  constexpr double kGamma = 0.9, kAlpha = 0.2;
  Spreading world;
  world.Record(n, T);
  const nets::Policy before = world.policy;
  nets::Adam adam(before.net.layout.total());
  GaussianActor actor(model::CpuParts(), &world.policy, &adam, n);
  RecordedSteps steps(*world.model, &actor, n, T, {});
  const auto weights = Normals(n, "weights"), dend = Normals(n * S, "dend");
  steps.Infer(world.s.data(), world.u.data());
  nets::Policy now = moved ? NewPolicy(6) : before;
  now.mean = before.mean;
  now.sd = before.sd;
  if (moved) {
    actor.MoveTowards(GaussianActor(model::CpuParts(), &now, nullptr, n), 1.0);
    steps.Follow();
    double apart = 0;
    for (int64_t i = 0; i < n * S; ++i)
      apart = std::max(apart, std::fabs(double(steps.state(T)[i]) - world.s[static_cast<size_t>(T * n * S + i)]));
    EXPECT_GT(apart, 0.01);
  }
  steps.Walk({kGamma, kAlpha, weights.data(), dend.data()});
  const std::vector<float> gradient = Gradient(&actor, adam);

  std::vector<size_t> member;
  for (int64_t r = 0; r < n; ++r) member.push_back(static_cast<size_t>(r % 3));
  const at::Tensor flat = Double(now.net.values);
  const auto loss = [&](const at::Tensor& p) {
    const model::ReferenceTrajectory seen = model::ReferenceImagine(
        test::UnitsOf(*world.model), test::RowByRow(*world.model, {member}), test::ReferenceOf(before, p),
        Double(world.s.data(), {n, S}), Double(steps.eps(0), {T, n, A}), Double(steps.xi(0), {T, n, S}), false);
    at::Tensor sum = at::zeros({n}, at::kDouble);
    for (int64_t t = 0; t < T; ++t) sum = sum + std::pow(kGamma, t) * (seen.reward[t] - kAlpha * seen.log_prob[t]);
    return -(Double(weights) * sum).mean() + (seen.states.back() * Double(dend.data(), {n, S})).sum();
  };
  EXPECT_LT(test::WorstBlockError(before.net.layout, gradient, test::Gradient(flat, loss)), 1e-4);
}

TEST(RecordedSteps, HaveTheGradientOfTheEquationsUnderTheirNoise) { ExpectTheGradientOfTheEquations(false); }
TEST(RecordedSteps, HaveItUnderTheSameNoiseOnceThePolicyHasMoved) { ExpectTheGradientOfTheEquations(true); }

// dJ/dtheta over s_0^2 of u = theta tanh(s) in s' = .9 s + .5 a, by central differences of the episode itself.
double ByDifferences(double theta, int T, double start) {
  const auto J = [&](double th) {
    double s = start, sum = 0;
    for (int t = 0; t < T; ++t) {
      const double a = std::tanh(th * std::tanh(s));
      sum -= s * s + 0.1 * a * a;
      s = 0.9 * s + 0.5 * a;
    }
    return sum;
  };
  return (J(theta + 1e-4) - J(theta - 1e-4)) / 2e-4 / (start * start);
}

// Recorded under theta = -.5; the policy has moved to -1 since.
TEST(RecordedSteps, AreFollowedByThePolicyAsItIsNow) {
  constexpr int T = 20;
  constexpr double kStart = 0.01;
  const test::ScalarModel model(0.9);
  std::vector<float> s{static_cast<float>(kStart)}, u;
  for (int t = 0; t < T; ++t) {
    u.push_back(-0.5f * std::tanh(s.back()));
    s.push_back(0.9f * s.back() + 0.5f * std::tanh(u.back()));
  }
  const auto derivative = [&](bool follow) {
    nets::Policy policy = Linear(-0.5), moved = Linear(-1);
    nets::Adam adam(policy.net.layout.total());
    GaussianActor actor(model::CpuParts(), &policy, &adam, 1), now(model::CpuParts(), &moved, nullptr, 1);
    RecordedSteps steps(model, &actor, 1, T, {});
    steps.Infer(s.data(), u.data());
    actor.MoveTowards(now, 1.0);
    if (follow) {
      steps.Follow();
      double at = kStart;
      for (int t = 0; t <= T; ++t, at = 0.9 * at + 0.5 * std::tanh(-std::tanh(at)))
        EXPECT_NEAR(steps.state(t)[0], at, 1e-6) << t;
    }
    steps.Walk({1.0, 0.0, nullptr, nullptr});
    return -At(moved, Gradient(&actor, adam), "w_out") / (kStart * kStart);
  };
  ASSERT_NEAR(ByDifferences(-0.5, T, kStart), -1.824552, 1e-3);
  EXPECT_NEAR(derivative(true), ByDifferences(-1, T, kStart), 1e-3);
  EXPECT_GT(std::fabs(derivative(false) - ByDifferences(-1, T, kStart)), 0.3);  // negative control
}

// What a model without spread gets wrong is added as it was: under the same policy the same happens again.
TEST(RecordedSteps, FollowWhatHappenedWhileThePolicyIsTheSame) {
  constexpr int T = 20;
  const test::ScalarModel wrong(0.5);
  nets::Policy policy = Linear(-0.5);
  nets::Adam adam(policy.net.layout.total());
  std::vector<float> s{0.3f}, u;
  for (int t = 0; t < T; ++t) {
    u.push_back(-0.5f * std::tanh(s.back()));
    s.push_back(0.9f * s.back() + 0.5f * std::tanh(u.back()) + 0.01f * static_cast<float>(t % 3));
  }
  GaussianActor actor(model::CpuParts(), &policy, &adam, 1);
  RecordedSteps steps(wrong, &actor, 1, T, {});
  steps.Infer(s.data(), u.data());
  steps.Follow();
  for (int t = 0; t <= T; ++t) EXPECT_NEAR(steps.state(t)[0], s[static_cast<size_t>(t)], 1e-5) << t;
}

TEST(RecordedSteps, FollowAnglesAcrossTheSeam) {
  constexpr int64_t T = 2;
  config::Settings settings;
  auto& ensemble = settings.Of<model::BootstrapEnsembleSettings>();
  ensemble.hidden = 8;
  ensemble.members = 1;
  ensemble.elites = 0;
  const replay::EpisodeBuffer data = test::TinyBuffer(6, 8);
  const auto model = test::TinyMembers<model::FeedForward>(model::BootstrapEnsembleInfo(), data, settings, {1});
  nets::Policy policy = NewPolicy(5);
  nets::Adam adam(policy.net.layout.total());
  GaussianActor actor(model::CpuParts(), &policy, &adam, 1);
  RecordedSteps steps(*model, &actor, 1, T, {1});
  const std::vector<float> s = {0.1f, 3.12f, -0.2f, 0.15f, -3.13f, -0.1f, 0.1f, 3.13f, -0.2f};
  const std::vector<float> u = {0.2f, -0.1f, 0.1f, 0.3f};
  steps.Infer(s.data(), u.data());
  for (int64_t i = 0; i < T * S; ++i) EXPECT_LT(std::fabs(steps.xi(0)[i]), 50) << i;
  steps.Follow();
  for (size_t i = 0; i < s.size(); ++i) EXPECT_NEAR(steps.state(0)[i], s[i], 1e-4) << i;
}

TEST(InferNoise, TakesAnglesTheShortWayRound) {
  config::Settings s;
  auto& ensemble = s.Of<model::BootstrapEnsembleSettings>();
  ensemble.hidden = 8;
  ensemble.members = 1;
  ensemble.elites = 0;
  const replay::EpisodeBuffer data = test::TinyBuffer(6, 8);
  const auto model = test::TinyMembers<model::FeedForward>(model::BootstrapEnsembleInfo(), data, s, {1});
  const replay::Normaliser& norm = model->normaliser();
  const auto z = [&](float angle) {
    std::vector<float> out;
    const float raw[] = {0.1f, angle, -0.2f};
    for (size_t j = 0; j < 3; ++j) out.push_back((raw[j] - norm.x_mean[j]) / norm.x_sd[j]);
    return out;
  };
  const float action[] = {0.2f, -0.1f};
  const auto inferred = [&](float from, float to) {
    std::vector<float> states = z(from), next = z(to), xi(3);
    states.insert(states.end(), next.begin(), next.end());
    model::InferNoise(*model, 1, 1, model->Nth(0), {1}, states.data(), action, xi.data());
    return xi[1];
  };
  const float pi = 3.14159265f;
  // The same small turn, across the seam and beside it; the model's own part differs by as much as it sees the angle.
  const float across = inferred(pi - 0.02f, -pi + 0.02f), beside = inferred(pi - 0.06f, pi - 0.02f);
  EXPECT_NEAR(across, beside, 0.5 * std::fabs(beside) + 0.5);
  EXPECT_LT(std::fabs(across), 20);
}

}  // namespace
}  // namespace equipoise::learn
