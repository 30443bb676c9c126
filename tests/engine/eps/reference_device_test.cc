// Everything that trains or imagines, once by the hand-written kernels and once by LibTorch's parts: the same
// draws, the same steps, the same reports, to rounding. On a machine with CUDA the GPU is compared as well.
#include <gtest/gtest.h>

#include "engine/eps/check.h"
#include "engine/learn/aten/backend.h"
#include "engine/learn/backend.h"
#include "engine/learn/model_based.h"
#include "engine/learn/model_based_settings.h"
#include "engine/learn/sac.h"
#include "engine/learn/sac_settings.h"
#include "engine/model/dropout_lstm_settings.h"
#include "tests/engine/eps/two_policies.h"
#include "tests/engine/model/tiny_world.h"

namespace equipoise {
namespace {

constexpr int64_t kHorizon = 12;
constexpr int64_t S = test::kTinyStates, A = test::kTinyActions;
constexpr double kTolerance = 1e-4;

std::vector<std::string> OtherDevices() {
  std::vector<std::string> names{"reference"};
  if (at::hasCUDA()) names.push_back("cuda");
  return names;
}

config::Settings Tiny(const std::string& device) {
  config::Settings s;
  auto& sac = s.Of<learn::SacSettings>();
  auto& lstm = s.Of<model::DropoutLstmSettings>();
  auto& mb = s.Of<learn::ModelBasedSettings>();
  s.run.device = device;
  s.run.seed = 5;
  lstm.batch = 6;
  lstm.eta = 2.0;
  lstm.lr_final = 0.1;
  mb.hidden = 16;
  mb.trajectories = 8;
  mb.starts = 10;
  mb.imagination = 5;
  mb.burn_in_episodes = 4;
  mb.value_hidden = 16;
  mb.value_scale = 3.0;
  mb.entropy_auto = true;
  sac.hidden = 16;
  sac.batch = 24;
  sac.tau = 0.25;
  return s;
}

learn::StartPool Starts() { return learn::StartPool(test::Normals(40 * S, "starts", 1.5f), S); }

const model::ModelParts& On(const std::string& device) {
  learn::RegisterAtenBackends();
  return learn::FindBackend(device).value()->parts();
}

// test::TinyModel on another device.
std::unique_ptr<model::DropoutLstm> TinyModelOn(const std::string& device, const replay::EpisodeBuffer& data,
                                                int64_t gate_groups = 1) {
  const model::DropoutLstm like = test::TinyModel(data, 10, 0.2, 1, gate_groups);
  Stream init(1, "unused");
  model::LstmSpec spec = like.spec();
  spec.wrapped = data.wrapped();
  auto lstm = std::make_unique<model::DropoutLstm>(spec, like.dropout(), init, On(device));
  lstm->parameters().values = like.parameters().values;
  lstm->Refit(data, false);
  return lstm;
}

// What an archive holds: arrays compared entry by entry against their size.
void ExpectClose(const ArchiveReader& got, const ArchiveReader& want, const std::vector<std::string>& arrays,
                 double tolerance) {
  for (const std::string& name : arrays) {
    const std::vector<float> g = got.Floats(name), w = want.Floats(name);
    ASSERT_EQ(g.size(), w.size()) << name;
    EXPECT_LT(test::RelativeError(g, test::Double(w)), tolerance) << name;
  }
}

template <class Learner>
ArchiveReader Saved(const Learner& learner) {
  ArchiveWriter out;
  learner.Save(out);
  return ArchiveReader::Parse(out.Finish(), "memory").value();
}

void ExpectClose(const learn::TrainReport& got, const learn::TrainReport& want, double tolerance) {
  EXPECT_EQ(got.skipped, want.skipped);
  EXPECT_EQ(got.reloaded, want.reloaded);
  ASSERT_EQ(got.scalars.size(), want.scalars.size());
  for (const auto& [name, value] : want.scalars) {
    ASSERT_EQ(got.scalars.count(name), 1u) << name;
    EXPECT_NEAR(got.scalars.at(name), value, tolerance * std::max(1.0, std::abs(value))) << name;
  }
}

class ReferenceDevice : public ::testing::Test {
 protected:
  // One state is an angle, and wide enough to turn round.
  ReferenceDevice() {
    for (uint64_t i = 0; i < 5; ++i) {
      replay::Episode e = test::TinyEpisode(kHorizon, i);
      for (float& x : e.states) x *= 4.0f;
      data.Append(std::move(e));
    }
  }
  replay::EpisodeBuffer data{S, A, kHorizon, env::DistractorSpec{2, 3, 1.0, 5, 20}, 5, {1}};
};

TEST_F(ReferenceDevice, FitsTheModelStepByStep) {
  for (const std::string& device : OtherDevices()) {
    for (const auto& [steps, gate_groups] : {std::pair{1, 1}, std::pair{4, 1}, std::pair{4, 4}}) {
      const auto fast = TinyModelOn("cpu", data, gate_groups), other = TinyModelOn(device, data, gate_groups);
      int progress = 0;
      const auto count = [&progress](int done, int) { progress = done; };
      const model::FitReport want = fast->Fit(data, Tiny("cpu"), 3, steps, count, nullptr);
      const model::FitReport got = other->Fit(data, Tiny(device), 3, steps, count);
      EXPECT_EQ(progress, steps);
      EXPECT_TRUE(other->trained());
      const double tolerance = steps == 1 ? kTolerance : 10 * kTolerance;
      // The moments are the gradient; after so few steps the weights alone would agree by themselves.
      EXPECT_LT(test::WorstBlockError(fast->parameters().layout, other->adam().m, test::Double(fast->adam().m)),
                tolerance);
      EXPECT_LT(test::RelativeError(other->parameters().values, test::Double(fast->parameters().values)), tolerance);
      EXPECT_EQ(other->adam().steps, fast->adam().steps);
      EXPECT_NEAR(got.train_nll, want.train_nll, tolerance * std::abs(want.train_nll));
      EXPECT_NEAR(got.gradient_norm, want.gradient_norm, tolerance * want.gradient_norm);
      EXPECT_NEAR(got.prior, want.prior, tolerance * want.prior);
      EXPECT_EQ(got.clipped_share, want.clipped_share);
      EXPECT_EQ(got.steps, want.steps);
      EXPECT_EQ(got.skipped, 0);
    }
  }
}

TEST_F(ReferenceDevice, TrainsTheModelBasedPolicyInBothModes) {
  const auto lstm = TinyModelOn("cpu", data);
  lstm->Fit(data, Tiny("cpu"), 1, 2, [](int, int) {});
  const learn::StartPool starts = Starts();
  struct Variant {
    const char* mode;
    bool detach, soft, burn_in;
    const char* units;
  };
  for (const std::string& device : OtherDevices()) {
    for (const Variant& v :
         {Variant{"full", true, false, true, "scaled"}, Variant{"full", true, false, true, "raw"},
          Variant{"dreamer", true, false, true, "scaled"}, Variant{"dreamer", false, true, true, "raw"},
          Variant{"dreamer", true, false, false, "scaled"}}) {
      for (int steps : {1, 3}) {
        auto train = [&](const std::string& name, learn::TrainReport* report) {
          config::Settings s = Tiny(name);
          auto& mb = s.Of<learn::ModelBasedSettings>();
          mb.mode = v.mode;
          mb.detach_input = v.detach;
          mb.soft_value = v.soft;
          mb.burn_in = v.burn_in;
          mb.reward_units = v.units;
          learn::ModelBasedLearner learner(*lstm, starts, s, On(name));
          *report = learner.Train({data, s, 4, steps, [](int, int) {}});
          return Saved(learner);
        };
        learn::TrainReport want_report, got_report;
        const ArchiveReader want = train("cpu", &want_report), got = train(device, &got_report);
        SCOPED_TRACE(std::string(v.mode) + " " + v.units + " on " + device);
        const double tolerance = steps == 1 ? kTolerance : 10 * kTolerance;
        ExpectClose(got, want, {"mb.policy.net", "mb.adam.m", "mb.value", "mb.target", "mb.policy.mean"}, tolerance);
        if (std::string(v.mode) == "dreamer") ExpectClose(got, want, {"mb.value_adam.m"}, tolerance);
        ExpectClose(got_report, want_report, tolerance);
      }
    }
  }
}

TEST_F(ReferenceDevice, MakesTheUpdatesOfSac) {
  for (const std::string& device : OtherDevices()) {
    struct Variant {
      bool layer_norm;
      int critics, target_critics;
      const char* actor_value;
    };
    for (const Variant& v : {Variant{true, 2, 2, "min"}, Variant{false, 2, 2, "min"}, Variant{true, 4, 2, "mean"}}) {
      for (int steps : {1, 5}) {
        auto train = [&](const std::string& name, learn::TrainReport* report) {
          config::Settings s = Tiny(name);
          auto& sac = s.Of<learn::SacSettings>();
          sac.layer_norm = v.layer_norm;
          sac.entropy_in_target = !v.layer_norm;
          sac.critics = v.critics;
          sac.target_critics = v.target_critics;
          sac.actor_value = v.actor_value;
          learn::SacLearner learner(S, A, s, On(name));
          *report = learner.Train({data, s, 4, steps, [](int, int) {}});
          return Saved(learner);
        };
        learn::TrainReport want_report, got_report;
        const ArchiveReader want = train("cpu", &want_report), got = train(device, &got_report);
        SCOPED_TRACE(std::to_string(steps) + " updates of " + std::to_string(v.critics) + " critics on " + device);
        const double tolerance = steps == 1 ? kTolerance : 10 * kTolerance;
        std::vector<std::string> arrays{"sac.policy.net", "sac.actor_adam.m", "sac.temperature.log_alpha"};
        for (int j = 0; j < v.critics; ++j)
          for (const char* name : {"sac.critic", "sac.target", "sac.critic_adam"})
            arrays.push_back(name + std::to_string(j) + (std::string(name) == "sac.critic_adam" ? ".m" : ""));
        ExpectClose(got, want, arrays, tolerance);
        ExpectClose(got_report, want_report, tolerance);
      }
    }
  }
}

TEST_F(ReferenceDevice, ChecksWithTheSameDifferences) {
  const learn::StartPool starts = Starts();
  Stream one(1, "mb"), two(2, "mf");
  const nets::Policy mb(S, A, 16, 2, 0.0, one), mf(S, A, 12, 1, 0.5, two);
  for (const std::string& device : OtherDevices()) {
    using Case = std::pair<const nets::Policy*, int64_t>;
    for (const auto& [other, gate_groups] : {Case{&mf, 1}, Case{nullptr, 1}, Case{&mf, 4}}) {
      auto ask = [&, opponent = other, groups = gate_groups](const std::string& name) {
        const auto lstm = TinyModelOn(name, data, groups);
        std::vector<eps::ImaginedPolicy> policies;
        if (opponent != nullptr) policies.push_back({test::Free(), opponent});
        policies.push_back({test::Based(), &mb});
        return eps::Check({*lstm,
                           std::move(policies),
                           starts,
                           nullptr,
                           S,
                           kHorizon,
                           5,
                           1,
                           9,
                           4,
                           eps::Pairing::kStarts,
                           false,
                           {},
                           nullptr});
      };
      const eps::Decision want = ask("cpu"), got = ask(device);
      EXPECT_EQ(got.proved, want.proved);
      EXPECT_EQ(got.evaluated, want.evaluated);
      EXPECT_NEAR(got.clamped_fraction, want.clamped_fraction, 0.01);
      ASSERT_EQ(test::ReturnsOf(got, test::Based()).size(), 9u);
      ASSERT_EQ(got.delta().size(), want.delta().size());
      for (size_t i = 0; i < test::ReturnsOf(want, test::Based()).size(); ++i)
        EXPECT_NEAR(test::ReturnsOf(got, test::Based())[i], test::ReturnsOf(want, test::Based())[i],
                    kTolerance * std::max(1.0, std::abs(test::ReturnsOf(want, test::Based())[i])));
      for (size_t i = 0; i < want.delta().size(); ++i) EXPECT_NEAR(got.delta()[i], want.delta()[i], 1e-3);
    }
  }
}

}  // namespace
}  // namespace equipoise
