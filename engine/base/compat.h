// compat.h: the one place where versions of a library differ in names or habits that our code uses.
//
// MuJoCo: written against 2.2.2 (Debian); tests/platforms.sh builds and tests against the newest.
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

// The convex collider's limits, which later versions call "ccd" and not "mpr". The int and the long only order the two
// overloads; the one whose member does not exist drops out.
template <class Option>
auto ConvexIterations(const Option& option, int) -> decltype(option.ccd_iterations) {
  return option.ccd_iterations;
}
template <class Option>
auto ConvexIterations(const Option& option, long) -> decltype(option.mpr_iterations) {
  return option.mpr_iterations;
}
template <class Option>
auto ConvexTolerance(const Option& option, int) -> decltype(option.ccd_tolerance) {
  return option.ccd_tolerance;
}
template <class Option>
auto ConvexTolerance(const Option& option, long) -> decltype(option.mpr_tolerance) {
  return option.mpr_tolerance;
}

// Does the model ask for noise on its sensors? No version from 3.1.4 on has any.
inline bool HasSensorNoise(const mjModel* model) {
#if mjVERSION_HEADER < 314
  return (model->opt.enableflags & mjENBL_SENSORNOISE) != 0;
#else
  (void)model;
  return false;
#endif
}

}  // namespace equipoise::compat
