// compat.h: the one place where versions of a library differ in names or habits that our code uses.
//
// MuJoCo: written against 2.2.2 (Debian); 3.x must keep compiling.
#pragma once

#include <mujoco/mujoco.h>

namespace equipoise::compat {

// 2.2.2 normalises the quaternions of qpos in place during every kinematics pass; later versions normalise a copy. What
// is observed after a reset is the normalised one.
inline void NormalizeQuaternionsAfterForward(const mjModel* model, mjData* data) {
#if mjVERSION_HEADER >= 300
  mj_normalizeQuat(model, data->qpos);
#else
  (void)model;
  (void)data;
#endif
}

// The convex collider's limits, renamed in 3.2.4 ("mpr" to "ccd").
#if mjVERSION_HEADER >= 324
inline int ConvexIterations(const mjModel* model) { return model->opt.ccd_iterations; }
inline double ConvexTolerance(const mjModel* model) { return model->opt.ccd_tolerance; }
#else
inline int ConvexIterations(const mjModel* model) { return model->opt.mpr_iterations; }
inline double ConvexTolerance(const mjModel* model) { return model->opt.mpr_tolerance; }
#endif

}  // namespace equipoise::compat
