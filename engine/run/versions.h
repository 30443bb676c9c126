// versions.h: which libraries this program was built with, for run.json.
#pragma once

#include <string>

namespace equipoise::run {

std::string LibTorchVersion();

}  // namespace equipoise::run
