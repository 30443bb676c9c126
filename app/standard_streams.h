// standard_streams.h: what the program reads from and prints to, in whatever state it was started.
//
// Commands print with the C and C++ streams; FinishOutput is the one place that tells whether all of it arrived. What
// accompanies a run is printed with PrintNow and Warn instead: they wait for a reader that does not read only until a
// signal asks to stop (stop_signal.h), so that it is heard.
//
// Thread   any; but one at a time writes a line
#pragma once

#include <string>

namespace equipoise::app {

// First thing in main: a standard stream that is closed becomes /dev/null, so that no file that is opened later gets
// its number and the text meant for it.
void HoldStandardStreams();

// To standard output, behind what the streams printed.
void PrintNow(const std::string& text);
// "equipoise: message" as a line of standard error.
void Warn(const std::string& message);

// Last thing before the end: everything printed is written. Returns `code`, or kFailure with a sentence on standard
// error when standard output did not take all of it.
int FinishOutput(int code);

}  // namespace equipoise::app
