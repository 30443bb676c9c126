// mujoco_compat.h: MuJoCo 2.2.2 (Debian 12) to 4.0 behind one set of names, as far as the window meets differences.
#pragma once

#include <mujoco/mujoco.h>

namespace equipoise::ui {

// The bytes of all textures: tex_rgb, from 3.2 tex_data.
template <class Model>
auto TextureBytes(Model* model, int) -> decltype(model->tex_rgb) {
  return model->tex_rgb;
}
template <class Model>
auto TextureBytes(Model* model, long) -> decltype(model->tex_data) {
  return model->tex_data;
}

// Bytes per pixel: always 3 before 3.2.
template <class Model>
auto TextureChannels(const Model* model, int texture, int) -> decltype(static_cast<int>(model->tex_nchannel[texture])) {
  return model->tex_nchannel[texture];
}
template <class Model>
int TextureChannels(const Model*, int, long) {
  return 3;
}

// The body under a point of the last drawn picture and the point on it; 0 and less: nothing, or the world. From 3.0 on
// MuJoCo also tells flexes apart.
inline int SelectBody(const mjModel* model, const mjData* data, const mjvOption* option, double aspect, double x,
                      double y, const mjvScene* scene, double point[3]) {
  int geom = -1, skin = -1;
#if mjVERSION_HEADER >= 300
  int flex = -1;
  return mjv_select(model, data, option, aspect, x, y, scene, point, &geom, &flex, &skin);
#else
  return mjv_select(model, data, option, aspect, x, y, scene, point, &geom, &skin);
#endif
}

// Moves a camera by a share of the picture's height. Up to 3.x MuJoCo wants the scene as well.
inline void MoveCamera(void (*move)(const mjModel*, int, mjtNum, mjtNum, const mjvScene*, mjvCamera*),
                       const mjModel* model, int gesture, double dx, double dy, const mjvScene* scene,
                       mjvCamera* camera) {
  move(model, gesture, dx, dy, scene, camera);
}
inline void MoveCamera(void (*move)(const mjModel*, int, mjtNum, mjtNum, mjvCamera*), const mjModel* model, int gesture,
                       double dx, double dy, const mjvScene*, mjvCamera* camera) {
  move(model, gesture, dx, dy, camera);
}

}  // namespace equipoise::ui
