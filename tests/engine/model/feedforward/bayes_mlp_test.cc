// The network of uncertain weights: its gradient against automatic ones, posteriors that are known exactly, beliefs that
// are draws. Long because every known answer has a small world of its own.
#include "engine/model/feedforward/bayes_mlp.h"

#include <cmath>

#include <gtest/gtest.h>

#include "engine/base/team.h"
#include "engine/model/feedforward/bayes_mlp_settings.h"
#include "engine/model/feedforward/bootstrap_ensemble.h"
#include "engine/model/feedforward/bootstrap_ensemble_settings.h"
#include "engine/model/feedforward/deterministic_mlp.h"
#include "engine/model/feedforward/deterministic_mlp_settings.h"
#include "engine/model/imagination.h"
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
  auto& bayes = s.Of<BayesMlpSettings>();
  bayes.hidden = 16;
  bayes.batch = 19;
  bayes.lr = 0.003;
  bayes.rho = -3;
  bayes.clip = 0;
  bayes.compensate_normaliser = false;
  return s;
}
BayesMlpSettings& Own(config::Settings& s) { return s.Of<BayesMlpSettings>(); }

std::unique_ptr<BayesMlp> Tiny(const replay::EpisodeBuffer& data, const config::Settings& s,
                               const ModelParts& parts = CpuParts()) {
  return test::TinyMembers<BayesMlp>(BayesMlpInfo(), data, s, {}, parts);
}

nets::TrainReport Fit(BayesMlp* model, const replay::EpisodeBuffer& data, const config::Settings& s, int steps,
                      uint64_t iteration = 9, Team* team = nullptr) {
  return model->Train({data, s, iteration, steps, [](int, int) {}, team});
}

std::string Bytes(const BayesMlp& model) {
  ArchiveWriter out;
  model.Save(out);
  return out.Finish();
}

Belief Draws(const BayesMlp& model, int64_t count, uint64_t index = 0) {
  Stream stream(2, "draws", index);
  return model.Draw(count, stream);
}

TEST(BayesMlp, FitTakesTheGradientOfTheEvidenceBoundWithDrawnActivations) {
  const auto data = test::TinyBuffer(6, kSteps);
  config::Settings s = TinySettings();
  Own(s).prior_weight = 0.7;
  Own(s).prior_sd = 0.6;
  for (const std::string& device : test::BackEnds()) {
    const auto model = Tiny(data, s, test::PartsOf(device)), before = Tiny(data, s);
    const nets::TrainReport report = Fit(model.get(), data, s, 1);
    const nets::MlpSpec spec = model->spec().net();
    Stream draw(4, "bayes.batch", 9, 0), noise(4, "bayes.noise", 9, 0, 0);
    std::vector<int64_t> rows(19);
    for (int64_t& row : rows) row = draw.Below(6 * kSteps);
    std::vector<float> x(19 * I), y(19 * D), eps(static_cast<size_t>(nets::NoiseSize(spec, 19)));
    data.Rows(rows, model->normaliser(), x.data(), y.data());
    noise.Normal(eps.data(), eps.size());
    const nets::Parameters& net = before->members()[0].net;
    const ReferenceMember member = test::ReferenceOf(*before, 0);
    // Minus the evidence lower bound of all 48 rows, in units of 2 / (48 D).
    const auto loss = [&](const at::Tensor& flat, const at::Tensor& low, const at::Tensor& high) {
      const auto halves = at::chunk(nets::ReferenceVariational(spec, nets::ReferenceBlocks(net.layout, flat),
                                                               Double(x.data(), {19, I}), Double(eps)),
                                    2, 1);
      const at::Tensor upper = high - at::softplus(high - halves[1]), l = low + at::softplus(upper - low),
                       nll = 0.5 * ((Double(y.data(), {19, D}) - halves[0]).square() * at::exp(-l) + l).sum() / 19;
      return 2.0 / D * (nll + 0.7 / 48 * nets::ReferenceDivergence(flat, 0.6));
    };
    // After one step of Adam the first moment is a tenth of the gradient.
    const auto ten = [](std::vector<float> m) {
      for (float& g : m) g *= 10.0f;
      return m;
    };
    const at::Tensor flat = Double(net.values), bounds = Double(before->members()[0].bounds.values);
    EXPECT_LT(test::WorstBlockError(net.layout, ten(model->members()[0].adam.m),
                                    test::Gradient(flat, [&](auto& p) { return loss(p, member.low, member.high); })),
              2e-5)
        << device;
    const auto of_bounds = [&](const at::Tensor& p) {
      const at::Tensor low = p.narrow(0, 0, D), high = p.narrow(0, D, D);
      return loss(flat, low, high) + 0.01 * (high.sum() - low.sum());
    };
    EXPECT_LT(test::WorstBlockError(before->members()[0].bounds.layout, ten(model->members()[0].bounds_adam.m),
                                    test::Gradient(bounds, of_bounds)),
              2e-5)
        << device;
    EXPECT_NEAR(report.scalars.at("bayes.divergence"),
                nets::ReferenceDivergence(Double(net.values), 0.6).item<double>() / 48, 1e-3);
  }
}

