// drive.h: a run in the terminal, from its start to its end.
//
// Thread   main
#pragma once

#include <string>

#include "engine/run/engine.h"

namespace equipoise::app {

// Starts it, shows it until it ends (of itself, or because a signal asks for it; CatchStopSignals comes first), then draws
// its picture into `folder`, where that is still the run's. Returns the exit code.
int Drive(run::Engine* engine, const std::string& folder);

}  // namespace equipoise::app
