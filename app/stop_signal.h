// stop_signal.h: how the outside asks this process to end, and how it ends then: one way for all commands.
//
//   SIGINT                                   a person: finish, then die of the signal (a shell sees 130, and `&&`,
//                                            loops and make stop); a second one ends at once
//   SIGTERM, SIGHUP, SIGUSR1, SIGUSR2,       a system: finish, then exit code 75; more of them change nothing
//   SIGXCPU
//   SIGXFSZ, SIGPIPE                         no signal but an error of the write that met the limit or the closed pipe
//
// What was ignored when the process was started (nohup, a shell's background job) stays ignored.
//
// Thread   main thread; the signals may arrive on any
#pragma once

namespace equipoise::app {

// First thing in main: writes that cannot be done fail instead of killing.
void IgnoreWriteSignals();
// From here on the other signals only ask; whoever calls this looks at StopSignal() at least a few times a second.
void CatchStopSignals();
// The first signal that asked to stop, or 0.
int StopSignal();
// Last thing in main, with everything written: `code`, unless it is that of a command that Ctrl-C ended: that one does
// not return.
int EndAsAsked(int code);

}  // namespace equipoise::app