TEST(BayesMlp, ABeliefIsASeedOfWeightsAndThereIsNoEndOfThem) {
  const auto data = test::TinyBuffer(4, kSteps);
  const auto model = Tiny(data, TinySettings());
  EXPECT_EQ(model->beliefs_limit(), WorldModel::kBeyondCount);
  EXPECT_TRUE(model->has_spread());
  const Belief drawn = Draws(*model, 1000);
  EXPECT_EQ(drawn.data.size(), 2000u);
  for (float v : drawn.data) EXPECT_TRUE(v >= 0 && v < 16777216 && v == std::floor(v));
  EXPECT_EQ(std::set<float>(drawn.data.begin(), drawn.data.end()).size(), 2000u) << "none is like another";
  EXPECT_EQ(Draws(*model, 1000).data, drawn.data);
  EXPECT_NE(Draws(*model, 1000, 1).data, drawn.data);
  // Their networks spread around the means as the weights' distributions say.
  const NetGroups groups = model->Group(drawn);
  ASSERT_EQ(groups.nets.size(), 1000u);
  const std::vector<float>& all = model->members()[0].net.values;
  const size_t half = all.size() / 2;
  double square = 0;
  for (const nets::Parameters* net : groups.nets) {
    ASSERT_EQ(net->values.size(), half);
    for (size_t i = 0; i < half; ++i)
      square += std::pow((net->values[i] - all[i]) / nets::SpreadOf(all[half + i]), 2) / (1000.0 * half);
  }
  EXPECT_NEAR(square, 1, 0.01);
  EXPECT_THROW(model->Group({1, {3}}), InternalError) << "the belief of an ensemble";
}

// Returns of 12 rows from 0 under these beliefs, rows [first, first + count) of them at once.
std::vector<double> Returns(const FeedForward& model, const Belief& beliefs, const std::vector<Shard>& parts,
                            bool disturbed = true) {
  constexpr int64_t kRows = 12;
  const std::vector<float> zero(kRows * S, 0.0f), noise = Normals(kSteps * kRows * S, "dyn", disturbed ? 0.2f : 0.0f),
                                                  actions = Normals(kSteps * kRows * A, "act", 0.3f);
  std::vector<double> out;
  for (const Shard& part : parts) {
    std::vector<float> act, dyn;
    Belief own;
    for (int64_t r = 0; r < part.count; ++r) own.Append(beliefs.Part({(part.first + r) % beliefs.count, 1}));
    for (int64_t t = 0; t < kSteps; ++t) {
      const auto a = actions.begin() + (t * kRows + part.first) * A, n = noise.begin() + (t * kRows + part.first) * S;
      act.insert(act.end(), a, a + part.count * A);
      dyn.insert(dyn.end(), n, n + part.count * S);
    }
    Imagination imagination(model, std::make_unique<GivenActions>(act.data(), part.count, A));
    imagination.Run({part.count, kSteps, zero.data(), nullptr, &own, nullptr, dyn.data()}, Keep::kReturns);
    out.insert(out.end(), imagination.Returns().begin(), imagination.Returns().end());
  }
  return out;
}

