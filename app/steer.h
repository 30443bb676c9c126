// steer.h: sub-commands that ask something of a run which another process works on. Each answer says at which boundary
// what was asked takes effect; all of it is recorded as if it came from the window.
#pragma once

#include <string>
#include <vector>

namespace equipoise::app {

struct SteerOptions {
  std::string folder;
  std::vector<std::string> set;  // "key=value"
  std::string back_to;           // a kept checkpoint
  std::string why;
  double wait = 10;  // seconds, for the answer
};
int SteerRun(const SteerOptions& options);

struct PushOptions {
  std::string folder, body;
  std::string force = "0,0,0", torque = "0,0,0";  // [N], [N m], in the world's frame
  std::string why;
  double seconds = 0.2;  // by the clock; then it lets go
  double wait = 10;
};
int PushRun(const PushOptions& options);

int PrintStatus(const std::string& folder, double wait);
int PauseRun(const std::string& folder, double wait);
int UnpauseRun(const std::string& folder, double wait);
int StopRun(const std::string& folder, double wait);
int StepRun(const std::string& folder, const std::string& unit, double wait);  // environment, gradient, episode

}  // namespace equipoise::app
