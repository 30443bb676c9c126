// The model-based learner in both modes: its gradients against differences of a loss computed a second time, what
// rescaling carries over, guards, freezing. Long because all of them share one small world.
#include "engine/learn/model_based.h"

#include <cmath>

#include <gtest/gtest.h>

#include "engine/learn/model_based_settings.h"
#include "engine/model/dropout_lstm_settings.h"
#include "tests/engine/learn/reference_losses.h"
#include "tests/engine/model/tiny_world.h"

namespace equipoise::learn {
namespace {

using model::ReferenceCarry;
using model::ReferenceModel;
using model::ReferenceTrajectory;
using test::Double;
using test::Normals;

constexpr int64_t kSteps = 8, kHidden = 12, kRows = 9;
constexpr int64_t S = test::kTinyStates, A = test::kTinyActions;
constexpr uint64_t kSeed = 4, kIteration = 3;

config::Settings TinySettings() {
  config::Settings s;
  auto& mb = s.Of<ModelBasedSettings>();
  s.run.seed = kSeed;
  mb.hidden = 10;
  mb.value_hidden = 11;
  mb.clip = 0;
  mb.trajectories = kRows;
  mb.starts = kRows;
  mb.imagination = 4;
  mb.burn_in_episodes = 3;
  mb.entropy_bonus = 0.3;
  mb.value_scale = 3;
  return s;
}

ArchiveReader Saved(const ModelBasedLearner& mb) {
  ArchiveWriter out;
  mb.Save(out);
  return ArchiveReader::Parse(out.Finish(), "memory").value();
}

std::vector<float> FirstGradient(const ArchiveReader& saved, const std::string& adam) {
  std::vector<float> g = saved.Floats(adam + ".m");
  for (float& x : g) x *= 10.0f;
  return g;
}

struct Fixture : public ::testing::Test {
  explicit Fixture(int64_t gate_groups = 1) : lstm(test::TinyModel(data, kHidden, 0.2, 1, gate_groups)) {
    config::Settings fit;
    fit.Of<model::DropoutLstmSettings>().batch = 4;
    fit.Of<model::DropoutLstmSettings>().eta = 1;
    lstm.Fit(data, fit, 1, 20, [](int, int) {});
    std::vector<float> observations;
    for (int64_t i = 0; i < data.size(); ++i)
      observations.insert(observations.end(), data[i].states.begin(), data[i].states.begin() + S);
    starts = StartPool(observations, S);
    const replay::Normaliser& n = lstm.normaliser();
    x_mean = Double(n.x_mean).narrow(0, 0, S);
    x_sd = Double(n.x_sd).narrow(0, 0, S);
    reward_sd = n.y_sd[S];
  }
  TrainReport Train(ModelBasedLearner* mb, int steps, uint64_t iteration = kIteration) {
    return mb->Train({data, s, iteration, steps, [](int, int) {}});
  }
  // The policy as it is while it trains: with the model's normaliser.
  nets::Policy Training(const ModelBasedLearner& mb) const {
    nets::Policy p = mb.policy();
    const replay::Normaliser& n = lstm.normaliser();
    p.mean.assign(n.x_mean.begin(), n.x_mean.begin() + S);
    p.sd.assign(n.x_sd.begin(), n.x_sd.begin() + S);
    return p;
  }
  // Noise [steps, kRows, width] as the shards of the first gradient step draw it, each from a stream of its own.
  static std::vector<float> Noise(const char* name, int64_t steps, int64_t width) {
    std::vector<float> noise(static_cast<size_t>(steps * kRows * width));
    uint64_t index = 0;
    for (const Shard& shard : ShardsOf(kRows)) {
      std::vector<float> part(static_cast<size_t>(steps * shard.count * width));
      Stream(kSeed, name, kIteration, 0, index++).Normal(part.data(), part.size());
      for (int64_t t = 0; t < steps; ++t)
        std::copy_n(part.data() + t * shard.count * width, shard.count * width,
                    noise.data() + (t * kRows + shard.first) * width);
    }
    return noise;
  }
  // What the objective counts: rewards over their spread, or raw.
  at::Tensor Units(const at::Tensor& raw_reward) const {
    return s.Of<ModelBasedSettings>().reward_units == "raw" ? raw_reward : raw_reward / reward_sd;
  }

