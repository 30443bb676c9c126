// Model fit, policy step, SAC update and check, each against the reference path, at HalfCheetah's sizes.
#include <algorithm>

#include "engine/eps/check.h"
#include "engine/learn/model_based.h"
#include "engine/learn/model_based_settings.h"
#include "engine/learn/sac.h"
#include "engine/learn/sac_settings.h"
#include "engine/model/dropout_lstm_settings.h"
#include "tests/bench/sections.h"
#include "tests/bench/table.h"
#include "tests/bench/workload.h"

namespace equipoise::bench {
namespace {

struct Variant {
  std::string name;
  std::string device;
  int threads;
};
const Variant kOne{"ours, 1 thread", "cpu", 1}, kTwo{"ours, 2 threads", "cpu", 2},
    kReference{"reference", "reference", 1};

void Nothing(int, int) {}

// `threads`: rows for ours with one thread, and with two where the part is cut into tasks.
void AddRows(const std::string& part, const std::string& what, double flop, double bar_one, double bar_two,
             double flop_bar_two = 0) {
  Table::Add({what + ", 1 thread", part + "/" + kOne.name, part + "/" + kReference.name, flop, bar_one, 1, 0});
  Table::Add(
      {what + ", 2 threads", part + "/" + kTwo.name, part + "/" + kReference.name, flop, bar_two, 2, flop_bar_two});
}

void AddFit(const std::string& part, int hidden, int batch, int64_t horizon, int steps) {
  for (const Variant& v : {kOne, kTwo, kReference}) {
    Register(part + "/" + v.name, steps, [=] {
      config::Settings s = SettingsFor(v.device, v.threads);
      s.Of<model::DropoutLstmSettings>().hidden = hidden;
      s.Of<model::DropoutLstmSettings>().batch = batch;
      const auto lstm = TrainedModel(s, horizon);
      const auto team = std::make_shared<Team>(v.threads);
      return [=] { lstm->Fit(Data(horizon), s, 1, steps, Nothing, team.get()); };
    });
  }
}

void AddPolicy(const std::string& part, const std::string& mode, int hidden, int policy_hidden, int rows,
               int64_t horizon, int steps) {
  for (const Variant& v : {kOne, kTwo, kReference}) {
    Register(part + "/" + v.name, steps, [=] {
      config::Settings s = SettingsFor(v.device, v.threads);
      auto& mb = s.Of<learn::ModelBasedSettings>();
      s.Of<model::DropoutLstmSettings>().hidden = hidden;
      mb.mode = mode;
      mb.hidden = policy_hidden;
      mb.trajectories = mb.starts = rows;
      mb.imagination = static_cast<int>(mode == "dreamer" ? horizon : 16);
      mb.value_hidden = std::min(policy_hidden, 256);
      const int64_t recorded = mode == "dreamer" ? 100 : horizon;
      const auto lstm = TrainedModel(s, recorded);
      const auto learner = std::make_shared<learn::ModelBasedLearner>(*lstm, Starts(), s, PartsOf(s));
      const auto team = std::make_shared<Team>(v.threads);
      return [=, in_use = lstm] { learner->Train({Data(recorded), s, 1, steps, Nothing, team.get()}); };
    });
  }
}

void AddSac(const std::string& part, int hidden, int layers, int batch, int updates) {
  for (const Variant& v : {kOne, kTwo, kReference}) {
    Register(part + "/" + v.name, updates, [=] {
      config::Settings s = SettingsFor(v.device, v.threads);
      auto& sac = s.Of<learn::SacSettings>();
      sac.hidden = hidden;
      sac.layers = layers;
      sac.batch = batch;
      const auto learner = std::make_shared<learn::SacLearner>(kStates, kActions, s, PartsOf(s));
      const auto team = std::make_shared<Team>(v.threads);
      return [=] { learner->Train({Data(100), s, 1, updates, Nothing, team.get()}); };
    });
  }
}

void AddCheck(const std::string& part, int masks, int rollouts, int horizon) {
  for (const Variant& v : {kOne, kTwo, kReference}) {
    Register(part + "/" + v.name, 1, [=] {
      config::Settings s = SettingsFor(v.device, v.threads);
      s.Of<model::DropoutLstmSettings>().hidden = 256;
      s.Of<learn::ModelBasedSettings>().hidden = 1024;
      s.Of<learn::SacSettings>().hidden = 256;
      const auto lstm = TrainedModel(s, horizon);
      const auto mb = std::make_shared<learn::ModelBasedLearner>(*lstm, Starts(), s, PartsOf(s));
      const auto mf = std::make_shared<learn::SacLearner>(kStates, kActions, s, PartsOf(s));
      const auto team = std::make_shared<Team>(v.threads);
      return [=] {
        benchmark::DoNotOptimize(
            eps::Check({*lstm,
                        {{eps::Pick::Of(mf->id()), &mf->policy()}, {eps::Pick::Of(mb->id()), &mb->policy()}},
                        Starts(),
                        nullptr,
                        kStates,
                        horizon,
                        1,
                        1,
                        masks,
                        rollouts,
                        eps::Pairing::kNoise,
                        false,
                        {},
                        team.get()}));
      };
    });
  }
}

}  // namespace

void AddNetworks(const Options& options) {
  AddSac("sac", 256, 3, 256, 20);
  AddRows("sac", "SAC update, LayerNorm, batch 256, 3 x 256", SacUpdateFlop(256, 3, 256), 1.6, 0);
  AddFit("fit", 256, 100, 100, 2);
  AddRows("fit", "model fit, B=100 T=100 H=256", FitFlop(256, 100, 100), 0, 2.3);
  AddPolicy("policy full", "full", 256, 1024, 100, 100, 1);
  AddRows("policy full", "policy step, whole trajectories, T=100 N=100 H=256", PolicyStepFlop(256, 1024, 100, 100), 0,
          2.0);
  // As many steps as there are between two burn-ins, so that each carries its share.
  AddPolicy("policy dreamer", "dreamer", 256, 1024, 1000, 16,
            config::Settings().Of<learn::ModelBasedSettings>().burn_in_every);
  AddRows("policy dreamer", "policy step, Dreamer, H16 x 1000, H=256",
          PolicyStepFlop(256, 1024, 1000, 16) + ValueStepFlop(256, 1000, 16), 0, 2.0);
  const int masks = options.full ? 50 : 10;
  AddCheck("check", masks, 100, 200);
  AddRows("check", "check, K=" + std::to_string(masks) + " M=100 T=200 H=256, whole",
          CheckFlop(256, 1024, 256, 2, masks * 100, 200), 0, 2.4, 0.8);

  // The cpu presets' small networks.
  AddSac("small sac", 64, 2, 16, 50);
  AddRows("small sac", "SAC update, batch 16, 2 x 64", SacUpdateFlop(64, 2, 16), 4.0, 0);
  for (int batch : {8, 16}) {
    const std::string part = "small fit " + std::to_string(batch);
    AddFit(part, 64, batch, 100, 5);
    AddRows(part, "model fit, B=" + std::to_string(batch) + " T=100 H=64", FitFlop(64, batch, 100), 4.0, 0);
  }
  AddPolicy("small policy", "full", 64, 64, 16, 100, 3);
  AddRows("small policy", "policy step, whole trajectories, T=100 N=16 H=64", PolicyStepFlop(64, 64, 16, 100), 4.0, 0);
}

}  // namespace equipoise::bench
