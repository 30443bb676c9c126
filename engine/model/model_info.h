// model_info.h: what the infos of all learned models say alike.
//
// Thread   any
#pragma once

#include <string>

#include "engine/nets/finding.h"
#include "engine/nets/part_info.h"

namespace equipoise::model {

// A model of that id, by the name and unit of its work that every learned model has.
nets::PartInfo LearnedModelInfo(std::string id);

// What guessing the data's mean and spread costs, in nats a step.
double GuessingNll(const nets::Readings& readings);

}  // namespace equipoise::model
