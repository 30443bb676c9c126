// Proximal policy optimisation: one gradient step against its equations, its two normalisers, and what it learns from.
#include "engine/learn/ppo.h"

#include <cmath>

#include <gtest/gtest.h>

#include "engine/agent/controllers/policy_controller.h"
#include "engine/learn/gaussian_actor.h"
#include "engine/learn/ppo_loss.h"
#include "tests/engine/known_worlds.h"
#include "tests/engine/learn/reference_losses.h"
#include "tests/engine/model/tiny_world.h"

namespace equipoise::learn {
namespace {

using test::Double;
using test::Normals;

constexpr uint8_t kOwn = 2;

config::Settings SettingsFor(int64_t batch_steps) {
  config::Settings s;
  s.run.seed = 4;
  s.run.random_episodes = 3;
  auto& ppo = s.Of<PpoSettings>("ppo");
  ppo.hidden = 16;
  ppo.batch_steps = static_cast<int>(batch_steps);
  ppo.minibatches = 4;
  ppo.epochs = 2;
  ppo.anneal = false;
  return s;
}

std::unique_ptr<PpoLearner> NewPpo(const test::KnownWorld& world, const config::Settings& s) {
  return std::make_unique<PpoLearner>(PpoInfo(), std::make_unique<NewestEpisodes>("ppo", kOwn), world.states,
                                      world.actions, s);
}

ArchiveReader Saved(const PpoLearner& learner) {
  ArchiveWriter out;
  learner.Save(out);
  return ArchiveReader::Parse(out.Finish(), "memory").value();
}

nets::MlpSpec ValueSpec(const PpoLearner& learner) {
  const nets::MlpSpec& actor = learner.policy().spec;
  return {actor.inputs, actor.hidden, actor.layers, 1, nets::Activation::kTanh};
}

// In the first step rho is 1, so the gradient is -mean A grad log pi exactly, and that of the value's squared error.
TEST(Ppo, TheFirstGradientIsThatOfThePolicyGradientAndOfTheValuesError) {
  const test::KnownWorld world = test::DoubleIntegrator();
  config::Settings s = SettingsFor(4 * world.horizon);
  auto& ppo = s.Of<PpoSettings>("ppo");
  ppo.epochs = ppo.minibatches = 1;
  ppo.clip_norm = 0;
  test::Life life(world, s);
  const auto learner = NewPpo(world, s);
  agent::PolicyController controller(*learner);
  life.ActRandomly();
  for (int i = 0; i < 4; ++i) life.Act(&controller, kOwn);

  const int64_t T = world.horizon, S = 2, n = 4 * T;
  const nets::Policy policy = learner->policy();
  const at::Tensor value_flat = Double(Saved(*learner).Floats("ppo.value"));
  std::vector<const float*> rewards;
  for (int64_t i = 3; i < 7; ++i) rewards.push_back(life.data()[i].rewards.data());
  const double unit = SpreadOfReturns(rewards, T, ppo.gamma);
  std::vector<float> states, u, A(static_cast<size_t>(n)), R(A);
  for (int64_t i = 0; i < 4; ++i) {
    const replay::Episode& e = life.data()[i + 3];
    const std::vector<float> v = learner->V(e.states.data(), T + 1);  // still in the network's own units
    std::vector<float> r = e.rewards;
    for (float& x : r) x = static_cast<float>(x / unit);
    GeneralisedAdvantage(T, r.data(), v.data(), ppo.gamma, ppo.lambda, A.data() + i * T, R.data() + i * T);
    states.insert(states.end(), e.states.begin(), e.states.begin() + T * S);
    u.insert(u.end(), e.latents.begin(), e.latents.end());
  }
  Standardise(n, A.data());
  const TrainReport report = life.Train(learner.get());
  ASSERT_EQ(report.steps, 1);
  EXPECT_NEAR(report.scalars.at("ppo.kl"), 0, 1e-7);
  EXPECT_EQ(report.scalars.at("ppo.clipped"), 0);

  const at::Tensor ts = Double(states.data(), {n, S}), tu = Double(u.data(), {n, 1});
  const auto actor_loss = [&](const at::Tensor& p) {
    const at::Tensor raw = nets::ReferenceMlp(policy.spec, nets::ReferenceBlocks(policy.net.layout, p), ts);
    return -(Double(A) * nets::ReferenceLogDensity(raw, tu, policy.spread)).mean();
  };
  const nets::MlpSpec value_spec = ValueSpec(*learner);
  Stream unused(0, "layout");
  const nets::Layout value_layout = nets::MakeMlp(value_spec, unused).layout;
  const auto value_loss = [&](const at::Tensor& p) {
    const at::Tensor v = nets::ReferenceMlp(value_spec, nets::ReferenceBlocks(value_layout, p), ts).squeeze(-1);
    return ppo.value_weight * (v - Double(R)).square().mean();
  };
  // Inputs are counted in their spreads after the step, and moments with them.
  const ArchiveReader after = Saved(*learner);
  const std::vector<float> spread = after.Floats("ppo.policy.sd");
  const auto gradient = [&](const char* adam) {
    std::vector<float> g = after.Floats(adam);
    for (size_t i = 0; i < g.size(); ++i) g[i] *= i < 2 * 16 ? 10.0f * spread[i / 16] : 10.0f;
    return g;
  };
  EXPECT_LT(test::WorstBlockError(policy.net.layout, gradient("ppo.actor_adam.m"),
                                  test::Gradient(Double(policy.net.values), actor_loss)),
            5e-5);
  EXPECT_LT(test::WorstBlockError(value_layout, gradient("ppo.value_adam.m"), test::Gradient(value_flat, value_loss)),
            5e-5);
}

// Of 20 states, with one and the same noise.
std::vector<float> ActionsOf(const PpoLearner& learner, float noise = 0.5f) {
  const auto states = Normals(40, "s");
  nets::Policy policy = learner.policy();
  std::vector<float> a(20);
  for (size_t i = 0; i < a.size(); ++i) policy.Act(states.data() + 2 * i, &noise, &a[i]);
  return a;
}

// Both normalisers move with every batch. With a step size of 0 nothing else does: what it does and what it expects
// stays as it was, in raw units.
TEST(Ppo, ItsNormalisersMoveAndItsFunctionsStay) {
  const test::KnownWorld world = test::DoubleIntegrator();
  config::Settings s = SettingsFor(2 * world.horizon);
  auto& ppo = s.Of<PpoSettings>("ppo");
  ppo.lr = 0.01;
  test::Life life(world, s);
  const auto learner = NewPpo(world, s);
  agent::PolicyController controller(*learner);
  life.Learn(learner.get(), &controller, 5);
  ppo.lr = 0;
  const auto states = Normals(40, "s");
  const std::vector<float> actions = ActionsOf(*learner), values = learner->V(states.data(), 20),
                           sd = learner->policy().sd;
  const double unit = Saved(*learner).Real("ppo.return_sd");
  const std::vector<double> returns = life.Learn(learner.get(), &controller, 4);
  EXPECT_NE(learner->policy().sd, sd);
  EXPECT_NE(Saved(*learner).Real("ppo.return_sd"), unit);
  const std::vector<float> again = ActionsOf(*learner), valued = learner->V(states.data(), 20);
  for (size_t i = 0; i < again.size(); ++i) {
    EXPECT_NEAR(again[i], actions[i], 2e-5);
    EXPECT_NEAR(valued[i], values[i], 1e-4 * (1 + std::fabs(values[i])));
  }
}

// What was stored when it acted is what the same weights say afterwards, also after the normalisers moved.
TEST(Ppo, TheRatioIsOneBeforeTheFirstStep) {
  const test::KnownWorld world = test::DoubleIntegrator();
  const config::Settings s = SettingsFor(2 * world.horizon);
  test::Life life(world, s);
  const auto learner = NewPpo(world, s);
  agent::PolicyController controller(*learner);
  life.Learn(learner.get(), &controller, 7);  // three updates, and one episode by the weights of now
  const replay::Episode& e = life.data()[life.data().size() - 1];
  nets::Policy policy = learner->policy();
  nets::Adam adam(policy.net.layout.total());
  GaussianActor actor(model::CpuParts(), &policy, &adam, world.horizon);
  actor.Density(e.states.data(), e.latents.data());
  double largest = 0;
  for (size_t t = 0; t < e.log_probs.size(); ++t)
    largest = std::max<double>(largest, std::fabs(std::exp(actor.log_prob()[t] - e.log_probs[t]) - 1));
  EXPECT_LT(largest, 5e-6);
}

TEST(Ppo, LearnsFromItsOwnNewestEpisodesAndFromEachOnce) {
  const test::KnownWorld world = test::DoubleIntegrator();
  const config::Settings s = SettingsFor(3 * world.horizon + 20);  // three whole episodes
  test::Life life(world, s);
  const auto learner = NewPpo(world, s);
  agent::PolicyController controller(*learner);
  life.ActRandomly();
  life.Act(&controller, 3);  // as if another one's
  const auto work = [&] { return learner->NextWork({life.data(), s, 0}); };
  for (const double gathered : {0.0, 1.0 / 3, 2.0 / 3}) {
    EXPECT_EQ(work(), 0);
    EXPECT_EQ(learner->Waiting({life.data(), s, 0}), std::to_string(std::lround(3 * gathered)) + " of 3 episodes");
    EXPECT_NEAR(life.Train(learner.get()).scalars.at("ppo.gathered"), gathered, 1e-12);
    life.Act(&controller, kOwn);
  }
  EXPECT_EQ(work(), 2 * 4);
  EXPECT_EQ(learner->Waiting({life.data(), s, 0}), "");
  const TrainReport report = life.Train(learner.get());
  EXPECT_EQ(report.steps, 8);
  EXPECT_EQ(report.scalars.at("ppo.gathered"), 1);
  EXPECT_EQ(work(), 0) << "the same batch again";
  EXPECT_EQ(life.Train(learner.get()).scalars.count("ppo.kl"), 0u);

  // It takes exactly those: rewards of the others do not matter.
  NewestEpisodes source("ppo", kOwn);
  const OnPolicyBatch batch =
      source.Take({3 * world.horizon + 20, 0.99}, {life.data(), s, 1, 0, {}}, learner->policy(), 0);
  ASSERT_EQ(batch.trajectories, 3);
  for (int64_t i = 0; i < 3; ++i) {
    const replay::Episode& e = life.data()[4 + i];
    EXPECT_EQ(std::vector<float>(batch.reward.begin() + i * 50, batch.reward.begin() + (i + 1) * 50), e.rewards);
    EXPECT_EQ(std::vector<float>(batch.s.begin() + i * 102, batch.s.begin() + (i + 1) * 102), e.states);
    EXPECT_EQ(std::vector<float>(batch.log_prob.begin() + i * 50, batch.log_prob.begin() + (i + 1) * 50), e.log_probs);
  }
}

TEST(Ppo, StopsAPassEarlyWhenThePolicyHasMovedFarAndSlowsDownTowardsTheEnd) {
  const test::KnownWorld world = test::DoubleIntegrator();
  config::Settings s = SettingsFor(2 * world.horizon);
  auto& ppo = s.Of<PpoSettings>("ppo");
  ppo.epochs = 20;
  ppo.lr = 0.05;
  const auto first = [&] {
    test::Life life(world, s);
    const auto learner = NewPpo(world, s);
    agent::PolicyController controller(*learner);
    life.Act(&controller, kOwn);
    life.Act(&controller, kOwn);
    return life.Train(learner.get());
  };
  EXPECT_EQ(first().steps, 80);
  ppo.target_kl = 0.01;
  EXPECT_LT(first().steps, 80);
  ppo.anneal = true;
  s.run.episodes = 8;
  test::Life life(world, s);
  const auto learner = NewPpo(world, s);
  agent::PolicyController controller(*learner);
  std::vector<double> sizes;
  for (int i = 0; i < 8; ++i) {
    const TrainReport report = life.Train(learner.get());
    if (report.steps > 0) sizes.push_back(report.scalars.at("ppo.step_size"));
    life.Learn(learner.get(), &controller, 1);
  }
  ASSERT_EQ(sizes.size(), 3u);  // before episodes 3, 5 and 7
  for (size_t i = 0; i < sizes.size(); ++i) EXPECT_NEAR(sizes[i], 0.05 * (1 - (2 + 2.0 * i) / 8), 1e-12);
}

TEST(Ppo, StartsFromAnOrthogonalNetworkThatActsByItsSpreadAlone) {
  const config::Settings s;
  nets::Policy policy = NewPpoPolicy("ppo", 5, 2, s);
  const auto states = Normals(50, "s");
  const std::vector<float> none = {0, 0}, one = {1, 1};
  std::vector<float> a(2), u(2);
  float log_prob = 0;
  for (int i = 0; i < 10; ++i) {
    policy.Act(states.data() + 5 * i, none.data(), a.data(), u.data(), &log_prob);
    for (const float x : u) EXPECT_LT(std::fabs(x), 0.1);
    const std::vector<float> mean = u;
    policy.Act(states.data() + 5 * i, one.data(), a.data(), u.data(), &log_prob);
    for (size_t j = 0; j < 2; ++j) EXPECT_NEAR(u[j] - mean[j], 1, 1e-5);
  }
}

double Apart(const std::vector<float>& a, const std::vector<float>& b) {
  double most = 0;
  for (size_t i = 0; i < a.size(); ++i) most = std::max(most, std::fabs(double{a[i]} - double{b[i]}));
  return most;
}

TEST(Ppo, LetsItsValueLearnAloneFromTheFirstBatches) {
  const test::KnownWorld world = test::DoubleIntegrator();
  config::Settings s = SettingsFor(2 * world.horizon);
  auto& ppo = s.Of<PpoSettings>("ppo");
  ppo.lr = 0.01;
  ppo.value_first = 2;
  test::Life life(world, s);
  const auto learner = NewPpo(world, s);
  agent::PolicyController controller(*learner);
  const std::vector<float> before = ActionsOf(*learner);
  for (int batch = 1; batch <= 3; ++batch) {
    life.Act(&controller, kOwn);
    life.Act(&controller, kOwn);
    const std::vector<float> value = learner->V(life.data()[0].states.data(), 20);
    EXPECT_GT(life.Train(learner.get()).steps, 0);
    EXPECT_GT(Apart(learner->V(life.data()[0].states.data(), 20), value), 1e-3) << batch;
    EXPECT_EQ(Apart(ActionsOf(*learner), before) < 1e-4, batch <= 2) << batch;
  }
}

TEST(Ppo, GoesOnFromAnotherPolicyAsItStandsBeforeTheFirstBatch) {
  const test::KnownWorld world = test::DoubleIntegrator();
  config::Settings s = SettingsFor(2 * world.horizon), others = s;
  others.run.seed = 9;
  others.Of<PpoSettings>("ppo").lr = 0.01;
  const auto other = NewPpo(world, others), learner = NewPpo(world, s);
  learner->StartFrom(*other);
  test::Life past(world, others), life(world, s);
  agent::PolicyController teacher(*other), controller(*learner);
  for (int i = 0; i < 2; ++i) {
    past.Learn(other.get(), &teacher, 3);
    EXPECT_EQ(life.Train(learner.get()).steps, 0);
    EXPECT_EQ(ActionsOf(*learner, 0), ActionsOf(*other, 0)) << "as it stands now";
    EXPECT_NE(ActionsOf(*learner), ActionsOf(*other)) << "with a spread of its own";
  }
  s.Of<PpoSettings>("ppo").start_sd = 0.5;
  life.Train(learner.get());
  nets::Policy policy = learner->policy();
  const float still = 0, seen[] = {0.1f, 0.2f}, one = 1;
  float a = 0, mean = 0, drawn = 0, log_prob = 0;
  policy.Act(seen, &still, &a, &mean, &log_prob);
  policy.Act(seen, &one, &a, &drawn, &log_prob);
  EXPECT_NEAR(drawn - mean, 0.5, 1e-5);
  life.Act(&controller, kOwn);
  life.Act(&controller, kOwn);
  EXPECT_GT(life.Train(learner.get()).steps, 0);
  const std::vector<float> learned = ActionsOf(*learner, 0);
  past.Learn(other.get(), &teacher, 3);
  EXPECT_EQ(life.Train(learner.get()).steps, 0);
  EXPECT_EQ(ActionsOf(*learner, 0), learned) << "from then on it is its own";
}

TEST(Ppo, SkipsStepsThatAreNotFiniteInBothNetworksAtOnce) {
  const test::KnownWorld world = test::DoubleIntegrator();
  const config::Settings s = SettingsFor(2 * world.horizon);
  test::Life life(world, s);
  const auto learner = NewPpo(world, s);
  agent::PolicyController controller(*learner);
  replay::EpisodeBuffer broken(2, 1, world.horizon, {}, 1);
  for (int i = 0; i < 2; ++i) {
    life.Act(&controller, kOwn);
    replay::Episode e = life.data()[i];
    e.rewards.back() = std::nanf("");  // in every advantage of its episode
    broken.Append(e);
  }
  const ArchiveReader before = Saved(*learner);
  const TrainReport report = learner->Train({broken, s, 1, 8, [](int, int) {}});
  EXPECT_EQ(report.skipped, 8);
  const ArchiveReader after = Saved(*learner);
  EXPECT_EQ(after.Int("ppo.actor_adam.steps"), 0);
  EXPECT_EQ(after.Int("ppo.value_adam.steps"), 0);
  EXPECT_TRUE(learner->finite());
}

TEST(SpreadOfReturns, IsThatOfTheGrowingSums) {
  const float r[] = {1, 2, 4};  // sums at gamma 1/2: 1, 2.5, 5.25; mean 2.91667, squares 3.67361 + .17361 + 5.44444
  EXPECT_NEAR(SpreadOfReturns({r}, 3, 0.5), std::sqrt((3.673611 + 0.173611 + 5.444444) / 3), 1e-6);
  EXPECT_EQ(SpreadOfReturns({}, 3, 0.5), 1e-4);
}

// One step, r = -(a - .3)^2: the mean gradient over many draws is that of the expectation, by quadrature.
TEST(Ppo, ItsGradientIsThatOfTheExpectedReward) {
  constexpr int64_t n = 100000;
  config::Settings s;
  nets::Policy policy = NewPpoPolicy("ppo", 1, 1, s);
  policy.SetFreeSd(0.6);
  nets::Adam adam(policy.net.layout.total());
  const int bias = policy.net.layout.Find("b_out");
  policy.net.at(bias)[0] = 0.2f;
  const std::vector<float> state(n, 0.5f), eps = Normals(n, "eps");
  nets::Policy acting = policy;
  float a0 = 0, m = 0, lp = 0;
  const float zero = 0;
  acting.Act(state.data(), &zero, &a0, &m, &lp);
  std::vector<float> u(n), weight(n);
  double baseline = 0;
  for (size_t i = 0; i < u.size(); ++i) {
    u[i] = m + 0.6f * eps[i];
    weight[i] = static_cast<float>(-std::pow(std::tanh(u[i]) - 0.3, 2));
    baseline += weight[i] / n;
  }
  // Of each draw by itself, for the standard error: d log pi / dm = eps / sd.
  double mean = 0, square = 0;
  for (size_t i = 0; i < u.size(); ++i) {
    const double g = (weight[i] - baseline) * eps[i] / 0.6;
    mean += g / n;
    square += g * g / n;
  }
  const double error = std::sqrt((square - mean * mean) / n);
  std::vector<float> old(n), advantage(n), dlog_prob(n);
  GaussianActor actor(model::CpuParts(), &policy, &adam, n);
  actor.Density(state.data(), u.data());
  std::copy_n(actor.log_prob(), n, old.data());
  for (size_t i = 0; i < u.size(); ++i) advantage[i] = static_cast<float>(weight[i] - baseline);
  ClippedPolicyLoss(n, actor.log_prob(), old.data(), advantage.data(), 0.2, dlog_prob.data());
  actor.Differentiate(dlog_prob.data());
  actor.Step(0.0, 0.0, 0.0);
  actor.Store();
  const double got = -10.0 * adam.m[static_cast<size_t>(policy.net.layout[bias].offset)];
  // d/dm of E[-(tanh(m + sd z) - .3)^2], by a fine sum over z.
  double want = 0;
  for (int i = -4000; i <= 4000; ++i) {
    const double z = i / 500.0, density = std::exp(-0.5 * z * z) / std::sqrt(2 * M_PI) / 500.0;
    const double t = std::tanh(m + 0.6 * z);
    want += density * -2 * (t - 0.3) * (1 - t * t);
  }
  EXPECT_NEAR(got, want, 4 * error);
  EXPECT_LT(4 * error, 0.1 * std::fabs(want)) << "the draws say nothing";
}

}  // namespace
}  // namespace equipoise::learn
