#include "engine/model/feedforward/deterministic_mlp.h"

#include <cmath>

#include <gtest/gtest.h>

#include "engine/base/team.h"
#include "engine/model/diagnostics.h"
#include "engine/model/feedforward/deterministic_mlp_settings.h"
#include "tests/engine/back_ends.h"
#include "tests/engine/model/feedforward/tiny_members.h"

namespace equipoise::model {
namespace {

using test::Double;
using test::Normals;

constexpr int64_t kSteps = 8, S = test::kTinyStates, A = test::kTinyActions, I = S + A, D = S + 1;

config::Settings TinySettings() {
  config::Settings s;
  s.run.seed = 4;
  auto& mlp = s.Of<DeterministicMlpSettings>();
  mlp.hidden = 16;
  mlp.batch = 19;
  mlp.lr = 0.003;
  mlp.clip = 0;
  mlp.compensate_normaliser = false;
  return s;
}

std::unique_ptr<DeterministicMlp> Tiny(const replay::EpisodeBuffer& data, const config::Settings& s,
                                       const ModelParts& parts = CpuParts()) {
  return test::TinyMembers<DeterministicMlp>(DeterministicMlpInfo(), data, s, {}, parts);
}

nets::TrainReport Fit(DeterministicMlp* model, const replay::EpisodeBuffer& data, const config::Settings& s, int steps,
                      uint64_t iteration = 9, Team* team = nullptr) {
  return model->Train({data, s, iteration, steps, [](int, int) {}, team});
}

TEST(DeterministicMlp, FitTakesTheGradientOfHalfTheMeanSquareAndOfItsDecay) {
  const auto data = test::TinyBuffer(6, kSteps);
  config::Settings s = TinySettings();
  s.Of<DeterministicMlpSettings>().decay = 0.03;
  for (const std::string& device : test::BackEnds()) {
    const auto model = Tiny(data, s, test::PartsOf(device));
    const nets::Parameters before = model->members()[0].net;
    Fit(model.get(), data, s, 1);
    std::vector<float> gradient = model->members()[0].adam.m;  // a tenth of it, after one step
    for (float& g : gradient) g *= 10.0f;

    Stream draw(4, "mlp.batch", 9, 0);
    std::vector<int64_t> rows(19);
    for (int64_t& row : rows) row = draw.Below(6 * kSteps);
    std::vector<float> x(19 * I), y(19 * D);
    data.Rows(rows, model->normaliser(), x.data(), y.data());
    const auto loss = [&](const at::Tensor& flat) {
      const ReferenceMember member = test::ReferenceOf(*model, 0, flat);
      at::Tensor sum = ReferenceLoss(member, Double(x.data(), {19, I}), Double(y.data(), {19, D}));
      for (size_t i = 0; i < member.blocks.size(); i += 2) sum = sum + 0.015 * member.blocks[i].square().sum();
      return sum;
    };
    EXPECT_LT(test::WorstBlockError(before.layout, gradient, test::Gradient(Double(before.values), loss)), 1e-5)
        << device;
  }
}

TEST(DeterministicMlp, LearnsTheTinyWorldAndSaysHowWell) {
  const auto data = test::TinyBuffer(40, kSteps);
  config::Settings s = TinySettings();
  const auto model = Tiny(data, s);
  EXPECT_FALSE(model->trained());
  const nets::TrainReport first = Fit(model.get(), data, s, 600);
  EXPECT_TRUE(model->trained());
  EXPECT_EQ(first.steps, 600);
  EXPECT_EQ(first.skipped, 0);
  EXPECT_EQ(first.scalars.count("mlp.unseen_error"), 0u) << "there was nothing to judge by";
  // The noise of the states is 0.05; their changes spread by about 0.25.
  const double error = first.scalars.at("mlp.train_error");
  EXPECT_LT(error, 0.3);
  const nets::TrainReport second = Fit(model.get(), data, s, 100, 10);
  EXPECT_NEAR(second.scalars.at("mlp.unseen_error"), error, 0.5 * error);
  // Its likelihood of an episode is that of a Gaussian of the spread that the fit left.
  Stream none(1, "none");
  const auto nll = model->Evaluate(data, 0, model->Draw(3, none), S);
  std::vector<float> x(kSteps * I), y(kSteps * D);
  data.Sequences({0}, model->normaliser(), x.data(), y.data());
  const at::Tensor sd = Double(model->residual_sd()),
                   e = (Double(y.data(), {kSteps, D}) -
                        ReferenceStep(test::ReferenceOf(*model, 0), Double(x.data(), {kSteps, I})).mean) /
                       sd;
  const double want =
      (0.5 * e.square() + at::log(sd) + 0.5 * std::log(2 * std::acos(-1.0))).sum(1).mean().item<double>();
  EXPECT_NEAR(nll.physics, want, 1e-4 * std::fabs(want) + 1e-4);
  EXPECT_NEAR(nll.physics, second.scalars.at("mlp.train_nll"), 2);
}

TEST(DeterministicMlp, HasOneBeliefAndNoSpread) {
  const auto data = test::TinyBuffer(4, kSteps);
  const auto model = Tiny(data, TinySettings());
  EXPECT_EQ(model->beliefs_limit(), 1);
  EXPECT_FALSE(model->has_spread());
  Stream masks(1, "masks"), noise(1, "noise");
  const OpenLoop open = CompareOpenLoop(*model, data, 0, model->Draw(5, masks), noise);
  EXPECT_EQ(open.lo, open.hi) << "every rollout from one start is the same";
}

TEST(DeterministicMlp, IsComparedWithRealityStateByState) {
  const auto data = test::TinyBuffer(4, kSteps);
  const auto model = Tiny(data, TinySettings());
  Stream masks(1, "masks"), noise(1, "noise"), again(1, "noise");
  const Belief one = model->Draw(1, masks);
  const OpenLoop open = CompareOpenLoop(*model, data, 2, one, noise);
  // By hand, from the same rollout.
  const auto& n = model->normaliser();
  std::vector<float> now(S);
  const auto observe = [&](int64_t t) {
    data.Observation(2, t, now.data());
    for (size_t j = 0; j < S; ++j) now[j] = (now[j] - n.x_mean[j]) / n.x_sd[j];
  };
  observe(0);
  const Imagination rolled = RollRecorded(*model, now.data(), data[2].actions.data(), kSteps, 1, one, again);
  std::vector<double> of_state(S, 0.0);
  double all = 0;
  for (int64_t t = 1; t <= kSteps; ++t) {
    observe(t);
    double of_step = 0;
    for (size_t j = 0; j < S; ++j) {
      const double d = rolled.z(t)[j] - now[j];
      of_state[j] += d * d / kSteps;
      of_step += d * d / S;
    }
    EXPECT_NEAR(open.median[static_cast<size_t>(t - 1)], std::sqrt(of_step), 1e-5);
    all += of_step / kSteps;
  }
  ASSERT_EQ(open.by_state.size(), static_cast<size_t>(S));
  double together = 0;
  for (size_t j = 0; j < S; ++j) {
    EXPECT_NEAR(open.by_state[j], std::sqrt(of_state[j]), 1e-5) << j;
    together += open.by_state[j] * open.by_state[j] / S;
  }
  EXPECT_NEAR(together, all, 1e-5 * all);
  EXPECT_NE(open.by_state[0], open.by_state[1]);
}

TEST(DeterministicMlp, FitIsAFunctionOfTheSeedToTheBitWithAnyNumberOfThreads) {
  const auto data = test::TinyBuffer(6, kSteps);
  config::Settings s = TinySettings();
  const auto a = Tiny(data, s), b = Tiny(data, s), c = Tiny(data, s);
  Team team(3);
  Fit(a.get(), data, s, 25);
  Fit(b.get(), data, s, 25, 9, &team);
  EXPECT_EQ(a->members()[0].net.values, b->members()[0].net.values);
  s.run.seed = 5;
  Fit(c.get(), data, s, 25);
  EXPECT_NE(a->members()[0].net.values, c->members()[0].net.values);
}

TEST(DeterministicMlp, GoesOnFromAnArchiveToTheBit) {
  const auto data = test::TinyBuffer(6, kSteps);
  const config::Settings s = TinySettings();
  const auto model = Tiny(data, s), other = Tiny(test::TinyBuffer(2, kSteps), s), function = Tiny(data, s);
  Fit(model.get(), data, s, 12);
  ArchiveWriter out, kept;
  model->Save(out);
  model->SaveFunction(kept);
  other->Load(ArchiveReader::Parse(out.Finish(), "test").value());
  function->LoadFunction(ArchiveReader::Parse(kept.Finish(), "test").value());
  EXPECT_TRUE(function->trained());
  EXPECT_EQ(function->members()[0].net.values, model->members()[0].net.values);
  EXPECT_EQ(function->residual_sd(), model->residual_sd());
  Fit(model.get(), data, s, 12, 10);
  Fit(other.get(), data, s, 12, 10);
  ArchiveWriter one, two;
  model->Save(one);
  other->Save(two);
  EXPECT_EQ(one.Finish(), two.Finish());
}

TEST(DeterministicMlp, FrozenItStaysAsItIsWithItsNormaliser) {
  auto data = test::TinyBuffer(6, kSteps);
  const config::Settings s = TinySettings();
  const auto model = Tiny(data, s);
  Fit(model.get(), data, s, 12);
  ArchiveWriter before, after;
  model->Save(before);
  data.Append(test::TinyEpisode(kSteps, 77));
  EXPECT_EQ(Fit(model.get(), data, s, 0, 10).steps, 0);
  model->Save(after);
  EXPECT_EQ(before.Finish(), after.Finish());
}

// Raw predictions of the states and actions of some episodes.
at::Tensor Raw(const DeterministicMlp& model, const replay::EpisodeBuffer& data) {
  std::vector<float> x(kSteps * 2 * I), y(kSteps * 2 * D);
  data.Sequences({0, 1}, model.normaliser(), x.data(), y.data());
  return ReferenceStep(test::ReferenceOf(model, 0), Double(x.data(), {kSteps * 2, I})).mean *
             Double(model.normaliser().y_sd) +
         Double(model.normaliser().y_mean);
}

TEST(DeterministicMlp, CompensatedRefitKeepsTheFunctionOfRawNumbers) {
  auto data = test::TinyBuffer(3, kSteps);
  const auto model = Tiny(data, TinySettings()), plain = Tiny(data, TinySettings());
  const at::Tensor before = Raw(*model, data);
  replay::Episode far = test::TinyEpisode(kSteps, 99);
  for (float& v : far.states) v = 3 * v + 2;
  for (float& v : far.rewards) v = 5 * v - 1;
  data.Append(far);
  model->Refit(data.Fit(), true);
  plain->Refit(data.Fit(), false);
  EXPECT_LT((Raw(*model, data) - before).abs().max().item<double>(), 1e-4);
  EXPECT_GT((Raw(*plain, data) - before).abs().max().item<double>(), 1e-2);  // negative control
}

TEST(DeterministicMlp, DistractorsComeAndGoWithoutAChangeOfTheRest) {
  auto data = test::TinyBuffer(6, kSteps);
  const config::Settings s = TinySettings();
  const auto model = Tiny(data, s);
  Fit(model.get(), data, s, 12);
  ArchiveWriter before, after;
  model->Save(before);
  const at::Tensor raw = Raw(*model, data);
  const replay::Normaliser inserted{std::vector<float>(6, 0.0f), std::vector<float>(6, 0.7f),
                                    std::vector<float>(6, 0.0f), std::vector<float>(6, 0.4f)};
  model->EditStates(6, inserted);
  EXPECT_EQ(model->states(), S + 6);
  EXPECT_EQ(model->residual_sd().size(), static_cast<size_t>(D + 6));
  data.SetDistracted(true);
  std::vector<float> x(kSteps * (I + 6)), y(kSteps * (D + 6));
  data.Sequences({0}, model->normaliser(), x.data(), y.data());
  const at::Tensor wide = ReferenceStep(test::ReferenceOf(*model, 0), Double(x.data(), {kSteps, I + 6})).mean;
  const at::Tensor sd = Double(model->normaliser().y_sd), mean = Double(model->normaliser().y_mean);
  const at::Tensor same = wide * sd + mean;
  EXPECT_EQ(wide.narrow(1, S, 6).abs().max().item<double>(), 0.0);
  // Episode 0 is every second row of the two that Raw predicts.
  const at::Tensor was = raw.view({kSteps, 2, D}).select(1, 0);
  EXPECT_LT((same.narrow(1, 0, S) - was.narrow(1, 0, S)).abs().max().item<double>(), 1e-5);
  EXPECT_LT((same.select(1, S + 6) - was.select(1, S)).abs().max().item<double>(), 1e-5);
  Stream none(1, "none");
  EXPECT_GT(model->Evaluate(data, 0, model->Draw(1, none), S).distractors, 0);
  model->EditStates(-6, {});
  model->Save(after);
  EXPECT_EQ(before.Finish(), after.Finish());
}

TEST(DeterministicMlp, StepsThatAreNotFiniteAreSkippedAndTheWeightsComeBack) {
  const auto data = test::TinyBuffer(6, kSteps);
  const config::Settings s = TinySettings();
  const auto model = Tiny(data, s);
  EXPECT_TRUE(model->finite());
  model->members()[0].net.values.back() = std::nanf("");
  EXPECT_FALSE(model->finite());
  const nets::TrainReport report = Fit(model.get(), data, s, 12);
  EXPECT_EQ(report.skipped, 12);
  EXPECT_TRUE(report.reloaded);
  EXPECT_EQ(report.step_share.at("mlp.lr"), 0.5);
  EXPECT_TRUE(std::isnan(report.scalars.at("mlp.train_nll")));
  config::Settings other = s;
  other.Of<DeterministicMlpSettings>().lr = 0.002;
  model->OnSettings(s, other);
  EXPECT_EQ(model->members()[0].adam.rate, 1.0);
}

TEST(DeterministicMlp, TheFirstFitIsLongerAndZeroStepsFreeze) {
  const auto data = test::TinyBuffer(6, kSteps);
  config::Settings s = TinySettings();
  s.Of<DeterministicMlpSettings>().steps = 20;
  s.Of<DeterministicMlpSettings>().first_fit_factor = 4;
  const auto model = Tiny(data, s);
  EXPECT_EQ(model->NextWork({data, s, 0}), 80);
  Fit(model.get(), data, s, 1);
  EXPECT_EQ(model->NextWork({data, s, 1}), 20);
  s.Of<DeterministicMlpSettings>().steps = 0;
  EXPECT_EQ(model->NextWork({data, s, 1}), 0);
}

}  // namespace
}  // namespace equipoise::model
