// Imitating an expert: the loss against automatic differentiation, a known expert learned to the letter, and what is kept
// of its labels.
#include "engine/learn/clone.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "engine/agent/controllers/policy_controller.h"
#include "engine/learn/ppo_settings.h"
#include "tests/engine/learn/said.h"
#include "tests/engine/numeric.h"
#include "tests/engine/plan/problems.h"

namespace equipoise::learn {
namespace {

using test::Double;

TEST(CloneLoss, ItsGradientIsThatOfAutomaticDifferentiation) {
  constexpr int64_t n = 7, A = 3;
  const std::vector<float> raw = test::Normals(n * 2 * A, "raw"), labels = test::Normals(n * A, "labels", 0.4f);
  std::vector<float> draw(raw.size());
  const double loss = CloneLoss(n, A, raw.data(), labels.data(), draw.data());
  const auto reference = [&](const at::Tensor& x) {
    return (at::tanh(x.narrow(1, 0, A)) - Double(labels.data(), {n, A})).square().mean();
  };
  const at::Tensor x = Double(raw.data(), {n, 2 * A});
  EXPECT_NEAR(loss, reference(x).item<double>(), 1e-12);
  EXPECT_LT(test::RelativeError(draw, test::Gradient(x, reference)), 1e-6);
}

// The double integrator under a = tanh(-K s), which any policy of one hidden unit could be.
constexpr double kPosition = 2.762350, kSpeed = 2.507540;
constexpr uint8_t kExpert = 1, kOwn = 2;
constexpr int64_t kSteps = 50;

float ExpertAt(const float* s) {
  return static_cast<float>(std::tanh(-(kPosition * double{s[0]} + kSpeed * double{s[1]})));
}

class KnownExpert : public Expert {
 public:
  std::vector<float> Label(const nets::TrainInputs& in, int64_t episode,
                           const std::function<void(int64_t)>& after) override {
    labelled.push_back(episode);
    std::vector<float> labels, s(2);
    for (int64_t t = 0; t < in.data.horizon(); ++t) {
      in.data.Observation(episode, t, s.data());
      labels.push_back(ExpertAt(s.data()));
      after(t + 1);
    }
    return labels;
  }
  std::vector<int64_t> labelled;
};

class Cloning : public testing::Test {
 protected:
  Cloning() {
    settings.Of<PpoSettings>("ppo").hidden = 32;
    settings.Of<CloneSettings>().epochs = 200;
    settings.Of<CloneSettings>().most_steps = 3000;
    settings.Of<CloneSettings>().sd = 0.1;
    clone = Make();
  }
  std::unique_ptr<CloneLearner> Make() {
    auto known = std::make_unique<KnownExpert>();
    expert = known.get();
    return std::make_unique<CloneLearner>(
        CloneLearner::Teaching{std::move(known), kExpert, kOwn, [this](const nets::Standing&) { return due; }}, 2, 1,
        settings);
  }
  // From a place of its own.
  void Act(uint8_t source, uint64_t index) {
    Stream stream(3, "test.start", index);
    std::vector<double> s = {stream.Uniform(-0.3, 0.3), 0};
    nets::Policy acting = clone->policy();
    replay::Episode episode;
    episode.source = source;
    for (int64_t t = 0;; ++t) {
      const float seen[] = {static_cast<float>(s[0]), static_cast<float>(s[1])};
      episode.states.insert(episode.states.end(), seen, seen + 2);
      if (t == kSteps) break;
      float a = ExpertAt(seen);
      const auto eps = static_cast<float>(stream.Normal());
      if (source != kExpert) acting.Act(seen, &eps, &a);
      episode.actions.push_back(a);
      episode.rewards.push_back(0);
      s = {s[0] + 0.1 * s[1] + 0.005 * a, s[1] + 0.1 * a};
    }
    data.Append(std::move(episode));
  }
  TrainReport Train(uint64_t iteration) {
    const int steps = clone->NextWork({data, settings, 0});
    told.clear();
    const TrainReport report = clone->Train({data, settings, iteration, steps, [this](int done, int total) {
                                               if (told.empty()) told = {done, 0, total};
                                               EXPECT_EQ(done, told[1] + 1);
                                               EXPECT_EQ(total, told[2]);
                                               told[1] = done;
                                             }});
    return report;
  }

