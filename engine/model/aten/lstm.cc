#include "engine/model/aten/lstm.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/interrupt.h"
#include "engine/model/dropout_lstm_settings.h"

namespace equipoise::model {
namespace {

using nets::ToDevice;

class AtenReturns : public DeviceReturns {
 public:
  AtenReturns(const WorldModel& model, const nets::Policy& policy, const at::Device& device)
      : device_(device),
        model_(FrozenAtenModel(model, device)),
        policy_(nets::AtenPolicy(policy, nets::ReferenceBlocks(policy.net.layout, ToDevice(policy.net.values, device)),
                                 device)) {}

  void Run(const ImaginationInputs& in) override {
    EQ_CHECK(in.carry == nullptr, "returns are those of whole episodes");
    const at::NoGradGuard no_gradients;
    const int64_t n = in.rows, T = in.horizon, S = model_.spec.states, A = model_.spec.actions;
    const at::Tensor start =
        ToDevice(in.start, {n, S}, device_) * model_.x_sd.narrow(0, 0, S) + model_.x_mean.narrow(0, 0, S);
    ReferenceCarry carry = ReferenceStart(model_, n);
    const ReferenceTrajectory imagined = ReferenceImagine(
        model_, policy_, start, &carry, AtenMasks(*in.beliefs, model_.spec.hidden, n, device_),
        ToDevice(in.action_noise, {T, n, A}, device_), ToDevice(in.dynamics_noise, {T, n, S}, device_), false);
    const at::Tensor sums = imagined.reward.sum(0, false, at::kDouble).to(at::kCPU);
    returns_.assign(sums.data_ptr<double>(), sums.data_ptr<double>() + n);
    clamped_fraction_ = imagined.clamped.item<double>() / static_cast<double>(T * n * S);
  }

 private:
  at::Device device_;
  ReferenceModel model_;
  nets::ReferencePolicy policy_;
};

}  // namespace

ReferenceModel AtenModel(const DropoutLstm& lstm, std::vector<at::Tensor> blocks, const at::Device& device) {
  const replay::Normaliser& n = lstm.normaliser();
  return {lstm.spec(),
          std::move(blocks),
          ToDevice(n.x_mean, device),
          ToDevice(n.x_sd, device),
          ToDevice(n.y_mean, device),
          ToDevice(n.y_sd, device)};
}

ReferenceModel FrozenAtenModel(const WorldModel& model, const at::Device& device) {
  const auto* lstm = dynamic_cast<const DropoutLstm*>(&model);
  EQ_CHECK(lstm != nullptr, "the reference path knows the dropout LSTM only");
  const nets::Parameters& net = lstm->parameters();
  return AtenModel(*lstm, nets::ReferenceBlocks(net.layout, ToDevice(net.values, device)), device);
}

at::Tensor AtenMasks(const Belief& beliefs, int64_t hidden, int64_t rows, const at::Device& device) {
  const auto layers = static_cast<int64_t>(beliefs.data.size()) / (beliefs.count * hidden);
  const at::Tensor all = ToDevice(beliefs.data.data(), {beliefs.count, layers, hidden}, device);
  if (rows == beliefs.count) return all;
  return all.index_select(0, at::arange(rows, all.options().dtype(at::kLong)).remainder(beliefs.count));
}

std::unique_ptr<DeviceReturns> AtenLstm::NewDeviceReturns(const nets::Policy& policy) const {
  return std::make_unique<AtenReturns>(*this, policy, device_);
}

FitReport AtenLstm::Fit(const replay::EpisodeBuffer& data, const config::Settings& s, uint64_t iteration, int steps,
                        const std::function<void(int, int)>& progress, Team*) {
  const DropoutLstmSettings& lstm = s.Of<DropoutLstmSettings>();
  FitReport report;
  const int64_t T = data.horizon(), batch = lstm.batch, I = spec().inputs(), D = spec().outputs();
  const auto seed = static_cast<uint64_t>(s.run.seed);
  nets::AtenNet net(&parameters(), &adam(), device_);
  const ReferenceModel constants = AtenModel(*this, {}, device_);
  std::vector<float> x(static_cast<size_t>(T * batch * I)), y(static_cast<size_t>(T * batch * D));
  FitTally tally(steps, &report);
  for (int k = 0; k < steps; ++k) {
    PollInterrupt();
    const auto step = static_cast<uint64_t>(k);
    Stream draw(seed, "model.batch", iteration, step), masks(seed, "model.mask", iteration, step);
    data.Sequences(data.DrawEpisodes(batch, draw), normaliser(), x.data(), y.data());
    const Belief beliefs = Draw(batch, masks);

    ReferenceModel model = constants;
    model.blocks = net.Blocks();
    const at::Tensor terms =
        ReferenceNll(model, ToDevice(x.data(), {T, batch, I}, device_), ToDevice(y.data(), {T, batch, D}, device_),
                     AtenMasks(beliefs, spec().hidden, batch, device_));
    const at::Tensor loss = ReferenceModelLoss(terms, net.flat(), lstm.eta, data.size());
    const double nll = terms.sum(at::kDouble).item<double>() / static_cast<double>(batch * T);
    const nets::Adam::Outcome outcome = net.Step(loss, nll, StepSize(s, k, steps), lstm.clip);
    tally.Count(outcome, nll, k);
    progress(k + 1, steps);
  }
  net.Store();
  report.skipped = net.skipped();
  report.reloaded = net.reloaded();
  tally.Finish();
  const double eta_share = lstm.eta / static_cast<double>(data.size());
  report.prior = eta_share * net.flat().detach().square().sum(at::kDouble).item<double>();
  if (steps > 0) trained_ = true;
  return report;
}

}  // namespace equipoise::model
