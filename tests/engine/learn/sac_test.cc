#include "engine/learn/sac.h"

#include <cmath>

#include <gtest/gtest.h>

#include "engine/learn/reference.h"
#include "tests/engine/model/tiny_world.h"

namespace equipoise::learn {
namespace {

using test::Double;
using test::Normals;

constexpr int64_t kSteps = 8, kBatch = 16, kHidden = 16;
constexpr int64_t S = test::kTinyStates, A = test::kTinyActions;

config::Settings TinySettings() {
  config::Settings s;
  s.run.seed = 4;
  s.sac.hidden = kHidden;
  s.sac.batch = kBatch;
  s.sac.entropy_bonus = 0.3;
  s.sac.entropy_auto = false;
  s.sac.tau = 0.25;
  return s;
}

ArchiveReader Saved(const SacLearner& sac) {
  ArchiveWriter out;
  sac.Save(out);
  return ArchiveReader::Parse(out.Finish(), "memory").value();
}

TrainReport Train(SacLearner* sac, const replay::EpisodeBuffer& data, const config::Settings& s, int steps,
                  uint64_t iteration = 7) {
  const StartPool starts;
  return sac->Train({data, nullptr, starts, s, iteration, steps, [](int, int) {}});
}

// After the first step of Adam from nothing the first moment is a tenth of the gradient.
std::vector<float> FirstGradient(const ArchiveReader& saved, const std::string& adam) {
  std::vector<float> g = saved.Floats(adam + ".m");
  for (float& x : g) x *= 10.0f;
  return g;
}

struct Variant {
  const char* name;
  bool layer_norm, entropy_in_target;
  double sigma_max;
};

class SacUpdate : public ::testing::TestWithParam<Variant> {
 protected:
  SacUpdate() {
    s.sac.layer_norm = GetParam().layer_norm;
    s.sac.entropy_in_target = GetParam().entropy_in_target;
    s.sac.sigma_max = GetParam().sigma_max;
    // Ten updates on other draws, so that nothing is at its special starting value and targets differ from critics.
    SacLearner trained(S, A, s);
    Train(&trained, data, s, 10, 1);
    ArchiveWriter out;
    trained.Save(out);
    sac = std::make_unique<SacLearner>(S, A, s);
    sac->Load(ArchiveReader::Parse(out.Finish(), "memory").value());
    // Moments of zero: what they are after one update then gives the gradient.
    ResetMoments();
    Stream batch(4, "sac.batch", 7, 0), noise(4, "sac.noise", 7, 0);
    std::vector<float> states(kBatch * S), actions(kBatch * A), rewards(kBatch), next(kBatch * S), e1(kBatch * A),
        e0(kBatch * A);
    data.Transitions(kBatch, batch, states.data(), actions.data(), rewards.data(), next.data());
    noise.Normal(e1.data(), e1.size());
    noise.Normal(e0.data(), e0.size());
    ts = Double(states.data(), {kBatch, S});
    ta = Double(actions.data(), {kBatch, A});
    tr = Double(rewards);
    tnext = Double(next.data(), {kBatch, S});
    teps_next = Double(e1.data(), {kBatch, A});
    teps = Double(e0.data(), {kBatch, A});
  }

  void ResetMoments() {
    const ArchiveReader old = Saved(*sac);
    ArchiveWriter out;
    for (const char* name : {"sac.policy.net", "sac.policy.mean", "sac.policy.sd", "sac.critic0", "sac.critic1",
                             "sac.target0", "sac.target1"})
      out.Put(name, old.Floats(name));
    for (const char* name : {"sac.actor_adam", "sac.critic_adam0", "sac.critic_adam1"})
      nets::Adam(static_cast<int64_t>(old.Count(std::string(name) + ".m"))).Save(out, name);
    Temperature(s.sac.entropy_bonus).Save(out, "sac.temperature");
    sac->Load(ArchiveReader::Parse(out.Finish(), "memory").value());
  }

  nets::MlpSpec CriticSpec() const {
    return {S + A, kHidden, 2, 1, GetParam().layer_norm ? nets::Activation::kLayerNormRelu : nets::Activation::kRelu};
  }
  nets::Layout CriticLayout() const {
    Stream unused(0, "layout");
    return nets::MakeMlp(CriticSpec(), unused).layout;
  }
  ReferenceCritics Critics(const at::Tensor& first, const at::Tensor& second) const {
    return {CriticSpec(),
            {nets::ReferenceBlocks(CriticLayout(), first), nets::ReferenceBlocks(CriticLayout(), second)}};
  }