TEST(BayesMlp, TheSameBeliefIsTheSameRolloutHoweverRowsAreSharedOut) {
  const auto data = test::TinyBuffer(4, kSteps);
  const auto model = Tiny(data, TinySettings());
  const Belief beliefs = Draws(*model, 12), few = Draws(*model, 3);
  const std::vector<double> whole = Returns(*model, beliefs, {{0, 12}});
  EXPECT_EQ(Returns(*model, beliefs, {{0, 5}, {5, 4}, {9, 3}}), whole);
  EXPECT_NE(Returns(*model, Draws(*model, 12, 1), {{0, 12}}), whole);
  EXPECT_NE(whole[0], whole[1]);
  const std::vector<double> shared = Returns(*model, few, {{0, 12}});
  EXPECT_EQ(Returns(*model, few, {{0, 6}, {6, 6}}), shared);
}

TEST(BayesMlp, WithoutSpreadItsRolloutsAreThoseOfItsMeansToTheBit) {
  const auto data = test::TinyBuffer(4, kSteps);
  config::Settings s = TinySettings();
  s.Of<DeterministicMlpSettings>().hidden = 16;
  auto& one = s.Of<BootstrapEnsembleSettings>();
  one.members = 1;
  one.hidden = 16;
  one.layers = 2;
  const auto model = Tiny(data, s);
  const auto same = test::TinyMembers<BootstrapEnsemble>(BootstrapEnsembleInfo(), data, s);
  const auto plain = test::TinyMembers<DeterministicMlp>(DeterministicMlpInfo(), data, s);
  nets::Parameters &net = model->members()[0].net, &means = plain->members()[0].net;
  const auto half = static_cast<std::ptrdiff_t>(net.values.size() / 2);
  std::fill(net.values.begin() + half, net.values.end(), -200.0f);
  same->members()[0].net.values.assign(net.values.begin(), net.values.begin() + half);
  // Without the columns of log-variances.
  for (int i = 0; i < means.layout.size(); ++i) {
    const nets::Block &from = net.layout[i], &to = means.layout[i];
    for (int64_t r = 0; r < to.rows; ++r) std::copy_n(net.at(i) + r * from.cols, to.cols, means.at(i) + r * to.cols);
  }
  const Belief beliefs = Draws(*model, 12);
  EXPECT_EQ(Returns(*model, beliefs, {{0, 12}}), Returns(*same, {1, {0}}, {{0, 12}}));
  // A product with fewer columns adds up in another order.
  const std::vector<double> want = Returns(*plain, {1, {0}}, {{0, 12}}, false),
                            quiet = Returns(*model, beliefs, {{0, 12}}, false);
  for (size_t r = 0; r < want.size(); ++r) EXPECT_NEAR(quiet[r], want[r], 1e-5);
  std::fill(net.values.begin() + half, net.values.end(), -3.0f);
  EXPECT_GT(std::fabs(Returns(*model, beliefs, {{0, 12}}, false)[0] - want[0]), 1e-3);  // negative control
}

TEST(BayesMlp, FitIsAFunctionOfTheSeedToTheBitWithAnyNumberOfThreads) {
  const auto data = test::TinyBuffer(6, kSteps);
  config::Settings s = TinySettings();
  const auto a = Tiny(data, s), b = Tiny(data, s), c = Tiny(data, s);
  Team team(3);
  Fit(a.get(), data, s, 25);
  Fit(b.get(), data, s, 25, 9, &team);
  EXPECT_EQ(Bytes(*a), Bytes(*b));
  s.run.seed = 5;
  Fit(c.get(), data, s, 25);
  EXPECT_NE(Bytes(*a), Bytes(*c));
}

