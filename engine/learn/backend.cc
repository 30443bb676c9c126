#include "engine/learn/backend.h"

#include <map>
#include <utility>

namespace equipoise::learn {
namespace {

class Cpu : public Backend {
 public:
  std::string Text() const override { return "CPU"; }
  Status Ready() const override { return {}; }
  const model::ModelParts& parts() const override { return model::CpuParts(); }
};

std::map<std::string, std::unique_ptr<const Backend>>& Backends() {
  static auto* backends = [] {
    auto* made = new std::map<std::string, std::unique_ptr<const Backend>>;
    (*made)["cpu"] = std::make_unique<Cpu>();
    return made;
  }();
  return *backends;
}

}  // namespace

void RegisterBackend(const std::string& device, std::unique_ptr<const Backend> backend) {
  Backends().emplace(device, std::move(backend));
}

Result<const Backend*> FindBackend(const std::string& device) {
  const auto found = Backends().find(device);
  if (found == Backends().end())
    return Error{"run.device = \"" + device +
                 "\": this program was built without LibTorch. Set run.device = \"cpu\", or use equipoise-torch."};
  if (Status ready = found->second->Ready(); !ready.ok()) return ready.error();
  return found->second.get();
}

}  // namespace equipoise::learn