  replay::EpisodeBuffer data = test::TinyBuffer(6, kSteps);
  model::DropoutLstm lstm;
  StartPool starts;
  config::Settings s = TinySettings();
  at::Tensor x_mean, x_sd;
  double reward_sd = 0;
};

// ---------------------------------------------------------------------------------------------- full trajectories

struct FullVariant {
  const char *name, *units;
  int64_t gate_groups;
};

class FullTrajectories : public Fixture, public ::testing::WithParamInterface<FullVariant> {
 protected:
  FullTrajectories() : Fixture(GetParam().gate_groups) {}
};

TEST_P(FullTrajectories, TakeTheGradientOfReturnPlusEntropyThroughTheWholeEpisode) {
  s.Of<ModelBasedSettings>().mode = "full";
  s.Of<ModelBasedSettings>().reward_units = GetParam().units;
  ModelBasedLearner mb(lstm, starts, s);
  const nets::Policy policy = Training(mb);
  const TrainReport report = Train(&mb, 1);
  EXPECT_EQ(mb.policy().mean, policy.mean);  // it carries the normaliser it was trained with
  EXPECT_EQ(mb.policy().sd, policy.sd);

  model::Belief beliefs;
  std::vector<float> start(kRows * S);
  uint64_t index = 0;
  for (const Shard& shard : ShardsOf(kRows)) {
    Stream masks(kSeed, "mb.mask", kIteration, 0, index), phases(kSeed, "mb.start.distractor", kIteration, 0, index),
        start_stream(kSeed, "mb.start", kIteration, 0, index++);
    beliefs.Append(lstm.Draw(shard.count, masks));
    starts.Fill(shard.count, nullptr, start_stream, phases, start.data() + shard.first * S);
  }
  ASSERT_GT(index, 1u);
  const auto action_noise = Noise("mb.act", kSteps, A), dynamics_noise = Noise("mb.dyn", kSteps, S);
  auto imagine = [&](const at::Tensor& flat) {
    const ReferenceModel reference = test::ReferenceOf(lstm);
    ReferenceCarry carry = model::ReferenceStart(reference, kRows);
    return model::ReferenceImagine(reference, test::ReferenceOf(policy, flat), Double(start.data(), {kRows, S}), &carry,
                                   test::Masks(beliefs, kHidden, kRows),
                                   Double(action_noise.data(), {kSteps, kRows, A}),
                                   Double(dynamics_noise.data(), {kSteps, kRows, S}), false);
  };
  auto loss = [&](const at::Tensor& flat) {
    const ReferenceTrajectory t = imagine(flat);
    return ReferenceFullLoss(Units(t.reward), t.log_prob, s.Of<ModelBasedSettings>().entropy_bonus);
  };
  const at::Tensor flat = Double(policy.net.values);
  const std::vector<float> gradient = FirstGradient(Saved(mb), "mb.adam");
  // Eight steps of policy and model in float32 and back.
  EXPECT_LT(test::WorstBlockError(policy.net.layout, gradient, test::Gradient(flat, loss)), 3e-5);
  const at::Tensor v = Double(Normals(flat.numel(), "v"));
  const double want = test::DirectionalDifference(flat, v, 1e-7, loss);
  EXPECT_NEAR((Double(gradient) * v).sum().item<double>(), want, 2e-4 * std::fabs(want) + 1e-4);
  EXPECT_NEAR(report.scalars.at("mb.imagined_return"), imagine(flat).reward.sum(0).mean().item<double>(), 1e-3);
  EXPECT_NEAR(report.scalars.at("mb.entropy"), -imagine(flat).log_prob.mean().item<double>(), 1e-4);
}

INSTANTIATE_TEST_SUITE_P(Variants, FullTrajectories,
                         ::testing::Values(FullVariant{"ScaledRewards", "scaled", 1},
                                           FullVariant{"RawRewards", "raw", 1},
                                           FullVariant{"UntiedMasks", "scaled", 4}),
                         [](const auto& param_info) { return param_info.param.name; });

class ModelBased : public Fixture {};

TEST_F(ModelBased, ReusesItsDrawsForAsManyStepsAsAskedFor) {
  s.Of<ModelBasedSettings>().mode = "full";
  s.Of<ModelBasedSettings>().lr = 0;  // the policy stays, so that only the draws can change what is imagined
  auto imagined = [&](int resample_every) {
    s.Of<ModelBasedSettings>().resample_every = resample_every;
    std::vector<double> means;
    for (int steps : {1, 2, 3}) {
      ModelBasedLearner mb(lstm, starts, s);
      means.push_back(Train(&mb, steps).scalars.at("mb.imagined_return"));
    }
    return means;
  };
  const auto kept = imagined(3), anew = imagined(1);
  EXPECT_NEAR(kept[1], kept[0], 1e-9);
  EXPECT_NEAR(kept[2], kept[0], 1e-9);
  EXPECT_GT(std::fabs(anew[1] - anew[0]), 1e-6);
}

TEST_F(ModelBased, LearnsToActWellInTheModel) {
  for (const char* mode : {"full", "dreamer"}) {
    s.Of<ModelBasedSettings>().mode = mode;
    s.Of<ModelBasedSettings>().lr = 0.01;
    s.Of<ModelBasedSettings>().entropy_bonus = 0.01;
    s.Of<ModelBasedSettings>().clip = 1;
    config::Settings fit;
    fit.Of<model::DropoutLstmSettings>().batch = 4;
    fit.Of<model::DropoutLstmSettings>().eta = 0.01;
    fit.Of<model::DropoutLstmSettings>().lr = 0.003;
    lstm.Fit(data, fit, 2, 200, [](int, int) {});
    ModelBasedLearner mb(lstm, starts, s);
    const double before = Train(&mb, 1).scalars.at("mb.imagined_return");
    Train(&mb, 80, kIteration + 1);
    const double after = Train(&mb, 1, kIteration + 2).scalars.at("mb.imagined_return");
    // 2 a_0 a step can rise by nearly two a step.
    EXPECT_GT(after, before + (std::string(mode) == "full" ? kSteps : s.Of<ModelBasedSettings>().imagination)) << mode;
  }
}

// After one step Adam's second moments add up to (1 - 0.999) |g|^2.
TEST_F(ModelBased, ClipsTheGradientOfItsValueToo) {
  s.Of<ModelBasedSettings>().mode = "dreamer";
  const auto norm = [&](double clip) {
    s.Of<ModelBasedSettings>().value_clip = clip;
    ModelBasedLearner mb(lstm, starts, s);
    Train(&mb, 1);
    double sum = 0;
    for (const float v : Saved(mb).Floats("mb.value_adam.v")) sum += v;
    return std::sqrt(sum / 0.001);
  };
  const double whole = norm(0);
  ASSERT_GT(whole, 0);
  EXPECT_EQ(norm(2 * whole), whole) << "below the limit it is what it was";
  EXPECT_NEAR(norm(0.5 * whole), 0.5 * whole, 1e-3 * whole);
}

TEST_F(ModelBased, NeverTouchesWeightsWithNumbersThatAreNotFinite) {
  for (const char* mode : {"full", "dreamer"}) {
    s.Of<ModelBasedSettings>().mode = mode;
    model::DropoutLstm broken = lstm;
    broken.parameters().at(model::kHeadW)[0] = std::nanf("");
    ModelBasedLearner mb(broken, starts, s);
    const auto before = mb.policy().net.values;
    const TrainReport report = mb.Train({data, s, kIteration, 3, [](int, int) {}});
    EXPECT_GE(report.skipped, 3) << mode;
    EXPECT_EQ(mb.policy().net.values, before) << mode;
    EXPECT_TRUE(mb.finite());
  }
}

TEST_F(ModelBased, KeepsPolicyAndValueWhenDistractorsComeAndGo) {
  s.Of<ModelBasedSettings>().mode = "dreamer";
  ModelBasedLearner mb(lstm, starts, s);
  Train(&mb, 5);
  const ArchiveReader before = Saved(mb);
  const std::vector<float> zero(6, 0.0f), spread(6, 0.7f);
  mb.EditStates(6, {zero, spread, zero, spread});
  EXPECT_EQ(mb.policy().states(), S + 6);
  const ArchiveReader during = Saved(mb);
  // The first layer [in, hidden] of policy, value and target: six rows of zeros behind the states, all else as it was.
  auto expect_rows = [&](const char* name, int64_t hidden) {
    const std::vector<float> narrow = before.Floats(name), wide = during.Floats(name);
    ASSERT_EQ(wide.size(), narrow.size() + static_cast<size_t>(6 * hidden)) << name;
    for (size_t i = 0; i < wide.size(); ++i) {
      const auto first = static_cast<size_t>(S * hidden), width = static_cast<size_t>(6 * hidden);
      EXPECT_EQ(wide[i], i < first ? narrow[i] : i < first + width ? 0.0f : narrow[i - width]) << name;
    }
  };
  expect_rows("mb.policy.net", s.Of<ModelBasedSettings>().hidden);
  expect_rows("mb.value", s.Of<ModelBasedSettings>().value_hidden);
  expect_rows("mb.target", s.Of<ModelBasedSettings>().value_hidden);
  mb.EditStates(-6, {});
  const ArchiveReader after = Saved(mb);
  for (const char* name : {"mb.policy.net", "mb.policy.mean", "mb.policy.sd", "mb.adam.m", "mb.adam.v", "mb.value",
                           "mb.target", "mb.value_adam.v"})
    EXPECT_EQ(after.Floats(name), before.Floats(name)) << name;
}

// ----------------------------------------------------------------------------------------------- short imagination

struct Variant {
  const char* name;
  bool detach, soft, burn_in;
  const char* units;
  int64_t gate_groups = 1;
};

class ShortImagination : public Fixture, public ::testing::WithParamInterface<Variant> {
 protected:
  ShortImagination() : Fixture(GetParam().gate_groups) {
    s.Of<ModelBasedSettings>().mode = "dreamer";
    s.Of<ModelBasedSettings>().detach_input = GetParam().detach;
    s.Of<ModelBasedSettings>().soft_value = GetParam().soft;
    s.Of<ModelBasedSettings>().burn_in = GetParam().burn_in;
    s.Of<ModelBasedSettings>().reward_units = GetParam().units;
  }
  // Hidden states before every step of the drawn episodes, fed one step at a time: [T, B, 2H].
  at::Tensor Carries(const std::vector<float>& x, const model::Belief& beliefs, int64_t batch) const {
    const ReferenceModel reference = test::ReferenceOf(lstm);
    ReferenceCarry carry = model::ReferenceStart(reference, batch);
    std::vector<at::Tensor> all;
    for (int64_t t = 0; t < kSteps; ++t) {
      all.push_back(at::cat({carry.h, carry.c}, 1));
      if (GetParam().burn_in)
        model::ReferenceStep(reference, Double(x.data() + t * batch * (S + A), {batch, S + A}),
                             test::Masks(beliefs, kHidden, batch), &carry);
    }
    return at::stack(all);
  }
};

TEST_P(ShortImagination, TakesTheGradientsOfActorAndCriticFromTheLambdaReturn) {
  ModelBasedLearner mb(lstm, starts, s);
  const nets::Policy policy = Training(mb);
  const ArchiveReader before = Saved(mb);
  const TrainReport report = Train(&mb, 1);
  const ArchiveReader after = Saved(mb);

  // Everything that was drawn, by the names of the streams.
  const int64_t B = s.Of<ModelBasedSettings>().burn_in_episodes, H = s.Of<ModelBasedSettings>().imagination;
  Stream episodes(kSeed, "mb.episode", kIteration, 0), mask_stream(kSeed, "mb.mask", kIteration, 0);
  std::vector<float> x(static_cast<size_t>(kSteps * B * (S + A))), y(static_cast<size_t>(kSteps * B * (S + 1)));
  data.Sequences(data.DrawEpisodes(B, episodes), lstm.normaliser(), x.data(), y.data());
  const model::Belief beliefs = lstm.Draw(B, mask_stream);
  const at::Tensor carries = Carries(x, beliefs, B), all_masks = test::Masks(beliefs, kHidden, B),
                   inputs = Double(x.data(), {kSteps, B, S + A});
  std::vector<at::Tensor> start, carry, mask;
  uint64_t index = 0;
  for (const Shard& shard : ShardsOf(kRows)) {
    Stream start_stream(kSeed, "mb.start", kIteration, 0, index++);
    for (int64_t i = 0; i < shard.count; ++i) {
      const int64_t b = start_stream.Below(static_cast<uint32_t>(B)), t = start_stream.Below(kSteps);
      start.push_back(inputs[t][b].narrow(0, 0, S) * x_sd + x_mean);
      carry.push_back(carries[t][b]);
      mask.push_back(all_masks[b]);
    }
  }
  const auto action_noise = Noise("mb.act", H, A), dynamics_noise = Noise("mb.dyn", H, S);

  const nets::MlpSpec value_spec{S, s.Of<ModelBasedSettings>().value_hidden, 2, 1, nets::Activation::kRelu};
  Stream unused(0, "layout");
  const nets::Layout value_layout = nets::MakeMlp(value_spec, unused).layout;
  auto value = [&](const at::Tensor& weights, const at::Tensor& state) {
    const at::Tensor z = (state - x_mean) / x_sd;
    return s.Of<ModelBasedSettings>().value_scale *
           nets::ReferenceMlp(value_spec, nets::ReferenceBlocks(value_layout, weights), z).squeeze(-1);
  };
  const at::Tensor target = Double(before.Floats("mb.target")), critic = Double(before.Floats("mb.value"));
  auto imagine = [&](const at::Tensor& flat) {
    ReferenceCarry c{at::stack(carry).narrow(1, 0, kHidden), at::stack(carry).narrow(1, kHidden, kHidden)};
    return model::ReferenceImagine(test::ReferenceOf(lstm), test::ReferenceOf(policy, flat), at::stack(start), &c,
                                   at::stack(mask), Double(action_noise.data(), {H, kRows, A}),
                                   Double(dynamics_noise.data(), {H, kRows, S}), GetParam().detach);
  };
  auto actor = [&](const at::Tensor& flat) {
    const ReferenceTrajectory t = imagine(flat);
    return ReferenceDreamerActorLoss(Units(t.reward), t.log_prob, value(target, t.state.narrow(0, 1, H)),
                                     s.Of<ModelBasedSettings>().gamma, s.Of<ModelBasedSettings>().lambda,
                                     s.Of<ModelBasedSettings>().entropy_bonus, GetParam().soft);
  };
  const at::Tensor flat = Double(policy.net.values);
  EXPECT_LT(test::WorstBlockError(policy.net.layout, FirstGradient(after, "mb.adam"), test::Gradient(flat, actor)),
            3e-5);

  const ReferenceTrajectory t = imagine(flat);
  at::Tensor reward = Units(t.reward);
  if (GetParam().soft) reward = reward - s.Of<ModelBasedSettings>().entropy_bonus * t.log_prob;
  const at::Tensor returns = ReferenceLambdaReturn(reward, value(target, t.state.narrow(0, 1, H)),
                                                   s.Of<ModelBasedSettings>().gamma, s.Of<ModelBasedSettings>().lambda);
  // The critic's loss is taken in units of the network's own output.
  auto critic_loss = [&](const at::Tensor& weights) {
    return ReferenceDreamerCriticLoss(value(weights, t.state.narrow(0, 0, H)), returns,
                                      s.Of<ModelBasedSettings>().gamma) /
           (s.Of<ModelBasedSettings>().value_scale * s.Of<ModelBasedSettings>().value_scale);
  };
  EXPECT_LT(
      test::WorstBlockError(value_layout, FirstGradient(after, "mb.value_adam"), test::Gradient(critic, critic_loss)),
      3e-5);
  EXPECT_NEAR(report.scalars.at("mb.value_loss"), critic_loss(critic).item<double>(), 1e-4);
  EXPECT_NEAR(report.scalars.at("mb.value"), returns.mean().item<double>(), 1e-4);
  EXPECT_LT(test::RelativeError(after.Floats("mb.target"), target + s.Of<ModelBasedSettings>().value_tau *
                                                                        (Double(after.Floats("mb.value")) - target)),
            1e-6);
}

INSTANTIATE_TEST_SUITE_P(Variants, ShortImagination,
                         ::testing::Values(Variant{"AsInThePaper", true, false, true, "scaled"},
                                           Variant{"Attached", false, false, true, "scaled"},
                                           Variant{"SoftValue", true, true, true, "scaled"},
                                           Variant{"SoftValueAttached", false, true, true, "scaled"},
                                           Variant{"WithoutBurnIn", true, false, false, "scaled"},
                                           Variant{"RawRewards", false, true, true, "raw"},
                                           Variant{"UntiedMasks", false, false, true, "scaled", 4}),
                         [](const auto& param_info) { return param_info.param.name; });

// The value network speaks in units of the reward's spread; when that is refitted it must go on meaning the same.
TEST_F(ModelBased, RescalesTheValueWithTheRewardsSpreadAndOnlyInScaledUnits) {
  for (const char* units : {"scaled", "raw"}) {
    s.Of<ModelBasedSettings>().mode = "dreamer";
    s.Of<ModelBasedSettings>().reward_units = units;
    s.Of<ModelBasedSettings>().value_lr = 0;
    model::DropoutLstm refit = lstm;
    ModelBasedLearner mb(refit, starts, s);
    replay::EpisodeBuffer grown = data;
    Train(&mb, 1);
    const std::vector<float> before = Saved(mb).Floats("mb.value");
    replay::Episode big = test::TinyEpisode(kSteps, 50);
    for (float& r : big.rewards) r *= 20;
    grown.Append(big);
    refit.Refit(grown, false);
    mb.Train({grown, s, kIteration + 1, 1, [](int, int) {}});
    const std::vector<float> after = Saved(mb).Floats("mb.value");
    const double ratio = std::string(units) == "raw" ? 1.0 : reward_sd / refit.normaliser().y_sd[S];
    if (std::string(units) == "scaled") {
      EXPECT_LT(ratio, 0.5);
    }
    const size_t last = after.size() - static_cast<size_t>(s.Of<ModelBasedSettings>().value_hidden) -
                        1;  // w_out and b_out end the array
    for (size_t i = 0; i < after.size(); ++i)
      EXPECT_NEAR(after[i], before[i] * (i < last ? 1.0 : ratio), 1e-6) << units << i;
  }
}

// V is in units of the reward's spread, which is 1/c times as large from here on: V and its targets are c times what
// they were, and Adam's history has to follow (model_based.h).
TEST_F(ModelBased, RescalesTheMomentsOfTheValueWithIt) {
  s.Of<ModelBasedSettings>().mode = "dreamer";
  model::DropoutLstm refit = lstm;
  ModelBasedLearner mb(refit, starts, s);
  Train(&mb, 6);
  const ArchiveReader before = Saved(mb);
  replay::EpisodeBuffer grown = data;
  replay::Episode big = test::TinyEpisode(kSteps, 50);
  for (float& r : big.rewards) r *= 20;
  grown.Append(big);
  refit.Refit(grown, false);
  s.Of<ModelBasedSettings>().lr = s.Of<ModelBasedSettings>().value_lr =
      0;  // the weights stay; one step shows the moments
  mb.Train({grown, s, kIteration + 1, 1, [](int, int) {}});
  const ArchiveReader after = Saved(mb);
  const double c = reward_sd / refit.normaliser().y_sd[S];
  ASSERT_LT(c, 0.5);
  const std::vector<float> m0 = before.Floats("mb.value_adam.m"), v0 = before.Floats("mb.value_adam.v"),
                           m1 = after.Floats("mb.value_adam.m"), v1 = after.Floats("mb.value_adam.v");
  const size_t last =
      m0.size() - static_cast<size_t>(s.Of<ModelBasedSettings>().value_hidden) - 1;  // w_out and b_out end the array
  for (size_t i = 0; i < m0.size(); ++i) {
    const double factor = i < last ? c * c : c;
    const double m = factor * m0[i], v = factor * factor * v0[i];
    // m1 = 0.9 m + 0.1 g and v1 = 0.999 v + 0.001 g^2 have to name the same gradient.
    const double g = (m1[i] - 0.9 * m) / 0.1;
    EXPECT_NEAR(v1[i], 0.999 * v + 0.001 * g * g, 1e-3 * (0.999 * v + 0.001 * g * g) + 1e-12) << i;
  }
}

// The same problem with all rewards c times as large, from the start: gradients of the value are c^2 and c times as
// large, and Adam's normalised update is the same. A learner that changes its unit in mid-run must end up there too.
TEST(ValueMoments, AnUpdateAfterRescalingIsThatOfTheUnscaledProblem) {
  constexpr int64_t kInner = 4, kLast = 3;
  const float c = 0.2f;
  nets::Adam old(kInner + kLast);
  std::vector<float> w(static_cast<size_t>(kInner + kLast), 0.0f);
  for (uint64_t k = 0; k < 6; ++k) old.Step(w, Normals(kInner + kLast, "g" + std::to_string(k)), 0.01, 0.0);
  nets::Adam scaled = old;
  nets::ScaleMoments(0, kInner, c * c, &scaled);
  nets::ScaleMoments(kInner, kLast, c, &scaled);
  std::vector<float> g = Normals(kInner + kLast, "next"), g_scaled = g, a = w, b = w, mixed = w;
  for (size_t i = 0; i < g.size(); ++i) g_scaled[i] *= i < static_cast<size_t>(kInner) ? c * c : c;
  nets::Adam unscaled_moments = old;
  old.Step(a, g, 0.01, 0.0);
  scaled.Step(b, g_scaled, 0.01, 0.0);
  unscaled_moments.Step(mixed, g_scaled, 0.01, 0.0);
  double worst = 0;
  for (size_t i = 0; i < g.size(); ++i) {
    EXPECT_NEAR(b[i] - w[i], a[i] - w[i], 1e-6);
    worst = std::max<double>(worst, std::fabs(mixed[i] - a[i]));
  }
  EXPECT_GT(worst, 1e-4);  // negative control: moments in the old unit
}

TEST_F(ModelBased, TellsTheValueInRawReward) {
  s.Of<ModelBasedSettings>().mode = "dreamer";
  s.Of<ModelBasedSettings>().value_lr = 0;
  s.Of<ModelBasedSettings>().lr = 0;
  std::vector<double> values;
  for (const char* units : {"scaled", "raw"}) {
    s.Of<ModelBasedSettings>().reward_units = units;
    ModelBasedLearner mb(lstm, starts, s);  // the same weights of the value network
    const TrainReport report = Train(&mb, 1);
    values.push_back(report.scalars.at("mb.state_value"));
  }
  // The same output of the network means reward_sd times as much where its unit is the spread.
  EXPECT_NEAR(values[0], reward_sd * values[1], 1e-6 * std::fabs(values[0]) + 1e-9);
  EXPECT_NE(values[0], 0);
}

TEST_F(ModelBased, SaysNothingOfStepsThatAFrozenLearnerDidNotMake) {
  s.Of<ModelBasedSettings>().mode = "dreamer";
  ModelBasedLearner mb(lstm, starts, s);
  Train(&mb, 1);
  const TrainReport frozen = Train(&mb, 0, kIteration + 1);
  EXPECT_EQ(frozen.scalars.count("mb.entropy"), 0u);
  EXPECT_EQ(frozen.scalars.count("mb.value"), 0u);
  EXPECT_EQ(frozen.scalars.count("mb.alpha"), 1u);
}

TEST_F(ModelBased, KeepsAGuardsHalfStepUntilTheStepSizeIsSet) {
  s.Of<ModelBasedSettings>().mode = "full";
  model::DropoutLstm broken = lstm;
  broken.parameters().at(model::kHeadW)[0] = std::nanf("");
  auto trained = [&](bool set_by_hand) {
    model::DropoutLstm present = broken;
    ModelBasedLearner mb(present, starts, s);
    const TrainReport trip = mb.Train({data, s, kIteration, 10, [](int, int) {}});
    EXPECT_TRUE(trip.reloaded);
    EXPECT_EQ(trip.step_share, (std::map<std::string, double>{{"mb.lr", 0.5}}));
    if (set_by_hand) {
      config::Settings other = s;
      other.Of<ModelBasedSettings>().lr *= 2;
      mb.OnSettings(other, s);
    }
    present = lstm;
    const std::vector<float> before = mb.policy().net.values;
    const TrainReport next = Train(&mb, 1, kIteration + 1);
    EXPECT_EQ(next.step_share.empty(), set_by_hand);
    return std::fabs(mb.policy().net.values[0] - before[0]);
  };
  EXPECT_NEAR(trained(false), 0.5 * trained(true), 1e-6);
}

}  // namespace
}  // namespace equipoise::learn
