// The pool of imagined steps and the mixture of them with recorded ones: whose rows they are, how old, how many, by whose
// actions and under which member. Long because pool and mixture are asked of the same few worlds.
#include "engine/learn/imagined/imagined_pool.h"

#include <algorithm>
#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "engine/base/team.h"
#include "engine/learn/imagined/imagined_pool_settings.h"
#include "engine/learn/imagined/mixture.h"
#include "engine/model/feedforward/bootstrap_ensemble.h"
#include "engine/model/feedforward/bootstrap_ensemble_settings.h"
#include "engine/model/model_parts.h"
#include "tests/engine/agent/stub_learner.h"
#include "tests/engine/model/scalar_model.h"

namespace equipoise::learn {
namespace {

constexpr int64_t kSteps = 12;

// Episodes of s' = .9 s + .5 a, r = -(s^2 + .1 a^2), as float32 has them.
replay::EpisodeBuffer Recorded(int episodes) {
  replay::EpisodeBuffer data(1, 1, kSteps, env::DistractorSpec{2, 3, 1.0, 5, 20}, 5);
  for (int i = 0; i < episodes; ++i) {
    Stream stream(3, "recorded", static_cast<uint64_t>(i));
    replay::Episode e;
    double s = stream.Uniform(-1.0, 1.0);
    for (int64_t t = 0;; ++t) {
      e.states.push_back(static_cast<float>(s));
      if (t == kSteps) break;
      const auto a = static_cast<float>(stream.Uniform(-1.0, 1.0));
      e.actions.push_back(a);
      e.rewards.push_back(static_cast<float>(-(s * s + 0.1 * a * a)));
      s = static_cast<float>(0.9 * s + 0.5 * a);
    }
    data.Append(e);
  }
  return data;
}

config::Settings PoolSettings() {
  config::Settings s;
  s.run.seed = 4;
  s.Of<ImaginedPoolSettings>().retain = 3;
  return s;
}
ImaginedPoolSettings& Own(config::Settings& s) { return s.Of<ImaginedPoolSettings>(); }

nets::TrainReport Fill(ImaginedPool* pool, const replay::EpisodeBuffer& data, const config::Settings& s, int branches,
                       uint64_t iteration = 1, Team* team = nullptr) {
  return pool->Train({data, s, iteration, branches, [](int, int) {}, team});
}

std::string Bytes(const ImaginedPool& pool) {
  ArchiveWriter out;
  pool.Save(out);
  return out.Finish();
}

struct Rows {
  std::vector<float> s, a, r, s_next;
  explicit Rows(size_t n) : s(n), a(n), r(n), s_next(n) {}
  TransitionRows View() { return {static_cast<int64_t>(s.size()), s.data(), a.data(), r.data(), s_next.data()}; }
};
// Every row of a pool of one state and one action, in order.
Rows All(const ImaginedPool& pool) {
  const auto in = ArchiveReader::Parse(Bytes(pool), "test");
  Rows all(0);
  for (size_t f = 0; f < in.value().Ints("pool.iterations").size(); ++f) {
    const std::string name = "pool." + std::to_string(f);
    const auto add = [&](const char* what, std::vector<float>* to) {
      const std::vector<float> part = in.value().Floats(name + what);
      to->insert(to->end(), part.begin(), part.end());
    };
    add(".s", &all.s);
    add(".a", &all.a);
    add(".r", &all.r);
    add(".s_next", &all.s_next);
  }
  return all;
}

TEST(ImaginedPool, BranchesGrowFromOneEpisodeToAnother) {
  config::Settings s;
  Own(s).length_from = 20;
  Own(s).length_to = 150;
  Own(s).length = 1;
  Own(s).length_last = 15;
  for (const auto& [episode, length] : {std::pair{1, 1}, {20, 1}, {85, 8}, {149, 14}, {150, 15}, {4000, 15}})
    EXPECT_EQ(BranchLength(s, episode), length) << episode;
  Own(s).length_last = 1;
  EXPECT_EQ(BranchLength(s, 85), 1);
}

// An exact model repeats what was recorded.
TEST(ImaginedPool, UnderRecordedActionsAnExactModelGivesTheRecordedSteps) {
  const auto data = Recorded(5);
  const test::ScalarModel model(0.9);
  for (const int length : {1, 4}) {
    config::Settings s = PoolSettings();
    Own(s).action = "recorded";
    Own(s).length = Own(s).length_last = length;
    ImaginedPool pool(model);
    const nets::TrainReport report = Fill(&pool, data, s, 600);  // more than one chunk
    EXPECT_EQ(pool.size(), 600 * length);
    EXPECT_EQ(report.scalars.at("pool.length"), length);
    EXPECT_EQ(report.scalars.at("pool.dropped_share"), 0);
    const Rows all = All(pool);
    for (size_t i = 0; i < all.r.size(); ++i) {
      // The recorded step that has this very action.
      bool found = false;
      for (int64_t e = 0; e < data.size() && !found; ++e) {
        for (size_t t = 0; t < kSteps && !found; ++t) {
          if (data[e].actions[t] != all.a[i]) continue;
          found = true;
          EXPECT_NEAR(all.s[i], data[e].states[t], 1e-6);
          EXPECT_NEAR(all.s_next[i], data[e].states[t + 1], 1e-6);
          EXPECT_NEAR(all.r[i], data[e].rewards[t], 1e-5);
        }
      }
      ASSERT_TRUE(found) << i;
    }
  }
}

TEST(ImaginedPool, ThePolicyActsWhereTheBranchIs) {
  const auto data = Recorded(5);
  const test::ScalarModel model(0.9);
  Stream stream(1, "policy");
  nets::Policy policy(1, 1, 4, 1, 1e-9, stream);
  policy.mean = {0.3f};
  policy.sd = {0.7f};
  const test::StubLearner learner("sac", policy);
  config::Settings s = PoolSettings();
  Own(s).length = Own(s).length_last = 5;
  ImaginedPool pool(model);
  pool.Follow(learner);
  Fill(&pool, data, s, 20);
  const Rows all = All(pool);
  for (size_t i = 0; i < all.r.size(); ++i) {
    const float none = 0;
    float action;
    policy.Act(&all.s[i], &none, &action);
    EXPECT_NEAR(all.a[i], action, 1e-3);  // its spread is 1e-4
    EXPECT_NEAR(all.s_next[i], 0.9 * all.s[i] + 0.5 * all.a[i], 1e-6);
    if (i % 5 != 4) {
      EXPECT_EQ(all.s[i + 1], all.s_next[i]);
    }
  }
}

// A policy without spread explores in branches as it does on the real task.
TEST(ImaginedPool, APolicyWithoutSpreadActsWithItsNoise) {
  const auto data = Recorded(5);
  const test::ScalarModel model(0.9);
  Stream stream(1, "policy");
  nets::Policy policy({1, 1, 4, 1, nets::Activation::kRelu, nets::Spread::None(), false}, stream);
  const test::StubLearner learner("td3", policy);
  config::Settings s = PoolSettings();
  constexpr size_t kLength = 3;
  Own(s).length = Own(s).length_last = kLength;
  ImaginedPool bare(model);
  bare.Follow(learner);
  Fill(&bare, data, s, 100);
  const Rows plain = All(bare);
  for (size_t i = 0; i < plain.r.size(); ++i) {
    float action;
    policy.Act(&plain.s[i], nullptr, &action);
    EXPECT_NEAR(plain.a[i], action, 1e-6);
  }

  ExplorationNoise noise{0.1, 0.25};
  ImaginedPool pool(model);
  pool.Follow(learner, [&noise] { return noise; });
  Fill(&pool, data, s, 20000);
  const Rows all = All(pool);
  // n_t = .75 n_{t-1} + .1 N: the variance of the third one is .01 (1 + .75^2 + .75^4), and it has .75 times the
  // variance of the second one in common with that.
  double second = 0, third = 0, common = 0;
  for (size_t b = 0; b < all.r.size(); b += kLength) {
    const auto added = [&](size_t t) {
      float action;
      policy.Act(&all.s[b + t], nullptr, &action);
      return static_cast<double>(all.a[b + t]) - action;
    };
    second += added(1) * added(1) / 20000;
    third += added(2) * added(2) / 20000;
    common += added(1) * added(2) / 20000;
  }
  EXPECT_NEAR(second, 0.01 * (1 + 0.5625), 0.0005);
  EXPECT_NEAR(third, 0.01 * (1 + 0.5625 + 0.31640625), 0.0006);
  EXPECT_NEAR(common, 0.75 * 0.01 * (1 + 0.5625), 0.0005);

  noise.sd = 10;  // stays between the bounds, and is asked again
  Fill(&pool, data, s, 100, 2);
  const Rows bound = All(pool);
  for (size_t i = all.a.size(); i < bound.a.size(); ++i) EXPECT_LE(std::fabs(bound.a[i]), 1);
  EXPECT_GT(std::count_if(bound.a.begin() + static_cast<std::ptrdiff_t>(all.a.size()), bound.a.end(),
                          [](float a) { return std::fabs(a) == 1; }),
            200);
}

TEST(ImaginedPool, BranchesMayBeginInTheNewestEpisodesAlone) {
  const auto data = Recorded(9);
  const test::ScalarModel model(0.9);
  config::Settings s = PoolSettings();
  Own(s).action = "random";
  for (const int newest : {0, 2, 100}) {
    Own(s).newest = newest;
    ImaginedPool pool(model);
    Fill(&pool, data, s, 2000);
    std::set<int64_t> begun;
    for (const float start : All(pool).s)
      for (int64_t e = 0; e < data.size(); ++e)
        for (size_t t = 0; t < kSteps; ++t)
          if (data[e].states[t] == start) begun.insert(e);
    if (newest == 2) {
      EXPECT_EQ(begun, (std::set<int64_t>{7, 8}));
    } else {
      EXPECT_EQ(begun.size(), 9u);
    }
  }
}

TEST(ImaginedPool, IsEmptyAfterTheEpisodeThatItIsToStopAfter) {
  const auto data = Recorded(5);
  const test::ScalarModel model(0.9);
  config::Settings s = PoolSettings();
  Own(s).action = "random";
  Own(s).stop_after = 2;
  ImaginedPool pool(model);
  for (int picked = 0; picked < 4; ++picked) {
    const int work = pool.NextWork({data, s, picked});
    EXPECT_EQ(work, picked < 2 ? 40 * kSteps : 0);
    Fill(&pool, data, s, work, static_cast<uint64_t>(picked) + 1);
    EXPECT_EQ(pool.size(), picked < 2 ? (picked + 1) * 40 * kSteps : 0);
  }
  Own(s).stop_after = 0;
  EXPECT_GT(pool.NextWork({data, s, 4}), 0);
}

TEST(ImaginedPool, RandomActionsFillTheirRange) {
  const auto data = Recorded(5);
  const test::ScalarModel model(0.9);
  config::Settings s = PoolSettings();
  Own(s).action = "random";
  ImaginedPool pool(model);
  Fill(&pool, data, s, 4000);
  double sum = 0, square = 0;
  for (const float a : All(pool).a) {
    EXPECT_LT(std::fabs(a), 1);
    sum += a / 4000;
    square += a * a / 4000;
  }
  EXPECT_NEAR(sum, 0, 4 / std::sqrt(3.0 * 4000));
  EXPECT_NEAR(square, 1 / 3.0, 0.02);
}

// Two members that say +1 and -1, one drawn for each row and step: after k steps the variance is k.
TEST(ImaginedPool, DrawsAMemberForEveryRowAndStepAndARewardForEach) {
  config::Settings s = PoolSettings();
  auto& own = s.Of<model::BootstrapEnsembleSettings>();
  own.members = 2;
  own.hidden = 4;
  own.layers = 1;
  own.log_variance_low = -30;
  own.log_variance_high = 5;
  auto made = model::NewBootstrapEnsemble({1, 1, {}, &model::CpuParts()}, s);
  auto* ensemble = dynamic_cast<model::BootstrapEnsemble*>(made.get());
  for (size_t e = 0; e < 2; ++e) {
    nets::Parameters& net = ensemble->members()[e].net;
    for (int block = 0; block < net.layout.size(); ++block) net.Fill(block, 0.0f);
    float* b = net.at(net.layout.Find("b_out"));
    b[0] = e == 0 ? 1.0f : -1.0f;
    b[1] = 3.0f;  // the reward
    b[2] = -60.0f;
    b[3] = -1.3863f;  // a log-variance of about that: sd .5
  }
  ensemble->Refit({{0, 0}, {1, 1}, {0, 0}, {1, 1}}, false);
  Own(s).action = "random";
  Own(s).length = Own(s).length_last = 3;
  for (const bool mean : {false, true}) {
    Own(s).mean_reward = mean;
    ImaginedPool pool(*made);
    const auto data = Recorded(5);
    const nets::TrainReport report = Fill(&pool, data, s, 20000);
    const Rows all = All(pool);
    double square = 0, reward = 0, spread = 0, up = 0;
    for (size_t i = 0; i < all.r.size(); ++i) {
      const double moved = all.s_next[i] - all.s[i];
      EXPECT_NEAR(std::fabs(moved), 1, 1e-4);
      up += (moved > 0 ? 1 : 0) / 60000.0;
      reward += all.r[i] / 60000.0;
      spread += (all.r[i] - 3) * (all.r[i] - 3) / 60000.0;
      if (i % 3 == 2) square += std::pow(all.s_next[i] - all.s[i - 2], 2) / 20000.0;
    }
    EXPECT_NEAR(square, 3, 0.1);
    EXPECT_NEAR(up, 0.5, 0.01);
    EXPECT_NEAR(reward, 3, 0.01);
    EXPECT_NEAR(std::sqrt(spread), mean ? 0 : 0.5, 0.01);
    EXPECT_NEAR(report.scalars.at("pool.disagreement"), 1, 1e-3);
    EXPECT_NEAR(report.scalars.at("pool.reward"), reward, 1e-3);
  }
}

TEST(ImaginedPool, KeepsTheNewestFitsAndSaysHowOldTheyAre) {
  const auto data = Recorded(5);
  const test::ScalarModel model(0.9);
  config::Settings s = PoolSettings();
  Own(s).action = "random";
  ImaginedPool pool(model);
  for (uint64_t iteration = 1; iteration <= 5; ++iteration) {
    const nets::TrainReport report = Fill(&pool, data, s, 10, iteration);
    EXPECT_EQ(pool.size(), 10 * std::min<int64_t>(3, static_cast<int64_t>(iteration)));
    EXPECT_EQ(report.scalars.at("pool.age"), std::min<double>(2, static_cast<double>(iteration) - 1));
  }
  EXPECT_EQ(Fill(&pool, data, s, 0, 6).scalars.at("pool.rows"), 20) << "frozen, it grows old all the same";
  pool.EditStates(6, {});
  EXPECT_EQ(pool.size(), 0) << "rows of another width";
}

TEST(ImaginedPool, IsTheSameToTheBitWithAnyNumberOfThreadsAndFromAnArchive) {
  const auto data = Recorded(5);
  const test::ScalarModel model(0.9);
  config::Settings s = PoolSettings();
  Own(s).action = "random";
  ImaginedPool one(model), three(model), other(model), loaded(model);
  Team team(3);
  for (uint64_t iteration = 1; iteration <= 2; ++iteration) {
    Fill(&one, data, s, 2000, iteration);
    Fill(&three, data, s, 2000, iteration, &team);
  }
  EXPECT_EQ(Bytes(one), Bytes(three));
  loaded.Load(ArchiveReader::Parse(Bytes(one), "test").value());
  Fill(&one, data, s, 100, 3);
  Fill(&loaded, data, s, 100, 3);
  EXPECT_EQ(Bytes(one), Bytes(loaded));
  s.run.seed = 5;
  Fill(&other, data, s, 2000);
  EXPECT_NE(Bytes(other), Bytes(three));
}

TEST(ImaginedPool, StepsThatAreNotFiniteAreLeftOutWithWhatFollows) {
  const auto data = Recorded(5);
  const test::ScalarModel model(1e18);  // its second step overflows
  config::Settings s = PoolSettings();
  Own(s).action = "random";
  Own(s).length = Own(s).length_last = 6;
  ImaginedPool pool(model);
  const nets::TrainReport report = Fill(&pool, data, s, 50);
  EXPECT_GT(report.scalars.at("pool.dropped_share"), 0.3);
  EXPECT_GT(pool.size(), 0);
  EXPECT_EQ(pool.size(), std::lround(50 * 6 * (1 - report.scalars.at("pool.dropped_share"))));
  for (const float r : All(pool).r) EXPECT_TRUE(std::isfinite(r));
}

class Mixed : public ::testing::Test {
 protected:
  Mixed() {
    Own(s).action = "random";
    Fill(&pool, data, s, 200);
  }
  int64_t Draw(Rows* rows, uint64_t update, const TransitionSource* source = nullptr) {
    return (source != nullptr ? source : &mixture)->Draw({data, s, id, 2, update}, rows->View());
  }
  const std::string id = "sac";
  replay::EpisodeBuffer data = Recorded(5);
  test::ScalarModel model{0.9};
  config::Settings s = PoolSettings();
  ImaginedPool pool{model};
  Mixture mixture{pool};
  RealTransitions real;
};

TEST_F(Mixed, ByRowTheRecordedOnesComeFirstAndAreThoseOfALearnerWithoutImagination) {
  for (const auto& [share, count] : {std::pair{0.05, 6}, {0.001, 1}, {0.5, 64}, {0.999, 127}, {0.0, 0}, {1.0, 128}}) {
    s.Of<MixtureSettings>().real_share = share;
    Rows mixed(128), plain(128);
    EXPECT_EQ(Draw(&mixed, 7), count);
    Draw(&plain, 7, &real);
    for (size_t i = 0; i < 128; ++i) {
      const auto n = static_cast<size_t>(count);
      if (i >= n) {
        // Random actions in the pool, and other ones in the recording.
        EXPECT_NE(mixed.a[i], plain.a[i]);
        continue;
      }
      EXPECT_EQ(mixed.s[i], plain.s[i]);
      EXPECT_EQ(mixed.a[i], plain.a[i]);
      EXPECT_EQ(mixed.r[i], plain.r[i]);
      EXPECT_EQ(mixed.s_next[i], plain.s_next[i]);
    }
  }
  EXPECT_EQ(mixture.UpdatesForOne(s), 1);
}

TEST_F(Mixed, ByUpdateBatchesAreWhollyTheOneOrTheOther) {
  s.Of<MixtureSettings>().unit = "update";
  s.Of<MixtureSettings>().imagined_updates = 2;
  EXPECT_EQ(mixture.UpdatesForOne(s), 3);
  for (uint64_t k = 0; k < 9; ++k) {
    Rows rows(16);
    EXPECT_EQ(Draw(&rows, k), k % 3 == 0 ? 16 : 0) << k;
  }
  s.Of<MixtureSettings>().imagined_updates = 0;
  EXPECT_EQ(mixture.UpdatesForOne(s), 1);
  Rows mixed(16), plain(16);
  EXPECT_EQ(Draw(&mixed, 5), 16);
  Draw(&plain, 5, &real);
  EXPECT_EQ(mixed.a, plain.a);
}

TEST_F(Mixed, AnEmptyPoolLendsNothing) {
  const ImaginedPool empty(model);
  const Mixture alone(empty);
  s.Of<MixtureSettings>().real_share = 0.05;
  Rows rows(32);
  EXPECT_EQ(Draw(&rows, 0, &alone), 32);
}

}  // namespace
}  // namespace equipoise::learn
