// NAF: the quadratic advantage against numbers and automatic derivatives, and the learner on worlds whose values are
// known.
#include "engine/learn/naf/naf.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/learn/imagined/imagined_pool_settings.h"
#include "engine/learn/imagined/mixture.h"
#include "engine/learn/naf/advantage.h"
#include "engine/nets/aten/reference.h"
#include "tests/engine/back_ends.h"
#include "tests/engine/known_worlds.h"
#include "tests/engine/learn/said.h"
#include "tests/engine/model/scalar_model.h"
#include "tests/engine/model/tiny_world.h"

namespace equipoise::learn {
namespace {

// mu as m of its tanh.
std::vector<float> Pretanh(const std::vector<float>& mu) {
  std::vector<float> m;
  for (const float x : mu) m.push_back(std::atanh(x));
  return m;
}

TEST(Advantage, IsWhatWasComputedByHand) {
  // d = (0.4, -0.2), L = [[1, 0], [0.5, 2]]: w = (0.3, -0.4).
  const std::vector<float> m = Pretanh({0.1f, 0.3f}), l = {0.0f, 0.5f, std::log(2.0f)}, a = {0.5f, 0.1f};
  std::vector<double> dm(2), dl(3);
  EXPECT_NEAR(Advantage(2, m.data(), l.data(), a.data(), dm.data(), dl.data()), -0.125, 1e-6);
  EXPECT_NEAR(dl[0], -0.12, 1e-6);
  EXPECT_NEAR(dl[1], 0.06, 1e-6);
  EXPECT_NEAR(dl[2], -0.16, 1e-6);
  // dA/dmu = L w = (0.3, -0.65), through tanh.
  EXPECT_NEAR(dm[0] / (1 - 0.1 * 0.1), 0.3, 1e-6);
  EXPECT_NEAR(dm[1] / (1 - 0.3 * 0.3), -0.65, 1e-6);
}

// The same in plain operations: raw outputs [V, m, l] [n, 1 + A + A (A + 1) / 2] and actions [n, A] -> Q [n].
at::Tensor ReferenceQ(const at::Tensor& raw, const at::Tensor& a) {
  const int64_t A = a.size(1);
  const at::Tensor d = a - raw.narrow(1, 1, A).tanh();
  at::Tensor square = at::zeros({a.size(0)}, raw.options());
  for (int64_t k = 0; k < A; ++k) {
    at::Tensor w = at::zeros_like(square);
    for (int64_t i = k; i < A; ++i) {
      const at::Tensor packed = raw.select(1, 1 + A + i * (i + 1) / 2 + k);
      w = w + (i == k ? packed.exp() : packed) * d.select(1, i);
    }
    square = square + w.square();
  }
  return raw.select(1, 0) - 0.5 * square;
}

TEST(Advantage, HasTheDerivativesThatAutomaticOnesGive) {
  const int64_t A = 3;
  const std::vector<float> m = test::Normals(A, "m"), l = test::Normals(TriangleSize(A), "l", 0.5f),
                           a = test::Normals(A, "a", 0.5f);
  std::vector<double> dm(3), dl(6);
  const double got = Advantage(A, m.data(), l.data(), a.data(), dm.data(), dl.data());
  const at::Tensor raw = at::cat({at::zeros({1}, at::kDouble), test::Double(m), test::Double(l)}).unsqueeze(0),
                   ta = test::Double(a).unsqueeze(0);
  EXPECT_NEAR(got, ReferenceQ(raw, ta).item<double>(), 1e-12);
  const at::Tensor want = test::Gradient(raw, [&](const at::Tensor& x) { return ReferenceQ(x, ta).sum(); })[0];
  for (int64_t j = 0; j < A; ++j) EXPECT_NEAR(dm[static_cast<size_t>(j)], want[1 + j].item<double>(), 1e-10);
  for (int64_t j = 0; j < TriangleSize(A); ++j)
    EXPECT_NEAR(dl[static_cast<size_t>(j)], want[1 + A + j].item<double>(), 1e-10);
}

// With L = [[1, 0], [.5, 2]] the second derivatives by the action are -L L^T = -[[1, .5], [.5, 4.25]], whose
// eigenvalues are -(5.25 +- sqrt(3.25^2 + 1)) / 2.
TEST(Advantage, FallsInEveryDirectionAsItsTriangleSays) {
  const std::vector<float> m = Pretanh({0.1f, 0.3f}), l = {0.0f, 0.5f, std::log(2.0f)};
  const auto value = [&](double x, double y) {
    const std::vector<float> a = {static_cast<float>(0.1 + x), static_cast<float>(0.3 + y)};
    return Advantage(2, m.data(), l.data(), a.data(), nullptr, nullptr);
  };
  EXPECT_NEAR(value(0, 0), 0, 1e-12) << "the best there is";
  // It is quadratic, so differences are exact.
  const double h = 0.5, xx = (value(h, 0) + value(-h, 0) - 2 * value(0, 0)) / (h * h),
               yy = (value(0, h) + value(0, -h) - 2 * value(0, 0)) / (h * h),
               xy = (value(h, h) + value(-h, -h) - value(h, -h) - value(-h, h)) / (4 * h * h);
  EXPECT_NEAR(xx, -1, 1e-5);
  EXPECT_NEAR(xy, -0.5, 1e-5);
  EXPECT_NEAR(yy, -4.25, 1e-5);
  const double mean = (xx + yy) / 2, spread = std::sqrt((xx - yy) * (xx - yy) / 4 + xy * xy);
  EXPECT_NEAR(mean + spread, -0.924816, 1e-5);
  EXPECT_NEAR(mean - spread, -4.325184, 1e-5);
}

config::Settings Small() {
  config::Settings s;
  auto& naf = s.Of<NafSettings>();
  naf.hidden = 32;
  naf.batch = 64;
  naf.tau = 0.01;
  s.run.seed = 3;
  s.run.random_episodes = 5;
  return s;
}

TEST(Naf, ItsPolicyIsTheBestActionOfItsValue) {
  const config::Settings s = Small();
  NafLearner naf(2, 2, s);
  const std::vector<float> states = test::Normals(8, "states");
  std::vector<float> mu(8), acted(2), other(8);
  std::vector<double> q(4), v(4);
  naf.Evaluate(states.data(), other.data(), 4, q.data(), v.data(), mu.data());
  std::vector<double> best(4);
  naf.Evaluate(states.data(), mu.data(), 4, best.data(), nullptr, nullptr);
  nets::Policy policy = naf.policy();
  for (size_t i = 0; i < 4; ++i) {
    EXPECT_NEAR(best[i], v[i], 1e-9);  // max_a Q = V
    EXPECT_LE(q[i], v[i]);
    policy.Act(states.data() + 2 * i, nullptr, acted.data());
    for (size_t j = 0; j < 2; ++j) EXPECT_NEAR(acted[j], mu[2 * i + j], 1e-6);
  }
}

ArchiveReader Saved(const NafLearner& naf) {
  ArchiveWriter out;
  naf.Save(out);
  return ArchiveReader::Parse(out.Finish(), "memory").value();
}

TrainReport Train(NafLearner* naf, const replay::EpisodeBuffer& data, const config::Settings& s, int steps,
                  uint64_t iteration = 7) {
  return naf->Train({data, s, iteration, steps, [](int, int) {}, nullptr});
}

class NafUpdate : public ::testing::TestWithParam<std::string> {};

TEST_P(NafUpdate, ItsGradientAgreesWithAutogradThroughTheReference) {
  constexpr int64_t S = test::kTinyStates, A = test::kTinyActions, kBatch = 64;
  const replay::EpisodeBuffer data = test::TinyBuffer(5, 8);
  config::Settings s = Small();
  auto& own = s.Of<NafSettings>();
  own.hidden = 16;
  own.clip = 0;
  own.tau = 0.25;
  // Ten updates on other draws, so that targets differ from what they follow; then moments of zero.
  NafLearner trained(S, A, s), naf(S, A, s, test::PartsOf(GetParam()));
  Train(&trained, data, s, 10, 1);
  const ArchiveReader old = Saved(trained);
  ArchiveWriter set;
  for (const char* name : {"naf.net", "naf.target"}) set.Put(name, old.Floats(name));
  nets::Adam(static_cast<int64_t>(old.Count("naf.adam.m"))).Save(set, "naf.adam");
  naf.Load(ArchiveReader::Parse(set.Finish(), "memory").value());
  const TrainReport report = Train(&naf, data, s, 1);
  const ArchiveReader after = Saved(naf);

  Stream batch(3, "naf.batch", 7, 0), unused(0, "layout");
  std::vector<float> states(kBatch * S), actions(kBatch * A), rewards(kBatch), next(kBatch * S);
  data.Transitions(kBatch, batch, states.data(), actions.data(), rewards.data(), next.data());
  const nets::MlpSpec spec{S, 16, 2, 1 + A + TriangleSize(A), nets::Activation::kRelu};
  const nets::Layout layout = nets::MakeMlp(spec, unused).layout;
  const auto outputs = [&](const at::Tensor& flat, const std::vector<float>& x) {
    return nets::ReferenceMlp(spec, nets::ReferenceBlocks(layout, flat), test::Double(x.data(), {kBatch, S}));
  };
  const at::Tensor y =
      test::Double(rewards) + own.gamma * outputs(test::Double(old.Floats("naf.target")), next).select(1, 0);
  const auto loss = [&](const at::Tensor& flat) {
    return (ReferenceQ(outputs(flat, states), test::Double(actions.data(), {kBatch, A})) - y).square().mean();
  };
  const at::Tensor weights = test::Double(old.Floats("naf.net"));
  std::vector<float> got = after.Floats("naf.adam.m");
  for (float& x : got) x *= 10;  // of the first step of Adam the first moment is a tenth of the gradient
  EXPECT_LT(test::WorstBlockError(layout, got, test::Gradient(weights, loss)), 2e-5);
  EXPECT_NEAR(report.scalars.at("naf.critic_loss"), loss(weights).item<double>(), 1e-4);
  EXPECT_NEAR(report.scalars.at("naf.gradient_norm"), test::Gradient(weights, loss).norm().item<double>(), 1e-3);

  // And the slower copy a quarter of the way.
  const at::Tensor slow = test::Double(old.Floats("naf.target"));
  EXPECT_LT(
      test::RelativeError(after.Floats("naf.target"), slow + 0.25 * (test::Double(after.Floats("naf.net")) - slow)),
      1e-6);
}

INSTANTIATE_TEST_SUITE_P(BackEnds, NafUpdate, ::testing::ValuesIn(test::BackEnds()),
                         [](const auto& param_info) { return param_info.param; });

// s' = .9 s + .5 a, r = -(s^2 + .1 a^2), gamma .9: the best value is quadratic, V = -1.238432 s^2 with a = -1.324624 s,
// and Q's curvature by a is 2 (.1 + .9 * .25 * 1.238432) = .757294. Recorded are steps that stay where that action is
// within its bounds, so that all of it can be said exactly.
TEST(Naf, FindsTheValueAndTheBestActionOfALinearWorld) {
  config::Settings s = Small();
  auto& own = s.Of<NafSettings>();
  own.gamma = 0.9;
  own.hidden = 64;
  own.batch = 128;
  replay::EpisodeBuffer data(1, 1, 1, {}, 3);
  Stream stream(3, "linear");
  for (int i = 0; i < 5000; ++i) {
    const double at = stream.Uniform(-0.7, 0.7),
                 a = stream.Uniform(std::max(-1.0, (-0.7 - 0.9 * at) / 0.5), std::min(1.0, (0.7 - 0.9 * at) / 0.5));
    replay::Episode e;
    e.states = {static_cast<float>(at), static_cast<float>(0.9 * at + 0.5 * a)};
    e.actions = {static_cast<float>(a)};
    e.rewards = {static_cast<float>(-(at * at + 0.1 * a * a))};
    data.Append(std::move(e));
  }
  NafLearner naf(1, 1, s);
  uint64_t iteration = 0;
  for (const double lr : {1e-3, 3e-4, 1e-4}) {
    own.lr = lr;
    Train(&naf, data, s, 3000, ++iteration);
  }
  // Least squares over the states of V by s^2 and of the best action by s, and the mean curvature.
  double vs = 0, ss = 0, as = 0, aa = 0, curvature = 0;
  for (int i = -6; i <= 6; ++i) {
    const float at = 0.1f * static_cast<float>(i);
    double q = 0, v = 0;
    float mu = 0;
    naf.Evaluate(&at, &mu, 1, &q, &v, &mu);
    const float aside = mu > 0 ? mu - 0.5f : mu + 0.5f;
    naf.Evaluate(&at, &aside, 1, &q, nullptr, nullptr);
    curvature += (v - q) / (0.5 * 0.25) / 13;
    vs += v * at * at;
    ss += std::pow(at, 4);
    as += static_cast<double>(mu) * at;
    aa += static_cast<double>(at) * at;
  }
  EXPECT_NEAR(vs / ss, -1.238432, 0.03 * 1.238432);
  EXPECT_NEAR(as / aa, -1.324624, 0.03 * 1.324624);
  EXPECT_NEAR(curvature, 0.757294, 0.03 * 0.757294);
}

TEST(Naf, WithNothingButRecordedStepsInItsMixtureItIsNafAloneToTheBit) {
  const replay::EpisodeBuffer data = test::TinyBuffer(5, 8);
  config::Settings s = Small();
  const test::ScalarModel of_one_state(0.9);
  ImaginedPool empty(of_one_state);
  s.Of<MixtureSettings>().real_share = 0.5;
  NafLearner alone(3, 2, s), mixed(3, 2, s, model::CpuParts(), std::make_unique<Mixture>(empty));
  const nets::Standing now{data, s, 4};
  EXPECT_EQ(alone.NextWork(now), 8);
  EXPECT_EQ(mixed.NextWork(now), 8);
  const TrainReport one = Train(&alone, data, s, 20), other = Train(&mixed, data, s, 20);
  EXPECT_EQ(Saved(alone).Floats("naf.net"), Saved(mixed).Floats("naf.net"));
  EXPECT_EQ(Saved(alone).Floats("naf.target"), Saved(mixed).Floats("naf.target"));
  EXPECT_EQ(one.scalars, other.scalars);
  EXPECT_EQ(one.scalars.at("naf.imagined_share"), 0);
}

TEST(Naf, IsAFunctionOfTheSeedAndOfWhatItSavedToTheBit) {
  const replay::EpisodeBuffer data = test::TinyBuffer(5, 8);
  config::Settings s = Small();
  NafLearner whole(3, 2, s), first(3, 2, s), second(3, 2, s);
  Train(&whole, data, s, 6, 1);
  Train(&whole, data, s, 6, 2);
  Train(&first, data, s, 6, 1);
  second.Load(Saved(first));
  Train(&second, data, s, 6, 2);
  EXPECT_EQ(Saved(whole).Floats("naf.adam.v"), Saved(second).Floats("naf.adam.v"));
  EXPECT_EQ(whole.policy().net.values, second.policy().net.values);
  s.run.seed = 4;
  NafLearner other(3, 2, s);
  EXPECT_NE(other.policy().net.values, NafLearner(3, 2, Small()).policy().net.values);
}

TEST(Naf, SkipsUpdatesThatAreNotFiniteAndKeepsItsWeights) {
  const replay::EpisodeBuffer data = test::TinyBuffer(5, 8);
  config::Settings s = Small();
  NafLearner naf(3, 2, s);
  // L beyond what a number can hold.
  const ArchiveReader old = Saved(naf);
  std::vector<float> net = old.Floats("naf.net");
  net.back() = 1e4f;
  ArchiveWriter set;
  for (const char* name : {"naf.net", "naf.target"}) set.Put(name, net);
  nets::Adam(static_cast<int64_t>(net.size())).Save(set, "naf.adam");
  naf.Load(ArchiveReader::Parse(set.Finish(), "memory").value());
  const TrainReport report = Train(&naf, data, s, 3);
  EXPECT_EQ(report.skipped, 3);
  EXPECT_TRUE(report.scalars.empty()) << "of steps that were not made nothing is told";
  EXPECT_EQ(Saved(naf).Floats("naf.net"), net);
}

TEST(Naf, SaysWhatIsWrongWithIt) {
  config::Settings s;
  const std::map<std::string, double> sound = {
      {"naf.curvature", 1}, {"naf.saturated", 0.2}, {"naf.q", 20}, {"naf.best_return", 50}};
  const auto found = [&s](std::map<std::string, double> means, const char* name, double value) {
    means[name] = value;
    std::vector<std::string> ids;
    for (const nets::Finding& finding : NafInfo().findings(test::Said(s, means))) {
      ids.push_back(finding.id);
      EXPECT_FALSE(finding.remedies.empty()) << finding.id;
    }
    return ids;
  };
  using Ids = std::vector<std::string>;
  EXPECT_EQ(found(sound, "naf.curvature", 1), Ids{});
  EXPECT_EQ(found({}, "naf.q", NAN), Ids{}) << "nothing is known yet";
  EXPECT_EQ(found(sound, "naf.curvature", 0.001), Ids{"naf.curvature"});
  EXPECT_EQ(found(sound, "naf.curvature", 1000), Ids{"naf.curvature"});
  EXPECT_EQ(found(sound, "naf.saturated", 0.95), Ids{"naf.saturated"});
  EXPECT_EQ(found(sound, "naf.q", 101), Ids{"naf.overestimates"});
  s.Of<NafSettings>().updates_per_step = 0;
  EXPECT_EQ(found(sound, "naf.q", 101), Ids{}) << "frozen: nothing would follow from it";
}

TEST(Naf, AppendedInputsChangeNothing) {
  const config::Settings s = Small();
  NafLearner naf(2, 1, s);
  const float state[] = {0.3f, -0.2f, 5.0f, 7.0f}, action = 0.4f;
  double before = 0, after = 0, back = 0;
  naf.Evaluate(state, &action, 1, &before, nullptr, nullptr);
  replay::Normaliser inserted;
  naf.EditStates(2, inserted);
  naf.Evaluate(state, &action, 1, &after, nullptr, nullptr);
  naf.EditStates(-2, inserted);
  naf.Evaluate(state, &action, 1, &back, nullptr, nullptr);
  EXPECT_DOUBLE_EQ(before, after);
  EXPECT_DOUBLE_EQ(before, back);
}

}  // namespace
}  // namespace equipoise::learn
