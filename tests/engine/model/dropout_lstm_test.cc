#include "engine/model/dropout_lstm.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "engine/model/dropout_lstm_settings.h"
#include "engine/model/imagination.h"
#include "engine/model/sequence_pass.h"
#include "tests/engine/model/tiny_world.h"

namespace equipoise::model {
namespace {

using test::Double;
using test::Normals;

constexpr int64_t kSteps = 8, kHidden = 12;
constexpr int64_t S = test::kTinyStates, A = test::kTinyActions, I = S + A, D = S + 1;

void Ignore(int, int) {}

config::Settings TinySettings() {
  config::Settings s;
  auto& lstm = s.Of<DropoutLstmSettings>();
  s.run.seed = 4;
  lstm.batch = 5;
  lstm.lr = 0.003;
  lstm.eta = 3;
  lstm.clip = 0;
  return s;
}

// [ mean over B of the sum over T and D of nll  +  eta / N * sum of all squared weights ] / (T D)
at::Tensor ReferenceLoss(const at::Tensor& nll, const at::Tensor& flat, double eta, int64_t trajectories) {
  const at::Tensor likelihood = nll.sum(2).sum(0).mean();
  const at::Tensor prior = flat.square().sum() * (eta / static_cast<double>(trajectories));
  return (likelihood + prior) / static_cast<double>(nll.size(0) * nll.size(2));
}

// The heads over recorded inputs under the given masks.
std::vector<float> Heads(const DropoutLstm& lstm, const std::vector<float>& x, int64_t batch, const Belief& beliefs) {
  SequencePass pass;
  pass.Forward(lstm.spec(), lstm.parameters(), x.data(), kSteps, batch, beliefs, true);
  return {pass.heads(), pass.heads() + kSteps * batch * 2 * lstm.spec().outputs()};
}

struct FitCase {
  int batch;
  int64_t gate_groups;
};

class FitOfABatch : public ::testing::TestWithParam<FitCase> {};

TEST_P(FitOfABatch, TakesTheGradientOfTheWholeLossWithThePriorDividedLikeTheLikelihood) {
  const auto data = test::TinyBuffer(6, kSteps);
  const int B = GetParam().batch;
  config::Settings s = TinySettings();
  s.Of<DropoutLstmSettings>().batch = B;
  DropoutLstm lstm = test::TinyModel(data, kHidden, 0.3, 1, GetParam().gate_groups);
  const DropoutLstm before = lstm;
  lstm.Fit(data, s, 9, 1, Ignore);
  // After one step of Adam the first moment is a tenth of the gradient.
  std::vector<float> gradient = lstm.adam().m;
  for (float& g : gradient) g *= 10.0f;

  Stream draw(4, "model.batch", 9, 0), masks(4, "model.mask", 9, 0);
  std::vector<float> x(static_cast<size_t>(kSteps * B * I)), y(static_cast<size_t>(kSteps * B * D));
  data.Sequences(data.DrawEpisodes(B, draw), before.normaliser(), x.data(), y.data());
  const Belief beliefs = before.Draw(B, masks);
  auto loss = [&](const at::Tensor& flat) {
    const at::Tensor nll = ReferenceNll(test::ReferenceOf(before, flat), Double(x.data(), {kSteps, B, I}),
                                        Double(y.data(), {kSteps, B, D}), test::Masks(beliefs, kHidden, B));
    return ReferenceLoss(nll, flat, s.Of<DropoutLstmSettings>().eta, data.size());
  };
  const at::Tensor flat = Double(before.parameters().values), want = test::Gradient(flat, loss);
  EXPECT_LT(test::WorstBlockError(before.parameters().layout, gradient, want), 1e-5);
  const at::Tensor v = Double(Normals(flat.numel(), "v"));
  const double difference = test::DirectionalDifference(flat, v, 1e-6, loss);
  EXPECT_NEAR((Double(gradient) * v).sum().item<double>(), difference, 1e-4 * std::fabs(difference) + 1e-6);
}

// One, two and four shards.
INSTANTIATE_TEST_SUITE_P(DropoutLstm, FitOfABatch,
                         ::testing::Values(FitCase{5, 1}, FitCase{19, 1}, FitCase{130, 1}, FitCase{19, 4}));

TEST(DropoutLstm, FitClipsTheGradientOfTheLossPerOutputAndStep) {
  const auto data = test::TinyBuffer(6, kSteps);
  config::Settings s = TinySettings();
  DropoutLstm free = test::TinyModel(data, kHidden, 0.3), clipped = free;
  const double norm = free.Fit(data, s, 9, 1, Ignore).gradient_norm;
  s.Of<DropoutLstmSettings>().clip = norm / 4;
  const FitReport report = clipped.Fit(data, s, 9, 1, Ignore);
  EXPECT_NEAR(report.gradient_norm, norm, 1e-9);
  EXPECT_EQ(report.clipped_share, 1.0);
  EXPECT_LT(test::RelativeError(clipped.adam().m, 0.25 * Double(free.adam().m)), 1e-5);
}

TEST(DropoutLstm, FitLearnsTheTinyWorldAndReportsItsPrior) {
  const auto data = test::TinyBuffer(12, kSteps);
  config::Settings s = TinySettings();
  s.Of<DropoutLstmSettings>().eta = 0.01;
  DropoutLstm lstm = test::TinyModel(data, 24, 0.05);
  EXPECT_FALSE(lstm.trained());
  const Belief beliefs = test::DrawMasks(lstm, 20);
  const double before = lstm.Evaluate(data, 0, beliefs, S).physics;
  const FitReport report = lstm.Fit(data, s, 1, 300, Ignore);
  EXPECT_TRUE(lstm.trained());
  EXPECT_EQ(report.steps, 300);
  EXPECT_EQ(report.skipped, 0);
  const double after = lstm.Evaluate(data, 0, beliefs, S).physics;
  EXPECT_LT(after, before - 2);  // nats per step over four outputs
  EXPECT_NEAR(report.train_nll, after, 2);
  double squares = 0;
  for (float w : lstm.parameters().values) squares += static_cast<double>(w) * w;
  EXPECT_NEAR(report.prior, 0.01 / 12 * squares, 1e-6 * squares);
}

TEST(DropoutLstm, FitIsAFunctionOfTheSeedToTheBit) {
  const auto data = test::TinyBuffer(6, kSteps);
  config::Settings s = TinySettings();
  DropoutLstm a = test::TinyModel(data, kHidden, 0.3), b = a, c = a;
  a.Fit(data, s, 1, 5, Ignore);
  b.Fit(data, s, 1, 5, Ignore);
  EXPECT_EQ(a.parameters().values, b.parameters().values);
  s.run.seed = 5;
  c.Fit(data, s, 1, 5, Ignore);
  EXPECT_NE(a.parameters().values, c.parameters().values);
}

TEST(DropoutLstm, FitSkipsStepsThatAreNotFiniteAndBringsTheWeightsBack) {
  const auto data = test::TinyBuffer(6, kSteps);
  DropoutLstm lstm = test::TinyModel(data, kHidden, 0.3);
  for (int block = 0; block <= kHeadB; ++block) {  // wherever the bad number sits, it must be noticed
    DropoutLstm broken = lstm;
    broken.parameters().at(block)[broken.parameters().layout[block].size() - 1] = std::nanf("");
    const FitReport report = broken.Fit(data, TinySettings(), 1, 12, Ignore);
    EXPECT_EQ(report.skipped, 12) << block;
    EXPECT_TRUE(report.reloaded) << block;
  }
}

TEST(DropoutLstm, EvaluateIsTheReferencesMeanOverMasksSplitIntoPhysicsAndDistractors) {
  auto data = test::TinyBuffer(3, kSteps);
  data.SetDistracted(true);
  const DropoutLstm lstm = test::TinyModel(data, kHidden, 0.3);
  const Belief beliefs = test::DrawMasks(lstm, 6);
  const int64_t wide = data.states();
  std::vector<float> x(static_cast<size_t>(kSteps * (wide + A))), y(static_cast<size_t>(kSteps * (wide + 1)));
  data.Sequences({2}, lstm.normaliser(), x.data(), y.data());
  const at::Tensor terms =
      ReferenceNll(test::ReferenceOf(lstm), Double(x.data(), {kSteps, 1, wide + A}).repeat({1, 6, 1}),
                   Double(y.data(), {kSteps, 1, wide + 1}).repeat({1, 6, 1}), test::Masks(beliefs, kHidden, 6))
          .sum(1)
          .sum(0) /
      static_cast<double>(6 * kSteps);
  const auto nll = lstm.Evaluate(data, 2, beliefs, S);
  EXPECT_NEAR(nll.physics, (terms.narrow(0, 0, S).sum() + terms[wide]).item<double>(), 1e-4);
  EXPECT_NEAR(nll.distractors, terms.narrow(0, S, wide - S).sum().item<double>(), 1e-4);
  ASSERT_EQ(nll.by_output.size(), static_cast<size_t>(S + 1));
  for (int64_t j = 0; j <= S; ++j)
    EXPECT_NEAR(nll.by_output[static_cast<size_t>(j)], terms[j < S ? j : wide].item<double>(), 1e-4) << j;
}

TEST(DropoutLstm, CompensatedRefitKeepsTheMeansOfRawInputs) {
  auto data = test::TinyBuffer(3, kSteps);
  DropoutLstm lstm = test::TinyModel(data, kHidden, 0.3);
  const DropoutLstm before = lstm;
  replay::Episode far = test::TinyEpisode(kSteps, 99);
  for (float& v : far.states) v = 3 * v + 2;
  for (float& v : far.rewards) v = 5 * v - 1;
  data.Append(far);
  DropoutLstm plain = lstm;
  plain.Refit(data, false);
  lstm.Refit(data, true);
  auto means = [&](const DropoutLstm& m) {  // raw state deltas and rewards over the first two episodes
    std::vector<float> x(kSteps * 2 * I), y(kSteps * 2 * D);
    data.Sequences({0, 1}, m.normaliser(), x.data(), y.data());
    const auto heads = Heads(m, x, 2, test::DrawMasks(before, 2));
    return Double(heads.data(), {kSteps * 2, 2 * D}).narrow(1, 0, D) * Double(m.normaliser().y_sd) +
           Double(m.normaliser().y_mean);
  };
  EXPECT_LT((means(lstm) - means(before)).abs().max().item<double>(), 1e-4);
  EXPECT_GT((means(plain) - means(before)).abs().max().item<double>(), 1e-2);  // negative control
}

// The inputs are counted in other units and from another zero; gradients, and Adam's memory of them, follow.
TEST(DropoutLstm, CompensatedRefitCarriesTheMomentsOverToTheNewUnits) {
  const auto data = test::TinyBuffer(3, kSteps);
  const replay::Normaliser first = data.Fit();
  replay::EpisodeBuffer other(S, A, kSteps, env::DistractorSpec{2, 3, 1.0, 5, 20}, 5);
  for (int i = 0; i < 3; ++i) {
    replay::Episode e = test::TinyEpisode(kSteps, static_cast<uint64_t>(i));
    for (float& v : e.states) v += 0.7f;  // the differences stay, so that the outputs' units do
    for (size_t k = 0; k < e.actions.size(); ++k) {
      const float mean = first.x_mean[static_cast<size_t>(S) + k % static_cast<size_t>(A)];
      e.actions[k] = mean + 3.0f * (e.actions[k] - mean);
    }
    other.Append(e);
  }
  config::Settings s;
  s.Of<DropoutLstmSettings>().batch = 4;
  s.Of<DropoutLstmSettings>().eta = 0;  // a prior on the weights is another loss in other units
  s.Of<DropoutLstmSettings>().lr = 0;
  s.Of<DropoutLstmSettings>().clip = 0;
  const auto fit = [&](DropoutLstm* lstm) { lstm->Fit(data, s, 1, 1, [](int, int) {}); };
  DropoutLstm carried = test::TinyModel(data, kHidden, 0.3), anew = carried;
  fit(&carried);
  const std::vector<float> unscaled = carried.adam().m;
  carried.Refit(other, true);
  anew.Refit(other, true);
  ASSERT_EQ(carried.parameters().values, anew.parameters().values);
  fit(&anew);  // the same raw data under the same masks
  const nets::Layout& layout = carried.parameters().layout;
  EXPECT_LT(test::WorstBlockError(layout, carried.adam().m, Double(anew.adam().m)), 1e-4);
  EXPECT_GT(test::WorstBlockError(layout, unscaled, Double(anew.adam().m)), 0.1);  // negative control
  // The second moments of the actions, whose zero stays: by the square.
  const nets::Block& w = layout[kInputW];
  for (int64_t i = w.offset + S * kHidden; i < w.offset + w.size(); ++i) {
    const double want = anew.adam().v[static_cast<size_t>(i)];
    EXPECT_NEAR(carried.adam().v[static_cast<size_t>(i)], want, 1e-3 * want + 1e-13);
  }
}

// Distractors inserted into a model: what it says about the physics must not change at all.
class Injection : public ::testing::Test {
 protected:
  static constexpr int64_t kExtra = 6, kWide = S + kExtra, kRows = 256;
  static replay::Normaliser Inserted() {
    const std::vector<float> zero(kExtra, 0.0f), one(kExtra, 0.7f), delta(kExtra, 0.4f);
    return {zero, one, zero, delta};
  }
  // One step of all rows: next states of the physics and rewards.
  static void Roll(const DropoutLstm& lstm, const std::vector<float>& z, const std::vector<float>& action,
                   const std::vector<float>& noise, const std::vector<float>& carry, std::vector<float>* next,
                   std::vector<float>* reward) {
    const Belief beliefs = test::DrawMasks(lstm, 8);
    const int64_t width = lstm.states();
    std::vector<float> out(static_cast<size_t>(kRows * width));
    reward->resize(kRows);
    const auto rollout = lstm.NewRollout();
    rollout->Begin(kRows, 1, false, &beliefs, carry.data());
    rollout->Step(0, z.data(), action.data(), noise.data(), out.data(), reward->data());
    next->clear();
    for (int64_t r = 0; r < kRows; ++r) next->insert(next->end(), out.begin() + r * width, out.begin() + r * width + S);
  }
  static std::vector<float> Widen(const std::vector<float>& narrow, const std::vector<float>& extra) {
    std::vector<float> wide;
    for (int64_t r = 0; r < kRows; ++r) {
      wide.insert(wide.end(), narrow.begin() + r * S, narrow.begin() + (r + 1) * S);
      wide.insert(wide.end(), extra.begin() + r * kExtra, extra.begin() + (r + 1) * kExtra);
    }
    return wide;
  }