TEST(BayesMlp, GoesOnFromAnArchiveToTheBit) {
  const auto data = test::TinyBuffer(6, kSteps);
  const config::Settings s = TinySettings();
  const auto model = Tiny(data, s), other = Tiny(test::TinyBuffer(2, kSteps), s), function = Tiny(data, s);
  Fit(model.get(), data, s, 12);
  other->Load(ArchiveReader::Parse(Bytes(*model), "test").value());
  ArchiveWriter kept;
  model->SaveFunction(kept);
  function->LoadFunction(ArchiveReader::Parse(kept.Finish(), "test").value());
  const Belief beliefs = Draws(*model, 12);
  EXPECT_EQ(Returns(*function, beliefs, {{0, 12}}), Returns(*model, beliefs, {{0, 12}}));
  Fit(model.get(), data, s, 12, 10);
  Fit(other.get(), data, s, 12, 10);
  EXPECT_EQ(Bytes(*model), Bytes(*other));
}

TEST(BayesMlp, EvaluateIsTheMeanOverBeliefs) {
  const auto data = test::TinyBuffer(3, kSteps);
  const auto model = Tiny(data, TinySettings());
  std::vector<float> x(kSteps * I), y(kSteps * D);
  data.Sequences({2}, model->normaliser(), x.data(), y.data());
  Belief beliefs = Draws(*model, 3);
  beliefs.Append(beliefs.Part({0, 1}));  // one of them counts twice
  double want = 0;
  for (const ReferenceMember& member : test::ReferencesOf(*model, beliefs)) {
    const ReferenceHeads heads = ReferenceStep(member, Double(x.data(), {kSteps, I}));
    want += 0.25 * (0.5 * ((Double(y.data(), {kSteps, D}) - heads.mean) / heads.sd).square() + at::log(heads.sd) +
                    0.5 * std::log(2 * std::acos(-1.0)))
                       .sum(1)
                       .mean()
                       .item<double>();
  }
  EXPECT_NEAR(model->Evaluate(data, 2, beliefs, S).physics, want, 1e-4 * std::fabs(want));
}

// Raw means and variances of what many draws predict for some recorded steps.
std::pair<at::Tensor, at::Tensor> Raw(const BayesMlp& model, const replay::EpisodeBuffer& data) {
  std::vector<float> x(kSteps * 2 * I), y(kSteps * 2 * D);
  data.Sequences({0, 1}, model.normaliser(), x.data(), y.data());
  at::Tensor sum = at::zeros({kSteps * 2, D}, at::kDouble), square = at::zeros_like(sum);
  constexpr int kDraws = 300;
  for (const ReferenceMember& member : test::ReferencesOf(model, Draws(model, kDraws))) {
    const at::Tensor mean = ReferenceStep(member, Double(x.data(), {kSteps * 2, I})).mean;
    sum = sum + mean / kDraws;
    square = square + mean.square() / kDraws;
  }
  const at::Tensor sd = Double(model.normaliser().y_sd);
  return {sum * sd + Double(model.normaliser().y_mean), (square - sum.square()) * sd.square()};
}

// The largest difference of means, and the logarithm of how much larger the variances became.
std::pair<double, double> Moved(const BayesMlp& model, const replay::EpisodeBuffer& data,
                                const std::pair<at::Tensor, at::Tensor>& before) {
  const auto now = Raw(model, data);
  return {(now.first - before.first).abs().max().item<double>(),
          (now.second.sum() / before.second.sum()).log().item<double>()};
}

