// learner.h: what every learner is to the trainer: a part that owns a policy. Its models and its pool of starts are
// given to it when it is made.
//
// Thread   as nets/trainable.h
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "engine/nets/policy.h"
#include "engine/nets/trainable.h"

namespace equipoise::learn {

using nets::TrainInputs;
using nets::TrainReport;

class Learner : public nets::Trainable {
 public:
  virtual const nets::Policy& policy() const = 0;
  // What it makes of an episode that its own policy acted, before it has been trained on it: scalars by name.
  virtual std::map<std::string, double> Examine(const replay::EpisodeBuffer& data, int64_t episode,
                                                const config::Settings& settings) const {
    (void)data, (void)episode, (void)settings;
    return {};
  }
};

}  // namespace equipoise::learn
