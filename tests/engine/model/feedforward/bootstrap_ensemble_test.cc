// The bootstrap ensemble: each member's gradient, resample and hold-out, and what the members know and do not know. Long
// because all of it is one fit, asked in every way.
#include "engine/model/feedforward/bootstrap_ensemble.h"

#include <cmath>

#include <gtest/gtest.h>

#include "engine/base/team.h"
#include "engine/model/feedforward/bootstrap_ensemble_settings.h"
#include "tests/engine/back_ends.h"
#include "tests/engine/model/feedforward/tiny_members.h"

namespace equipoise::model {
namespace {

using test::Double;

constexpr int64_t kSteps = 8, S = test::kTinyStates, A = test::kTinyActions, I = S + A, D = S + 1;

config::Settings TinySettings() {
  config::Settings s;
  s.run.seed = 4;
  auto& ensemble = s.Of<BootstrapEnsembleSettings>();
  ensemble.members = 3;
  ensemble.hidden = 16;
  ensemble.layers = 2;
  ensemble.batch = 19;
  ensemble.lr = 0.003;
  ensemble.clip = 0;
  ensemble.compensate_normaliser = false;
  return s;
}
BootstrapEnsembleSettings& Own(config::Settings& s) { return s.Of<BootstrapEnsembleSettings>(); }

std::unique_ptr<BootstrapEnsemble> Tiny(const replay::EpisodeBuffer& data, const config::Settings& s,
                                        const ModelParts& parts = CpuParts()) {
  return test::TinyMembers<BootstrapEnsemble>(BootstrapEnsembleInfo(), data, s, {}, parts);
}

nets::TrainReport Fit(BootstrapEnsemble* model, const replay::EpisodeBuffer& data, const config::Settings& s, int steps,
                      uint64_t iteration = 9, Team* team = nullptr) {
  return model->Train({data, s, iteration, steps, [](int, int) {}, team});
}

std::string Bytes(const BootstrapEnsemble& model) {
  ArchiveWriter out;
  model.Save(out);
  return out.Finish();
}

// The rows of the first step of member e, from its own resample of all of them.
std::vector<int64_t> FirstRows(uint32_t all, uint64_t e, bool bootstrap, int batch) {
  Stream resample(4, "ensemble.bootstrap", 9, e), draw(4, "ensemble.batch", 9, 0);
  std::vector<int64_t> own(all);
  for (uint32_t i = 0; i < all; ++i) own[i] = bootstrap ? resample.Below(all) : i;
  std::vector<int64_t> rows(static_cast<size_t>(batch));
  for (int64_t& row : rows) row = own[draw.Below(all)];
  return rows;
}

TEST(BootstrapEnsemble, EachMemberTakesTheGradientOfItsOwnResampleWithDecayByLayer) {
  const auto data = test::TinyBuffer(6, kSteps);
  config::Settings s = TinySettings();
  Own(s).decay_in = 0.02;
  Own(s).decay_hidden = 0.05;
  Own(s).decay_out = 0.1;
  for (const std::string& device : test::BackEnds()) {
    const auto model = Tiny(data, s, test::PartsOf(device)), before = Tiny(data, s);
    Fit(model.get(), data, s, 1);
    for (size_t e = 0; e < 3; ++e) {
      std::vector<float> x(19 * I), y(19 * D);
      data.Rows(FirstRows(6 * kSteps, e, true, 19), model->normaliser(), x.data(), y.data());
      const at::Tensor in = Double(x.data(), {19, I}), target = Double(y.data(), {19, D});
      // After one step of Adam the first moment is a tenth of the gradient.
      const auto ten = [](std::vector<float> m) {
        for (float& g : m) g *= 10.0f;
        return m;
      };
      const auto loss = [&](const at::Tensor& flat) {
        const ReferenceMember member = test::ReferenceOf(*before, e, flat);
        return ReferenceLoss(member, in, target) + 0.5 * 0.02 * member.blocks[0].square().sum() +
               0.5 * 0.05 * member.blocks[2].square().sum() + 0.5 * 0.1 * member.blocks[4].square().sum();
      };
      const nets::Parameters& net = before->members()[e].net;
      EXPECT_LT(
          test::WorstBlockError(net.layout, ten(model->members()[e].adam.m), test::Gradient(Double(net.values), loss)),
          1e-5)
          << device << ", member " << e;
      const auto bounds_loss = [&](const at::Tensor& flat) {
        ReferenceMember member = test::ReferenceOf(*before, e);
        member.low = flat.narrow(0, 0, D);
        member.high = flat.narrow(0, D, D);
        return ReferenceLoss(member, in, target) + 0.01 * (member.high.sum() - member.low.sum());
      };
      const at::Tensor bounds = Double(before->members()[e].bounds.values);
      EXPECT_LT(test::WorstBlockError(before->members()[e].bounds.layout, ten(model->members()[e].bounds_adam.m),
                                      test::Gradient(bounds, bounds_loss)),
                1e-5)
          << device << ", member " << e;
    }
  }
}

TEST(BootstrapEnsemble, AGradientIsClippedOfEachMemberAndOfItsBounds) {
  auto data = test::TinyBuffer(6, kSteps);
  config::Settings s = TinySettings();
  const auto free = Tiny(data, s), clipped = Tiny(data, s);
  const double norm = Fit(free.get(), data, s, 1).scalars.at("ensemble.gradient_norm");
  Own(s).clip = 0.01;
  const nets::TrainReport report = Fit(clipped.get(), data, s, 1);
  EXPECT_NEAR(report.scalars.at("ensemble.gradient_norm"), norm, 1e-9);
  EXPECT_EQ(report.scalars.at("ensemble.clipped_share"), 1);
  const auto size = [](const std::vector<float>& m) { return Double(m).norm().item<double>(); };
  for (size_t e = 0; e < 3; ++e) {
    EXPECT_NEAR(size(clipped->members()[e].adam.m), 0.1 * 0.01, 1e-7);
    EXPECT_LE(size(clipped->members()[e].bounds_adam.m), 0.1 * 0.01 + 1e-7);
    EXPECT_GT(size(free->members()[e].adam.m), 0.1 * 0.02);
  }
}

TEST(BootstrapEnsemble, MembersDifferByTheirResamplesAlone) {
  const auto data = test::TinyBuffer(6, kSteps);
  for (const bool bootstrap : {false, true}) {
    config::Settings s = TinySettings();
    Own(s).bootstrap = bootstrap;
    const auto model = Tiny(data, s);
    for (Member& member : model->members()) member.net = model->members()[0].net;
    Fit(model.get(), data, s, 5);
    EXPECT_EQ(model->members()[0].net.values == model->members()[1].net.values, !bootstrap);
    const nets::TrainReport next = Fit(model.get(), data, s, 1, 10);
    EXPECT_EQ(next.scalars.at("ensemble.epistemic") > 1e-5, bootstrap);
  }
}

TEST(BootstrapEnsemble, FitIsAFunctionOfTheSeedToTheBitWithAnyNumberOfThreads) {
  const auto data = test::TinyBuffer(6, kSteps);
  config::Settings s = TinySettings();
  Own(s).holdout = 0.25;
  Own(s).patience = 1;
  Own(s).epoch = 7;
  Own(s).elites = 2;
  const auto a = Tiny(data, s), b = Tiny(data, s), c = Tiny(data, s);
  Team team(3);
  Fit(a.get(), data, s, 40);
  Fit(b.get(), data, s, 40, 9, &team);
  EXPECT_EQ(Bytes(*a), Bytes(*b));
  s.run.seed = 5;
  Fit(c.get(), data, s, 40);
  EXPECT_NE(Bytes(*a), Bytes(*c));
}

TEST(BootstrapEnsemble, GoesOnFromAnArchiveToTheBit) {
  const auto data = test::TinyBuffer(6, kSteps);
  config::Settings s = TinySettings();
  Own(s).holdout = 0.25;
  Own(s).elites = 2;
  const auto model = Tiny(data, s), other = Tiny(test::TinyBuffer(2, kSteps), s), function = Tiny(data, s);
  Fit(model.get(), data, s, 12);
  other->Load(ArchiveReader::Parse(Bytes(*model), "test").value());
  ArchiveWriter kept;
  model->SaveFunction(kept);
  function->LoadFunction(ArchiveReader::Parse(kept.Finish(), "test").value());
  EXPECT_EQ(function->used(), model->used());
  EXPECT_EQ(function->members()[2].bounds.values, model->members()[2].bounds.values);
  Fit(model.get(), data, s, 12, 10);
  Fit(other.get(), data, s, 12, 10);
  EXPECT_EQ(Bytes(*model), Bytes(*other));
}

// One state that never moves, one action, and a reward that is drawn by it.
replay::EpisodeBuffer Rewards(int episodes, const std::function<double(double a, Stream*)>& reward,
                              const std::function<double(Stream*)>& action) {
  constexpr int64_t kLong = 50;
  replay::EpisodeBuffer data(1, 1, kLong, env::DistractorSpec{2, 3, 1.0, 5, 20}, 5);
  for (int i = 0; i < episodes; ++i) {
    Stream stream(3, "rewards", static_cast<uint64_t>(i));
    replay::Episode e;
    e.states.assign(kLong + 1, 0.0f);
    for (int64_t t = 0; t < kLong; ++t) {
      const double a = action(&stream);
      e.actions.push_back(static_cast<float>(a));
      e.rewards.push_back(static_cast<float>(reward(a, &stream)));
    }
    data.Append(e);
  }
  return data;
}

std::unique_ptr<BootstrapEnsemble> Fitted(const replay::EpisodeBuffer& data, config::Settings* s, int steps) {
  auto made = NewBootstrapEnsemble({data.states(), data.actions(), {}, &CpuParts()}, *s);
  std::unique_ptr<BootstrapEnsemble> model(dynamic_cast<BootstrapEnsemble*>(made.release()));
  Fit(model.get(), data, *s, steps);
  return model;
}

// Raw mean and sd of the reward that a member predicts after an action.
std::pair<double, double> Predicted(const BootstrapEnsemble& model, size_t e, double a) {
  const replay::Normaliser& n = model.normaliser();
  const at::Tensor x = (at::tensor({0.0, a}, at::kDouble).view({1, 2}) - Double(n.x_mean)) / Double(n.x_sd);
  const ReferenceHeads heads = ReferenceStep(test::ReferenceOf(model, e), x);
  return {heads.mean[0][1].item<double>() * n.y_sd[1] + n.y_mean[1], heads.sd[0][1].item<double>() * n.y_sd[1]};
}

TEST(BootstrapEnsemble, LearnsTheNoiseOfTwoRegimes) {
  const auto data = Rewards(
      80, [](double a, Stream* noise) { return a + (a < 0 ? 0.1 : 0.5) * noise->Normal(); },
      [](Stream* s) { return s->Uniform() < 0.5 ? -1.0 : 1.0; });
  config::Settings s = TinySettings();
  Own(s).batch = 128;
  Own(s).lr_final = 0.05;
  Own(s).decay_in = Own(s).decay_hidden = Own(s).decay_out = 0;
  const auto model = Fitted(data, &s, 1000);
  Fit(model.get(), data, s, 1000, 10);
  for (size_t e = 0; e < 3; ++e) {
    const auto [low, quiet] = Predicted(*model, e, -1);
    const auto [high, loud] = Predicted(*model, e, 1);
    EXPECT_NEAR(low, -1, 0.05);
    EXPECT_NEAR(high, 1, 0.1);
    EXPECT_NEAR(quiet, 0.1, 0.01);
    EXPECT_NEAR(loud, 0.5, 0.05);
  }
}

TEST(BootstrapEnsemble, MembersDifferWhereThereWereNoData) {
  const auto data = Rewards(
      20, [](double a, Stream* noise) { return std::sin(3 * a) + 0.05 * noise->Normal(); },
      [](Stream* s) { return s->Uniform() < 0.5 ? s->Uniform(-1.0, -0.5) : s->Uniform(0.5, 1.0); });
  config::Settings s = TinySettings();
  Own(s).members = 7;
  Own(s).hidden = 64;
  Own(s).batch = 64;
  const auto model = Fitted(data, &s, 800);
  const auto spread = [&](double a) {
    double sum = 0, square = 0;
    for (size_t e = 0; e < 7; ++e) {
      const double mean = Predicted(*model, e, a).first;
      sum += mean / 7;
      square += mean * mean / 7;
    }
    return std::sqrt(square - sum * sum);
  };
  const double inside = std::max({spread(-0.9), spread(-0.7), spread(0.7), spread(0.9)});
  EXPECT_GT(std::max(spread(0.0), spread(2.0)), 5 * inside) << inside << " " << spread(0.0) << " " << spread(2.0);
}

TEST(BootstrapEnsemble, RowsHeldOutEnterNothing) {
  auto data = test::TinyBuffer(6, kSteps);
  config::Settings s = TinySettings();
  Own(s).holdout = 0.25;
  const Split split = SplitRows(data, 0.25, 4, "ensemble", 9);
  EXPECT_EQ(split.holdout.size(), 12u);
  EXPECT_EQ(split.train.size(), 36u);
  std::vector<int64_t> all = split.train;
  all.insert(all.end(), split.holdout.begin(), split.holdout.end());
  std::sort(all.begin(), all.end());
  for (size_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i], static_cast<int64_t>(i));
  // Poison them: neither statistics nor weights notice, while the error there does.
  replay::EpisodeBuffer poisoned(S, A, kSteps, env::DistractorSpec{2, 3, 1.0, 5, 20}, 5);
  for (int64_t i = 0; i < 6; ++i) {
    replay::Episode e = data[i];
    for (const int64_t row : split.holdout)
      if (row / kSteps == i) e.rewards[static_cast<size_t>(row % kSteps)] = 1e6f;
    poisoned.Append(e);
  }
  const auto clean = Tiny(data, s), ignorant = Tiny(data, s);
  Fit(clean.get(), data, s, 20);
  const nets::TrainReport report = Fit(ignorant.get(), poisoned, s, 20);
  EXPECT_EQ(Bytes(*clean), Bytes(*ignorant));
  EXPECT_GT(report.scalars.at("ensemble.holdout_error"), 1e3);
  EXPECT_TRUE(SplitRows(data, 0, 4, "ensemble", 9).holdout.empty());
  EXPECT_NE(SplitRows(data, 0.25, 4, "ensemble", 10).holdout, split.holdout) << "another fit, another split";
}

TEST(BootstrapEnsemble, PatienceEndsTheFitAndBringsBackTheBestOfEachMember) {
  const auto data = test::TinyBuffer(5, kSteps);
  config::Settings s = TinySettings();
  Own(s).holdout = 0.3;
  Own(s).patience = 2;
  Own(s).epoch = 10;
  Own(s).lr = 0.01;
  Own(s).decay_in = Own(s).decay_hidden = Own(s).decay_out = 0;  // so that it learns by heart
  const auto model = Tiny(data, s);
  const nets::TrainReport report = Fit(model.get(), data, s, 5000);
  ASSERT_LT(report.steps, 5000);
  EXPECT_EQ(report.steps % 10, 0);
  EXPECT_EQ(report.scalars.at("ensemble.fit_steps"), report.steps);
  // The same fit, ended by its number of steps at every look: none of them was better by more than 1 %.
  config::Settings fixed = s;
  Own(fixed).patience = 0;
  double least = 1e9;
  for (int steps = 10; steps <= report.steps; steps += 10) {
    const auto other = Tiny(data, s);
    const double error = Fit(other.get(), data, fixed, steps).scalars.at("ensemble.holdout_error");
    least = std::min(least, error);
  }
  EXPECT_LT(report.scalars.at("ensemble.holdout_error"), 1.01 * least);
  const auto last = Tiny(data, s);
  EXPECT_GT(Fit(last.get(), data, fixed, report.steps).scalars.at("ensemble.holdout_error"),
            report.scalars.at("ensemble.holdout_error"))
      << "the last weights are not the best ones";
}

TEST(BootstrapEnsemble, OnlyElitesAreDrawnAndAllOfThemAlike) {
  const auto data = test::TinyBuffer(6, kSteps);
  config::Settings s = TinySettings();
  Own(s).members = 5;
  Own(s).elites = 3;
  Own(s).holdout = 0.25;
  const auto model = Tiny(data, s);
  EXPECT_EQ(model->beliefs_limit(), 5);
  Fit(model.get(), data, s, 10);
  ASSERT_EQ(model->used().size(), 3u);
  EXPECT_EQ(model->beliefs_limit(), 3);
  Stream stream(2, "draws");
  const Belief drawn = model->Draw(100000, stream);
  std::map<int, int> counts;
  for (const float e : drawn.data) ++counts[static_cast<int>(e)];
  EXPECT_EQ(counts.size(), 3u);
  for (const int e : model->used()) EXPECT_NEAR(counts[e], 100000 / 3.0, 4 * std::sqrt(100000 * 2 / 9.0));
  for (int64_t i = 0; i < 3; ++i)
    EXPECT_EQ(model->Nth(i).data[0], static_cast<float>(model->used()[static_cast<size_t>(i)]));
  // Those that err least on what was held out.
  const auto error = [&](int e) {
    const Split split = SplitRows(data, 0.25, 4, "ensemble", 9);
    std::vector<float> x(split.holdout.size() * I), y(split.holdout.size() * D);
    data.Rows(split.holdout, model->normaliser(), x.data(), y.data());
    const auto n = static_cast<int64_t>(split.holdout.size());
    return (ReferenceStep(test::ReferenceOf(*model, static_cast<size_t>(e)), Double(x.data(), {n, I})).mean -
            Double(y.data(), {n, D}))
        .square()
        .mean()
        .item<double>();
  };
  double worst = 0;
  for (const int e : model->used()) worst = std::max(worst, error(e));
  for (int e = 0; e < 5; ++e) {
    if (counts[e] == 0) {
      EXPECT_GE(error(e), worst - 1e-6);
    }
  }
  config::Settings all = s;
  Own(all).elites = 0;
  Fit(model.get(), data, all, 2, 10);
  EXPECT_EQ(model->used().size(), 5u);
}

// Raw means and variances over some recorded steps.
std::pair<at::Tensor, at::Tensor> Raw(const BootstrapEnsemble& model, size_t e, const replay::EpisodeBuffer& data) {
  std::vector<float> x(kSteps * 2 * I), y(kSteps * 2 * D);
  data.Sequences({0, 1}, model.normaliser(), x.data(), y.data());
  const ReferenceHeads heads = ReferenceStep(test::ReferenceOf(model, e), Double(x.data(), {kSteps * 2, I}));
  const at::Tensor sd = Double(model.normaliser().y_sd);
  return {heads.mean * sd + Double(model.normaliser().y_mean), heads.sd * sd};
}

TEST(BootstrapEnsemble, CompensatedRefitKeepsMeansAndBetweenTheBoundsSpreadsOfRawNumbers) {
  auto data = test::TinyBuffer(3, kSteps);
  config::Settings s = TinySettings();
  Own(s).log_variance_low = -30;
  Own(s).log_variance_high = 10;
  const auto model = Tiny(data, s), plain = Tiny(data, s);
  const std::vector<float> bounds = model->members()[1].bounds.values;
  const auto before = Raw(*model, 1, data);
  replay::Episode far = test::TinyEpisode(kSteps, 99);
  for (float& v : far.states) v = 3 * v + 2;
  for (float& v : far.rewards) v = 5 * v - 1;
  data.Append(far);
  model->Refit(data.Fit(), true);
  plain->Refit(data.Fit(), false);
  const auto now = Raw(*model, 1, data), other = Raw(*plain, 1, data);
  EXPECT_LT((now.first - before.first).abs().max().item<double>(), 1e-4);
  EXPECT_LT((now.second / before.second - 1).abs().max().item<double>(), 1e-3);
  EXPECT_EQ(model->members()[1].bounds.values, bounds);
  EXPECT_GT((other.second / before.second - 1).abs().max().item<double>(), 1e-2);  // negative control
}

TEST(BootstrapEnsemble, DistractorsComeWithSpreadOneAndGoWithoutATrace) {
  auto data = test::TinyBuffer(6, kSteps);
  const config::Settings s = TinySettings();
  const auto model = Tiny(data, s);
  Fit(model.get(), data, s, 12);
  const std::string before = Bytes(*model);
  const replay::Normaliser inserted{std::vector<float>(6, 0.0f), std::vector<float>(6, 0.7f),
                                    std::vector<float>(6, 0.0f), std::vector<float>(6, 0.4f)};
  model->EditStates(6, inserted);
  data.SetDistracted(true);
  std::vector<float> x(kSteps * (I + 6)), y(kSteps * (D + 6));
  data.Sequences({0}, model->normaliser(), x.data(), y.data());
  const ReferenceHeads wide = ReferenceStep(test::ReferenceOf(*model, 2), Double(x.data(), {kSteps, I + 6}));
  EXPECT_EQ(wide.mean.narrow(1, S, 6).abs().max().item<double>(), 0.0);
  EXPECT_NEAR((wide.sd.narrow(1, S, 6) - 1).abs().max().item<double>(), 0, 1e-3);
  EXPECT_EQ(Fit(model.get(), data, s, 3, 10).skipped, 0) << "and it learns on";
  const auto again = Tiny(test::TinyBuffer(6, kSteps), s);
  again->Load(ArchiveReader::Parse(before, "test").value());
  again->EditStates(6, inserted);
  again->EditStates(-6, {});
  EXPECT_EQ(Bytes(*again), before);
}

TEST(BootstrapEnsemble, ABrokenMemberIsSkippedAndTheOthersGoOn) {
  const auto data = test::TinyBuffer(6, kSteps);
  const config::Settings s = TinySettings();
  const auto model = Tiny(data, s), whole = Tiny(data, s);
  model->members()[1].net.values[3] = std::nanf("");
  EXPECT_FALSE(model->finite());
  const nets::TrainReport report = Fit(model.get(), data, s, 12);
  Fit(whole.get(), data, s, 12);
  EXPECT_EQ(report.skipped, 12);
  EXPECT_TRUE(report.reloaded);
  EXPECT_EQ(report.step_share.at("ensemble.lr"), 0.5);
  EXPECT_EQ(model->members()[0].net.values, whole->members()[0].net.values);
  EXPECT_EQ(model->members()[1].bounds.values, Tiny(data, s)->members()[1].bounds.values) << "bounds wait too";
  config::Settings other = s;
  Own(other).lr = 0.002;
  model->OnSettings(s, other);
  EXPECT_EQ(model->members()[1].adam.rate, 1.0);
  EXPECT_EQ(model->members()[1].bounds_adam.rate, 1.0);
}

TEST(BootstrapEnsemble, EvaluateIsTheMeanOverBeliefs) {
  const auto data = test::TinyBuffer(3, kSteps);
  const auto model = Tiny(data, TinySettings());
  std::vector<float> x(kSteps * I), y(kSteps * D);
  data.Sequences({2}, model->normaliser(), x.data(), y.data());
  const auto nll = [&](size_t e) {
    const ReferenceHeads heads = ReferenceStep(test::ReferenceOf(*model, e), Double(x.data(), {kSteps, I}));
    return (0.5 * ((Double(y.data(), {kSteps, D}) - heads.mean) / heads.sd).square() + at::log(heads.sd) +
            0.5 * std::log(2 * std::acos(-1.0)))
        .mean(0);
  };
  const Belief beliefs{4, {2, 0, 2, 1}};
  const at::Tensor want = (2 * nll(2) + nll(0) + nll(1)) / 4;
  const auto is = model->Evaluate(data, 2, beliefs, S);
  EXPECT_NEAR(is.physics, want.sum().item<double>(), 1e-4 * std::fabs(want.sum().item<double>()));
  ASSERT_EQ(is.by_output.size(), static_cast<size_t>(D));
  for (int64_t j = 0; j < D; ++j)
    EXPECT_NEAR(is.by_output[static_cast<size_t>(j)], want[j].item<double>(),
                1e-4 * std::fabs(want[j].item<double>()) + 1e-5);
}

TEST(BootstrapEnsemble, SettingsThatContradictEachOtherAreRefused) {
  config::Settings s;
  s.run.agent = "none of them";  // every section counts
  ASSERT_TRUE(config::Validate(s).ok());
  Own(s).elites = 3;
  EXPECT_FALSE(config::Validate(s).ok()) << "elites without rows held out";
  Own(s).holdout = 0.2;
  EXPECT_TRUE(config::Validate(s).ok());
  Own(s).elites = 6;
  EXPECT_FALSE(config::Validate(s).ok());
  Own(s) = {};
  Own(s).patience = 5;
  EXPECT_FALSE(config::Validate(s).ok());
  Own(s) = {};
  Own(s).log_variance_high = -11;
  EXPECT_FALSE(config::Validate(s).ok());
}

}  // namespace
}  // namespace equipoise::model
