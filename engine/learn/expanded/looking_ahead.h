// looking_ahead.h: what a learner tells, and what can be wrong with it, because its targets look ahead in a model
// (value_expansion.h). Parts take it into their own PartInfo.
//
// Thread   any; no state
#pragma once

#include <string>
#include <vector>

#include "engine/config/settings.h"
#include "engine/nets/part_info.h"

namespace equipoise::learn {

// Added to the scalars of the learner `id`; `settings` null: all that there may be.
void AddScalarsAhead(const std::string& id, const config::Settings* settings, std::vector<std::string>* names);
void AddChartsAhead(const std::string& id, std::vector<nets::PartChart>* charts);
void AddFindingsAhead(const std::string& id, const nets::Readings& readings, std::vector<nets::Finding>* found);
void AddDialsAhead(std::vector<nets::Dial>* dials);

}  // namespace equipoise::learn
