// central_settings.h: what every run has, whatever its agent is made of: the sections run, env, distractors and log.
//
// Ranges, units and meanings stand in central_settings.cc.
#pragma once

#include <string>
#include <vector>

namespace equipoise::config {

struct Section;

struct RunSettings {
  std::string task = "cartpole";
  std::string agent = "unified";
  std::string preset = "paper";
  int seed = 0;
  int episodes = 100;
  int random_episodes = 5;
  std::string device = "cpu";
  int threads = 2;
  std::string schedule;  // schedule.h
};

struct EnvSettings {
  int horizon = 0;
  std::string alive_bonus = "always";
  int random_hold = 1;
};

struct DistractorSettings {
  bool active = false;
  int groups = 5;
  int sinusoids = 10;
  double amplitude = 1.0;
  double shortest_period = 5.0;
  double longest_period = 100.0;
};

struct LogSettings {
  bool tensorboard = true;
  int holdout_masks = 20;
  int moments = 200;
  int moments_every = 1;
  int states = 3;
  int kept = 20;
  int shadow_every = 0;
};

// `agents`: the names that run.agent may have; they are known further up.
Section RunSection(const std::vector<std::string>& agents);
Section EnvSection();
Section DistractorSection();
Section LogSection();

}  // namespace equipoise::config
