// An aligned latent model: what it is fitted to, by hand, and the learner around it.
#include "engine/learn/alm/alm.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "engine/agent/controllers/encoded.h"
#include "engine/learn/alm/imagined_actor.h"
#include "engine/learn/alm/judges.h"
#include "engine/learn/alm/representation.h"
#include "engine/learn/lambda_return.h"

namespace equipoise::learn {
namespace {

constexpr double kGamma = 0.99;

config::Settings Small() {
  config::Settings s;
  s.run.seed = 3;
  s.run.episodes = 40;
  s.run.random_episodes = 5;
  auto& alm = s.Of<AlmSettings>();
  alm.latent = 2;
  alm.hidden = 8;
  alm.model_hidden = 8;
  alm.layers = 1;
  alm.batch = 6;
  return s;
}

// Whose states are 100 times the episode's number, and the step.
replay::EpisodeBuffer Numbered(int episodes, int64_t horizon) {
  replay::EpisodeBuffer data(2, 1, horizon, env::DistractorSpec{1, 1, 1.0, 5, 20}, 5);
  for (int i = 0; i < episodes; ++i) {
    replay::Episode e;
    for (int64_t t = 0; t <= horizon; ++t) {
      e.states.push_back(static_cast<float>(i));
      e.states.push_back(static_cast<float>(t));
    }
    for (int64_t t = 0; t < horizon; ++t) {
      e.actions.push_back(static_cast<float>(t) / 10.0f);
      e.rewards.push_back(0.5f);
    }
    data.Append(e);
  }
  return data;
}

TEST(Windows, NeverCrossAnEpisodesEndAndBeginWhereverTheyFit) {
  const replay::EpisodeBuffer data = Numbered(3, 4);
  Stream stream(1, "windows");
  Windows w;
  DrawWindows(data, 10000, 3, stream, &w);
  ASSERT_EQ(w.steps, 3);
  std::vector<int> firsts(4, 0), episodes(3, 0);
  for (int64_t i = 0; i < w.n; ++i) {
    const auto at = [&](int64_t k) { return w.s.data() + (k * w.n + i) * 2; };
    const auto first = static_cast<int>(at(0)[1]);
    ++firsts[static_cast<size_t>(first)];
    ++episodes[static_cast<size_t>(at(0)[0])];
    for (int64_t k = 0; k <= 3; ++k) {
      ASSERT_EQ(at(k)[0], at(0)[0]) << "another episode";
      ASSERT_EQ(at(k)[1], static_cast<float>(first + k));
      if (k < 3) {
        ASSERT_EQ(w.a[static_cast<size_t>(k * w.n + i)], static_cast<float>(first + k) / 10.0f);
      }
    }
  }
  // 5 standard deviations of a share of a half, and of a third.
  EXPECT_NEAR(firsts[0] / 1e4, 0.5, 0.025);
  EXPECT_EQ(firsts[0] + firsts[1], 10000);
  for (const int count : episodes) EXPECT_NEAR(count / 1e4, 1.0 / 3, 0.024);
}

TEST(Windows, AreNoLongerThanAnEpisode) {
  const replay::EpisodeBuffer data = Numbered(2, 2);
  Stream stream(1, "windows");
  Windows w;
  DrawWindows(data, 5, 3, stream, &w);
  EXPECT_EQ(w.steps, 2);
  EXPECT_EQ(w.s.size(), 3u * 5 * 2);
}

// KL of (.2, .5) from (0, .4), and its derivatives.
TEST(LatentGaussian, KlIsTheClosedForm) {
  const float mean = 0.2f, sd = 0.5f, q_mean = 0, q_sd = 0.4f;
  float dmean = 0, dsd = 0;
  EXPECT_NEAR(LatentKl(1, &mean, &sd, &q_mean, &q_sd, 1.0, &dmean, &dsd), 0.183106, 1e-6);
  EXPECT_NEAR(dmean, 1.25, 1e-5);
  EXPECT_NEAR(dsd, 1.125, 1e-5);
  // Added, not written.
  LatentKl(1, &mean, &sd, &q_mean, &q_sd, 2.0, &dmean, &dsd);
  EXPECT_NEAR(dmean, 3.75, 1e-5);
  EXPECT_EQ(LatentKl(1, &mean, &sd, &mean, &sd, 1.0, &dmean, &dsd), 0);
}

TEST(LatentGaussian, StaysWithinItsBounds) {
  for (const float raw : {-1e6f, -50.0f, 0.0f, 50.0f, 1e6f}) {
    const float out[2] = {raw, raw};
    float mean, sd;
    LatentGaussian(1, 1, out, &mean, &sd);
    EXPECT_LE(std::fabs(mean), 30.0f);
    EXPECT_GE(sd, 0.1f);
    EXPECT_LE(sd, 10.0001f);
  }
}

TEST(LambdaReturn, OfAWindowOfThreeIsWhatWasComputedByHand) {
  const std::vector<float> r = {1, 2, 3}, v = {5, 6, 7};  // V_1, V_2 and the end; V_0 = 4 counts nowhere
  std::vector<float> g(3);
  LambdaReturn(3, 1, r.data(), v.data(), kGamma, 0.95, g.data());
  EXPECT_NEAR(g[0], 12.191313, 1e-5);
  EXPECT_NEAR(g[1], 11.636165, 1e-5);
  EXPECT_NEAR(g[2], 9.93, 1e-5);
}

// False: N(0, 1), true: N(1, 1). The best there is is c_1 - c_0 = log N(x; 1, 1) / N(x; 0, 1) = x - 1/2.
TEST(Classifier, LearnsTheLogarithmOfTheRatioOfDensities) {
  constexpr int64_t n = 512;
  const nets::MlpSpec spec{1, 16, 1, 2, nets::Activation::kTanh};
  Stream init(1, "init");
  nets::Parameters net = nets::MakeMlp(spec, init);
  nets::Adam adam(net.layout.total());
  nets::MlpPass pass;
  pass.Resize(spec, n, true);
  std::vector<float> x(n), gradient(net.values.size());
  constexpr int kSteps = 6000;
  for (int k = 0; k < kSteps; ++k) {
    Stream stream(2, "x", static_cast<uint64_t>(k));
    stream.Normal(x.data(), x.size());
    for (size_t i = n / 2; i < x.size(); ++i) x[i] += 1;
    pass.Forward(net, x.data(), 0, n);
    TwoLogits(n, n / 2, pass.output(0), pass.output_gradient(0));
    std::fill(gradient.begin(), gradient.end(), 0.0f);
    pass.BackwardData(net, 0, n, nullptr);
    pass.BackwardWeights(net, x.data(), 0, n, gradient.data());
    adam.Step(net.values, gradient, 0.01 * (1 - static_cast<double>(k) / kSteps), 0);
  }
  // A straight line through what it says between the two means.
  double xx = 0, xy = 0, middle = 0;
  for (int i = -10; i <= 10; ++i) {
    const float at = 0.5f + 0.1f * static_cast<float>(i);
    pass.Evaluate(net, &at, 0, 1);
    const double logit = static_cast<double>(pass.output(0)[1]) - pass.output(0)[0];
    xx += 0.01 * i * i;
    xy += 0.1 * i * logit;
    middle += logit / 21;
  }
  EXPECT_NEAR(xy / xx, 1.0, 0.05);
  EXPECT_NEAR(middle, 0.0, 0.05);
}

TEST(Classifier, CountsWhatItIsRightAbout) {
  const std::vector<float> logits = {1, 0, 0, 1, 0, 2, 3, 0};  // two false rows, two true ones
  const CrossEntropy found = TwoLogits(4, 2, logits.data(), nullptr);
  EXPECT_DOUBLE_EQ(found.accuracy, 0.5);
  const auto miss = [](double margin) { return std::log(1 + std::exp(-margin)); };
  EXPECT_NEAR(found.loss, (miss(1) + miss(-1) + miss(2) + miss(-3)) / 4, 1e-9);
}

void Zero(nets::Parameters* net) { std::fill(net->values.begin(), net->values.end(), 0.0f); }
void Say(nets::Parameters* net, const std::vector<float>& always) {
  Zero(net);
  std::copy(always.begin(), always.end(), net->at(net->layout.Find("b_out")));
}
// Means are the first two inputs, deviations the least there is: far to the right ELU is a straight line.
void MakeIdentity(nets::Parameters* net) {
  constexpr float kRight = 16;
  Zero(net);
  const nets::Layout& layout = net->layout;
  const int w0 = layout.Find("w0"), b0 = layout.Find("b0"), w = layout.Find("w_out"), b = layout.Find("b_out");
  for (int64_t j = 0; j < 2; ++j) {
    net->at(w0)[j * layout[w0].cols + j] = 1;
    net->at(b0)[j] = kRight;
    net->at(w)[j * layout[w].cols + j] = 1;
    net->at(b)[j] = -kRight;
    net->at(b)[2 + j] = -60;
  }
}

// s_0 = (.3, -.2) stays where it is in the model; the observations go on to .35, .4 and .4.
TEST(Representation, OfAnEncoderThatSaysTheObservationIsWhatWasComputedByHand) {
  const config::Settings s = Small();
  AlmNets nets(2, 1, s);
  MakeIdentity(&nets.encoder.net);
  nets.encoder.target = nets.encoder.net;
  MakeIdentity(&nets.model.net);
  Say(&nets.reward.net, {0.7f});
  Say(&nets.critics.nets()[0].net, {2.5f});
  Say(&nets.critics.nets()[1].net, {1.5f});
  const nets::NetworkParts& parts = model::CpuParts();
  AlmWeights weights(parts, &nets);
  Representation fit(parts, nets, weights, 1, 3);
  Windows w;
  w.n = 1;
  w.steps = 3;
  w.s = {0.3f, -0.2f, 0.35f, -0.2f, 0.4f, -0.2f, 0.4f, -0.1f};
  w.a = {0.1f, 0.2f, 0.3f};
  const std::vector<float> noise(8, 0.0f), action_noise(1, 0.0f);
  const Representation::Told told = fit.Differentiate(weights, w, noise.data(), action_noise.data(), {0.5, 0.3});
  // |z - s'|^2 / (2 .1^2), tanh being straight here to a part in ten thousand: .125, .5, .5 + .5.
  EXPECT_NEAR(told.kl * 3, 1.625, 2e-3);
  EXPECT_NEAR(told.reward, 2.1, 1e-6);
  EXPECT_NEAR(told.value, 1.5, 1e-6) << "the least of the critics";
  EXPECT_NEAR(told.loss, 1.625 - 2.1 - 1.5, 2e-3);
  EXPECT_DOUBLE_EQ(told.at_least_sd, 1);
  EXPECT_DOUBLE_EQ(told.at_edge, 0);
}

TEST(ImaginedActor, DoesNotMoveWhereEveryActionIsAsGood) {
  const config::Settings s = Small();
  AlmNets nets(2, 1, s);
  Say(&nets.reward.net, {0.0f});
  for (TargetedNet& critic : nets.critics.nets()) Say(&critic.net, {3.0f});
  const std::vector<float> before = nets.actor.net.values;
  const nets::NetworkParts& parts = model::CpuParts();
  AlmWeights weights(parts, &nets);
  ImaginedActor actor(parts, nets, weights, 6, 3);
  std::vector<float> z(12), noise(3 * 12), action_noise(4 * 6);
  Stream stream(1, "noise");
  for (auto* v : {&z, &noise, &action_noise}) stream.Normal(v->data(), v->size());
  const auto step = [&](double cost) {
    ImaginedActor::Told told =
        actor.Differentiate(weights, z.data(), noise.data(), action_noise.data(), {0.5, 0.3}, {kGamma, 0.95, cost});
    actor.Step(&weights, 0.01, 0, &told);
    weights.Store();
    return told.norm;
  };
  EXPECT_EQ(step(0), 0);
  EXPECT_TRUE(nets.actor.net.values == before);
  // The classifier alone moves it.
  EXPECT_GT(step(0.1), 0);
  EXPECT_FALSE(nets.actor.net.values == before);
}

TEST(LatentActor, ClipsTheNoiseOfUpdatesAlone) {
  const float m[2] = {0.0f, 2.0f}, eps[2] = {2.0f, 1.0f};
  float a[2];
  NoisyAction(2, m, eps, {0.5, 0.3}, a);
  EXPECT_FLOAT_EQ(a[0], 0.3f);
  EXPECT_FLOAT_EQ(a[1], 1.0f);
  NoisyAction(2, m, eps, {0.25, 0.0}, a);
  EXPECT_FLOAT_EQ(a[0], 0.5f);
}

TEST(Alm, ItsNoiseFallsInAShareOfTheRun) {
  const config::Settings s = Small();  // 5 random episodes, then 40; half of them
  EXPECT_DOUBLE_EQ(AlmNoiseSd(s, 0), 1.0);
  EXPECT_DOUBLE_EQ(AlmNoiseSd(s, 5), 1.0);
  EXPECT_DOUBLE_EQ(AlmNoiseSd(s, 15), 0.55);
  EXPECT_DOUBLE_EQ(AlmNoiseSd(s, 25), 0.1);
  EXPECT_DOUBLE_EQ(AlmNoiseSd(s, 44), 0.1);
  config::Settings at_once = s;
  at_once.Of<AlmSettings>().noise_share = 0;
  EXPECT_DOUBLE_EQ(AlmNoiseSd(at_once, 5), 0.1);
}

nets::TrainReport Train(AlmLearner* alm, const replay::EpisodeBuffer& data, const config::Settings& s, int steps) {
  return alm->Train({data, s, 7, steps, [](int, int) {}, nullptr});
}

TEST(Alm, SlowerCopiesFollowByTau) {
  config::Settings s = Small();
  s.Of<AlmSettings>().tau = 0.25;
  const replay::EpisodeBuffer data = Numbered(3, 6);
  AlmLearner alm(2, 1, s);
  const std::vector<float> encoder = alm.nets().encoder.net.values;
  ASSERT_TRUE(alm.nets().encoder.target.values == encoder);
  Train(&alm, data, s, 1);
  const TargetedNet& now = alm.nets().encoder;
  ASSERT_FALSE(now.net.values == encoder);
  for (size_t k = 0; k < encoder.size(); ++k)
    EXPECT_NEAR(now.target.values[k], encoder[k] + 0.25f * (now.net.values[k] - encoder[k]), 1e-6);
}

// A reward that is always .5 is learned, whatever the latents are.
TEST(Alm, LearnsAConstantReward) {
  config::Settings s = Small();
  auto& alm_settings = s.Of<AlmSettings>();
  for (double* lr : {&alm_settings.model_lr, &alm_settings.reward_lr, &alm_settings.critic_lr, &alm_settings.actor_lr})
    *lr = 0.003;
  const replay::EpisodeBuffer data = Numbered(3, 6);
  AlmLearner alm(2, 1, s);
  const double first = Train(&alm, data, s, 1).scalars.at("alm.reward_loss");
  Train(&alm, data, s, 600);
  const nets::TrainReport last = Train(&alm, data, s, 1);
  EXPECT_LT(last.scalars.at("alm.reward_loss"), 0.01);
  EXPECT_GT(first, last.scalars.at("alm.reward_loss"));
  EXPECT_EQ(last.skipped, 0);
}

TEST(Encoded, ActsBySeedAndEpisodeAndWithinTheBounds) {
  const config::Settings s = Small();
  const AlmLearner alm(2, 1, s);
  const float observation[2] = {0.3f, -0.1f};
  const auto act = [&](uint64_t seed, int64_t index) {
    agent::Encoded acts(alm, s);
    agent::EpisodeStart start;
    start.seed = seed;
    start.index = index;
    start.horizon = 20;
    start.states = 2;
    start.actions = 1;
    acts.Begin(start);
    std::vector<float> all;
    for (int t = 0; t < 20; ++t) all.push_back(acts.Act({t, observation}).action.at(0));
    return all;
  };
  const std::vector<float> once = act(1, 6);
  EXPECT_TRUE(once == act(1, 6));
  EXPECT_FALSE(once == act(2, 6));
  EXPECT_FALSE(once == act(1, 7));
  for (const float a : once) EXPECT_LE(std::fabs(a), 1.0f);
  EXPECT_GT(*std::max_element(once.begin(), once.end()), *std::min_element(once.begin(), once.end()));
  agent::Encoded acts(alm, s);
  EXPECT_EQ(acts.policy(), nullptr);
}

TEST(Encoded, RemembersOfItsNoiseWhatIsNotForgotten) {
  const AlmLearner alm(2, 1, Small());
  const float observation[2] = {0.3f, -0.1f};
  const auto act = [&](double sd, double theta) {
    config::Settings s = Small();
    auto& noise = s.Of<AlmSettings>();
    noise.noise_sd = noise.noise_sd_final = sd;
    noise.noise_theta = theta;
    agent::Encoded acts(alm, s);
    acts.Begin({1, 6, 0, 20, 2, 1});
    std::vector<double> all;
    for (int t = 0; t < 20; ++t) all.push_back(acts.Act({t, observation}).action.at(0));
    return all;
  };
  const double sd = 0.02;  // far from the bounds
  const std::vector<double> mean = act(0, 1), white = act(sd, 1), remembered = act(sd, 0.25);
  double n = 0;
  for (size_t t = 0; t < mean.size(); ++t) {
    n = 0.75 * n + (white[t] - mean[t]) / sd;
    EXPECT_NEAR(remembered[t], mean[t] + sd * n, 1e-6) << t;
  }
  EXPECT_GT(std::fabs(remembered.back() - white.back()), 1e-4);
}

}  // namespace
}  // namespace equipoise::learn
