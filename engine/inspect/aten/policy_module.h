// policy_module.h: a policy as a TorchScript module, which LibTorch and PyTorch load without this program.
//
//   forward(observation, noise = None)   the action in [-1, 1]: the mean one, or by the given noise
//   mean(observation)                    the same without noise
//   sample(observation)                  the same with noise drawn from torch's own generator
//   to_actuators(action)                 what the actuators get for it
//   check()                              how far it is, at most, from what this program's own networks made of some states
//
// Beside them as attributes: task, agent, learner, episode, horizon, seed, observation_size, action_size, noise_size,
// observation_names, action_names, control_low, control_high, noise_sd, noise_theta. What the noise is of:
// nets/acting_function.h.
//
// Shapes   observation [states] or [..., states] of any floating type; action [..., actions] float32
// Thread   any
// Errors   LibTorch's, as text
#pragma once

#include <string>

#include "engine/base/result.h"
#include "engine/inspect/kept_policy.h"

namespace equipoise::run {

// The bytes of the file.
Result<std::string> PolicyModule(const KeptPolicy& policy);

}  // namespace equipoise::run