TEST(BayesMlp, CompensatedRefitKeepsWhatIsKnownOfRawNumbersAndIsNeverSurer) {
  auto data = test::TinyBuffer(3, kSteps);
  const auto model = Tiny(data, TinySettings()), plain = Tiny(data, TinySettings());
  const auto before = Raw(*model, data);
  // In other units every draw stays the function that it was.
  replay::Normaliser n = model->normaliser();
  for (float& sd : n.x_sd) sd *= 2.5f;
  for (float& sd : n.y_sd) sd *= 0.4f;
  for (float& mean : n.y_mean) mean += 0.3f;
  model->Refit(n, true);
  plain->Refit(n, false);
  EXPECT_LT(Moved(*model, data, before).first, 1e-3);
  EXPECT_NEAR(Moved(*model, data, before).second, 0, 1e-3);
  EXPECT_GT(Moved(*plain, data, before).first, 0.1);  // negative control
  EXPECT_LT(Moved(*plain, data, before).second, -1);
  // Of another mean a bias takes over what its inputs' weights leave open; that it shares it with them is lost.
  for (size_t j = 0; j < n.x_mean.size(); ++j) n.x_mean[j] += 0.5f * n.x_sd[j];
  model->Refit(n, true);
  EXPECT_LT(Moved(*model, data, before).first, 0.05);
  EXPECT_GT(Moved(*model, data, before).second, -0.02);
  EXPECT_LT(Moved(*model, data, before).second, 1.2);
}

TEST(BayesMlp, DistractorsComeKnownAsNothingAndGoWithoutATrace) {
  auto data = test::TinyBuffer(6, kSteps);
  const config::Settings s = TinySettings();
  const auto model = Tiny(data, s);
  Fit(model.get(), data, s, 12);
  const std::string before = Bytes(*model);
  const replay::Normaliser inserted{std::vector<float>(6, 0.0f), std::vector<float>(6, 0.7f),
                                    std::vector<float>(6, 0.0f), std::vector<float>(6, 0.4f)};
  model->EditStates(6, inserted);
  const nets::Parameters& net = model->members()[0].net;
  const nets::Layout& layout = net.layout;
  const int w0 = layout.Find("rho.w0"), w_out = layout.Find("rho.w_out"), b_out = layout.Find("rho.b_out");
  EXPECT_EQ(layout[w0].rows, I + 6);
  EXPECT_EQ(layout[w_out].cols, 2 * (D + 6));
  EXPECT_EQ(net.at(w0)[S * 16], -10.0f);
  for (const int64_t column : {S, S + 5, D + 6 + S, D + 6 + S + 5}) {
    EXPECT_EQ(net.at(w_out)[column], -10.0f) << column;
    EXPECT_EQ(net.at(b_out)[column], -10.0f) << column;
  }
  for (const int64_t column : {int64_t{0}, S + 6, D + 6, 2 * (D + 6) - 1}) EXPECT_NE(net.at(b_out)[column], -10.0f);
  data.SetDistracted(true);
  std::vector<float> x(kSteps * (I + 6)), y(kSteps * (D + 6));
  data.Sequences({0}, model->normaliser(), x.data(), y.data());
  const auto heads = ReferenceStep(test::ReferencesOf(*model, Draws(*model, 1))[0], Double(x.data(), {kSteps, I + 6}));
  EXPECT_LT(heads.mean.narrow(1, S, 6).abs().max().item<double>(), 0.01);
  EXPECT_NEAR((heads.sd.narrow(1, S, 6) - 1).abs().max().item<double>(), 0, 0.01);
  EXPECT_EQ(Fit(model.get(), data, s, 3, 10).skipped, 0) << "and it learns on";
  const auto again = Tiny(test::TinyBuffer(6, kSteps), s);
  again->Load(ArchiveReader::Parse(before, "test").value());
  again->EditStates(6, inserted);
  again->EditStates(-6, {});
  EXPECT_EQ(Bytes(*again), before);
}

TEST(BayesMlp, StepsThatAreNotFiniteAreSkippedAndTheWeightsComeBack) {
  const auto data = test::TinyBuffer(6, kSteps);
  const config::Settings s = TinySettings();
  const auto model = Tiny(data, s);
  model->members()[0].net.values.back() = std::nanf("");  // a rho
  EXPECT_FALSE(model->finite());
  const nets::TrainReport report = Fit(model.get(), data, s, 12);
  EXPECT_EQ(report.skipped, 12);
  EXPECT_TRUE(report.reloaded);
  EXPECT_EQ(report.step_share.at("bayes.lr"), 0.5);
  config::Settings other = s;
  Own(other).lr = 0.002;
  model->OnSettings(s, other);
  EXPECT_EQ(model->members()[0].adam.rate, 1.0);
}

