// A policy as TorchScript acts as ours does: by what LibTorch makes of the file, against our controllers themselves.
#include "engine/inspect/aten/policy_module.h"

#include <gtest/gtest.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/serialization/import.h>

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "engine/agent/recipes.h"
#include "engine/nets/aten/parts.h"
#include "tests/engine/agent/bare_trainer.h"
#include "tests/engine/agent/tiny_agent.h"

namespace equipoise::run {
namespace {

constexpr double kSame = 1e-6;

torch::jit::Module Loaded(const KeptPolicy& policy) {
  const Result<std::string> bytes = PolicyModule(policy);
  EXPECT_TRUE(bytes.ok()) << (bytes.ok() ? "" : bytes.error().message);
  std::istringstream in(bytes.ok() ? bytes.value() : "");
  return torch::jit::load(in);
}

std::vector<float> Floats(const at::Tensor& t) {
  std::vector<float> out(static_cast<size_t>(t.numel()));
  nets::ToHost(t, out.data());
  return out;
}

std::vector<float> Forward(torch::jit::Module& module, const std::vector<float>& observation,
                           const std::vector<float>& noise) {
  std::vector<c10::IValue> in = {nets::ToDevice(observation, at::kCPU)};
  if (!noise.empty()) in.emplace_back(nets::ToDevice(noise, at::kCPU));
  return Floats(module.forward(std::move(in)).toTensor());
}

double Apart(const std::vector<float>& a, const std::vector<float>& b) {
  EXPECT_EQ(a.size(), b.size());
  double most = 0;
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    most = std::max(most, std::fabs(static_cast<double>(a[i]) - b[i]));
  return most;
}

KeptPolicy Kept(nets::ActingFunction function) {
  KeptPolicy kept;
  kept.function = std::move(function);
  kept.task.name = "cartpole";
  kept.task.observation_names.assign(kept.function.mean.size(), "x");
  kept.task.action_names.assign(static_cast<size_t>(kept.function.actions), "a");
  kept.control.low = {-2};
  kept.control.high = {4};
  kept.examples.rows = 1;  // of nothing: what the run has is compared below
  kept.examples.observation.assign(kept.function.mean.size(), 0);
  kept.examples.noise.assign(static_cast<size_t>(kept.function.noise()), 0);
  kept.examples.action.assign(static_cast<size_t>(kept.function.actions), 7);
  kept.examples.mean = kept.examples.action;
  return kept;
}

std::vector<float> Row(Stream& stream, int64_t size, double scale) {
  std::vector<float> row(static_cast<size_t>(size));
  for (float& x : row) x = static_cast<float>(scale * stream.Normal());
  return row;
}

// Every kind of network and of spread, as large as they are in earnest.
TEST(PolicyModule, ComputesEveryKindOfPolicyToAMillionth) {
  Stream stream(5, "policies");
  for (const nets::Activation activation :
       {nets::Activation::kTanh, nets::Activation::kRelu, nets::Activation::kLayerNormRelu, nets::Activation::kSwish,
        nets::Activation::kElu})
    for (const nets::Spread spread : {nets::Spread::Below(0), nets::Spread::Below(0.5),
                                      nets::Spread{nets::Spread::Kind::kLogClamp, 0}, nets::Spread::None()})
      for (const bool free_sd : {false, true}) {
        if (free_sd && spread.kind != nets::Spread::Kind::kSoftplus) continue;
        nets::Policy policy({27, 8, 256, 2, activation, spread, free_sd}, stream);
        policy.mean = Row(stream, 27, 3);
        for (float& x : policy.sd) x = 0.5f + static_cast<float>(stream.Uniform());
        torch::jit::Module module = Loaded(Kept(nets::ActingFunction::Of(policy)));
        for (int i = 0; i < 50; ++i) {
          std::vector<float> observation = Row(stream, 27, 1);
          const std::vector<float> noise = Row(stream, 8, 1);
          for (size_t j = 0; j < observation.size(); ++j)
            observation[j] = policy.mean[j] + policy.sd[j] * observation[j];
          std::vector<float> action(8), mean(8);
          const std::vector<float> zero(8, 0.0f);
          policy.Act(observation.data(), noise.data(), action.data());
          policy.Act(observation.data(), zero.data(), mean.data());
          ASSERT_LT(Apart(Forward(module, observation, {}), mean), kSame)
              << static_cast<int>(activation) << ", " << static_cast<int>(spread.kind);
          if (!spread.deterministic()) {
            ASSERT_LT(Apart(Forward(module, observation, noise), action), kSame)
                << static_cast<int>(activation) << ", " << static_cast<int>(spread.kind);
          }
        }
      }
}

// Standard normals as `controller` draws them in one step.
class Noise {
 public:
  Noise(const agent::EpisodeStart& start, const nets::ActingFunction& f)
      : f_(f), stream_(start.NewStream(f.spread.deterministic() ? "explore" : "act")), now_(Size(f.actions), 0.0) {}
  std::vector<float> Next() {
    std::vector<float> noise(Size(f_.noise()));
    if (f_.encodes()) {
      const size_t latent = noise.size() - now_.size();
      stream_.Normal(noise.data(), latent);
      stream_.Normal(noise.data() + latent, now_.size());
      for (size_t j = 0; j < now_.size(); ++j)
        noise[latent + j] = static_cast<float>(now_[j] = (1 - f_.noise_theta) * now_[j] + noise[latent + j]);
    } else if (!f_.spread.deterministic()) {
      stream_.Normal(noise.data(), noise.size());
    } else {
      for (size_t j = 0; j < now_.size(); ++j) {
        now_[j] = (1 - f_.noise_theta) * now_[j] + f_.noise_sd * stream_.Normal();
        noise[j] = f_.noise_sd > 0 ? static_cast<float>(now_[j] / f_.noise_sd) : 0.0f;
      }
    }
    return noise;
  }

