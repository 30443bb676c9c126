// The update of every family of agents, ours against plain LibTorch operations, one thread both: small nets and batches
// as the presets for a processor have them, and 256 units with batches of 256.
//
// Plain are the same learners on the parts of run.device = "reference"; where they roll through a model by themselves,
// that is plain_world.h and batches.h. What has no network (sampling, targets, losses of PPO, shuffles) is the same code on both sides
// and makes ratios smaller.
#include <array>
#include <cmath>
#include <utility>

#include "engine/agent/recipes/families.h"
#include "engine/learn/alm/alm.h"
#include "engine/learn/alm/alm_settings.h"
#include "engine/learn/imagined/imagined_batch.h"
#include "engine/learn/model_based_settings.h"
#include "engine/learn/naf/naf.h"
#include "engine/learn/ppo_settings.h"
#include "engine/learn/sac_settings.h"
#include "engine/learn/svg/svg_settings.h"
#include "engine/learn/td3_settings.h"
#include "engine/model/dropout_lstm.h"
#include "engine/model/dropout_lstm_settings.h"
#include "engine/model/feedforward/bayes_mlp.h"
#include "engine/model/feedforward/bayes_mlp_settings.h"
#include "engine/model/feedforward/bootstrap_ensemble.h"
#include "engine/model/feedforward/bootstrap_ensemble_settings.h"
#include "engine/model/feedforward/deterministic_mlp.h"
#include "engine/model/feedforward/deterministic_mlp_settings.h"
#include "engine/plan/model_problem.h"
#include "tests/bench/batches.h"
#include "tests/bench/plain_world.h"
#include "tests/bench/sections.h"
#include "tests/bench/table.h"
#include "tests/bench/workload.h"

namespace equipoise::bench {
namespace {

using model::BayesMlpSettings, model::BootstrapEnsembleSettings, model::DeterministicMlpSettings,
    model::DropoutLstmSettings;

constexpr int64_t kHorizon = 100;

struct Scale {
  const char* name;
  int width;
  int batch;         // transitions
  int lstm_batch;    // recorded trajectories
  int trajectories;  // imagined by a policy in training
  int starts;        // of short ones
  double bar;        // what ours has to reach
};
constexpr Scale kSmall{"64 wide, batch 128", 64, 128, 8, 32, 128, 4.0};
constexpr Scale kLarge{"256 wide, batch 256", 256, 256, 100, 100, 256, 1.3};

// All that is measured together, kept while it is.
class Bench {
 public:
  explicit Bench(const config::Settings& given)
      : s(given), workshop{s, *learn::FindBackend(s.run.device).value(), Starts(), kStates, kActions, {}} {}
  const config::Settings s;
  const agent::Workshop workshop;
  bool plain() const { return s.run.device != "cpu"; }

  // Fitted for two steps: its imagined states stay in the range of the data.
  model::WorldModel& AddModel(const nets::PartInfo& info) {
    std::unique_ptr<model::WorldModel> made = agent::NewModel(workshop, info);
    model::WorldModel& model = *made;
    parts_.push_back(std::move(made));
    Train(&model, 2);
    return model;
  }
  // As whoever rolls through it by itself sees it.
  const model::WorldModel& Rolled(const model::WorldModel& model) {
    if (!plain()) return model;
    parts_.push_back(std::make_unique<PlainWorld>(model));
    return static_cast<const model::WorldModel&>(*parts_.back());
  }
  template <class Part>
  Part* Add(std::unique_ptr<Part> part) {
    Part* added = part.get();
    parts_.push_back(std::move(part));
    return added;
  }
  void Train(nets::Trainable* part, int steps) {
    part->Train({Data(kHorizon), s, 1, steps, [](int, int) {}, nullptr});
  }

