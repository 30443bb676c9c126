#include "engine/learn/trust_region.h"

#include <cmath>

#include <gtest/gtest.h>

#include "engine/learn/ppo.h"
#include "engine/nets/aten/reference.h"
#include "engine/nets/kernels/kernels.h"
#include "tests/engine/numeric.h"

namespace equipoise::learn {
namespace {

using test::Double;
using test::Normals;

// (m, s) = (.2, .5) from (0, .4): .183106, by m 1.25, by s 1.125; the other way round .123144.
TEST(GaussianKl, IsThatByHand) {
  const nets::Spread spread{nets::Spread::Kind::kLogClamp, 0};
  const float f[2] = {0.2f, std::log(0.5f)}, b[2] = {0.0f, std::log(0.4f)};
  float d[2] = {0, 0};
  EXPECT_NEAR(nets::GaussianKl(1, 1, f, b, spread, 1.0f, d), 0.183106, 1e-6);
  EXPECT_NEAR(d[0], 1.25, 1e-6);
  EXPECT_NEAR(d[1], 1.125 * 0.5, 1e-6);  // by log s
  EXPECT_NEAR(nets::GaussianKl(1, 1, b, f, spread, 0.0f, nullptr), 0.123144, 1e-6);
  EXPECT_EQ(nets::GaussianKl(1, 1, f, f, spread, 0.0f, nullptr), 0.0);
}

TEST(GaussianKl, AgreesWithAutogradAndIsAdded) {
  const int64_t n = 30, A = 3;
  const std::vector<float> f = Normals(n * 2 * A, "f"), b = Normals(n * 2 * A, "b");
  std::vector<float> d(f.size(), 1.0f);
  const double got = nets::GaussianKl(n, A, f.data(), b.data(), nets::Spread(), 0.3f, d.data());
  for (float& x : d) x -= 1.0f;
  const auto kl = [&](const at::Tensor& t) {
    const at::Tensor tb = Double(b.data(), {n, 2 * A});
    const at::Tensor s = at::softplus(t.narrow(1, A, A)) + 1e-3, sb = at::softplus(tb.narrow(1, A, A)) + 1e-3,
                     away = t.narrow(1, 0, A) - tb.narrow(1, 0, A);
    return (at::log(sb / s) + (s * s + away * away) / (2 * sb * sb) - 0.5).sum();
  };
  const at::Tensor tf = Double(f.data(), {n, 2 * A});
  EXPECT_NEAR(got, kl(tf).item<double>(), 1e-4);
  EXPECT_LT(test::RelativeError(d, 0.3 * test::Gradient(tf, kl)), 1e-5);
}

// A policy that does the same whatever it sees: mean m, standard deviation sd.
nets::Policy Constant(double m, double sd) {
  Stream init(1, "policy");
  nets::PolicySpec spec;
  spec.states = spec.actions = 1;
  spec.hidden = 4;
  spec.layers = 1;
  spec.free_sd = true;
  nets::Policy policy(spec, init);
  policy.net.values.assign(policy.net.values.size(), 0.0f);
  policy.SetFreeSd(sd);
  policy.net.at(policy.net.layout.Find("b_out"))[0] = static_cast<float>(m);
  return policy;
}
double MeanOf(const nets::Policy& policy) { return policy.net.at(policy.net.layout.Find("b_out"))[0]; }

// Of sd .3, KL = m^2 / (2 sd^2): at eps = .02 the mean may move to .3 sqrt(.04) = .06.
TEST(TrustRegion, GoesBackAlongTheLineUntilTheBoundHolds) {
  config::Settings s;
  TrustRegion trust(s);
  const std::vector<float> states = {0.3f, -1.0f};
  nets::Policy policy = Constant(0, 0.3);
  trust.Begin(policy);
  policy = Constant(0.2, 0.3);
  EXPECT_NEAR(MeanKl(policy, trust.acted(), states.data(), 2), 0.04 / 0.18, 1e-6);
  const double left = trust.Hold(s, states.data(), 2, &policy);
  EXPECT_LE(left, 0.02);
  EXPECT_NEAR(MeanOf(policy), 0.06, 0.2 / 1024 + 1e-6);
  // Within the bound nothing moves.
  nets::Policy near = Constant(0.05, 0.3);
  const std::vector<float> weights = near.net.values;
  EXPECT_NEAR(trust.Hold(s, states.data(), 2, &near), 0.0025 / 0.18, 1e-6);
  EXPECT_EQ(near.net.values, weights);
  // A bound of nothing: as it acted, to the bit.
  s.Of<TrustSettings>().target = 0;
  nets::Policy held = Constant(0.2, 0.5);
  EXPECT_EQ(trust.Hold(s, states.data(), 2, &held), 0);
  EXPECT_EQ(held.net.values, trust.acted().net.values);
}

TEST(TrustRegion, AdaptsItsPriceAndSaysWhenItIsEnough) {
  const config::Settings s;
  TrustRegion trust(s);
  const std::vector<float> states = {0.3f};
  trust.Begin(Constant(0, 0.3));
  const auto goes = [&](double kl) { return trust.Goes(s, Constant(std::sqrt(kl * 0.18), 0.3), states.data(), 1); };
  EXPECT_TRUE(goes(0.02));
  EXPECT_EQ(trust.beta(), 0.2);
  EXPECT_TRUE(goes(0.009));
  EXPECT_DOUBLE_EQ(trust.beta(), 0.1);
  EXPECT_FALSE(goes(0.031));
  EXPECT_DOUBLE_EQ(trust.beta(), 0.1);
  EXPECT_FALSE(goes(0.041));
  EXPECT_DOUBLE_EQ(trust.beta(), 0.15);
  ArchiveWriter out;
  trust.Save(out, "beta");
  TrustRegion other(s);
  other.Load(ArchiveReader::Parse(out.Finish(), "memory").value(), "beta");
  EXPECT_EQ(other.beta(), trust.beta());
  config::Settings changed = s;
  changed.Of<TrustSettings>().beta = 3;
  other.OnSettings(s, changed);
  EXPECT_EQ(other.beta(), 3);
}

// One state, and the more of an action the better, without end: what is drawn is what is earned.
class Greed : public OnPolicySource {
 public:
  explicit Greed(int rounds) : rounds_(rounds) {}
  int Rounds(const OnPolicyWants&, const nets::Standing&) const override { return rounds_; }
  double Gathered(const OnPolicyWants&, const replay::EpisodeBuffer&) const override { return 1; }
  std::string Waiting(const OnPolicyWants&, const replay::EpisodeBuffer&) const override { return ""; }
  OnPolicyBatch Take(const OnPolicyWants&, const nets::TrainInputs& in, const nets::Policy& policy,
                     int round) override {
    OnPolicyBatch batch;
    batch.trajectories = 256;
    batch.horizon = 1;
    batch.s.assign(512, 0.5f);
    nets::Policy acting = policy;
    Stream noise(1, "greed", in.iteration, static_cast<uint64_t>(round));
    for (int i = 0; i < 256; ++i) {
      const auto eps = static_cast<float>(noise.Normal());
      float a = 0, u = 0, log_prob = 0;
      acting.Act(batch.s.data(), &eps, &a, &u, &log_prob);
      batch.u.push_back(u);
      batch.log_prob.push_back(log_prob);
      batch.reward.push_back(u);
    }
    return batch;
  }
  void Save(ArchiveWriter&) const override {}
  void Load(const ArchiveReader&) override {}

