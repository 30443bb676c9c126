// reevaluated_sentence.h: what a decision made again came to, in a sentence for a person.
//
// Thread   any; no state
#pragma once

#include <string>

#include "engine/inspect/replayer.h"
#include "engine/nets/part_info.h"

namespace equipoise::run {

std::string SentenceOf(const Reevaluated& r, const nets::PartList& parts);
// Of an episode that was planned again.
std::string SentenceOfPlans(const Reevaluated& r, int actions);

}  // namespace equipoise::run
