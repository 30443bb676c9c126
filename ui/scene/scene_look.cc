#include "ui/scene/scene_look.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "ui/scene/mujoco_compat.h"

namespace equipoise::ui {
namespace {

using Color = std::array<float, 3>;

constexpr Color kSkyTop{0.80f, 0.86f, 0.93f}, kSkyBottom{0.97f, 0.98f, 0.99f}, kFog{0.92f, 0.94f, 0.96f};
constexpr Color kFloorA{0.64f, 0.66f, 0.69f}, kFloorB{0.69f, 0.71f, 0.74f}, kFloorLine{0.56f, 0.59f, 0.63f};

struct Material {
  const char* name;
  Color color;
};
constexpr Material kMaterials[] = {{"limb", {0.52f, 0.56f, 0.62f}},
                                   {"far_limb", {0.42f, 0.46f, 0.52f}},
                                   {"metal", {0.50f, 0.53f, 0.58f}},
                                   {"rail", {0.56f, 0.59f, 0.64f}},
                                   {"goal", {0.80f, 0.62f, 0.10f}}};

void Put(unsigned char* pixel, const Color& color) {
  for (size_t i = 0; i < 3; ++i) pixel[i] = static_cast<unsigned char>(std::lround(255 * color[i]));
}

// Six square faces below each other: right, left, up, down, front, back.
void PaintSky(unsigned char* pixels, int channels, int width, int height) {
  for (int row = 0; row < height; ++row) {
    const int face = row / width;
    const float down = static_cast<float>(row % width) / static_cast<float>(std::max(1, width - 1));
    const float share = face == 2 ? 0.0f : face == 3 ? 1.0f : std::min(1.0f, down * 1.6f);
    Color color;
    for (size_t i = 0; i < 3; ++i) color[i] = kSkyTop[i] + (kSkyBottom[i] - kSkyTop[i]) * share;
    for (int x = 0; x < width; ++x) Put(pixels + (row * width + x) * channels, color);
  }
}

// Four fields and a thin line around them, as MuJoCo's own checker with an edge mark.
void PaintChecker(unsigned char* pixels, int channels, int width, int height) {
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const bool odd = (x < width / 2) != (y < height / 2);
      const bool edge = x == 0 || y == 0 || x == width - 1 || y == height - 1;
      Put(pixels + (y * width + x) * channels, edge ? kFloorLine : odd ? kFloorA : kFloorB);
    }
  }
}

void SetMaterial(mjModel* model, const char* name, const Color& color) {
  const int id = mj_name2id(model, mjOBJ_MATERIAL, name);
  if (id >= 0) std::copy(color.begin(), color.end(), model->mat_rgba + 4 * id);
}

}  // namespace

void ApplyLightLook(mjModel* model) {
  for (int i = 0; i < model->ntex; ++i) {
    const int channels = TextureChannels(model, i, 0);
    if (channels < 3) continue;
    unsigned char* pixels = TextureBytes(model, 0) + model->tex_adr[i];
    if (model->tex_type[i] == mjTEXTURE_SKYBOX) PaintSky(pixels, channels, model->tex_width[i], model->tex_height[i]);
    if (model->tex_type[i] == mjTEXTURE_2D) PaintChecker(pixels, channels, model->tex_width[i], model->tex_height[i]);
  }
  std::copy(kFog.begin(), kFog.end(), model->vis.rgba.fog);
  std::copy(kFog.begin(), kFog.end(), model->vis.rgba.haze);
  for (const Material& material : kMaterials) SetMaterial(model, material.name, material.color);
}

void PaintActor(mjModel* model, ImU32 color) {
  const ImVec4 c = ImGui::ColorConvertU32ToFloat4(color);
  SetMaterial(model, "actor", {c.x, c.y, c.z});
}

}  // namespace equipoise::ui
