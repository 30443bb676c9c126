// disagreement.h: where the imagined returns of two policies part: by imagined step and by term of the reward, under
// one mask; and one mask followed through the training.
//
//   Delta_i = sum_t d_i(t) = sum_k c_ik + bonus_i + rest_i
//   d_i(t)   challenger - preferred in step t, mean over mask i's rollouts: early the dynamics, late what compounded
//   c_ik     of term k of the reward, as far as action and imagined observation give it (env/sees_terms.h)
//   bonus_i  what the policies would teach the model, where that counts (eps/information.h)
//   rest_i   what the model's reward holds beside those: terms that are not observed, and its own error
//
// The rollouts are those that the check summed. A mask that is followed is one version of the model: the belief that
// mask i of one episode's check was, asked at later and earlier decisions with the starts and the noise that their own
// mask i had. Where beliefs can be counted (an ensemble) it is the same member, and its numbers are those of the log.
//
// Units    raw reward, undiscounted; nats times the bonus in force
// Thread   any
// Cost     2 M T model steps for each mask
#pragma once

#include <string>
#include <vector>

#include "engine/env/task.h"
#include "engine/eps/check.h"

namespace equipoise::run {

struct Disagree {
  int episode = 0;
  eps::Pick preferred, challenger;
  int masks = 0;                   // the first ones of the check
  std::vector<int> mask_rollouts;  // as Decision::mask_rollouts
};
// Of the comparison on which that decision turned, under the masks that it evaluated.
Disagree DisagreeOf(const eps::Decision& decision);
bool operator==(const Disagree& a, const Disagree& b);

struct DifferenceParts {
  double delta = 0, standard_error = 0;  // the sum; over the pairs of rollouts
  std::vector<double> by_step;           // [T]
  std::vector<double> by_term;           // as Disagreement::term_names
  double bonus = 0, rest = 0;
};

struct Disagreement {
  Disagree request;
  std::string problem;  // why there is no result; empty: there is one
  int horizon = 0;
  std::vector<std::string> term_names;
  bool has_bonus = false;
  std::vector<DifferenceParts> masks;
  DifferenceParts all;                  // mean over the masks whose delta is finite; no standard error
  std::vector<double> lowest, highest;  // [T] of the sums up to a step, over those masks: 5 % and 95 %
};

struct FollowMask {
  int episode = 0, mask = 0;  // of whose check, and which
  eps::Pick preferred, challenger;
  int newest = 0;  // decisions up to this episode
};

struct FollowedMask {
  FollowMask request;
  std::string problem;
  struct Point {
    int episode = 0;
    double delta = 0, standard_error = 0;
  };
  std::vector<Point> points;  // of the kept decisions, by episode
  bool whole = false;         // false: there are decisions left; ask again
};

// The task gives the terms; its state is not touched.
DifferenceParts PartsOfDifference(const eps::CheckInputs& in, const env::Task& task, const eps::Pick& preferred,
                                  const eps::Pick& challenger, int mask, int rollouts, const model::Belief& belief);
// Fills everything of the result but its request and its problem.
void Split(const eps::CheckInputs& in, const env::Task& task, Disagreement* out);

}  // namespace equipoise::run
