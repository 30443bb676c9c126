// older_names.h: what versions called things that wrote their learners by role: every run was one of `unified`, `sac`
// and `mbrl`, so that a role says which learner it was.
//
// Thread   any; no state
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/eps/decision.h"

namespace equipoise::run {

// "model-based" -> "mb", "model-free" -> "sac"; an id stays what it is.
eps::Pick PickFrom(std::string_view name);
// None: no version knows it.
std::optional<eps::Reason> ReasonFrom(std::string_view name);
// "model fit" -> "model", "SAC" -> "sac": the keys of an episode's seconds.
std::string StageFrom(std::string_view name);

// As checkpoints held them in numbers. None: out of range.
std::optional<eps::Pick> OlderPick(int64_t number);
std::optional<eps::Reason> OlderReason(int64_t number);

}  // namespace equipoise::run
