// The locally linear model: regressions against closed forms, a world whose law changes from step to step, gradients
// against automatic ones, and branches that begin in the middle of an episode.
#include "engine/model/linear/linear_model.h"

#include <cmath>

#include <gtest/gtest.h>

#include "engine/base/team.h"
#include "engine/learn/imagined/imagined_pool.h"
#include "engine/learn/imagined/imagined_pool_settings.h"
#include "engine/model/imagination.h"
#include "engine/model/linear/linear_model_settings.h"
#include "tests/engine/model/tiny_world.h"

namespace equipoise::model {
namespace {

using test::Double;
using test::Normals;

constexpr int64_t kSteps = 10, S = 2, A = 1, D = S + 1;

TEST(Ridge, OfOneInputIsTheNumberWorkedOutByHand) {
  const double x[] = {1, 2, 3}, y[] = {1.1, 1.9, 3.2}, near = 2;
  EXPECT_NEAR(Ridge(3, 1, 1, x, y, 0.25, nullptr, false)[0], 1.017544, 1e-6);  // 14.5 / 14.25
  EXPECT_NEAR(Ridge(3, 1, 1, x, y, 0.25, &near, false)[0], 2 + (14.5 - 28) / 14.25, 1e-12);
  EXPECT_NEAR(Ridge(3, 1, 1, x, y, 1e9, &near, false)[0], 2, 1e-6);
  EXPECT_EQ(Ridge(0, 1, 1, x, y, 1, &near, false)[0], 2) << "without a row it stays";
}

TEST(Ridge, AgreesWithTheNormalEquationsOfAnotherLibrary) {
  const int64_t n = 9, inputs = 4, outputs = 3;
  const std::vector<float> fx = Normals(n * inputs, "x"), fy = Normals(n * outputs, "y"),
                           fn = Normals(inputs * outputs, "near");
  std::vector<double> x(fx.begin(), fx.end()), y(fy.begin(), fy.end()), near(fn.begin(), fn.end());
  const at::Tensor X = Double(fx.data(), {n, inputs}), Y = Double(fy.data(), {n, outputs}),
                   N = Double(fn.data(), {inputs, outputs});
  for (const bool free : {false, true}) {
    at::Tensor penalty = at::eye(inputs, at::kDouble) * 0.7;
    if (free) penalty[inputs - 1][inputs - 1] = 0;
    const at::Tensor want = N + at::linalg_solve(X.t().mm(X) + penalty, X.t().mm(Y - X.mm(N)));
    const std::vector<double> got = Ridge(n, inputs, outputs, x.data(), y.data(), 0.7, near.data(), free);
    for (int64_t i = 0; i < inputs * outputs; ++i)
      EXPECT_NEAR(got[static_cast<size_t>(i)], want.reshape({-1})[i].item<double>(), 1e-8);
  }
}

// s0' = .9 s0 + g_t a, s1' = s1 + .3 s0, r = s0 - h_t a, with g and h that change from step to step.
double G(int64_t t) { return std::sin(0.7 * static_cast<double>(t)); }
double H(int64_t t) { return std::cos(0.5 * static_cast<double>(t)); }
replay::EpisodeBuffer Changing(int episodes) {
  replay::EpisodeBuffer data(S, A, kSteps, env::DistractorSpec{2, 3, 1.0, 5, 20}, 5);
  for (int i = 0; i < episodes; ++i) {
    Stream stream(3, "changing", static_cast<uint64_t>(i));
    replay::Episode e;
    double s[2] = {stream.Normal(), stream.Normal()};
    for (int64_t t = 0;; ++t) {
      e.states.insert(e.states.end(), {static_cast<float>(s[0]), static_cast<float>(s[1])});
      if (t == kSteps) break;
      const double a = stream.Uniform(-1, 1);
      e.actions.push_back(static_cast<float>(a));
      e.rewards.push_back(static_cast<float>(s[0] - H(t) * a));
      s[1] += 0.3 * s[0];
      s[0] = 0.9 * s[0] + G(t) * a;
    }
    data.Append(e);
  }
  return data;
}

config::Settings Close() {
  config::Settings s;
  auto& own = s.Of<LinearModelSettings>();
  own.episodes = 20;
  own.window = 0;
  own.ridge = 1e-6;
  return s;
}

std::unique_ptr<LinearModel> Fitted(const replay::EpisodeBuffer& data, const config::Settings& s,
                                    nets::TrainReport* report = nullptr, Team* team = nullptr) {
  auto model = std::make_unique<LinearModel>(data.states(), A, std::vector<int>{});
  const nets::TrainReport told = model->Train({data, s, 1, model->NextWork({data, s, 1}), [](int, int) {}, team});
  if (report != nullptr) *report = told;
  return model;
}

std::string Bytes(const LinearModel& model) {
  ArchiveWriter out;
  model.Save(out);
  return out.Finish();
}

TEST(LinearModel, FindsALawThatChangesFromStepToStepAndOneRegressionDoesNot) {
  auto data = Changing(20);
  config::Settings s = Close();
  nets::TrainReport report;
  const auto model = Fitted(data, s, &report);
  EXPECT_EQ(report.steps, kSteps);
  EXPECT_LT(report.scalars.at("linear.train_error"), 1e-4);
  const replay::Normaliser& n = model->normaliser();
  for (int64_t t = 0; t < kSteps; ++t) {  // in raw units: what the action does to s0 and to the reward
    const float* w = model->w(t);
    EXPECT_NEAR(w[S * D + 0] * n.y_sd[0] / n.x_sd[S], G(t), 1e-3) << t;
    EXPECT_NEAR(w[S * D + S] * n.y_sd[S] / n.x_sd[S], -H(t), 1e-3) << t;
  }
  EXPECT_EQ(model->w(kSteps + 5), model->w(kSteps - 1)) << "behind the end it goes on as in the last step";
  // What it has not seen, it knows as well.
  data.Append(Changing(21)[20]);
  EXPECT_LT(model->Train({data, s, 2, static_cast<int>(kSteps), [](int, int) {}}).scalars.at("linear.unseen_error"),
            1e-3);
  for (const bool wide : {true, false}) {
    config::Settings same = s;
    (wide ? same.Of<LinearModelSettings>().window : same.Of<LinearModelSettings>().episodes) = wide ? 100 : 20;
    if (!wide) same.Of<LinearModelSettings>().ridge = 1e6;
    (void)Fitted(data, same, &report);
    EXPECT_GT(report.scalars.at("linear.train_error"), 0.1) << "all steps alike";
  }
}

TEST(LinearModel, IsFittedToTheNewestEpisodesAlone) {
  auto data = Changing(12);
  config::Settings s = Close();
  s.Of<LinearModelSettings>().episodes = 5;
  auto other = Changing(3);
  for (int64_t e = 7; e < 12; ++e) other.Append(data[e]);
  const auto a = Fitted(data, s), b = Fitted(other, s);
  // The normaliser is of all data; in raw units both are the same.
  for (int64_t t = 0; t < kSteps; ++t) {
    EXPECT_NEAR(a->w(t)[S * D] * a->normaliser().y_sd[0] / a->normaliser().x_sd[S],
                b->w(t)[S * D] * b->normaliser().y_sd[0] / b->normaliser().x_sd[S], 1e-3);
  }
}

TEST(LinearModel, RowsGoOnFromTheTimeThatTheyBeginAt) {
  const auto data = Changing(20);
  const auto model = Fitted(data, Close());
  const Belief one = model->Nth(0);
  const float carry[] = {0, 3, 9, 4};
  const std::vector<float> z = Normals(4 * S, "z"), a = Normals(4 * 3 * A, "a", 0.3f);
  const auto whole = model->NewRollout(), part = model->NewRollout();
  std::vector<float> now = z, next(z.size()), reward(4), half, left(4);
  whole->Begin(4, 3, false, &one, carry);
  for (int64_t t = 0; t < 3; ++t) {
    whole->Step(t, now.data(), a.data() + t * 4, nullptr, next.data(), reward.data());
    for (int64_t r = 0; r < 4; ++r) {
      const replay::Normaliser& n = model->normaliser();
      const int64_t at = std::min<int64_t>(static_cast<int64_t>(carry[r]) + t, kSteps - 1);
      const double s0 = now[static_cast<size_t>(r * S)] * n.x_sd[0] + n.x_mean[0];
      const double to = next[static_cast<size_t>(r * S)] * n.x_sd[0] + n.x_mean[0];
      EXPECT_NEAR(to, 0.9 * s0 + G(at) * a[static_cast<size_t>(t * 4 + r)], 2e-3);
    }
    now = next;
    if (t == 0) {
      half = next;
      whole->Carry(left.data());
    }
  }
  for (int64_t r = 0; r < 4; ++r) EXPECT_EQ(left[static_cast<size_t>(r)], carry[r] + 1);
  part->Begin(4, 2, false, &one, left.data());
  for (int64_t t = 0; t < 2; ++t) {
    part->Step(t, half.data(), a.data() + (t + 1) * 4, nullptr, next.data(), reward.data());
    half = next;
  }
  EXPECT_EQ(half, now) << "to the bit";
  std::vector<float> carries(static_cast<size_t>(kSteps * 2));
  model->BurnIn(nullptr, kSteps, 2, one, carries.data(), nullptr);
  for (int64_t t = 0; t < kSteps; ++t) EXPECT_EQ(carries[static_cast<size_t>(2 * t + 1)], static_cast<float>(t));
}

TEST(LinearModel, GradientOfAPolicyAgreesWithAutogradThroughTheReference) {
  constexpr int64_t kRows = 5, kAhead = 4;
  const auto data = Changing(6);
  config::Settings s = Close();
  s.Of<LinearModelSettings>().ridge = 0.5;
  const auto model = Fitted(data, s);
  const Belief one = model->Nth(0);
  Stream stream(3, "policy");
  const nets::Policy policy(S, A, 12, 2, 0.0, stream);
  const std::vector<float> start = Normals(kRows * S, "start", 0.3f), act = Normals(kAhead * kRows * A, "act"),
                           dz = Normals((kAhead + 1) * kRows * S, "dz"), dreward = Normals(kAhead * kRows, "dr"),
                           dlog = Normals(kAhead * kRows, "dlog");
  const std::vector<float> carry = {0, 2, 5, 8, 1};
  Imagination imagination(*model, policy);
  imagination.Run({kRows, kAhead, start.data(), carry.data(), &one, act.data(), nullptr}, Keep::kGradients);
  const replay::Normaliser& n = model->normaliser();
  const ReferenceUnits units{S, {}, Double(n.x_mean), Double(n.x_sd), Double(n.y_mean), Double(n.y_sd)};
  const auto reference = [&](const at::Tensor& flat) {
    auto step = std::make_shared<int64_t>(0);
    const ReferenceNetwork network = [&, step](const at::Tensor& x) {
      std::vector<at::Tensor> means;
      for (int64_t r = 0; r < kRows; ++r) {
        const at::Tensor w =
            Double(model->w(static_cast<int64_t>(carry[static_cast<size_t>(r)]) + *step), {S + A + 1, D});
        means.push_back(at::cat({x.narrow(0, r, 1), at::ones({1, 1}, at::kDouble)}, 1).mm(w));
      }
      ++*step;
      return ReferenceHeads{at::cat(means), at::zeros({kRows, D}, at::kDouble)};
    };
    const at::Tensor raw = Double(start.data(), {kRows, S}) * units.x_sd.narrow(0, 0, S) + units.x_mean.narrow(0, 0, S);
    return ReferenceImagine(units, network, test::ReferenceOf(policy, flat), raw,
                            Double(act.data(), {kAhead, kRows, A}), at::zeros({kAhead, kRows, S}, at::kDouble), false);
  };
  const auto Z = [&](const ReferenceTrajectory& t) {
    return (t.state - units.x_mean.narrow(0, 0, S)) / units.x_sd.narrow(0, 0, S);
  };
  const at::Tensor flat = Double(policy.net.values);
  EXPECT_LT(test::RelativeError(imagination.z(0), Z(reference(flat))), 2e-6);
  std::vector<float> gradient(policy.net.values.size(), 0.0f);
  imagination.Backward(dz.data(), dreward.data(), dlog.data(), false, gradient.data());
  const at::Tensor want = test::Gradient(flat, [&](auto& p) {
    const ReferenceTrajectory t = reference(p);
    return (Z(t) * Double(dz.data(), {kAhead + 1, kRows, S})).sum() +
           ((t.reward - units.y_mean[S]) / units.y_sd[S] * Double(dreward.data(), {kAhead, kRows})).sum() +
           (t.log_prob * Double(dlog.data(), {kAhead, kRows})).sum();
  });
  EXPECT_LT(test::WorstBlockError(policy.net.layout, gradient, want), 2e-5);
}

TEST(LinearModel, IsTheSameWithAnyNumberOfThreadsAndComesBackFromAnArchive) {
  const auto data = Changing(6);
  config::Settings s;
  const auto one = Fitted(data, s);
  Team team(3);
  EXPECT_EQ(Bytes(*Fitted(data, s, nullptr, &team)), Bytes(*one));
  EXPECT_NE(Bytes(*Fitted(Changing(5), s)), Bytes(*one));
  LinearModel other(S, A, {});
  other.Load(ArchiveReader::Parse(Bytes(*one), "test").value());
  EXPECT_EQ(Bytes(other), Bytes(*one));
  EXPECT_TRUE(other.trained());
  LinearModel wider(S + 1, A, {});
  EXPECT_THROW(wider.Load(ArchiveReader::Parse(Bytes(*one), "test").value()), FormatError);
  s.Of<LinearModelSettings>().episodes = 0;
  EXPECT_EQ(one->NextWork({data, s, 3}), 0) << "frozen";
}

TEST(LinearModel, DistractorsComeAsNothingAndGoWithoutATrace) {
  const auto data = Changing(6);
  config::Settings s;
  const auto model = Fitted(data, s);
  const std::string before = Bytes(*model);
  const Belief one = model->Nth(0);
  const std::vector<float> z = Normals(S, "z"), a = Normals(A, "a");
  std::vector<float> next(S), reward(1);
  const auto plain = model->NewRollout();
  plain->Begin(1, 1, false, &one, nullptr);
  plain->Step(0, z.data(), a.data(), nullptr, next.data(), reward.data());
  const std::vector<float> zero(2, 0.0f), sd(2, 0.7f);
  model->EditStates(2, {zero, sd, zero, sd});
  std::vector<float> wide = z, wide_next(S + 2), wide_reward(1);
  wide.insert(wide.end(), {0.4f, -3.0f});
  const auto rollout = model->NewRollout();
  rollout->Begin(1, 1, false, &one, nullptr);
  rollout->Step(0, wide.data(), a.data(), nullptr, wide_next.data(), wide_reward.data());
  for (size_t j = 0; j < S; ++j) EXPECT_EQ(wide_next[j], next[j]);
  EXPECT_EQ(wide_reward, reward);
  EXPECT_EQ(wide_next[S], 0.4f) << "of the new ones nothing is known to change";
  model->EditStates(-2, {});
  EXPECT_EQ(Bytes(*model), before);
}

// A pool's branches begin at any step: under the recorded actions they repeat what was recorded from there on.
TEST(LinearModel, BranchesFromTheMiddleOfAnEpisodeKnowWhatTimeItIs) {
  const auto data = Changing(20);
  config::Settings s = Close();
  const auto model = Fitted(data, s);
  auto& pool_settings = s.Of<learn::ImaginedPoolSettings>();
  pool_settings.action = "recorded";
  pool_settings.length = pool_settings.length_last = 3;
  learn::ImaginedPool pool(*model);
  pool.Train({data, s, 1, 200, [](int, int) {}});
  ASSERT_EQ(pool.size(), 600);
  std::vector<float> rs(600 * S), ra(600), rr(600), next(600 * S);
  Stream draw(1, "draw");
  pool.Draw(draw, {600, rs.data(), ra.data(), rr.data(), next.data()});
  for (size_t i = 0; i < 600; ++i) {
    bool found = false;
    for (int64_t e = 0; e < data.size() && !found; ++e) {
      for (size_t t = 0; t < kSteps && !found; ++t) {
        if (data[e].actions[t] != ra[i]) continue;
        found = true;
        EXPECT_NEAR(next[i * S], data[e].states[(t + 1) * S], 5e-3) << "time " << t;
        EXPECT_NEAR(rr[i], data[e].rewards[t], 5e-3);
      }
    }
    ASSERT_TRUE(found);
  }
}

}  // namespace
}  // namespace equipoise::model