 private:
  std::vector<std::unique_ptr<nets::Trainable>> parts_;
};
using Shared = std::shared_ptr<Bench>;
using Measured = std::function<void()>;

// Products of one row, forwards.
double MemberFlop(const Scale& scale, bool ensemble) {
  return MlpFlop(kStates + kActions, scale.width, ensemble && scale.width > 64 ? 3 : 2,
                 (ensemble ? 2 : 1) * (kStates + 1));
}
double ActorFlop(const Scale& scale) { return MlpFlop(kStates, scale.width, 2, 2 * kActions); }
double ValueFlop(const Scale& scale) { return MlpFlop(kStates, scale.width, 2, 1); }

struct Subject {
  std::string name, what;
  std::function<void(const Scale&, config::Settings*)> set;
  std::function<Measured(const Shared&)> make;
  std::array<double, 2> units;                         // in one call, small and large
  std::function<double(const Scale&)> flop = nullptr;  // of one unit; null: not counted
};

Measured Trains(const Shared& bench, nets::Trainable* part, int steps) {
  return [=] { bench->Train(part, steps); };
}

void SetModels(const Scale& scale, config::Settings* s) {
  const auto layers = [&](auto& model, int count) {
    model.hidden = scale.width;
    model.layers = count;
    model.batch = scale.batch;
  };
  layers(s->Of<DeterministicMlpSettings>(), 2);
  layers(s->Of<BootstrapEnsembleSettings>(), scale.width > 64 ? 3 : 2);
  layers(s->Of<BayesMlpSettings>(), 2);
  s->Of<DropoutLstmSettings>().hidden = scale.width;
  s->Of<DropoutLstmSettings>().batch = scale.lstm_batch;
}

void SetLearners(const Scale& scale, config::Settings* s) {
  const auto layers = [&](auto& learner) {
    learner.hidden = scale.width;
    learner.layers = 2;
    learner.batch = scale.batch;
  };
  layers(s->Of<learn::SacSettings>());
  layers(s->Of<learn::Td3Settings>("td3"));
  layers(s->Of<learn::Td3Settings>("ddpg"));
  layers(s->Of<learn::NafSettings>());
  for (const char* id : {"ppo", "pg", "kl"}) s->Of<learn::PpoSettings>(id).hidden = scale.width;
  auto& alm = s->Of<learn::AlmSettings>();
  alm.hidden = alm.model_hidden = scale.width;
  alm.batch = scale.batch;
  s->Of<learn::SvgSettings>().horizon = 3;
  auto& mb = s->Of<learn::ModelBasedSettings>();
  mb.hidden = mb.value_hidden = scale.width;
  mb.trajectories = scale.trajectories;
  mb.starts = scale.starts;
}

Subject Fit(const char* id, const char* what, const nets::PartInfo& (*info)(), int small, int large,
            std::function<double(const Scale&)> flop) {
  return {std::string("fit ") + id,
          what,
          nullptr,
          [info, small, large](const Shared& b) {
            const bool wide = b->s.Of<DropoutLstmSettings>().hidden > kSmall.width;
            return Trains(b, &b->AddModel(info()), wide ? large : small);
          },
          {static_cast<double>(small), static_cast<double>(large)},
          std::move(flop)};
}

Subject PolicyIn(const char* id, const char* what, const nets::PartInfo& (*info)(),
                 std::function<void(const Scale&, config::Settings*)> set, int steps,
                 std::function<double(const Scale&)> flop = nullptr) {
  return {std::string("policy ") + id,
          what,
          std::move(set),
          [info, steps](const Shared& b) {
            return Trains(b, b->Add(agent::NewModelBased(b->workshop, b->AddModel(info()))), steps);
          },
          {static_cast<double>(steps), static_cast<double>(steps)},
          std::move(flop)};
}

Subject ImaginedGradient(const char* id, const char* what, const nets::PartInfo& (*model_info)(),
                         const nets::PartInfo& (*info)(), bool held) {
  return {std::string("imagined ") + id,
          what,
          nullptr,
          [=](const Shared& b) {
            const model::WorldModel& model = b->AddModel(model_info());
            std::unique_ptr<learn::OnPolicySource> source;
            if (b->plain())
              source = NewPlainBatches(model);
            else
              source = std::make_unique<learn::ImaginedBatches>(info().id, model, Starts());
            const learn::PpoSettings& ppo = b->s.Of<learn::PpoSettings>(info().id);
            auto* learner = b->Add(std::make_unique<learn::PpoLearner>(
                info(), std::move(source), kStates, kActions, b->s, b->workshop.backend.parts(),
                held ? std::make_unique<learn::TrustRegion>(b->s) : nullptr));
            return Trains(b, learner, ppo.epochs * ppo.minibatches);
          },
          {1, 1},
          [ensemble = model_info == model::BootstrapEnsembleInfo](const Scale& scale) {
            const double actor = ActorFlop(scale), value = ValueFlop(scale);
            return 12800 * (MemberFlop(scale, ensemble) + actor + value + 4 * 3 * (actor + value));
          }};
}

Subject Planned(const char* id, const char* what, const nets::PartInfo& (*info)(), int64_t particles) {
  return {std::string("plan ") + id,
          what,
          nullptr,
          [=](const Shared& b) {
            struct Asked {
              std::vector<float> observation, noise, candidates;
              model::Belief beliefs;
              std::unique_ptr<plan::ModelProblem> problem;
            };
            const model::WorldModel &inner = b->AddModel(info()), &model = b->Rolled(inner);
            auto asked = std::make_shared<Asked>();
            Stream stream(1, "bench.plan");
            plan::PlanRoot root;
            root.shape = plan::ShapeAt(0, kHorizon, 12, 1, kActions);
            asked->observation.assign(kStates, 0.1f);
            asked->beliefs = model.Draw(particles, stream);
            asked->noise.resize(static_cast<size_t>(root.shape.steps * particles * kStates));
            stream.Normal(asked->noise.data(), asked->noise.size());
            asked->candidates.resize(static_cast<size_t>(150 * root.shape.size()));
            for (float& a : asked->candidates) a = static_cast<float>(stream.Uniform(-1, 1));
            root.observation = asked->observation.data();
            root.beliefs = &asked->beliefs;
            root.noise = model.has_spread() ? asked->noise.data() : nullptr;
            asked->problem = std::make_unique<plan::ModelProblem>(model);
            asked->problem->SetRoot(root, nullptr);
            if (b->plain()) {  // the same computation?
              plan::ModelProblem ours(inner);
              ours.SetRoot(root, nullptr);
              const std::vector<double> one = ours.Score(asked->candidates),
                                        other = asked->problem->Score(asked->candidates);
              for (size_t i = 0; i < one.size(); ++i)
                EQ_CHECK(std::fabs(one[i] - other[i]) < 1e-3 * (1 + std::fabs(one[i])), "another score");
            }
            return [b, asked] {
              for (int i = 0; i < 5; ++i) benchmark::DoNotOptimize(asked->problem->Score(asked->candidates));
            };
          },
          {5, 5},
          [particles](const Scale& scale) {
            return static_cast<double>(150 * 12 * particles) * MemberFlop(scale, particles > 1);
          }};
}

std::vector<Subject> Subjects() {
  using learn::ModelBasedSettings;
  const auto full = [](const Scale&, config::Settings* s) { s->Of<ModelBasedSettings>().mode = "full"; };
  const auto straight = [](const Scale&, config::Settings* s) {
    auto& mb = s->Of<ModelBasedSettings>();
    mb.mode = "full";
    mb.head = "deterministic";
    mb.entropy_bonus = 0;
  };
  const auto dreamer = [](const Scale&, config::Settings* s) { s->Of<ModelBasedSettings>().mode = "dreamer"; };
  const auto without_norm = [](const Scale&, config::Settings* s) {
    auto& sac = s->Of<learn::SacSettings>();
    sac.layer_norm = false;
    sac.entropy_in_target = true;
    sac.sd = "log-clamp";
    sac.actor_activation = "relu";
  };
  const auto sac = [](const Shared& b) { return Trains(b, b->Add(agent::NewSac(b->workshop)), 20); };
  const auto sac_flop = [](const Scale& scale) { return SacUpdateFlop(scale.width, 2, scale.batch); };
  return {
      {"sac", "SAC update", nullptr, sac, {20, 20}, sac_flop},
      {"sac plain", "SAC update, as first published", without_norm, sac, {20, 20}, sac_flop},
      {"td3",
       "TD3 update",
       nullptr,
       [](const Shared& b) { return Trains(b, b->Add(agent::NewTd3(b->workshop, learn::Td3Info())), 20); },
       {20, 20}},
      {"ddpg",
       "DDPG update",
       nullptr,
       [](const Shared& b) { return Trains(b, b->Add(agent::NewTd3(b->workshop, learn::DdpgInfo())), 20); },
       {20, 20}},
      {"naf",
       "NAF update",
       nullptr,
       [](const Shared& b) {
         return Trains(
             b, b->Add(std::make_unique<learn::NafLearner>(kStates, kActions, b->s, b->workshop.backend.parts())), 50);
       },
       {50, 50},
       [](const Scale& scale) {
         const int64_t outputs = 1 + kActions + kActions * (kActions + 1) / 2;
         return (1 + 3) * scale.batch * MlpFlop(kStates, scale.width, 2, outputs);
       }},
      {"ppo",
       "PPO, one batch of 2,000 steps: 10 passes of 32 gradient steps",
       nullptr,
       [](const Shared& b) {
         return Trains(b,
                       b->Add(std::make_unique<learn::PpoLearner>(learn::PpoInfo(), NewStandingBatch(), kStates,
                                                                  kActions, b->s, b->workshop.backend.parts())),
                       320);
       },
       {1, 1}},
      {"alm",
       "ALM update, windows of 3 steps",
       nullptr,
       [](const Shared& b) {
         return Trains(
             b, b->Add(std::make_unique<learn::AlmLearner>(kStates, kActions, b->s, b->workshop.backend.parts())), 10);
       },
       {10, 10}},
      {"svg",
       "SAC update, whose actor climbs 3 steps of the network",
       nullptr,
       [](const Shared& b) {
         const model::WorldModel& ahead = b->AddModel(model::DeterministicMlpInfo());
         return Trains(b, b->Add(agent::NewSac(b->workshop, nullptr, {&ahead, nullptr})), 10);
       },
       {10, 10}},
      {"mve",
       "TD3 update, whose targets look 3 steps ahead in the network",
       nullptr,
       [](const Shared& b) {
         const model::WorldModel& ahead = b->Rolled(b->AddModel(model::DeterministicMlpInfo()));
         return Trains(b, b->Add(agent::NewTd3(b->workshop, learn::ExpandedTd3Info(), &ahead)), 10);
       },
       {10, 10}},
      Fit("mlp", "fit of the network, gradient step", model::DeterministicMlpInfo, 50, 50,
          [](const Scale& scale) { return 3 * scale.batch * MemberFlop(scale, false); }),
      Fit("ensemble", "fit of the ensemble of 5, gradient step of all", model::BootstrapEnsembleInfo, 10, 10,
          [](const Scale& scale) { return 5 * 3 * scale.batch * MemberFlop(scale, true); }),
      Fit("bayes", "fit of uncertain weights, gradient step", model::BayesMlpInfo, 20, 20,
          [](const Scale& scale) {  // of means and of variances
            return 2 * 3 * scale.batch * MlpFlop(kStates + kActions, scale.width, 2, 2 * (kStates + 1));
          }),
      Fit("lstm", "fit of the dropout LSTM, T=100, gradient step", model::DropoutLstmInfo, 5, 1,
          [](const Scale& scale) { return FitFlop(scale.width, scale.lstm_batch, kHorizon); }),
      PolicyIn(
          "full lstm", "policy step, whole trajectories in the dropout LSTM", model::DropoutLstmInfo, full, 1,
          [](const Scale& scale) { return PolicyStepFlop(scale.width, scale.width, scale.trajectories, kHorizon); }),
      PolicyIn("dreamer lstm", "policy step, Dreamer in the dropout LSTM", model::DropoutLstmInfo, dreamer,
               learn::ModelBasedSettings().burn_in_every,
               [](const Scale& scale) {
                 return PolicyStepFlop(scale.width, scale.width, scale.starts, 16) +
                        ValueStepFlop(scale.width, scale.starts, 16);
               }),
      PolicyIn("full mlp", "policy step, straight through the network, whole trajectories", model::DeterministicMlpInfo,
               straight, 1),
      PolicyIn("full ensemble", "policy step, whole trajectories in the ensemble", model::BootstrapEnsembleInfo, full,
               1),
      PolicyIn("full bayes", "policy step, whole trajectories in uncertain weights", model::BayesMlpInfo, full, 1),
      ImaginedGradient("pg", "PG: one batch of 12,800 steps imagined in the ensemble, 100 gradient steps",
                       model::BootstrapEnsembleInfo, learn::PgInfo, false),
      ImaginedGradient("kl", "KL: the same, held near the policy that acted", model::BootstrapEnsembleInfo,
                       learn::KlInfo, true),
      ImaginedGradient("naive", "naive: the same in the network", model::DeterministicMlpInfo, learn::PgInfo, false),
      Planned("mlp", "150 plans of 12 steps scored in the network", model::DeterministicMlpInfo, 1),
      Planned("ensemble", "150 plans of 12 steps scored in the ensemble, 5 particles", model::BootstrapEnsembleInfo, 5),
  };
}

}  // namespace

void AddAgents() {
  for (const Scale& scale : {kSmall, kLarge}) {
    for (const Subject& subject : Subjects()) {
      const std::string name = "agents/" + std::to_string(scale.width) + "/" + subject.name;
      for (const char* device : {"cpu", "reference"}) {
        const double units = subject.units[scale.width == kSmall.width ? 0 : 1];
        Register(name + "/" + device, units, [=] {
          config::Settings s = SettingsFor(device, 1);
          SetModels(scale, &s);
          SetLearners(scale, &s);
          if (subject.set != nullptr) subject.set(scale, &s);
          return subject.make(std::make_shared<Bench>(s));
        });
      }
      Table::Add({subject.what + ", " + scale.name, name + "/cpu", name + "/reference",
                  subject.flop != nullptr ? subject.flop(scale) : 0, scale.bar});
    }
  }
}

}  // namespace equipoise::bench