TEST(BayesMlp, TheFirstFitIsLongerAndZeroStepsFreeze) {
  auto data = test::TinyBuffer(6, kSteps);
  config::Settings s = TinySettings();
  Own(s).steps = 20;
  Own(s).first_fit_factor = 4;
  const auto model = Tiny(data, s);
  EXPECT_EQ(model->NextWork({data, s, 0}), 80);
  Fit(model.get(), data, s, 1);
  EXPECT_EQ(model->NextWork({data, s, 1}), 20);
  const std::string before = Bytes(*model);
  data.Append(test::TinyEpisode(kSteps, 77));
  EXPECT_EQ(Fit(model.get(), data, s, 0, 10).steps, 0);
  EXPECT_EQ(Bytes(*model), before);
}

// One state that never moves, one action, and a reward that is drawn by it: sin(3 a) with noise, between gaps.
replay::EpisodeBuffer Sine(int episodes) {
  constexpr int64_t kLong = 50;
  replay::EpisodeBuffer data(1, 1, kLong, env::DistractorSpec{2, 3, 1.0, 5, 20}, 5);
  for (int i = 0; i < episodes; ++i) {
    Stream stream(3, "rewards", static_cast<uint64_t>(i));
    replay::Episode e;
    e.states.assign(kLong + 1, 0.0f);
    for (int64_t t = 0; t < kLong; ++t) {
      const double a = stream.Uniform() < 0.5 ? stream.Uniform(-1.0, -0.5) : stream.Uniform(0.5, 1.0);
      e.actions.push_back(static_cast<float>(a));
      e.rewards.push_back(static_cast<float>(std::sin(3 * a) + 0.05 * stream.Normal()));
    }
    data.Append(e);
  }
  return data;
}

TEST(BayesMlp, KnowsWhereItHasSeenNothingAndHowWellItKnowsTheRest) {
  const auto data = Sine(20);
  config::Settings s = TinySettings();
  Own(s).hidden = 32;
  Own(s).batch = 128;
  Own(s).lr = 0.005;
  Own(s).rho = -5;
  auto made = NewBayesMlp({1, 1, {}, &CpuParts()}, s);
  std::unique_ptr<BayesMlp> model(dynamic_cast<BayesMlp*>(made.release()));
  Fit(model.get(), data, s, 3000);
  const nets::TrainReport report = Fit(model.get(), data, s, 3000, 10);
  const std::vector<ReferenceMember> draws = test::ReferencesOf(*model, Draws(*model, 50));
  const replay::Normaliser& n = model->normaliser();
  // Raw mean and spread of what the draws predict after an action.
  const auto predicted = [&](double a) {
    const at::Tensor x = (at::tensor({0.0, a}, at::kDouble).view({1, 2}) - Double(n.x_mean)) / Double(n.x_sd);
    double sum = 0, square = 0;
    for (const ReferenceMember& member : draws) {
      const double mean = ReferenceStep(member, x).mean[0][1].item<double>() * n.y_sd[1] + n.y_mean[1];
      sum += mean / 50;
      square += mean * mean / 50;
    }
    return std::pair(sum, std::sqrt(square - sum * sum));
  };
  double inside = 0;
  for (const double a : {-0.9, -0.75, -0.6, 0.6, 0.75, 0.9}) {
    const auto [mean, sd] = predicted(a);
    EXPECT_NEAR(mean, std::sin(3 * a), 0.15) << a;
    inside = std::max(inside, sd);
  }
  EXPECT_GT(predicted(2.5).second, 3 * inside);
  EXPECT_GT(report.scalars.at("bayes.epistemic_outside"), 1.2 * report.scalars.at("bayes.epistemic"));
  EXPECT_GT(report.scalars.at("bayes.spread_moved"), 0.01);
  // Twenty times the prior's weight outweighs what the data say.
  config::Settings heavy = s;
  Own(heavy).prior_weight = 100;
  auto other = NewBayesMlp({1, 1, {}, &CpuParts()}, heavy);
  std::unique_ptr<BayesMlp> asleep(dynamic_cast<BayesMlp*>(other.release()));
  Fit(asleep.get(), data, heavy, 3000);
  const nets::TrainReport slept = Fit(asleep.get(), data, heavy, 3000, 10);
  EXPECT_GT(slept.scalars.at("bayes.train_nll"), report.scalars.at("bayes.train_nll") + 1);
  EXPECT_LT(slept.scalars.at("bayes.divergence"), 0.1 * report.scalars.at("bayes.divergence"));
  EXPECT_LT(slept.scalars.at("bayes.signal_to_noise"), 0.3 * report.scalars.at("bayes.signal_to_noise"));
}

