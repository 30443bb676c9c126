#include "engine/learn/backend.h"

#include <map>
#include <utility>

namespace equipoise::learn {
namespace {

class Kernels : public Backend {
 public:
  std::string Text() const override { return "CPU"; }
  Status Ready() const override { return {}; }
  std::unique_ptr<model::DropoutLstm> NewModel(const model::LstmSpec& spec, double dropout,
                                               Stream& init) const override {
    return std::make_unique<model::DropoutLstm>(spec, dropout, init);
  }
  std::unique_ptr<ModelBasedLearner> NewModelBased(const model::WorldModel& model, const StartPool& starts,
                                                   const config::Settings& s) const override {
    return std::make_unique<ModelBasedLearner>(model, starts, s);
  }
  std::unique_ptr<SacLearner> NewSac(int64_t states, int64_t actions, const config::Settings& s) const override {
    return std::make_unique<SacLearner>(states, actions, s);
  }
};

std::map<std::string, std::unique_ptr<const Backend>>& Backends() {
  static auto* backends = [] {
    auto* made = new std::map<std::string, std::unique_ptr<const Backend>>;
    (*made)["cpu"] = std::make_unique<Kernels>();
    return made;
  }();
  return *backends;
}

}  // namespace

void RegisterBackend(const std::string& device, std::unique_ptr<const Backend> backend) {
  Backends()[device] = std::move(backend);
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
