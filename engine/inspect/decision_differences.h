// decision_differences.h: a decision as it was logged against the same one made again, number by number.
//
// Thread   any; no state
#pragma once

#include <string>
#include <vector>

#include "engine/eps/decision.h"

namespace equipoise::run {

struct Differences {
  std::vector<std::string> sentences;
  bool rounding_alone = true;  // all of them may be of other rounding elsewhere (engine/run/lives.h)
};
// Of the masks that the log holds; a completed check has more.
Differences CompareDecisions(const eps::Decision& logged, const eps::Decision& again, const nets::PartList& parts);

}  // namespace equipoise::run
