// lstm.h: the dropout LSTM trained and imagined in by the reference path (reference.h) on a device of LibTorch's.
//
// Weights live in the flat arrays of DropoutLstm and are copied to the device for the length of one phase. Draws, loss,
// schedule, guards and reports are those of the hand-written path, so the first steps of both agree to rounding. What
// is measured on one recorded episode is little work and stays on the processor.
//
// Thread   as DropoutLstm; polls for interrupts at every time step forwards. A backward pass is not interrupted
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "engine/model/aten/reference.h"
#include "engine/model/dropout_lstm.h"
#include "engine/model/imagination.h"
#include "engine/nets/aten/net.h"

namespace equipoise::model {

class AtenLstm : public DropoutLstm {
 public:
  AtenLstm(const LstmSpec& spec, double dropout, Stream& init, const at::Device& device)
      : DropoutLstm(spec, dropout, init), device_(device) {}

  FitReport Fit(const replay::EpisodeBuffer& data, const config::Settings& s, uint64_t iteration, int steps,
                const std::function<void(int, int)>& progress, Team* team) override;
  std::unique_ptr<DeviceReturns> NewDeviceReturns(const nets::Policy& policy) const override;

 private:
  at::Device device_;
};

// `blocks` of the model's own weights, with or without gradients.
ReferenceModel AtenModel(const DropoutLstm& lstm, std::vector<at::Tensor> blocks, const at::Device& device);
// The same with constant weights. The model must be a dropout LSTM.
ReferenceModel FrozenAtenModel(const WorldModel& model, const at::Device& device);
// [rows, mask layers, H]: row r under belief r % count.
at::Tensor AtenMasks(const Belief& beliefs, int64_t hidden, int64_t rows, const at::Device& device);

}  // namespace equipoise::model
