// sees_terms.h: parts of a step's reward that follow from its action and the observation after it alone, so that they
// can be told of an imagined step too. A task that has such parts is one of these as well.
//
// They are added in the reward, whatever else there is; where it is a product, it is one part as a whole.
// Thread   any; no state is touched
#pragma once

#include <string>
#include <vector>

namespace equipoise::env {

class SeesTerms {
 public:
  virtual ~SeesTerms() = default;
  virtual std::vector<std::string> SeenTermNames() const = 0;
  // `observation` as the task's, without distractors; one number for each name.
  virtual void SeenTerms(const double* action, const double* observation, double* terms) const = 0;
};

}  // namespace equipoise::env
