// What a ghost consists of: every geom that moves, in whatever group the model's author put it.
#include <gtest/gtest.h>
#include <mujoco/mujoco.h>

#include <vector>

#include "engine/env/mujoco_model.h"
#include "engine/env/task_settings.h"
#include "ui/scene/scene_ghosts.h"

namespace equipoise::ui {
namespace {

int GeomsOfGhost(const std::string& task) {
  const Result<std::string> name = env::TaskNameOf(task);
  EXPECT_TRUE(name.ok());
  const env::ModelPtr model = env::LoadModel(name.value()).value();
  const env::DataPtr data(mj_makeData(model.get()));
  mjvScene scene;
  mjv_defaultScene(&scene);
  mjv_makeScene(model.get(), &scene, 200);
  Ghost ghost{};
  const std::vector<double> pose(model->qpos0, model->qpos0 + model->nq);
  ghost.path = pose.data();
  const double lane[3] = {0, 0, 0};
  AddGhost(model.get(), data.get(), ghost, lane, &scene);
  const int count = scene.ngeom;
  mjv_freeScene(&scene);
  return count;
}

TEST(GhostsOfModels, AreAllThatMoves) {
  EXPECT_EQ(GeomsOfGhost("hopper"), 4);
  EXPECT_EQ(GeomsOfGhost("ant"), 13);
  EXPECT_EQ(GeomsOfGhost("pusher"), 2);  // finger and puck, in group 0 like the table that stays
  EXPECT_EQ(GeomsOfGhost("quadruped"), 10);
}

}  // namespace
}  // namespace equipoise::ui
