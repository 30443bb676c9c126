// Our own MJCF, compiled, against the compiled models of the reference implementations: every array they recorded.
#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <functional>
#include <map>
#include <set>

#include "engine/env/mujoco_model.h"
#include "tests/engine/env/recorded.h"
#include "tests/paths.h"

namespace equipoise::env {
namespace {

std::string NameOf(const mjModel* m, int type, int id) {
  const char* name = mj_id2name(m, type, id);
  return name == nullptr ? "" : name;
}

Json Names(const mjModel* m, int type, int count) {
  Json names = Json::array();
  for (int i = 0; i < count; ++i) names.push_back(NameOf(m, type, i));
  return names;
}

template <class T>
Json Array(const T* values, int count) {
  Json array = Json::array();
  for (int i = 0; i < count; ++i) array.push_back(values[i]);
  return array;
}

Json Column(const mjtNum* values, int count, int stride, int column) {
  Json array = Json::array();
  for (int i = 0; i < count; ++i) array.push_back(values[i * stride + column]);
  return array;
}

Json TypeNames(const int* types, int count, const std::map<int, const char*>& names) {
  Json array = Json::array();
  for (int i = 0; i < count; ++i) array.push_back(names.at(types[i]));
  return array;
}

Json Options(const mjModel* m) {
  const mjOption& o = m->opt;
  return {{"integrator", o.integrator == mjINT_RK4 ? "RK4" : "Euler"},
          {"solver", o.solver == mjSOL_NEWTON ? "Newton" : "other"},
          {"cone", o.cone == mjCONE_ELLIPTIC ? "elliptic" : "pyramidal"},
          {"jacobian", o.jacobian == mjJAC_DENSE  ? "dense"
                       : o.jacobian == mjJAC_AUTO ? "auto"
                                                  : "sparse"},
          {"iterations", o.iterations},
          {"noslip_iterations", o.noslip_iterations},
          {"mpr_iterations", compat::ConvexIterations(o, 0)},
          {"disableflags", o.disableflags},
          {"enableflags", o.enableflags},
          {"timestep", o.timestep},
          {"tolerance", o.tolerance},
          {"noslip_tolerance", o.noslip_tolerance},
          {"mpr_tolerance", compat::ConvexTolerance(o, 0)},
          {"impratio", o.impratio},
          {"density", o.density},
          {"viscosity", o.viscosity},
          {"o_margin", o.o_margin},
          {"gravity", Array(o.gravity, 3)},
          {"wind", Array(o.wind, 3)}};
}

void AddBodiesAndJoints(const mjModel* m, Json* out) {
  const std::map<int, const char*> joint_types = {
      {mjJNT_FREE, "free"}, {mjJNT_BALL, "ball"}, {mjJNT_SLIDE, "slide"}, {mjJNT_HINGE, "hinge"}};
  const int nbody = m->nbody, njnt = m->njnt, nv = m->nv;
  out->update({{"qpos0", Array(m->qpos0, m->nq)},
               {"qpos_spring", Array(m->qpos_spring, m->nq)},
               {"body_name", Names(m, mjOBJ_BODY, nbody)},
               {"body_parentid", Array(m->body_parentid, nbody)},
               {"body_weldid", Array(m->body_weldid, nbody)},
               {"body_pos", Array(m->body_pos, 3 * nbody)},
               {"body_quat", Array(m->body_quat, 4 * nbody)},
               {"body_ipos", Array(m->body_ipos, 3 * nbody)},
               {"body_iquat", Array(m->body_iquat, 4 * nbody)},
               {"body_mass", Array(m->body_mass, nbody)},
               {"body_inertia", Array(m->body_inertia, 3 * nbody)},
               {"body_subtreemass", Array(m->body_subtreemass, nbody)},
               {"body_invweight0", Array(m->body_invweight0, 2 * nbody)},
               {"jnt_name", Names(m, mjOBJ_JOINT, njnt)},
               {"jnt_type", TypeNames(m->jnt_type, njnt, joint_types)},
               {"jnt_bodyid", Array(m->jnt_bodyid, njnt)},
               {"jnt_limited", Array(m->jnt_limited, njnt)},
               {"jnt_pos", Array(m->jnt_pos, 3 * njnt)},
               {"jnt_axis", Array(m->jnt_axis, 3 * njnt)},
               {"jnt_range", Array(m->jnt_range, 2 * njnt)},
               {"jnt_stiffness", Array(m->jnt_stiffness, njnt)},
               {"jnt_margin", Array(m->jnt_margin, njnt)},
               {"jnt_solref", Array(m->jnt_solref, mjNREF * njnt)},
               {"jnt_solimp", Array(m->jnt_solimp, mjNIMP * njnt)},
               {"dof_damping", Array(m->dof_damping, nv)},
               {"dof_armature", Array(m->dof_armature, nv)},
               {"dof_frictionloss", Array(m->dof_frictionloss, nv)},
               {"dof_invweight0", Array(m->dof_invweight0, nv)},
               {"dof_M0", Array(m->dof_M0, nv)}});
}

void AddGeomsAndActuators(const mjModel* m, Json* out) {
  const std::map<int, const char*> geom_types = {{mjGEOM_PLANE, "plane"},
                                                 {mjGEOM_SPHERE, "sphere"},
                                                 {mjGEOM_CAPSULE, "capsule"},
                                                 {mjGEOM_CYLINDER, "cylinder"},
                                                 {mjGEOM_BOX, "box"}};
  const int n = m->ngeom, nu = m->nu;
  Json joints = Json::array();
  for (int i = 0; i < nu; ++i) joints.push_back(NameOf(m, mjOBJ_JOINT, m->actuator_trnid[2 * i]));
  out->update({{"geom_name", Names(m, mjOBJ_GEOM, n)},
               {"geom_type", TypeNames(m->geom_type, n, geom_types)},
               {"geom_bodyid", Array(m->geom_bodyid, n)},
               {"geom_contype", Array(m->geom_contype, n)},
               {"geom_conaffinity", Array(m->geom_conaffinity, n)},
               {"geom_condim", Array(m->geom_condim, n)},
               {"geom_priority", Array(m->geom_priority, n)},
               {"geom_size", Array(m->geom_size, 3 * n)},
               {"geom_pos", Array(m->geom_pos, 3 * n)},
               {"geom_quat", Array(m->geom_quat, 4 * n)},
               {"geom_friction", Array(m->geom_friction, 3 * n)},
               {"geom_solref", Array(m->geom_solref, mjNREF * n)},
               {"geom_solimp", Array(m->geom_solimp, mjNIMP * n)},
               {"geom_solmix", Array(m->geom_solmix, n)},
               {"geom_margin", Array(m->geom_margin, n)},
               {"geom_gap", Array(m->geom_gap, n)},
               {"actuator_name", Names(m, mjOBJ_ACTUATOR, nu)},
               {"actuator_joint", joints},
               {"actuator_gear", Column(m->actuator_gear, nu, 6, 0)},
               {"actuator_gain", Column(m->actuator_gainprm, nu, mjNGAIN, 0)},
               {"actuator_bias0", Column(m->actuator_biasprm, nu, mjNBIAS, 0)},
               {"actuator_bias1", Column(m->actuator_biasprm, nu, mjNBIAS, 1)},
               {"actuator_bias2", Column(m->actuator_biasprm, nu, mjNBIAS, 2)},
               {"actuator_ctrllimited", Array(m->actuator_ctrllimited, nu)},
               {"actuator_forcelimited", Array(m->actuator_forcelimited, nu)},
               {"actuator_ctrlrange", Array(m->actuator_ctrlrange, 2 * nu)}});
}

Json Described(const mjModel* m) {
  Json out = {{"nq", m->nq},
              {"nv", m->nv},
              {"nu", m->nu},
              {"na", m->na},
              {"nbody", m->nbody},
              {"njnt", m->njnt},
              {"ngeom", m->ngeom},
              {"option", Options(m)},
              {"stat_meaninertia", m->stat.meaninertia},
              {"stat_meanmass", m->stat.meanmass},
              {"stat_meansize", m->stat.meansize},
              {"stat_extent", m->stat.extent},
              {"total_mass", m->body_subtreemass[0]}};
  AddBodiesAndJoints(m, &out);
  AddGeomsAndActuators(m, &out);
  return out;
}

// Flags, counts and names exactly, numbers to 1e-12 of their size.
void ExpectSame(const std::string& key, const Json& ours, const Json& reference) {
  if (reference.is_array() || reference.is_object()) {
    ASSERT_EQ(ours.size(), reference.size()) << key;
    for (auto it = reference.begin(); it != reference.end(); ++it) {
      if (reference.is_array()) {
        const size_t i = it - reference.begin();
        ExpectSame(key + "[" + std::to_string(i) + "]", ours[i], *it);
      } else {
        ASSERT_TRUE(ours.contains(it.key())) << key << " " << it.key();
        ExpectSame(key + "." + it.key(), ours[it.key()], it.value());
      }
    }
  } else if (ours.is_number_float()) {
    const double want = reference.get<double>();
    EXPECT_NEAR(ours.get<double>(), want, 1e-12 * std::max(1.0, std::abs(want))) << key;
    if (std::abs(want) < 1 && std::abs(want) > 1e-6) {
      EXPECT_NEAR(ours.get<double>() / want, 1, 1e-12) << key;
    }
  } else {
    EXPECT_EQ(ours, reference) << key;
  }
}

class CompiledModel : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    Result<ModelPtr> model = LoadModel(GetParam());
    ASSERT_TRUE(model.ok()) << model.error().message;
    model_ = std::move(model).value();
    const std::string name = GetParam() == "dclaw" ? "dclaw_reduced" : GetParam();
    std::ifstream file(tests::FixtureFolder() + "/models/" + name + ".json");
    reference_ = Json::parse(file);
  }
  ModelPtr model_;
  Json reference_;
};

