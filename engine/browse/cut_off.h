// cut_off.h: did the last run here end without being asked to? Then whoever starts the program next is told.
//
// Cost     reads each run.json of the folder once
// Thread   any
#pragma once

#include <string>

namespace equipoise::run {

struct CutOff {
  std::string folder;  // "": the run that was started or resumed last ended as it should, is at work, or there is none
  std::string what;    // "was cut off", "crashed: no room on the disk"
};
// Of the runs that lie in `parent`. One that somebody has not gone on with is told of until a newer one was started.
CutOff LastRunCutOff(const std::string& parent);

}  // namespace equipoise::run
