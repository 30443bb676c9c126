// alone.h: agents whose learners other agents are, each by itself: what choosing among these in hindsight would reach is
// what the first ones are held against.
//
// Thread   any
#pragma once

#include <string>
#include <vector>

namespace equipoise::agent {

struct Alone {
  std::string agent;              // as in the setting run.agent
  std::vector<std::string> each;  // agents of one learner, likewise
};
const std::vector<Alone>& LearnersAlone();

}  // namespace equipoise::agent