  config::Settings settings;
  bool due = true;
  std::vector<int> told;  // of the progress: first, last, of how many
  replay::EpisodeBuffer data{2, 1, kSteps, {}, 5};
  KnownExpert* expert = nullptr;
  std::unique_ptr<CloneLearner> clone;
};

TEST_F(Cloning, ComesToActAsTheExpertDoesWhereItself) {
  for (uint64_t i = 0; i < 10; ++i) Act(kExpert, i);
  Act(0, 99);  // a random one teaches nothing
  Train(1);
  EXPECT_TRUE(expert->labelled.empty()) << "what the expert acted is its own label";
  EXPECT_EQ(told, (std::vector<int>{1, 600, 600})) << "steps alone";
  EXPECT_EQ(clone->labels().size(), static_cast<size_t>(10 * kSteps));
  for (uint64_t i = 0; i < 3; ++i) Act(kOwn, 20 + i);
  const TrainReport report = Train(2);
  EXPECT_EQ(told, (std::vector<int>{1, 150 + 1000, 150 + 1000})) << "a plan for each state, then steps";
  EXPECT_EQ(expert->labelled, (std::vector<int64_t>{11, 12, 13}));
  EXPECT_EQ(report.scalars.at("clone.states"), 13 * kSteps);
  EXPECT_LT(report.scalars.at("clone.disagreement"), 0.05);
  // Exactly the states that it came to, with exactly what the expert would do there.
  for (int64_t t = 0; t < kSteps; ++t) {
    const size_t row = static_cast<size_t>(12 * kSteps + t);
    const float* s = clone->states().data() + 2 * row;
    EXPECT_EQ(s[0], data[13].states[static_cast<size_t>(2 * t)]);
    EXPECT_EQ(clone->labels()[row], ExpertAt(s));
  }
  double error = 0;
  nets::Policy policy = clone->policy();
  for (size_t row = 0; row < clone->labels().size(); ++row) {
    const float still = 0;
    float a = 0;
    policy.Act(clone->states().data() + 2 * row, &still, &a);
    error += std::pow(a - clone->labels()[row], 2) / static_cast<double>(clone->labels().size());
  }
  EXPECT_LT(error, 1e-4);
}

TEST_F(Cloning, HasWorkWhenItIsDueAndAsMuchAsItsPassesTake) {
  due = false;
  Act(kExpert, 1);
  EXPECT_EQ(clone->NextWork({data, settings, 0}), 0);
  const TrainReport none = clone->Train({data, settings, 1, 0, [](int, int) {}});
  EXPECT_EQ(none.steps, 0);
  EXPECT_TRUE(clone->labels().empty());
  due = true;
  auto& s = settings.Of<CloneSettings>();
  s.epochs = 4;
  s.batch = 20;
  EXPECT_EQ(clone->NextWork({data, settings, 0}), 4 * 2);
  s.batch = 1000;
  EXPECT_EQ(clone->NextWork({data, settings, 0}), 4) << "all at once";
  s.batch = 5;
  s.most_steps = 7;
  EXPECT_EQ(clone->NextWork({data, settings, 0}), 7);
  s.epochs = 0;
  EXPECT_EQ(clone->NextWork({data, settings, 0}), 0);
}

TEST_F(Cloning, GoesOnFromWhatItSavedLabelsAndAll) {
  for (uint64_t i = 0; i < 2; ++i) Act(kExpert, i);
  settings.Of<CloneSettings>().epochs = 3;
  Train(1);
  Act(kOwn, 7);
  const auto saved = [](const CloneLearner& learner) {
    ArchiveWriter out;
    learner.Save(out);
    return out.Finish();
  };
  const std::string before = saved(*clone);
  const std::unique_ptr<CloneLearner> first = std::move(clone);
  clone = Make();
  EXPECT_NE(saved(*clone), before);
  clone->Load(ArchiveReader::Parse(before, "state").value());
  EXPECT_EQ(saved(*clone), before);
  Train(2);
  EXPECT_EQ(expert->labelled, std::vector<int64_t>{2}) << "what it has is not asked for again";
  first->Train({data, settings, 2, first->NextWork({data, settings, 0}), [](int, int) {}});
  EXPECT_EQ(saved(*first), saved(*clone));
}

TEST_F(Cloning, DistractorsThatComeAndGoLeaveTheRestAlone) {
  for (uint64_t i = 0; i < 2; ++i) Act(kExpert, i);
  settings.Of<CloneSettings>().epochs = 3;
  Train(1);
  const std::vector<float> states = clone->states(), weights = clone->policy().net.values;
  clone->EditStates(3, {{0, 0, 0}, {1, 1, 1}, {0, 0, 0}, {1, 1, 1}});
  EXPECT_EQ(clone->states().size(), states.size() / 2 * 5);
  EXPECT_EQ(clone->states()[5], states[2]);
  EXPECT_EQ(clone->states()[4], 0);
  clone->EditStates(-3, {});
  EXPECT_EQ(clone->states(), states);
  EXPECT_EQ(clone->policy().net.values, weights);
}

TEST(CloneInfo, SaysThatItIsFarOffAsLongAsItLearnsAndWhatCanBeDone) {
  config::Settings s;
  const auto of = [&](std::map<std::string, double> means) {
    return CloneInfo().findings(test::Said(s, std::move(means)));
  };
  EXPECT_TRUE(of({}).empty());
  EXPECT_TRUE(of({{"clone.disagreement", 0.2}, {"clone.loss", 0.2}}).empty());
  EXPECT_TRUE(of({{"clone.disagreement", 0.5}}).empty()) << "somebody else learns by now";
  const auto never_told = of({{"clone.disagreement", 0.5}, {"clone.loss", 0.01}});
  ASSERT_EQ(never_told.size(), 1u);
  ASSERT_EQ(never_told[0].remedies.size(), 1u);
  EXPECT_EQ(never_told[0].remedies[0].substr(0, 23), "raise mbmf.fine_tune_at");
  const auto unlearned = of({{"clone.disagreement", 0.5}, {"clone.loss", 0.25}});
  ASSERT_EQ(unlearned.size(), 1u);
  EXPECT_NE(unlearned[0].what.find("off by 0.5, root mean square"), std::string::npos) << unlearned[0].what;
  EXPECT_EQ(unlearned[0].remedies[0], "raise clone.most_steps");
  s.Of<CloneSettings>().epochs = 0;
  EXPECT_TRUE(of({{"clone.disagreement", 0.5}, {"clone.loss", 0.25}}).empty()) << "it is frozen";
}

}  // namespace
}  // namespace equipoise::learn
