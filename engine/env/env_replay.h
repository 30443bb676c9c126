// env_replay.h: recorded steps, made again by one of our tasks; what `equipoise env-replay` runs.
//
// Input, one JSON object a line:
//   {"type": "start", "traj": "a", "set_qpos": [..], "set_qvel": [..]}
//   {"type": "step", "traj": "a", "step": 0, "qpos": [..], "qvel": [..], "action": [..]}
// Optional in a step: qacc_warmstart; terms.x_before (Ant: the torso x that the forward reward starts from);
// last_action (DClaw). Other members are ignored. DClaw also takes the 19 coordinates of its original model: 0-8 and 18
// are ours.
//
// Output, one line for each line of input: traj and step as they came, and next_qpos, next_qvel, obs, reward, terms,
// finite (Hopper, Walker2d, Ant also healthy and reward_alive_always; Ant also cfrc_ext_clipped). A start line gets
// qpos, qvel and obs after the reset. Numbers read back as the same bits.
//
// Alone, every step starts from its own recorded state; as a rollout, from where the step before it ended.
//
// Errors   "file:line: what is wrong with it"; then nothing is written
#pragma once

#include <string>

#include "engine/base/result.h"

namespace equipoise::env {

struct EnvReplayOptions {
  std::string task;    // as TaskNameOf takes it
  std::string input;   // file; "-": standard input
  std::string output;  // .jsonl or .ndjson, or a stream; "-": standard output (engine/base/output_file.h)
  bool rollout = false;
  bool overwrite = false;
};

Status EnvReplay(const EnvReplayOptions& options);

}  // namespace equipoise::env
