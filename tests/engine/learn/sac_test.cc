// One update of SAC in every variant against its equations, in plain operations with automatic gradients, and what its
// parts carry over. Long because all variants share one small learner.
#include "engine/learn/sac.h"

#include <cmath>

#include <gtest/gtest.h>

#include "engine/learn/q_error.h"
#include "engine/learn/sac_settings.h"
#include "tests/engine/back_ends.h"
#include "tests/engine/learn/reference_losses.h"
#include "tests/engine/model/tiny_world.h"

namespace equipoise::learn {
namespace {

using test::Double;
using test::Normals;

constexpr int64_t kSteps = 8, kBatch = 16, kHidden = 16;
constexpr int64_t S = test::kTinyStates, A = test::kTinyActions;

config::Settings TinySettings() {
  config::Settings s;
  auto& sac = s.Of<SacSettings>();
  s.run.seed = 4;
  sac.hidden = kHidden;
  sac.batch = kBatch;
  sac.entropy_bonus = 0.3;
  sac.entropy_auto = false;
  sac.tau = 0.25;
  return s;
}

ArchiveReader Saved(const SacLearner& sac) {
  ArchiveWriter out;
  sac.Save(out);
  return ArchiveReader::Parse(out.Finish(), "memory").value();
}

TrainReport Train(SacLearner* sac, const replay::EpisodeBuffer& data, const config::Settings& s, int steps,
                  uint64_t iteration = 7) {
  return sac->Train({data, s, iteration, steps, [](int, int) {}});
}

// After the first step of Adam from nothing the first moment is a tenth of the gradient.
std::vector<float> FirstGradient(const ArchiveReader& saved, const std::string& adam) {
  std::vector<float> g = saved.Floats(adam + ".m");
  for (float& x : g) x *= 10.0f;
  return g;
}

std::string Named(const char* name, int j) { return name + std::to_string(j); }

// The critics of the target of the first update in iteration 7: of a shuffle, the first ones.
std::vector<size_t> DrawnCritics(int critics, int of_them) {
  std::vector<size_t> order;
  for (int j = 0; j < critics; ++j) order.push_back(static_cast<size_t>(j));
  if (of_them < critics) {
    Stream subset(4, "sac.subset", 7, 0);
    for (size_t i = 0; i < static_cast<size_t>(of_them); ++i)
      std::swap(order[i], order[i + subset.Below(static_cast<uint32_t>(order.size() - i))]);
  }
  order.resize(static_cast<size_t>(of_them));
  return order;
}

struct Variant {
  const char* name;
  bool layer_norm, entropy_in_target;
  double sigma_max;
  int critics = 2, target_critics = 2;
  const char* actor_value = "min";
  const char* device = "cpu";
  bool plain_actor = false;
};

class SacUpdate : public ::testing::TestWithParam<Variant> {
 protected:
  SacUpdate() {
    s.Of<SacSettings>().layer_norm = GetParam().layer_norm;
    s.Of<SacSettings>().entropy_in_target = GetParam().entropy_in_target;
    s.Of<SacSettings>().sigma_max = GetParam().sigma_max;
    s.Of<SacSettings>().critics = GetParam().critics;
    s.Of<SacSettings>().target_critics = GetParam().target_critics;
    s.Of<SacSettings>().actor_value = GetParam().actor_value;
    if (GetParam().plain_actor) {
      s.Of<SacSettings>().actor_activation = "relu";
      s.Of<SacSettings>().sd = "log-clamp";
    }
    // Ten updates on other draws, so that nothing is at its special starting value and targets differ from critics.
    SacLearner trained(S, A, s);
    Train(&trained, data, s, 10, 1);
    ArchiveWriter out;
    trained.Save(out);
    sac = std::make_unique<SacLearner>(S, A, s, test::PartsOf(GetParam().device));
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
    std::vector<std::string> kept{"sac.policy.net", "sac.policy.mean", "sac.policy.sd"}, adams{"sac.actor_adam"};
    for (int j = 0; j < s.Of<SacSettings>().critics; ++j) {
      kept.push_back(Named("sac.critic", j));
      kept.push_back(Named("sac.target", j));
      adams.push_back(Named("sac.critic_adam", j));
    }
    for (const std::string& name : kept) out.Put(name, old.Floats(name));
    for (const std::string& name : adams) nets::Adam(static_cast<int64_t>(old.Count(name + ".m"))).Save(out, name);
    Temperature(s.Of<SacSettings>().entropy_bonus).Save(out, "sac.temperature");
    sac->Load(ArchiveReader::Parse(out.Finish(), "memory").value());
  }

