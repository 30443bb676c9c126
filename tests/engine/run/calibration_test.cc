// What coverage and health say of a model whose spread is known to be right, too small and too large: every belief, and
// reality, is a draw of its own from one Gaussian.
#include <cmath>
#include <memory>

#include <gtest/gtest.h>

#include "engine/agent/recipes.h"
#include "engine/model/diagnostics.h"
#include "engine/model/dropout_lstm_settings.h"
#include "engine/record/health.h"
#include "tests/engine/model/fixed_model.h"

namespace equipoise::run {
namespace {

constexpr int64_t kStates = 3, kActions = 1, kSteps = 40;

// Its next state is noise of the given spread, in units of that of reality.
class Gaussian : public test::FixedModel {
 public:
  explicit Gaussian(float spread) : spread_(spread) {
    normaliser_.x_mean.assign(kStates + kActions, 0.0f);
    normaliser_.x_sd.assign(kStates + kActions, 1.0f);
    normaliser_.y_mean.assign(kStates + 1, 0.0f);
    normaliser_.y_sd.assign(kStates + 1, 1.0f);
  }
  int64_t states() const override { return kStates; }
  int64_t actions() const override { return kActions; }
  int64_t carry_size() const override { return 0; }
  bool trained() const override { return true; }
  const replay::Normaliser& normaliser() const override { return normaliser_; }
  model::Belief Draw(int64_t count, Stream&) const override {
    return {count, std::vector<float>(static_cast<size_t>(count), 0.0f)};
  }
  std::unique_ptr<model::Rollout> NewRollout() const override { return std::make_unique<Noise>(spread_); }
  void BurnIn(const float*, int64_t, int64_t, const model::Belief&, float*, Team*) const override {}

 private:
  class Noise : public model::Rollout {
   public:
    explicit Noise(float spread) : spread_(spread) {}
    void Begin(int64_t rows, int64_t, bool, const model::Belief*, const float*) override { rows_ = rows; }
    void Step(int64_t, const float*, const float*, const float* noise, float* z_next, float* reward) override {
      for (int64_t i = 0; i < rows_ * kStates; ++i) z_next[i] = spread_ * noise[i];
      for (int64_t r = 0; r < rows_; ++r) reward[r] = 0;
    }
    void StepBackward(int64_t, const float*, const float*, const float*, float*, float*) override {}
    int64_t clamped() const override { return 0; }

   private:
    float spread_;
    int64_t rows_ = 0;
  };
  float spread_;
  replay::Normaliser normaliser_;
};

replay::EpisodeBuffer Reality(int episodes) {
  replay::EpisodeBuffer data(kStates, kActions, kSteps, env::DistractorSpec{}, 1);
  for (int i = 0; i < episodes; ++i) {
    Stream stream(5, "reality", static_cast<uint64_t>(i));
    replay::Episode e;
    e.states.resize((kSteps + 1) * kStates);
    stream.Normal(e.states.data(), e.states.size());
    e.actions.assign(kSteps * kActions, 0.0f);
    e.rewards.assign(kSteps, 0.0f);
    data.Append(e);
  }
  return data;
}

// The coverage of each of `episodes`, under so many masks.
std::vector<double> Coverages(float spread, int masks, int episodes) {
  static const replay::EpisodeBuffer data = Reality(60);
  const Gaussian model(spread);
  std::vector<double> coverages;
  for (int i = 0; i < episodes; ++i) {
    Stream draw(6, "mask"), noise(6, "noise", static_cast<uint64_t>(i));
    coverages.push_back(model::CompareOpenLoop(model, data, i, model.Draw(masks, draw), noise).coverage);
  }
  return coverages;
}

std::vector<std::string> HealthOf(float spread, int masks) {
  config::Settings s;
  s.log.holdout_masks = masks;
  s.Of<model::DropoutLstmSettings>().eta = 0.1;
  Records records;
  int episode = 0;
  for (double coverage : Coverages(spread, masks, 12)) {
    EpisodeRecord r;
    r.episode = ++episode;
    r.coverage = coverage;
    records.push_back(Summarised(r));
  }
  std::vector<std::string> said;
  for (const nets::Finding& f : Diagnose(s, agent::PartsOf("unified"), records, nullptr, 0))
    said.push_back(nets::Sentence(f));
  return said;
}

class RightModel : public ::testing::TestWithParam<int> {};

TEST_P(RightModel, IsCoveredAsOftenAsItsReferenceSays) {
  double sum = 0;
  for (double c : Coverages(1, GetParam(), 60)) sum += c / 60;
  // 7200 steps and states. Between two of few ranks a Gaussian holds a little less than linear interpolation says.
  EXPECT_NEAR(sum, model::CalibratedCoverage(GetParam()), GetParam() < 10 ? 0.03 : 0.012);
}

TEST_P(RightModel, IsNoConcernOfHealth) {
  EXPECT_EQ(HealthOf(1, GetParam()), std::vector<std::string>());
  EXPECT_EQ(JudgeCoverage(model::CalibratedCoverage(GetParam()), GetParam()), Calibration::kRight);
}

TEST_P(RightModel, HasToBeToldFromOneThatIsTooSureAndFromOneThatIsUnsure) {
  const auto sure = HealthOf(0.2f, GetParam()), unsure = HealthOf(10, GetParam());
  ASSERT_EQ(sure.size(), 1u);
  EXPECT_NE(sure[0].find("too sure"), std::string::npos) << sure[0];
  EXPECT_NE(sure[0].find("Raise model.dropout"), std::string::npos) << sure[0];
  if (GetParam() < 10) return;  // of five wide draws all lie on one side of reality too often
  ASSERT_EQ(unsure.size(), 1u);
  EXPECT_NE(unsure[0].find("less sure than they could be"), std::string::npos) << unsure[0];
  EXPECT_NE(unsure[0].find("lower model.dropout"), std::string::npos) << unsure[0];
}

INSTANTIATE_TEST_SUITE_P(Masks, RightModel, ::testing::Values(5, 20, 50));

TEST(CalibratedCoverage, IsNotTheNinetyPercentOfAnEndlessNumberOfMasks) {
  EXPECT_NEAR(model::CalibratedCoverage(20), 0.9 * 19 / 21, 1e-12);
  EXPECT_NEAR(model::CalibratedCoverage(1000000), 0.9, 1e-5);
  EXPECT_EQ(model::CalibratedCoverage(1), 0);
  EXPECT_EQ(JudgeCoverage(0, 1), Calibration::kRight);  // one mask has no band
}

}  // namespace
}  // namespace equipoise::run
