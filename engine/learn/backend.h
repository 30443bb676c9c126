// backend.h: who trains the networks of a run: the setting run.device.
//
//   cpu        hand-written kernels (nets/kernels.h) on the processor: the default, always there
//   reference  the same algorithms in plain LibTorch operations with automatic gradients, on the processor: to compare
//   cuda       those on the first CUDA GPU, where LibTorch has one
//
// The same seed draws the same random numbers everywhere; only rounding differs. Acting, and what is measured on one
// recorded episode, are a few rows each and stay on the processor in all three. Checkpoints are the same.
//
// Thread   Register before the first run is made; the rest from any thread
#pragma once

#include <memory>
#include <string>

#include "engine/base/result.h"
#include "engine/learn/model_based.h"
#include "engine/learn/sac.h"
#include "engine/model/dropout_lstm.h"

namespace equipoise::learn {

class Backend {
 public:
  virtual ~Backend() = default;
  virtual std::string Text() const = 0;  // for people: "CPU"
  virtual Status Ready() const = 0;      // is the device there?
  virtual std::unique_ptr<model::DropoutLstm> NewModel(const model::LstmSpec& spec, double dropout,
                                                       Stream& init) const = 0;
  // `model` and `starts` outlive the learner.
  virtual std::unique_ptr<ModelBasedLearner> NewModelBased(const model::WorldModel& model, const StartPool& starts,
                                                           const config::Settings& s) const = 0;
  virtual std::unique_ptr<SacLearner> NewSac(int64_t states, int64_t actions, const config::Settings& s) const = 0;
};

// Makes a device known beside "cpu"; what was registered for it before is replaced.
void RegisterBackend(const std::string& device, std::unique_ptr<const Backend> backend);
// Error: this program does not have that device, or this machine does not; what to do.
Result<const Backend*> FindBackend(const std::string& device);

}  // namespace equipoise::learn
