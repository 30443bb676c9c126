// Recorded episodes as a data set: read back by HDF5 itself and compared with the run's own buffer.
#include "engine/inspect/dataset.h"

#include <gtest/gtest.h>
#include <hdf5.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "engine/agent/recipes.h"
#include "tests/engine/agent/bare_trainer.h"
#include "tests/engine/agent/tiny_agent.h"

namespace equipoise::run {
namespace {

// Any array of an HDF5 file as doubles, and its shape.
struct Array {
  std::vector<hsize_t> shape;
  std::vector<double> values;
};
Array Read(const std::string& path, const std::string& name) {
  Array array;
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  EXPECT_GE(file, 0) << path;
  const hid_t set = H5Dopen2(file, name.c_str(), H5P_DEFAULT);
  EXPECT_GE(set, 0) << name;
  const hid_t space = H5Dget_space(set), type = H5Dget_type(set);
  array.shape.resize(static_cast<size_t>(H5Sget_simple_extent_ndims(space)));
  H5Sget_simple_extent_dims(space, array.shape.data(), nullptr);
  const auto count = static_cast<size_t>(H5Sget_simple_extent_npoints(space));
  if (H5Tget_class(type) == H5T_ENUM) {
    std::vector<int8_t> truths(count);
    EXPECT_GE(H5Dread(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, truths.data()), 0);
    array.values.assign(truths.begin(), truths.end());
  } else {
    array.values.resize(count);
    EXPECT_GE(H5Dread(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, array.values.data()), 0);
  }
  H5Tclose(type);
  H5Sclose(space);
  H5Dclose(set);
  H5Fclose(file);
  return array;
}

bool Has(const std::string& path, const std::string& name) {
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  const bool has = H5Lexists(file, name.c_str(), H5P_DEFAULT) > 0;
  H5Fclose(file);
  return has;
}

// Rows [first, first + count) of `all` are those of `part`.
template <class Part>
bool Holds(const Array& all, size_t first, const Part& part, size_t skipped, size_t count) {
  for (size_t i = 0; i < count; ++i)
    if (all.values.at(first + i) != static_cast<double>(part.at(skipped + i))) return false;
  return true;
}

class Datasets : public RunTest {
 protected:
  // A tiny run of that agent, and the same once more in memory.
  std::unique_ptr<Trainer> Train(const std::string& agent) {
    const config::Settings s = test::TinyAgent(agent);
    Finish(MustCreate(s, Path("run")).get());
    auto trainer = MakeTrainer(s);
    while (trainer->episodes_picked() < s.run.episodes) trainer->NextEpisode();
    return trainer;
  }
};

TEST_F(Datasets, OneFileHoldsEveryStepOfEveryEpisodeInOrder) {
  const auto trainer = Train("unified");
  const replay::EpisodeBuffer& data = trainer->data();
  const auto written = WriteFlatDataset(Path("run"), {}, Path("all.hdf5"));
  ASSERT_TRUE(written.ok()) << written.error().message;
  const auto E = static_cast<size_t>(data.size()), T = static_cast<size_t>(data.horizon());
  const auto S = static_cast<size_t>(data.physics_states()), A = static_cast<size_t>(data.actions());
  EXPECT_EQ(static_cast<size_t>(written.value().episodes), E);
  EXPECT_EQ(static_cast<size_t>(written.value().steps), E * T);
  const auto read = [&](const char* name) { return Read(Path("all.hdf5"), name); };
  const Array observations = read("observations"), next = read("next_observations"), actions = read("actions"),
              rewards = read("rewards"), terminals = read("terminals"), timeouts = read("timeouts"),
              episode = read("infos/episode"), actor = read("infos/actor");
  EXPECT_EQ(observations.shape, (std::vector<hsize_t>{E * T, S}));
  EXPECT_EQ(actions.shape, (std::vector<hsize_t>{E * T, A}));
  EXPECT_EQ(rewards.shape, (std::vector<hsize_t>{E * T}));
  for (size_t i = 0; i < E; ++i) {
    const replay::Episode& e = data[static_cast<int64_t>(i)];
    EXPECT_TRUE(Holds(observations, i * T * S, e.states, 0, T * S)) << "episode " << i;
    EXPECT_TRUE(Holds(next, i * T * S, e.states, S, T * S)) << "episode " << i;
    EXPECT_TRUE(Holds(actions, i * T * A, e.actions, 0, T * A)) << "episode " << i;
    EXPECT_TRUE(Holds(rewards, i * T, e.rewards, 0, T)) << "episode " << i;
    for (size_t t = 0; t < T; ++t) {
      EXPECT_EQ(terminals.values[i * T + t], 0);
      EXPECT_EQ(timeouts.values[i * T + t], t + 1 == T ? 1 : 0);
      EXPECT_EQ(actor.values[i * T + t], e.source);
      EXPECT_EQ(episode.values[i * T + t], static_cast<double>(i) - 1) << "two random episodes are -1 and 0";
    }
  }
  EXPECT_FALSE(Has(Path("all.hdf5"), "infos/action_log_probs")) << "nobody in this agent keeps them";
  const auto again = WriteFlatDataset(Path("run"), {}, Path("all.hdf5"));
  ASSERT_FALSE(again.ok()) << "it exists";
}

TEST_F(Datasets, WhatALearnerKeepsOfItsDrawsIsThere) {
  const auto trainer = Train("ppo");
  ASSERT_TRUE(WriteFlatDataset(Path("run"), {1, 2}, Path("two.hdf5")).ok());
  const Array kept = Read(Path("two.hdf5"), "infos/action_log_probs");
  const auto T = static_cast<size_t>(trainer->horizon());
  ASSERT_EQ(kept.values.size(), 2 * T);
  EXPECT_TRUE(Holds(kept, 0, trainer->data()[2].log_probs, 0, T));
  EXPECT_TRUE(Holds(kept, T, trainer->data()[3].log_probs, 0, T));
  ASSERT_TRUE(WriteFlatDataset(Path("run"), {-1, 0}, Path("random.hdf5")).ok());
  EXPECT_TRUE(std::isnan(Read(Path("random.hdf5"), "infos/action_log_probs").values.front()));
}

TEST_F(Datasets, AFolderHoldsEachEpisodeByItself) {
  const auto trainer = Train("sac");
  const replay::EpisodeBuffer& data = trainer->data();
  std::filesystem::create_directory(Path("set"));
  const auto written = WriteMinariDataset(Path("run"), {1, 3}, Path("set"));
  ASSERT_TRUE(written.ok()) << written.error().message;
  EXPECT_EQ(written.value().episodes, 3);
  const std::string file = Path("set") + "/main_data.hdf5";
  for (int i = 0; i < 3; ++i) {
    const replay::Episode& e = data[i + 2];
    const std::string group = "episode_" + std::to_string(i) + "/";
    const Array observations = Read(file, group + "observations"), truncations = Read(file, group + "truncations");
    EXPECT_EQ(observations.shape[0], static_cast<hsize_t>(data.horizon() + 1));
    EXPECT_TRUE(Holds(observations, 0, e.states, 0, e.states.size()));
    EXPECT_TRUE(Holds(Read(file, group + "actions"), 0, e.actions, 0, e.actions.size()));
    EXPECT_TRUE(Holds(Read(file, group + "rewards"), 0, e.rewards, 0, e.rewards.size()));
    EXPECT_EQ(truncations.values.back(), 1);
    EXPECT_EQ(truncations.values.front(), 0);
    EXPECT_EQ(Read(file, group + "terminations").values.back(), 0);
    EXPECT_EQ(Read(file, group + "infos/actor").values.front(), e.source);
  }
  EXPECT_FALSE(Has(file, "episode_3"));
  std::ifstream in(Path("set") + "/metadata.json");
  const auto about = nlohmann::json::parse(in);
  EXPECT_EQ(about["total_episodes"], 3);
  EXPECT_EQ(about["total_steps"], 3 * data.horizon());
}

TEST_F(Datasets, WhatIsNotThereIsSaid) {
  (void)Train("sac");
  const auto none = WriteFlatDataset(Path("run"), {70, 80}, Path("none.hdf5"));
  ASSERT_FALSE(none.ok());
  EXPECT_NE(none.error().message.find("they are -1 to 6"), std::string::npos) << none.error().message;
  EXPECT_FALSE(WriteFlatDataset(Path("absent"), {}, Path("none2.hdf5")).ok());
}

}  // namespace
}  // namespace equipoise::run