  replay::EpisodeBuffer data = test::TinyBuffer(6, kSteps);
  DropoutLstm lstm = test::TinyModel(data, kHidden, 0.3);
  std::vector<float> z = Normals(kRows * S, "z"), extra = Normals(kRows * kExtra, "extra"),
                     action = Normals(kRows * A, "action", 0.3f), noise = Normals(kRows * S, "noise"),
                     extra_noise = Normals(kRows * kExtra, "extra_noise"),
                     carry = Normals(kRows * 2 * kHidden, "carry", 0.5f);
};

TEST_F(Injection, KeepsTheModelsFunctionOnRandomStatesAndRandomDistractors) {
  std::vector<float> next, reward, wide_next, wide_reward;
  Roll(lstm, z, action, noise, carry, &next, &reward);
  lstm.EditStates(kExtra, Inserted());
  EXPECT_EQ(lstm.states(), kWide);
  EXPECT_EQ(lstm.adam().m.size(), lstm.parameters().values.size());
  Roll(lstm, Widen(z, extra), action, Widen(noise, extra_noise), carry, &wide_next, &wide_reward);
  for (size_t i = 0; i < next.size(); ++i) EXPECT_NEAR(wide_next[i], next[i], 1e-5);
  for (size_t i = 0; i < reward.size(); ++i) EXPECT_NEAR(wide_reward[i], reward[i], 1e-5);
}

TEST_F(Injection, PredictsTheDistractorsWithMeanZeroAndSpreadOne) {
  lstm.EditStates(kExtra, Inserted());
  const auto x = Normals(kSteps * (kWide + A), "x");
  const auto heads = Heads(lstm, x, 1, test::DrawMasks(lstm, 1));
  const at::Tensor out = Double(heads.data(), {kSteps, 2 * (kWide + 1)});
  EXPECT_EQ(out.slice(1, S, kWide).abs().max().item<double>(), 0.0);
  EXPECT_NEAR((at::softplus(out.slice(1, kWide + 1 + S, 2 * kWide + 1)) - 1.0).abs().max().item<double>(), 0, 1e-6);
  const replay::Normaliser& n = lstm.normaliser();
  EXPECT_EQ(n.x_sd[S + kExtra - 1], 0.7f);
  EXPECT_EQ(n.y_sd[S], 0.4f);
  EXPECT_EQ(n.x_sd.size(), static_cast<size_t>(kWide + A));
  EXPECT_EQ(n.y_mean.size(), static_cast<size_t>(kWide + 1));
}

TEST_F(Injection, IsUndoneByRemoval) {
  lstm.Fit(data, TinySettings(), 1, 3, Ignore);
  const DropoutLstm before = lstm;
  lstm.EditStates(kExtra, Inserted());
  lstm.EditStates(-kExtra, {});
  EXPECT_EQ(lstm.states(), S);
  EXPECT_EQ(lstm.parameters().values, before.parameters().values);
  EXPECT_EQ(lstm.adam().m, DropoutLstm(before).adam().m);
  EXPECT_EQ(lstm.adam().v, DropoutLstm(before).adam().v);
  EXPECT_EQ(lstm.adam().steps, 3);
  EXPECT_EQ(lstm.normaliser().x_sd, before.normaliser().x_sd);
  EXPECT_EQ(lstm.normaliser().y_mean, before.normaliser().y_mean);
}

TEST_F(Injection, PadsTheMomentsAndLearningStartsAtOnce) {
  lstm.Fit(data, TinySettings(), 1, 20, Ignore);
  const std::vector<float> v = lstm.adam().v;
  const auto old_layout = lstm.parameters().layout;
  lstm.EditStates(kExtra, Inserted());
  data.SetDistracted(true);
  const auto& layout = lstm.parameters().layout;
  const float *m = lstm.adam().m.data(), *padded = lstm.adam().v.data();
  for (int64_t h = 0; h < kHidden; ++h) {
    double mean = 0;
    for (int64_t j = 0; j < I; ++j) mean += v[static_cast<size_t>(old_layout[kInputW].offset + j * kHidden + h)] / I;
    for (int64_t j = S; j < kWide; ++j) {
      EXPECT_EQ(m[layout[kInputW].offset + j * kHidden + h], 0.0f);
      EXPECT_NEAR(padded[layout[kInputW].offset + j * kHidden + h], mean, 1e-5 * mean);
    }
  }
  EXPECT_EQ(lstm.adam().steps, 20);
  const std::vector<float> before = lstm.parameters().values;
  lstm.Refit(data, false);
  lstm.Fit(data, TinySettings(), 2, 1, Ignore);
  double largest = 0;
  for (int64_t j = S; j < kWide; ++j) {
    double moved = 0;
    for (int64_t h = 0; h < kHidden; ++h) {
      const int64_t i = layout[kInputW].offset + j * kHidden + h;
      moved = std::max<double>(moved, std::fabs(lstm.parameters().values[static_cast<size_t>(i)]));
    }
    EXPECT_GT(moved, 0) << "distractor input " << j;
    largest = std::max(largest, moved);
  }
  EXPECT_LT(largest, 3 * TinySettings().Of<DropoutLstmSettings>().lr);  // no first step of three learning rates
  for (int64_t d = S; d < kWide; ++d) {
    double moved = 0;
    for (int64_t h = 0; h < kHidden; ++h) moved += std::fabs(lstm.parameters().at(kHeadW)[h * 2 * (kWide + 1) + d]);
    EXPECT_GT(moved, 0) << "distractor mean " << d;
  }
}

TEST(DropoutLstm, IsReadBackFromAnArchiveToTheBit) {
  const auto data = test::TinyBuffer(6, kSteps);
  DropoutLstm a = test::TinyModel(data, kHidden, 0.3),
              b = test::TinyModel(test::TinyBuffer(2, kSteps), kHidden, 0.3, 2);
  a.Fit(data, TinySettings(), 1, 3, Ignore);
  ArchiveWriter out;
  a.Save(out);
  b.Load(ArchiveReader::Parse(out.Finish(), "memory").value());
  EXPECT_TRUE(b.trained());
  EXPECT_EQ(b.normaliser().y_sd, a.normaliser().y_sd);
  a.Fit(data, TinySettings(), 2, 3, Ignore);
  b.Fit(data, TinySettings(), 2, 3, Ignore);
  EXPECT_EQ(b.parameters().values, a.parameters().values);
}

}  // namespace
}  // namespace equipoise::model
