// repair.h: a run folder looked after as a whole: what is derived is made again, what is damaged is brought back from
// what is left.
//
//   a log whose form was changed (blanks, line ends, its last bytes)   written again, to the bit
//   a line of episodes.jsonl that is lost    made again from its row of progress.csv: its curves are whole, the numbers
//                                            of the single masks are not
//   a line of events.jsonl that is lost      a note stands in its place
//   a state or a replay.bin that is damaged  the run goes back to the newest kept state that stands
//   run.json, progress.csv, the TensorBoard file, episodes.index    made again
//   kept checkpoints (before-N)              told how long the mended logs are; those that stand on more go aside
//
// What was there before lies in cut-N files. Nothing whole is given up.
//
// Thread   any; takes the folder's lock
// Errors   no run; somebody is writing it; anything wrong with the disk
#pragma once

#include <string>
#include <vector>

#include "engine/base/result.h"

namespace equipoise::run {

struct RepairReport {
  std::vector<std::string> mended;  // a sentence each; what was lost in it is said
  std::vector<std::string> lost;    // what nothing could bring back
  int episodes = 0;                 // picked ones that the run goes on from
  bool goes_on = false;             // can it be resumed?
};
Result<RepairReport> Repair(const std::string& folder);
// What Repair would report, and not a byte of the folder is changed: it is done to a copy of what it reads, in the
// folder for temporary files.
Result<RepairReport> RehearseRepair(const std::string& folder);

}  // namespace equipoise::run
