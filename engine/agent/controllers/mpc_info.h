// mpc_info.h: what an agent that plans is called, what it tells of its plans, and what can be wrong with them.
#pragma once

#include "engine/nets/part_info.h"

namespace equipoise::agent {

const nets::PartInfo& MpcInfo();

}  // namespace equipoise::agent