// The newest values of some scalars, which are their means as well.
class Newest : public nets::Readings {
 public:
  Newest(const config::Settings& s, std::map<std::string, double> values) : Readings(s), values_(std::move(values)) {
    goes_on = comparable = true;
    outputs = 10;
  }
  double Last(const std::string& scalar) const override { return values_.count(scalar) > 0 ? values_.at(scalar) : NAN; }
  double Mean(const std::string& scalar) const override { return Last(scalar); }
  double Median(const std::string& scalar) const override { return Last(scalar); }
  nets::Trend TrendOf(const std::string&) const override { return nets::Trend::kFlat; }

 private:
  std::map<std::string, double> values_;
};

TEST(BayesMlp, SaysWhatIsWrongWithItByItsOwnNumbers) {
  config::Settings s;
  const std::map<std::string, double> sound = {{"bayes.train_nll", -5},
                                               {"bayes.signal_to_noise", 3},
                                               {"bayes.spread_moved", 0.2},
                                               {"bayes.epistemic", 0.1},
                                               {"bayes.epistemic_outside", 1}};
  const auto found = [&](const char* scalar = "", double value = 0) {
    std::map<std::string, double> values = sound;
    values[scalar] = value;
    std::vector<std::string> ids;
    for (const nets::Finding& f : BayesMlpInfo().findings(Newest(s, values))) ids.push_back(f.id);
    return ids;
  };
  using Ids = std::vector<std::string>;
  EXPECT_EQ(found(), Ids{});
  EXPECT_EQ(found("bayes.spread_moved", 0.0001), Ids{"bayes.spread-stuck"});
  EXPECT_EQ(found("bayes.epistemic_outside", 0.11), Ids{"bayes.same-everywhere"});
  EXPECT_EQ(found("bayes.train_nll", 14.1), Ids{"bayes.learned-nothing"});
  EXPECT_EQ(found("bayes.train_nll", 140), Ids{"bayes.unsettled"});
  EXPECT_EQ(found("bayes.at_upper_bound", 0.6), Ids{"bayes.at-upper-bound"});
  Own(s).prior_weight = 0.5;
  EXPECT_EQ(found(), Ids{"bayes.tempered"});
  Own(s).prior_weight = 1;
  Own(s).steps = 0;
  EXPECT_EQ(found("bayes.spread_moved", 0), Ids{}) << "what is frozen does not move";
  std::map<std::string, double> asleep = sound;
  asleep["bayes.train_nll"] = 14.1;
  asleep["bayes.signal_to_noise"] = 0.01;
  Own(s).steps = 100;
  const std::vector<nets::Finding> said = BayesMlpInfo().findings(Newest(s, asleep));
  ASSERT_EQ(said.size(), 1u);
  EXPECT_EQ(said[0].id, "bayes.prior-rules");
}

TEST(BayesMlp, BoundsThatContradictEachOtherAreRefused) {
  config::Settings s;
  s.run.agent = "none of them";  // every section counts
  ASSERT_TRUE(config::Validate(s).ok());
  Own(s).log_variance_high = -11;
  EXPECT_FALSE(config::Validate(s).ok());
}

}  // namespace
}  // namespace equipoise::model