 private:
  int rounds_;
};

struct Trained {
  nets::Policy before, after;
  TrainReport report;
};
Trained TrainOn(const config::Settings& s, bool held, int phases = 1) {
  const replay::EpisodeBuffer data(1, 1, 1, {}, 1);
  PpoLearner learner(KlInfo(), std::make_unique<Greed>(5), 1, 1, s, model::CpuParts(),
                     held ? std::make_unique<TrustRegion>(s) : nullptr);
  Trained out{learner.policy(), {}, {}};
  for (int k = 1; k <= phases; ++k) {
    out.before = learner.policy();
    const int steps = learner.NextWork({data, s, k - 1});
    out.report = learner.Train({data, s, static_cast<uint64_t>(k), steps, [](int, int) {}});
    out.after = learner.policy();
  }
  return out;
}
config::Settings Eager() {
  config::Settings s;
  auto& kl = s.Of<PpoSettings>("kl");
  kl.hidden = 8;
  kl.minibatches = 4;
  kl.lr = 0.02;
  kl.anneal = false;
  return s;
}

// KL of two tanh-Gaussians in one state, in double.
double KlThere(const nets::Policy& f, const nets::Policy& b) {
  const float s = 0.5f;
  const std::vector<float> rf = RawOutputs(f, &s, 1), rb = RawOutputs(b, &s, 1);
  const double sf = std::log1p(std::exp(double{rf[1]})) + 1e-3, sb = std::log1p(std::exp(double{rb[1]})) + 1e-3;
  return std::log(sb / sf) + (sf * sf + std::pow(double{rf[0]} - rb[0], 2)) / (2 * sb * sb) - 0.5;
}

TEST(TrustRegion, HoldsAfterEveryPhaseOfALearnerThatWantsMore) {
  config::Settings s = Eager();
  s.Of<TrustSettings>().target = 1e9;
  s.Of<TrustSettings>().beta = 0;
  const Trained loose = TrainOn(s, true);
  EXPECT_GT(KlThere(loose.after, loose.before), 0.1) << "it does not want more";
  EXPECT_EQ(loose.report.scalars.at("kl.rounds"), 5);
  s.Of<TrustSettings>().target = 0.02;
  s.Of<TrustSettings>().beta = 0.2;
  for (int phases = 1; phases <= 4; ++phases) {
    const Trained held = TrainOn(s, true, phases);
    EXPECT_LE(KlThere(held.after, held.before), 0.02 * (1 + 1e-3));
    EXPECT_GT(KlThere(held.after, held.before), 0.005) << "it does not move at all";
    EXPECT_NEAR(held.report.scalars.at("kl.kl_to_acted"), KlThere(held.after, held.before), 1e-6);
  }
  s.Of<TrustSettings>().target = 0;
  const Trained still = TrainOn(s, true);
  EXPECT_EQ(still.after.net.values, still.before.net.values);
}

TEST(TrustRegion, WithoutABoundAndAPriceIsNoneToTheBit) {
  config::Settings s = Eager();
  s.Of<TrustSettings>().target = 1e9;
  s.Of<TrustSettings>().beta = 0;
  EXPECT_EQ(TrainOn(s, true, 3).after.net.values, TrainOn(s, false, 3).after.net.values);
  s.Of<TrustSettings>().beta = 1;
  EXPECT_NE(TrainOn(s, true, 3).after.net.values, TrainOn(s, false, 3).after.net.values);
}

}  // namespace
}  // namespace equipoise::learn
