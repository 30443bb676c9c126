#include "engine/inspect/aten/policy_module.h"

#include <torch/csrc/jit/api/module.h>

#include <map>
#include <sstream>
#include <utility>
#include <vector>

#include "engine/learn/alm/latent_gaussian.h"
#include "engine/nets/aten/parts.h"

namespace equipoise::run {
namespace {

namespace jit = torch::jit;

std::string Text(double value) {
  std::ostringstream out;
  out.precision(17);
  out << value;
  const std::string text = out.str();
  return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

const char* Applied(nets::Activation activation) {
  switch (activation) {
    case nets::Activation::kTanh:
      return "torch.tanh(h)";
    case nets::Activation::kRelu:
    case nets::Activation::kLayerNormRelu:  // behind the normalisation
      return "torch.relu(h)";
    case nets::Activation::kSwish:
      return "h * torch.sigmoid(h)";
    case nets::Activation::kElu:
      return "torch.elu(h)";
  }
  return "h";
}

std::string Sigma(const nets::Spread& spread) {
  switch (spread.kind) {
    case nets::Spread::Kind::kSoftplus:
      return "torch.softplus(s) + 1e-3";
    case nets::Spread::Kind::kSigmoid:
      return Text(spread.most) + " * torch.sigmoid(s) + 1e-4";
    case nets::Spread::Kind::kLogClamp:
      return "torch.exp(torch.clamp(s, -20.0, 2.0))";
    case nets::Spread::Kind::kNone:
      break;
  }
  return "torch.zeros_like(s)";
}

// What the networks compute is computed in doubles, so that only this program's own rounding tells the two apart. In the
// text, as TorchScript has it where no Python is: 6 is float32, 7 is float64.
class ModuleMaker {
 public:
  ModuleMaker() : module_("EquipoisePolicy") {}

  jit::Module Make(const KeptPolicy& policy) {
    const nets::ActingFunction& f = policy.function;
    Describe(policy);
    Buffer("observation_mean", f.mean);
    Buffer("observation_sd", f.sd);
    if (f.encodes()) AddNetwork("encoder", f.encoder_spec, f.encoder);
    AddNetwork("policy", f.spec, f.net);
    module_.define(Forward(f));
    module_.define(
        "def mean(self, observation: Tensor) -> Tensor:\n"
        "    return self.forward(observation, None)\n");
    module_.define(
        "def sample(self, observation: Tensor) -> Tensor:\n"
        "    size = observation.size()[:-1] + [self.noise_size]\n"
        "    noise = torch.randn(size, dtype=6, device=self.observation_mean.device)\n"
        "    return self.forward(observation, noise)\n");
    module_.define(
        "def to_actuators(self, action: Tensor) -> Tensor:\n"
        "    assert self.control_low.numel() > 0, 'in this task it depends on more than the action'\n"
        "    return self.control_low + (action + 1.0) * 0.5 * (self.control_high - self.control_low)\n");
    AddExamples(policy);
    module_.eval();
    return module_;
  }

 private:
  void Int(const char* name, int64_t value) { module_.register_attribute(name, c10::IntType::get(), value); }
  void Word(const char* name, const std::string& value) {
    module_.register_attribute(name, c10::StringType::get(), value);
  }
  void Words(const char* name, const std::vector<std::string>& values) {
    c10::List<std::string> list;
    for (const std::string& value : values) list.push_back(value);
    module_.register_attribute(name, c10::ListType::ofStrings(), list);
  }
  void Buffer(const std::string& name, const std::vector<float>& values) {
    module_.register_buffer(name, nets::ToDevice(values, at::kCPU));
  }

  void AddExamples(const KeptPolicy& p) {
    const auto rows = [&](const char* name, const std::vector<float>& values, int64_t width) {
      module_.register_buffer(name, nets::ToDevice(values.data(), {p.examples.rows, width}, at::kCPU));
    };
    rows("example_observation", p.examples.observation, p.function.states());
    rows("example_noise", p.examples.noise, p.function.noise());
    rows("example_action", p.examples.action, p.function.actions);
    rows("example_mean", p.examples.mean, p.function.actions);
    module_.define(
        "def check(self) -> float:\n"
        "    acted = (self.forward(self.example_observation, self.example_noise) - self.example_action).abs().max()\n"
        "    meant = (self.forward(self.example_observation, None) - self.example_mean).abs().max()\n"
        "    return float(torch.max(acted, meant))\n");
  }

  void Describe(const KeptPolicy& p) {
    Word("task", p.task.name);
    Word("agent", p.agent);
    Word("learner", p.learner);
    Int("episode", p.episode);
    Int("horizon", p.horizon);
    Int("seed", p.seed);
    Int("observation_size", p.function.states());
    Int("action_size", p.function.actions);
    Int("noise_size", p.function.noise());
    Words("observation_names", p.task.observation_names);
    Words("action_names", p.task.action_names);
    Buffer("control_low", {p.control.low.begin(), p.control.low.end()});
    Buffer("control_high", {p.control.high.begin(), p.control.high.end()});
    module_.register_attribute("noise_sd", c10::FloatType::get(), p.function.noise_sd);
    module_.register_attribute("noise_theta", c10::FloatType::get(), p.function.noise_theta);
  }

  // Its weights under names of their own, and what it computes from `h` and leaves there.
  void AddNetwork(const std::string& name, const nets::MlpSpec& spec, const nets::Parameters& net) {
    std::string& code = code_[name];
    for (int b = 0; b < net.layout.size(); ++b) {
      const nets::Block& block = net.layout[b];
      at::Tensor values = nets::ToDevice(net.at(b), {block.rows, block.cols}, at::kCPU).to(at::kDouble);
      const bool matrix = block.name[0] == 'w';
      if (block.name == "w_out" && spec.free_outputs > 0)  // numbers of their own, whatever the input
        values.narrow(1, spec.outputs - spec.free_outputs, spec.free_outputs).zero_();
      module_.register_parameter(name + "_" + block.name, matrix ? values : values.view({-1}), false);
    }
    const auto of = [&name](const std::string& block) { return "self." + name + "_" + block; };
    const auto affine = [&](const std::string& layer) {
      code += "    h = torch.matmul(h, " + of("w" + layer) + ") + " + of("b" + layer) + "\n";
    };
    for (int64_t l = 0; l < spec.layers; ++l) {
      const std::string layer = std::to_string(l);
      affine(layer);
      if (spec.activation == nets::Activation::kLayerNormRelu)
        code += "    h = torch.layer_norm(h, [" + std::to_string(spec.hidden) + "], " + of("gain" + layer) + ", " +
                of("shift" + layer) + ", 1e-5)\n";
      code += "    h = " + std::string(Applied(spec.activation)) + "\n";
    }
    affine("_out");
  }

  std::string Forward(const nets::ActingFunction& f) {
    const std::string actions = std::to_string(f.actions), latent = std::to_string(f.encoder_spec.outputs / 2);
    std::string code =
        "def forward(self, observation: Tensor, noise: Optional[Tensor]=None) -> Tensor:\n"
        "    h = (observation.to(6) - self.observation_mean) / self.observation_sd\n    h = h.to(7)\n";
    if (f.encodes()) {
      const std::string mean = Text(learn::kLatentMean), most = Text(learn::kLatentMostSd);
      code += code_["encoder"];
      code += "    z = h[..., :" + latent + "]\n    z = " + mean + " * torch.tanh(z / " + mean + ")\n";
      code += "    if noise is not None:\n        t = " + most + " - torch.softplus(" + most + " - h[..., " + latent +
              ":])\n";
      code += "        spread = " + Text(learn::kLatentLeastSd) + " + torch.softplus(t - " +
              Text(learn::kLatentLeastSd) + ")\n";
      code += "        z = z + spread * noise[..., :" + latent + "].to(7)\n    h = z\n";
    }
    code += code_["policy"];
    code += "    m = h[..., :" + actions + "]\n";
    code += "    if noise is None:\n        return torch.tanh(m).to(6)\n";
    code += "    eps = noise[..., " + (f.encodes() ? latent : std::string("0")) + ":].to(7)\n";
    if (f.spread.deterministic()) {
      code += "    return torch.clamp(torch.tanh(m) + self.noise_sd * eps, -1.0, 1.0).to(6)\n";
    } else {
      code += "    s = h[..., " + actions + ":]\n    return torch.tanh(m + (" + Sigma(f.spread) + ") * eps).to(6)\n";
    }
    return code;
  }

  jit::Module module_;
  std::map<std::string, std::string> code_;  // by network
};

}  // namespace

Result<std::string> PolicyModule(const KeptPolicy& policy) {
  try {
    std::ostringstream out;
    ModuleMaker().Make(policy).save(out);
    return out.str();
  } catch (const c10::Error& error) {
    return Error{std::string("LibTorch cannot write the policy: ") + error.what_without_backtrace()};
  }
}

}  // namespace equipoise::run
