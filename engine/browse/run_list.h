// run_list.h: the run folders that lie in a folder, each in a line's worth of facts.
//
// Reads run.json and what episodes.jsonl says in numbers (episode_reader.h), takes no lock and changes nothing that
// belongs to a run: the runs may be going on anywhere.
// Cost     a few reads a run; of one that has grown since the last Refresh, what it gained
// Thread   one
// Errors   a run that cannot be read is listed with the reason
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/config/settings.h"
#include "engine/record/episode_reader.h"
#include "engine/store/run_folder.h"

namespace equipoise::run {

struct RunSummary {
  std::string folder;
  store::RunDescription description;
  std::string holder;                   // who is writing it now; "": nobody
  bool died = false;                    // says that it runs, but nobody writes it
  std::string problem;                  // it cannot be read: why. Then only `folder` holds
  int episodes = 0;                     // picked ones
  int total = 0;                        // as in force
  std::vector<double> returns;          // of all executed episodes, random ones included
  double LastMean(size_t count) const;  // of the newest `count` returns; NaN when there are none
  // "running", "finished", "stopped", "crashed", "cut off", "unreadable"
  const char* State() const;
};

class RunList {
 public:
  // All runs in `parent`, and what their roll backs left behind; newest start first. An absent folder has none.
  const std::vector<RunSummary>& Refresh(const std::string& parent);
  const std::vector<RunSummary>& runs() const { return runs_; }
  // One folder alone.
  static RunSummary ReadOne(const std::string& folder);

 private:
  struct Known {
    FileStamp description, episodes;
    RunSummary summary;
    std::shared_ptr<EpisodeReader> reader;
  };
  void Add(const std::string& folder, std::map<std::string, Known>* seen);

  std::map<std::string, Known> known_;
  std::vector<RunSummary> runs_;
};

}  // namespace equipoise::run