 private:
  static size_t Size(int64_t n) { return static_cast<size_t>(n); }
  const nets::ActingFunction& f_;
  Stream stream_;
  std::vector<double> now_;
};

// The run of these settings, once more and to the same bits, with its controllers in reach.
struct Again {
  std::unique_ptr<Trainer> trainer;
  std::vector<agent::Controller*> controllers;
};
Again TrainedAgain(const config::Settings& s) {
  Again again;
  again.trainer = MakeTrainer(
      s, [](const std::string&) {},
      [&again, &s](const agent::Workshop& w) {
        agent::Agent agent = agent::FindRecipe(s.run.agent)->make(w);
        for (const auto& controller : agent.controllers) again.controllers.push_back(controller.get());
        return agent;
      });
  while (again.trainer->episodes_picked() < s.run.episodes) again.trainer->NextEpisode();
  return again;
}

class PolicyOfEveryAgent : public RunTest, public testing::WithParamInterface<std::string> {};

// Trained, written, read again and asked: by a run's folder, as the command does it.
TEST_P(PolicyOfEveryAgent, ActsAsItsControllerDoes) {
  config::Settings s = test::TinyAgent(GetParam());
  s.run.episodes = 4;
  Finish(MustCreate(s, Path("run")).get());
  const Again again = TrainedAgain(s);
  const replay::EpisodeBuffer& data = again.trainer->data();
  const int64_t index = data.size() - 1;
  for (agent::Controller* controller : again.controllers) {
    const Result<KeptPolicy> kept = ReadPolicy(Path("run"), {std::nullopt, controller->id()});
    const bool table_or_plan = controller->plans() || GetParam() == "dyna-table";
    if (table_or_plan) {
      ASSERT_FALSE(kept.ok());
      EXPECT_NE(kept.error().message.find("not by a policy network"), std::string::npos) << kept.error().message;
      continue;
    }
    ASSERT_TRUE(kept.ok()) << kept.error().message;
    EXPECT_EQ(kept.value().episode, s.run.episodes);
    torch::jit::Module module = Loaded(kept.value());
    EXPECT_LT(module.get_method("check")({}).toDouble(), kSame);
    agent::EpisodeStart start{7, index, 0, again.trainer->horizon(), data.states(), data.actions(), &s};
    controller->Begin(start);
    Noise noise(start, kept.value().function);
    std::vector<float> observation(static_cast<size_t>(data.states()));
    for (int step = 0; step < again.trainer->horizon(); ++step) {
      data.Observation(index, step, observation.data());
      const agent::ActResult did = controller->Act({step, observation.data()});
      EXPECT_LT(Apart(Forward(module, observation, noise.Next()), did.action), kSame) << "step " << step;
    }
  }
}

std::vector<std::string> Names() {
  std::vector<std::string> names;
  for (const agent::Recipe& recipe : agent::Recipes()) names.emplace_back(recipe.name);
  return names;
}
std::string NameOf(const testing::TestParamInfo<std::string>& of) {
  std::string name = of.param;
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '-' || c == '.'; }, '_');
  return name;
}
INSTANTIATE_TEST_SUITE_P(All, PolicyOfEveryAgent, testing::ValuesIn(Names()), NameOf);