TEST_P(CompiledModel, EqualsTheReferenceInEveryArray) {
  if (OtherMujoco()) GTEST_SKIP() << "compiled with MuJoCo 2.2.2";
  // Not of the model: how it was made, what the task adds (tested there), and how it is drawn.
  const std::set<std::string> elsewhere = {
      "env", "mujoco_version", "frame_skip", "control_dt", "reset_mean_qpos", "reset_mean_qvel", "geom_group"};
  const Json ours = Described(model_.get());
  int compared = 0;
  for (const auto& [key, value] : reference_.items()) {
    if (elsewhere.count(key) > 0) continue;
    ASSERT_TRUE(ours.contains(key)) << "the reference has " << key << ", this test does not read it";
    ExpectSame(key, ours[key], value);
    ++compared;
  }
  EXPECT_EQ(compared, static_cast<int>(ours.size()));
}

TEST_P(CompiledModel, HasWhatTheWindowNeeds) {
  EXPECT_GE(mj_name2id(model_.get(), mjOBJ_CAMERA, "track"), 0);
  EXPECT_GE(mj_name2id(model_.get(), mjOBJ_CAMERA, "side"), 0);
  const int actor = mj_name2id(model_.get(), mjOBJ_MATERIAL, "actor");
  ASSERT_GE(actor, 0);
  int tinted = 0;
  for (int i = 0; i < model_->ngeom; ++i) {
    if (model_->geom_matid[i] != actor) continue;
    ++tinted;
    EXPECT_EQ(model_->geom_group[i], 1);
  }
  EXPECT_GE(tinted, 1);
  EXPECT_EQ(model_->geom_group[mj_name2id(model_.get(), mjOBJ_GEOM, "floor")], 0);
  EXPECT_GE(model_->vis.global.offwidth, 1920);
  EXPECT_GE(model_->vis.global.offheight, 1200);
}

TEST_P(CompiledModel, ComparisonNoticesASlightlyOtherMass) {
  Json changed = Described(model_.get());
  changed["body_mass"][1] = changed["body_mass"][1].get<double>() * (1 + 1e-9) + 1e-9;
  testing::TestPartResultArray failures;
  {
    testing::ScopedFakeTestPartResultReporter catcher(
        testing::ScopedFakeTestPartResultReporter::INTERCEPT_ONLY_CURRENT_THREAD, &failures);
    ExpectSame("body_mass", changed["body_mass"], reference_["body_mass"]);
  }
  EXPECT_GE(failures.size(), 1);
}

INSTANTIATE_TEST_SUITE_P(EveryTask, CompiledModel, testing::ValuesIn(TaskNames()),
                         [](const auto& task) { return task.param; });

}  // namespace
}  // namespace equipoise::env
