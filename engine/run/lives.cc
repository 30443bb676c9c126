#include "engine/run/lives.h"

#include <mujoco/mujoco.h>

#include <algorithm>
#include <cmath>

#include "engine/base/processor.h"
#include "engine/base/version.h"
#include "engine/nets/kernels/gemm.h"

namespace equipoise::run {

store::RunLife LifeHere(int64_t first_episode) {
  store::RunLife life;
  life.processor = ProcessorModel();
  life.kernels = nets::GemmKernels();
  life.version = Version();
  life.build = Build();
  life.versions = {{"MuJoCo", mj_versionString()}, {"oneDNN", nets::GemmVersion()}};
  life.first_episode = first_episode;
  return life;
}

std::string UnlikeIn(const store::RunLife* then, const store::RunLife& now) {
  if (then == nullptr || then->processor.empty())
    return "the run folder does not say what the decision was computed on";
  std::string text;
  const auto compare = [&text](const std::string& what, const std::string& a, const std::string& b) {
    if (a != b) text += (text.empty() ? "" : "; ") + what + " " + a + " then, " + b + " now";
  };
  compare("processor", then->processor, now.processor);
  compare("kernels", then->kernels, now.kernels);
  compare("version", then->version, now.version);
  compare("build", then->build, now.build);
  for (const auto& [library, version] : now.versions) {
    const auto it = then->versions.find(library);
    compare(library, it == then->versions.end() ? "of unknown version" : it->second, version);
  }
  return text;
}

bool SameButForRounding(double a, double b, double scale, double noise) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
  const double most = kRoundingShare * std::max(1.0, std::abs(scale));
  return a == b || std::abs(a - b) <= (noise > most ? noise : most);
}

}  // namespace equipoise::run