  replay::EpisodeBuffer data = test::TinyBuffer(5, kSteps);
  config::Settings s = TinySettings();
  std::unique_ptr<SacLearner> sac;
  at::Tensor ts, ta, tr, tnext, teps_next, teps;
};

// Two layers of 16 in float32; layer normalisation divides by a spread near one: 2e-5 covers every block.
TEST_P(SacUpdate, GradientsOfCriticsAndActorAgreeWithAutogradThroughTheReference) {
  const ArchiveReader before = Saved(*sac);
  const nets::Policy policy = sac->policy();
  const TrainReport report = Train(sac.get(), data, s, 1);
  const ArchiveReader after = Saved(*sac);

  auto of = [&](const ArchiveReader& r, const std::string& name) { return Double(r.Floats(name)); };
  const at::Tensor q0 = of(before, "sac.critic0"), q1 = of(before, "sac.critic1");
  const at::Tensor target =
      ReferenceSacTarget(Critics(of(before, "sac.target0"), of(before, "sac.target1")), test::ReferenceOf(policy), tr,
                         tnext, teps_next, s.sac.gamma, GetParam().entropy_in_target ? s.sac.entropy_bonus : 0.0);
  const at::Tensor d0 =
      test::Gradient(q0, [&](auto& p) { return ReferenceSacCriticLoss(Critics(p, q1), ts, ta, target); });
  const at::Tensor d1 =
      test::Gradient(q1, [&](auto& p) { return ReferenceSacCriticLoss(Critics(q0, p), ts, ta, target); });
  EXPECT_LT(test::WorstBlockError(CriticLayout(), FirstGradient(after, "sac.critic_adam0"), d0), 2e-5);
  EXPECT_LT(test::WorstBlockError(CriticLayout(), FirstGradient(after, "sac.critic_adam1"), d1), 2e-5);
  EXPECT_NEAR(report.scalars.at("sac.critic_loss"),
              ReferenceSacCriticLoss(Critics(q0, q1), ts, ta, target).item<double>(), 1e-4);

  // The actor is trained against the critics as they are after their own step.
  const ReferenceCritics stepped = Critics(of(after, "sac.critic0"), of(after, "sac.critic1"));
  const at::Tensor flat = Double(policy.net.values);
  auto actor = [&](const at::Tensor& p) {
    return ReferenceSacActorLoss(stepped, test::ReferenceOf(policy, p), ts, teps, s.sac.entropy_bonus);
  };
  const std::vector<float> gradient = FirstGradient(after, "sac.actor_adam");
  EXPECT_LT(test::WorstBlockError(policy.net.layout, gradient, test::Gradient(flat, actor)), 2e-5);
  const at::Tensor v = Double(Normals(flat.numel(), "v"));
  const double want = test::DirectionalDifference(flat, v, 1e-6, actor);
  EXPECT_NEAR((Double(gradient) * v).sum().item<double>(), want, 1e-4 * std::fabs(want) + 1e-5);
}

TEST_P(SacUpdate, MovesTheTargetsAQuarterOfTheWay) {
  const ArchiveReader before = Saved(*sac);
  Train(sac.get(), data, s, 1);
  const ArchiveReader after = Saved(*sac);
  for (const char* j : {"0", "1"}) {
    const at::Tensor old = Double(before.Floats(std::string("sac.target") + j)),
                     critic = Double(after.Floats(std::string("sac.critic") + j));
    EXPECT_LT(test::RelativeError(after.Floats(std::string("sac.target") + j), old + 0.25 * (critic - old)), 1e-6);
  }
}

INSTANTIATE_TEST_SUITE_P(Variants, SacUpdate,
                         ::testing::Values(Variant{"AsInThePaper", true, false, 0.0},
                                           Variant{"WithEntropyInTheTarget", true, true, 0.0},
                                           Variant{"PlainCriticsAndBoundedSigma", false, false, 0.5}),
                         [](const auto& param_info) { return param_info.param.name; });

TEST(Sac, TunesItsTemperatureTowardsTheTargetEntropy) {
  const auto data = test::TinyBuffer(5, kSteps);
  config::Settings s = TinySettings();
  s.sac.entropy_auto = true;
  s.sac.entropy_lr = 0.01;
  s.sac.target_entropy = -100;  // always too much entropy
  SacLearner sac(S, A, s);
  Train(&sac, data, s, 5);
  EXPECT_LT(sac.alpha(), 0.3);
  s.sac.target_entropy = 100;
  SacLearner other(S, A, s);
  Train(&other, data, s, 5);
  EXPECT_GT(other.alpha(), 0.3);
  s.sac.entropy_auto = false;
  SacLearner fixed(S, A, s);
  Train(&fixed, data, s, 5);
  EXPECT_EQ(fixed.alpha(), 0.3);
}

TEST(Sac, ReportsTheLargestQAlsoWhenAllAreNegative) {
  auto data = replay::EpisodeBuffer(S, A, kSteps, {}, 1);
  replay::Episode e = test::TinyEpisode(kSteps, 0);
  for (float& r : e.rewards) r = -10.0f;
  data.Append(e);
  config::Settings s = TinySettings();
  s.sac.critic_lr = 0.01;
  SacLearner sac(S, A, s);
  Train(&sac, data, s, 300);
  const TrainReport report = Train(&sac, data, s, 1, 8);
  EXPECT_LT(report.scalars.at("sac.max_q"), -1.0);
}

// One-step problem in disguise: gamma 0 makes Q the reward 2 a_0 + s_0 - 0.5, so the actor must push a_0 up.
TEST(Sac, LearnsWhichActionPays) {
  const auto data = test::TinyBuffer(20, kSteps);
  config::Settings s = TinySettings();
  s.sac.gamma = 0.0;
  s.sac.entropy_bonus = 0.01;
  s.sac.actor_lr = s.sac.critic_lr = 0.003;
  SacLearner sac(S, A, s);
  Train(&sac, data, s, 400);
  nets::Policy policy = sac.policy();
  const std::vector<float> noise(A, 0.0f);
  double mean = 0;
  for (int64_t i = 0; i < 20; ++i) {
    std::vector<float> a(A);
    policy.Act(data[i].states.data(), noise.data(), a.data());
    mean += a[0] / 20;
  }
  EXPECT_GT(mean, 0.7);
}

TEST(Sac, IsAFunctionOfTheSeedToTheBit) {
  const auto data = test::TinyBuffer(5, kSteps);
  config::Settings s = TinySettings();
  SacLearner a(S, A, s), b(S, A, s);
  Train(&a, data, s, 3);
  Train(&b, data, s, 3);
  EXPECT_EQ(a.policy().net.values, b.policy().net.values);
  Train(&a, data, s, 3, 8);
  Train(&b, data, s, 3, 9);  // another iteration draws other batches
  EXPECT_NE(a.policy().net.values, b.policy().net.values);
}

TEST(Sac, KeepsActorAndCriticsWhenDistractorsComeAndGo) {
  auto data = test::TinyBuffer(5, kSteps);
  const config::Settings s = TinySettings();
  SacLearner sac(S, A, s);
  Train(&sac, data, s, 10);
  const ArchiveReader before = Saved(sac);
  const int64_t rows = 256, D = 6;
  const auto states = Normals(rows * S, "s"), extra = Normals(rows * D, "d"), actions = Normals(rows * A, "a", 0.4f);
  std::vector<float> wide, q(rows), wide_q(rows);
  for (int64_t r = 0; r < rows; ++r) {
    wide.insert(wide.end(), states.begin() + r * S, states.begin() + (r + 1) * S);
    wide.insert(wide.end(), extra.begin() + r * D, extra.begin() + (r + 1) * D);
  }
  std::vector<std::vector<float>> narrow_q(2, q);
  for (int j : {0, 1}) sac.Q(j, states.data(), actions.data(), rows, narrow_q[static_cast<size_t>(j)].data());
  sac.EditStates(D, 0.7f);
  for (int j : {0, 1}) {
    sac.Q(j, wide.data(), actions.data(), rows, wide_q.data());
    for (size_t r = 0; r < wide_q.size(); ++r) EXPECT_NEAR(wide_q[r], narrow_q[static_cast<size_t>(j)][r], 1e-5);
  }
  EXPECT_EQ(sac.policy().sd.back(), 1.0f);  // raw observations stay raw
  sac.EditStates(-D, 0);
  const ArchiveReader after = Saved(sac);
  for (const char* name : {"sac.policy.net", "sac.critic0", "sac.critic1", "sac.target0", "sac.target1",
                           "sac.actor_adam.m", "sac.critic_adam1.v"})
    EXPECT_EQ(after.Floats(name), before.Floats(name)) << name;

  // Learning goes on at once: the weights of the inserted inputs move in the first update.
  sac.EditStates(D, 0.7f);
  data.SetDistracted(true);
  Train(&sac, data, s, 1, 9);
  const ArchiveReader learnt = Saved(sac);
  for (const char* name : {"sac.policy.net", "sac.critic0", "sac.critic1"}) {
    const std::vector<float> w = learnt.Floats(name);
    double moved = 0;
    for (int64_t j = S; j < S + D; ++j)
      for (int64_t h = 0; h < kHidden; ++h) moved += std::fabs(w[static_cast<size_t>(j * kHidden + h)]);
    EXPECT_GT(moved, 0) << name;
    EXPECT_LT(moved / (D * kHidden), 3 * s.sac.actor_lr) << name;
  }
}

TEST(Sac, SkipsUpdatesThatAreNotFiniteAndKeepsItsWeights) {
  auto data = replay::EpisodeBuffer(S, A, kSteps, {}, 1);
  replay::Episode e = test::TinyEpisode(kSteps, 0);
  for (float& r : e.rewards) r = std::nanf("");
  data.Append(e);
  const config::Settings s = TinySettings();
  SacLearner sac(S, A, s);
  const ArchiveReader before = Saved(sac);
  const TrainReport report = Train(&sac, data, s, 3);
  EXPECT_EQ(report.skipped, 6);  // both critics, three times; the actor does not see the reward
  EXPECT_EQ(Saved(sac).Floats("sac.critic0"), before.Floats("sac.critic0"));
  EXPECT_EQ(Saved(sac).Floats("sac.critic1"), before.Floats("sac.critic1"));
  EXPECT_TRUE(sac.finite());
}

}  // namespace
}  // namespace equipoise::learn