  nets::MlpSpec CriticSpec() const {
    return {S + A, kHidden, 2, 1, GetParam().layer_norm ? nets::Activation::kLayerNormRelu : nets::Activation::kRelu};
  }
  nets::Layout CriticLayout() const {
    Stream unused(0, "layout");
    return nets::MakeMlp(CriticSpec(), unused).layout;
  }
  ReferenceCritics Critics(const std::vector<at::Tensor>& flat) const {
    ReferenceCritics critics{CriticSpec(), {}};
    for (const at::Tensor& weights : flat) critics.blocks.push_back(nets::ReferenceBlocks(CriticLayout(), weights));
    return critics;
  }
  // The weights of all critics (or targets) as they were saved.
  std::vector<at::Tensor> All(const ArchiveReader& saved, const char* name) const {
    std::vector<at::Tensor> all;
    for (int j = 0; j < s.Of<SacSettings>().critics; ++j) all.push_back(Double(saved.Floats(Named(name, j))));
    return all;
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

  const std::vector<at::Tensor> critics = All(before, "sac.critic"), slow = All(before, "sac.target");
  std::vector<at::Tensor> chosen;
  for (size_t j : DrawnCritics(s.Of<SacSettings>().critics, s.Of<SacSettings>().target_critics))
    chosen.push_back(slow[j]);
  const at::Tensor target =
      ReferenceSacTarget(Critics(chosen), test::ReferenceOf(policy), tr, tnext, teps_next, s.Of<SacSettings>().gamma,
                         GetParam().entropy_in_target ? s.Of<SacSettings>().entropy_bonus : 0.0);
  for (size_t j = 0; j < critics.size(); ++j) {
    const at::Tensor want = test::Gradient(critics[j], [&](auto& p) {
      std::vector<at::Tensor> moved = critics;
      moved[j] = p;
      return ReferenceSacCriticLoss(Critics(moved), ts, ta, target);
    });
    const std::string adam = Named("sac.critic_adam", static_cast<int>(j));
    EXPECT_LT(test::WorstBlockError(CriticLayout(), FirstGradient(after, adam), want), 2e-5) << adam;
  }
  EXPECT_NEAR(report.scalars.at("sac.critic_loss"),
              ReferenceSacCriticLoss(Critics(critics), ts, ta, target).item<double>(), 2e-4);

  // The actor is trained against the critics as they are after their own step.
  const ReferenceCritics stepped = Critics(All(after, "sac.critic"));
  const at::Tensor flat = Double(policy.net.values);
  const bool mean = s.Of<SacSettings>().actor_value == "mean";
  auto actor = [&](const at::Tensor& p) {
    return ReferenceSacActorLoss(stepped, test::ReferenceOf(policy, p), ts, teps, s.Of<SacSettings>().entropy_bonus,
                                 mean);
  };
  const at::Tensor climbed = ReferenceActorValue(
      ReferenceAllQ(stepped, ts, nets::ReferenceAct(test::ReferenceOf(policy), ts, teps).action), mean);
  EXPECT_NEAR(report.scalars.at("sac.q"), climbed.mean().item<double>(), 1e-4);
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
  for (int j = 0; j < s.Of<SacSettings>().critics; ++j) {
    const at::Tensor old = Double(before.Floats(Named("sac.target", j))),
                     critic = Double(after.Floats(Named("sac.critic", j)));
    EXPECT_LT(test::RelativeError(after.Floats(Named("sac.target", j)), old + 0.25 * (critic - old)), 1e-6) << j;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Variants, SacUpdate,
    ::testing::Values(Variant{"AsInThePaper", true, false, 0.0}, Variant{"WithEntropyInTheTarget", true, true, 0.0},
                      Variant{"PlainCriticsAndBoundedSigma", false, false, 0.5},
                      Variant{"AsFirstPublished", false, true, 0.0, 2, 2, "min", "cpu", true},
                      Variant{"AsFirstPublishedOnTheReferencePath", false, true, 0.0, 2, 2, "min", "reference", true},
                      Variant{"FiveCriticsAndTheLeast", true, false, 0.0, 5, 5, "min"},
                      Variant{"FiveCriticsTwoInTheTarget", true, false, 0.0, 5, 2, "mean"},
                      Variant{"FiveCriticsOneInTheTarget", false, true, 0.0, 5, 1, "min"},
                      Variant{"OnTheReferencePath", true, false, 0.0, 2, 2, "min", "reference"},
                      Variant{"FiveOnTheReferencePath", false, true, 0.5, 5, 2, "mean", "reference"}),
    [](const auto& param_info) { return param_info.param.name; });

// r = 1, gamma = .99, min Q' = 5, alpha = .2, log pi = -.7: y = 6.0886. Here with log pi as it is drawn.
TEST(Sac, CountsTheNextActionsEntropyInTheTargetByHand) {
  replay::EpisodeBuffer data(1, 1, 1, {}, 1);
  replay::Episode e;
  e.states = {0.0f, 0.0f};
  e.actions = {0.0f};
  e.rewards = {1.0f};
  data.Append(e);
  config::Settings s = TinySettings();
  auto& sac = s.Of<SacSettings>();
  sac.hidden = 4;
  sac.layers = 1;
  sac.batch = 1;
  sac.layer_norm = false;
  sac.entropy_in_target = true;
  sac.entropy_bonus = 0.2;
  sac.critic_lr = sac.actor_lr = 0;
  sac.sd = "log-clamp";
  SacLearner learner(1, 1, s);
  const ArchiveReader old = Saved(learner);
  // Q = 0, Q' = 5 and 6; m = 0 and log sd = 0 everywhere.
  std::vector<float> zero(old.Count("sac.critic0"), 0.0f), five = zero, six = zero;
  five.back() = 5.0f;
  six.back() = 6.0f;
  ArchiveWriter out;
  out.Put("sac.critic0", zero);
  out.Put("sac.critic1", zero);
  out.Put("sac.target0", five);
  out.Put("sac.target1", six);
  for (const char* adam : {"sac.critic_adam0", "sac.critic_adam1"})
    nets::Adam(static_cast<int64_t>(zero.size())).Save(out, adam);
  const std::vector<float> actor(old.Count("sac.policy.net"), 0.0f);
  out.Put("sac.policy.net", actor);
  out.Put("sac.policy.mean", old.Floats("sac.policy.mean"));
  out.Put("sac.policy.sd", old.Floats("sac.policy.sd"));
  nets::Adam(static_cast<int64_t>(actor.size())).Save(out, "sac.actor_adam");
  Temperature(0.2).Save(out, "sac.temperature");
  learner.Load(ArchiveReader::Parse(out.Finish(), "memory").value());
  Stream noise(4, "sac.noise", 7, 0);
  float eps = 0;
  noise.Normal(&eps, 1);  // of the next action, which is drawn first
  const double u = eps, log_prob = -0.5 * u * u - 0.5 * std::log(2 * M_PI) + 2 * std::log(std::cosh(u));
  const double y = 1 + 0.99 * (5 - 0.2 * log_prob);
  EXPECT_NEAR(1 + 0.99 * (5 - 0.2 * -0.7), 6.0886, 1e-12);
  EXPECT_NEAR(Train(&learner, data, s, 1).scalars.at("sac.critic_loss"), 2 * y * y, 1e-4);
}

// Without worth entropy is none: the plain form is the paper's without layer normalisation.
TEST(Sac, WithAlphaZeroEntropyInTheTargetChangesNothingToTheBit) {
  const auto data = test::TinyBuffer(5, kSteps);
  config::Settings s = TinySettings();
  auto& sac = s.Of<SacSettings>();
  sac.entropy_bonus = 0;
  sac.layer_norm = false;
  SacLearner without(S, A, s);
  Train(&without, data, s, 5);
  sac.entropy_in_target = true;
  SacLearner with(S, A, s);
  Train(&with, data, s, 5);
  EXPECT_EQ(with.policy().net.values, without.policy().net.values);
  sac.entropy_bonus = 0.3;
  SacLearner worth(S, A, s);
  Train(&worth, data, s, 5);
  EXPECT_NE(worth.policy().net.values, without.policy().net.values);
}

TEST(Sac, TellsOfAValueThatHoldsEntropyWhatItMustNotExceed) {
  const auto data = test::TinyBuffer(5, kSteps);
  config::Settings s = TinySettings();
  SacLearner sac(S, A, s);
  EXPECT_EQ(Train(&sac, data, s, 1).scalars.count("sac.best_return"), 0u);
  s.Of<SacSettings>().entropy_in_target = true;
  const TrainReport report = Train(&sac, data, s, 1);
  EXPECT_EQ(report.scalars.at("sac.best_return"), BestReturn(data, s.Of<SacSettings>().gamma));
  EXPECT_NEAR(report.scalars.at("sac.entropy_per_action"), report.scalars.at("sac.entropy") / A, 1e-12);
  EXPECT_TRUE(sac.Examine(data, 0, s).empty());
}

TEST(Sac, TunesItsTemperatureTowardsTheTargetEntropy) {
  const auto data = test::TinyBuffer(5, kSteps);
  config::Settings s = TinySettings();
  s.Of<SacSettings>().entropy_auto = true;
  s.Of<SacSettings>().entropy_lr = 0.01;
  s.Of<SacSettings>().target_entropy = -100;  // always too much entropy
  SacLearner sac(S, A, s);
  Train(&sac, data, s, 5);
  EXPECT_LT(sac.alpha(), 0.3);
  s.Of<SacSettings>().target_entropy = 100;
  SacLearner other(S, A, s);
  Train(&other, data, s, 5);
  EXPECT_GT(other.alpha(), 0.3);
  s.Of<SacSettings>().entropy_auto = false;
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
  s.Of<SacSettings>().critic_lr = 0.01;
  SacLearner sac(S, A, s);
  Train(&sac, data, s, 300);
  const TrainReport report = Train(&sac, data, s, 1, 8);
  EXPECT_LT(report.scalars.at("sac.max_q"), -1.0);
}

// One-step problem in disguise: gamma 0 makes Q the reward 2 a_0 + s_0 - 0.5, so the actor must push a_0 up.
TEST(Sac, LearnsWhichActionPays) {
  const auto data = test::TinyBuffer(20, kSteps);
  config::Settings s = TinySettings();
  s.Of<SacSettings>().gamma = 0.0;
  s.Of<SacSettings>().entropy_bonus = 0.01;
  s.Of<SacSettings>().actor_lr = s.Of<SacSettings>().critic_lr = 0.003;
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

// Which critics a target sees: all of them turn up, and each update has a draw of its own.
TEST(Sac, DrawsTheCriticsOfItsTargetAnewForEachUpdate) {
  struct Open : SacLearner {
    using SacLearner::TargetCritics;
  };
  config::Settings s = TinySettings();
  auto& sac = s.Of<SacSettings>();
  sac.critics = 5;
  sac.target_critics = 2;
  std::vector<int> seen(5, 0);
  int repeats = 0;
  std::vector<size_t> last;
  constexpr int kUpdates = 2000;
  for (uint64_t k = 0; k < kUpdates; ++k) {
    const std::vector<size_t> drawn = Open::TargetCritics(s, 3, k);
    ASSERT_EQ(drawn.size(), 2u);
    ASSERT_LT(drawn[0], drawn[1]);
    ASSERT_LT(drawn[1], 5u);
    for (size_t j : drawn) ++seen[j];
    repeats += drawn == last;
    last = drawn;
  }
  // Two of five: each in 0.4 of the draws, +- 4 sd of 0.011; the same pair again in one of ten.
  for (int count : seen) EXPECT_NEAR(count / double{kUpdates}, 0.4, 0.044);
  EXPECT_NEAR(repeats / double{kUpdates}, 0.1, 0.027);
  EXPECT_NE(Open::TargetCritics(s, 3, 0).size(), 5u);
  sac.target_critics = 5;
  EXPECT_EQ(Open::TargetCritics(s, 3, 0), (std::vector<size_t>{0, 1, 2, 3, 4}));
}

TEST(Sac, AddingCriticsLeavesTheStartOfTheOthersAsItWas) {
  config::Settings s = TinySettings();
  const SacLearner two(S, A, s);
  s.Of<SacSettings>().critics = 5;
  const ArchiveReader a = Saved(two), b = Saved(SacLearner(S, A, s));
  for (const char* name : {"sac.critic0", "sac.critic1", "sac.target1"}) EXPECT_EQ(a.Floats(name), b.Floats(name));
  for (int j = 0; j < 4; ++j) EXPECT_NE(b.Floats(Named("sac.critic", j)), b.Floats("sac.critic4"));
}

class SacWithDistractors : public ::testing::TestWithParam<int> {};  // number of critics

TEST_P(SacWithDistractors, KeepsActorAndCriticsWhenTheyComeAndGo) {
  auto data = test::TinyBuffer(5, kSteps);
  config::Settings s = TinySettings();
  s.Of<SacSettings>().critics = GetParam();
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
  std::vector<std::vector<float>> narrow_q(static_cast<size_t>(s.Of<SacSettings>().critics), q);
  for (int j = 0; j < s.Of<SacSettings>().critics; ++j)
    sac.Q(j, states.data(), actions.data(), rows, narrow_q[static_cast<size_t>(j)].data());
  sac.EditStates(D, {});
  for (int j = 0; j < s.Of<SacSettings>().critics; ++j) {
    sac.Q(j, wide.data(), actions.data(), rows, wide_q.data());
    for (size_t r = 0; r < wide_q.size(); ++r) EXPECT_NEAR(wide_q[r], narrow_q[static_cast<size_t>(j)][r], 1e-5);
  }
  EXPECT_EQ(sac.policy().sd.back(), 1.0f);  // raw observations stay raw
  sac.EditStates(-D, {});
  const ArchiveReader after = Saved(sac);
  std::vector<std::string> names{"sac.policy.net", "sac.actor_adam.m"}, nets{"sac.policy.net"};
  for (int j = 0; j < s.Of<SacSettings>().critics; ++j) {
    for (const char* name : {"sac.critic", "sac.target"}) names.push_back(Named(name, j));
    names.push_back(Named("sac.critic_adam", j) + ".v");
    nets.push_back(Named("sac.critic", j));
  }
  for (const std::string& name : names) EXPECT_EQ(after.Floats(name), before.Floats(name)) << name;

  // Learning goes on at once: the weights of the inserted inputs move in the first update.
  sac.EditStates(D, {});
  data.SetDistracted(true);
  Train(&sac, data, s, 1, 9);
  const ArchiveReader learnt = Saved(sac);
  for (const std::string& name : nets) {
    const std::vector<float> w = learnt.Floats(name);
    double moved = 0;
    for (int64_t j = S; j < S + D; ++j)
      for (int64_t h = 0; h < kHidden; ++h) moved += std::fabs(w[static_cast<size_t>(j * kHidden + h)]);
    EXPECT_GT(moved, 0) << name;
    EXPECT_LT(moved / (D * kHidden), 3 * s.Of<SacSettings>().actor_lr) << name;
  }
}

INSTANTIATE_TEST_SUITE_P(Critics, SacWithDistractors, ::testing::Values(2, 5));

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
