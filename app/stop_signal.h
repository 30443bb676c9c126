// stop_signal.h: Ctrl-C and SIGTERM as questions that the main loop asks, so that a run can end with everything
// written.
//
// The first signal asks; after it the signals have their usual effect, so a second Ctrl-C ends the process at once.
#pragma once

namespace equipoise::app {

// SIGINT, SIGTERM and SIGHUP are caught from here on; a reader that goes away (SIGPIPE) no longer ends the run.
void CatchStopSignals();
// The signal that asked to stop, or 0.
int StopSignal();

}  // namespace equipoise::app
