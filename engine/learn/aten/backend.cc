#include "engine/learn/aten/backend.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <dlfcn.h>
#include <torch/version.h>

#include "engine/learn/backend.h"
#include "engine/model/aten/parts.h"

namespace equipoise::learn {
namespace {

class Aten : public Backend {
 public:
  explicit Aten(const at::Device& device) : parts_(device) {}
  std::string Text() const override { return parts_.device().is_cuda() ? "CUDA" : "CPU (reference)"; }
  Status Ready() const override {
    if (!parts_.device().is_cuda() || at::hasCUDA()) return {};
    return Error{"run.device = \"cuda\": LibTorch " TORCH_VERSION
                 ", which this program was built with, has no CUDA or finds no GPU. Set run.device = \"cpu\", or build "
                 "against a LibTorch with CUDA (cmake -DCMAKE_PREFIX_PATH=...) on a machine with an NVIDIA GPU."};
  }
  const model::ModelParts& parts() const override { return parts_; }

 private:
  model::AtenParts parts_;
};

}  // namespace

void RegisterAtenBackends() {
  // On the processor two pools of threads for two cores would spin against each other. at::set_num_threads does not
  // reach a pthread OpenBLAS; the symbol is absent when another BLAS is installed.
  at::set_num_threads(1);
  using SetThreads = void (*)(int);
  if (auto set = reinterpret_cast<SetThreads>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"))) set(1);
  RegisterBackend("reference", std::make_unique<Aten>(at::Device(at::kCPU)));
  RegisterBackend("cuda", std::make_unique<Aten>(at::Device(at::kCUDA, 0)));
}

}  // namespace equipoise::learn
