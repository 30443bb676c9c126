// processor.h: which processor this program runs on, e.g. "AMD EPYC 7543 32-Core Processor"; "unknown" where the system
// does not say.
#pragma once

#include <string>

namespace equipoise {

std::string ProcessorModel();

}  // namespace equipoise
