// Hybrid learning: SAC learns as it does alone, and acts alone until there is a model to ask.
#include <gtest/gtest.h>

#include "engine/base/archive.h"
#include "engine/env/configured_task.h"
#include "engine/learn/sac.h"
#include "tests/engine/agent/bare_trainer.h"

namespace equipoise::run {
namespace {

config::Settings Small(const std::string& agent) {
  config::Settings s = config::DefaultsOf(agent);
  s.run.task = "cartpole";
  s.run.seed = 7;
  s.run.random_episodes = 2;
  s.run.episodes = 4;
  s.run.threads = 1;
  s.env.horizon = 20;
  const std::pair<const char*, config::Value> few[] = {
      {"sac.hidden", 12}, {"sac.batch", 16}, {"sac.updates_per_step", 0.5}, {"mlp.hidden", 12},
      {"mlp.steps", 6},   {"mpc.knots", 3},  {"mix.candidates", 5}};
  for (const auto& [key, value] : few) test::Put(&s, key, value);
  return s;
}

template <class Part>
ArchiveReader Saved(const Part& part) {
  ArchiveWriter out;
  part.Save(out);
  auto in = ArchiveReader::Parse(out.Finish(), "state");
  EXPECT_TRUE(in.ok());
  return std::move(in).value();
}

TEST(HybridLearning, SacLearnsToTheBitAsItDoesAloneFromTheSameEpisodes) {
  for (const char* agent : {"hybrid", "hybrid-d"}) {
    const config::Settings s = Small(agent);
    auto trainer = MakeTrainer(s);
    const replay::EpisodeBuffer& theirs = trainer->data();
    replay::EpisodeBuffer data(theirs.states(), theirs.actions(), theirs.horizon(), env::DistractorSpecOf(s), 7,
                               theirs.wrapped());
    learn::SacLearner alone(data.states(), data.actions(), s);
    for (int picked = 0; picked < s.run.episodes;) {
      const bool learns = trainer->learning();
      if (learns)
        alone.Train({data, s, static_cast<uint64_t>(picked) + 1, alone.NextWork({data, s, picked}), [](int, int) {}});
      const EpisodeRecord record = trainer->NextEpisode();
      data.Append(replay::Episode(theirs[theirs.size() - 1]));
      if (!learns) continue;
      ++picked;
      EXPECT_EQ(record.decision.pick.id(), "mpc");
      EXPECT_EQ(record.decision.reason, eps::Reason::kAlone);
    }
    const ArchiveReader one = Saved(*trainer), other = Saved(alone);
    for (const char* name : {"sac.policy.net", "sac.actor_adam.m"}) {
      ASSERT_TRUE(other.Has(name)) << name;
      EXPECT_EQ(one.Floats(name), other.Floats(name)) << agent << " " << name;
    }
  }
}

TEST(HybridLearning, ThePolicyActsUntilThereIsAModel) {
  config::Settings s = Small("hybrid");
  test::Put(&s, "mlp.steps", 0);
  auto trainer = MakeTrainer(s);
  while (trainer->episodes_picked() < 1) trainer->NextEpisode();
  const auto acts = [&] { return trainer->NextEpisode().decision; };
  const eps::Decision before = acts();
  EXPECT_EQ(before.pick.id(), "sac");
  EXPECT_EQ(before.reason, eps::Reason::kNoModel);
  trainer->Apply("mlp.steps", 6);
  EXPECT_EQ(acts().pick.id(), "mpc");
}

}  // namespace
}  // namespace equipoise::run