// One that acted long before the newest checkpoint: what it did then comes out again.
TEST_F(RunTest, APolicyOfAKeptDecisionActsAsItDidInThatEpisode) {
  config::Settings s = TinySettings();
  s.run.episodes = 9;
  Finish(MustCreate(s, Path("run")).get());
  const Again again = TrainedAgain(s);
  const replay::EpisodeBuffer& data = again.trainer->data();
  const Result<KeptPolicy> kept = ReadPolicy(Path("run"), {2, ""});
  ASSERT_TRUE(kept.ok()) << kept.error().message;
  EXPECT_EQ(kept.value().episode, 2);
  const int64_t index = s.run.random_episodes + 1, actions = data.actions();
  const agent::EpisodeStart start{7, index, 0, again.trainer->horizon(), data.states(), actions};
  torch::jit::Module module = Loaded(kept.value());
  Noise noise(start, kept.value().function);
  std::vector<float> observation(static_cast<size_t>(data.states()));
  for (int64_t step = 0; step < again.trainer->horizon(); ++step) {
    data.Observation(index, step, observation.data());
    const auto did = data[index].actions.begin() + step * actions;
    EXPECT_LT(Apart(Forward(module, observation, noise.Next()), {did, did + actions}), kSame) << "step " << step;
  }
  const Result<KeptPolicy> none = ReadPolicy(Path("run"), {40, ""});
  ASSERT_FALSE(none.ok());
  EXPECT_NE(none.error().message.find("kept are those of 1 to 9"), std::string::npos) << none.error().message;
  const Result<KeptPolicy> nobody = ReadPolicy(Path("run"), {std::nullopt, "nobody"});
  ASSERT_FALSE(nobody.ok());
  EXPECT_NE(nobody.error().message.find("--learner: "), std::string::npos) << nobody.error().message;
}

TEST(PolicyModule, TakesBatchesAndDoublesAndSaysWhatItIs) {
  Stream stream(3, "policies");
  nets::Policy policy(5, 1, 16, 2, 0, stream);
  torch::jit::Module module = Loaded(Kept(nets::ActingFunction::Of(policy)));
  const at::Tensor one = nets::ToDevice(Row(stream, 5, 1), at::kCPU);
  const at::Tensor batch = at::stack({one, one + 1}).to(at::kDouble);
  const at::Tensor actions = module.forward({batch}).toTensor();
  EXPECT_EQ(actions.sizes(), (std::vector<int64_t>{2, 1}));
  EXPECT_EQ(actions.scalar_type(), at::kFloat);
  EXPECT_LT((actions[0] - module.forward({one}).toTensor()).abs().item<double>(), 1e-6);
  const at::Tensor drawn = module.get_method("sample")({at::stack({one, one})}).toTensor();
  EXPECT_NE(drawn[0].item<float>(), drawn[1].item<float>());
  EXPECT_FLOAT_EQ(module.get_method("to_actuators")({at::ones({1})}).toTensor().item<float>(), 4);
  EXPECT_FLOAT_EQ(module.get_method("to_actuators")({-at::ones({1})}).toTensor().item<float>(), -2);
  EXPECT_GT(module.get_method("check")({}).toDouble(), 5) << "an example that it does not give";
  EXPECT_EQ(module.attr("task").toStringRef(), "cartpole");
  EXPECT_EQ(module.attr("observation_size").toInt(), 5);
  EXPECT_EQ(module.attr("observation_names").toList().size(), 5u);
}

}  // namespace
}  // namespace equipoise::run
