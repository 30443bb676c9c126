#include "engine/report/collect.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <thread>
#include <utility>

#include "engine/agent/alone.h"
#include "engine/config/config_file.h"
#include "engine/report/text.h"
#include "engine/store/run_folder.h"
#include "engine/sweep/manifest.h"
#include "engine/sweep/standing.h"

namespace equipoise::report {
namespace {

namespace fs = std::filesystem;

// A folder that a run may be in, and what a sweep says of it.
struct Place {
  std::string folder;
  std::optional<sweep::ManifestLine> line;
  std::string log;
};

struct ReadRun {
  std::optional<ReportRun> run;
  std::string problem;
};

bool IsRun(const std::string& folder) {
  std::error_code absent;
  return fs::exists(store::RunPaths(folder).run_json, absent);
}

ReadRun Read(const Place& place) {
  ReadRun out;
  Result<run::RunCurve> curve = run::ReadCurve(place.folder);
  if (!curve) {
    out.problem = curve.error().message;
    return out;
  }
  const Result<store::RunDescription> description = store::ReadDescription(place.folder);
  if (!description) {
    out.problem = description.error().message;
    return out;
  }
  const store::RunDescription& d = description.value();
  ReportRun& run = out.run.emplace();
  run.curve = std::move(curve).value();
  const config::RunSettings& settings = run.curve.identity.settings.run;
  run.task = settings.task;
  run.agent = settings.agent;
  run.wanted = d.episodes > 0 ? static_cast<int>(d.episodes) : settings.episodes;
  if (place.line) {
    run.setting = place.line->setting;
    run.failure = place.line->failure;
    run.wanted = place.line->episodes;
  }
  const bool held = !store::FolderLock::Holder(place.folder).empty();
  const bool says_running = d.condition == store::RunCondition::kRunning;
  run.state = says_running && !held ? "cut off" : store::Name(d.condition);
  run.reason = d.reason;
  if (!says_running && static_cast<int>(run.curve.returns.size()) >= run.wanted) run.state = "finished";
  return out;
}

class Collector {
 public:
  explicit Collector(const CollectOptions& options) : o_(options) {}

  Result<Collected> Collect() {
    for (const std::string& folder : o_.folders)
      if (Status found = Find(folder); !found) return found.error();
    ReadAll();
    if (out_.runs.empty()) {
      std::string why;
      for (const std::string& note : out_.notes) why += "\n  " + note;
      return Error{"none of these folders holds a run that can be read" + why};
    }
    Sort(/*failures=*/false, &out_.scores);
    Sort(/*failures=*/true, &out_.failures);
    return std::move(out_);
  }

 private:
  void Note(const std::string& sentence) { out_.notes.push_back(sentence); }

  void Add(Place place) {
    std::error_code error;
    std::string real = fs::weakly_canonical(place.folder, error).string();
    if (error) real = place.folder;
    const auto [first, is_new] = given_.emplace(real, place.folder);
    if (!is_new) {
      Note(place.folder + " is the same run as " + first->second + ": it counts once");
      return;
    }
    places_.push_back(std::move(place));
  }

  Status Find(const std::string& folder) {
    if (sweep::HoldsSweep(folder)) return FindSweep(folder);
    if (IsRun(folder)) {
      Add({folder, {}, ""});
      return {};
    }
    std::vector<std::string> inside;
    std::error_code error;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
      if (it->path().filename().string().rfind('.', 0) != 0 && IsRun(it->path().string()))
        inside.push_back(it->path().string());
    if (error) return Error{folder + ": cannot be read: " + error.message()};
    if (inside.empty()) Note(folder + " is neither a sweep nor a run, and holds no run: nothing of it is reported");
    std::sort(inside.begin(), inside.end());
    for (const std::string& run : inside) Add({run, {}, ""});
    return {};
  }

  Status FindSweep(const std::string& folder) {
    Result<sweep::Manifest> manifest = sweep::ReadManifest(folder);
    if (!manifest) return manifest.error();
    const sweep::SweepPaths paths(folder);
    std::set<std::string> wanted;
    for (const size_t line : manifest.value().wanted) {
      const sweep::ManifestLine& planned = manifest.value().lines[line];
      wanted.insert(planned.name);
      Add({paths.Run(planned.name), planned, paths.Log(planned.name)});
    }
    std::set<std::string> earlier;
    for (const sweep::ManifestLine& line : manifest.value().lines)
      if (wanted.count(line.name) == 0 && IsRun(paths.Run(line.name))) earlier.insert(line.name);
    if (!earlier.empty())
      Note(folder + ": " + Count(earlier.size(), "run") + " that " + paths.sweep_toml + " does not ask for any more (" +
           *earlier.begin() + (earlier.size() > 1 ? ", ..." : "") +
           ") left out: name the folder of such a run to have it in the report");
    return {};
  }

  void ReadAll() {
    std::vector<ReadRun> read(places_.size());
    std::atomic<size_t> next{0};
    const auto work = [&] {
      for (size_t i; (i = next++) < places_.size();)
        if (IsRun(places_[i].folder)) read[i] = Read(places_[i]);
    };
    std::vector<std::thread> others;
    const size_t threads = std::min<size_t>(std::max(1u, std::thread::hardware_concurrency()), 8);
    for (size_t i = 1; i < std::min(threads, places_.size()); ++i) others.emplace_back(work);
    work();
    for (std::thread& thread : others) thread.join();
    out_.planned = places_.size();
    for (size_t i = 0; i < places_.size(); ++i) {
      const Place& place = places_[i];
      if (read[i].run) {
        out_.runs.push_back(std::move(*read[i].run));
      } else if (!read[i].problem.empty()) {
        Note("unreadable: " + read[i].problem);
      } else {
        const std::string words = sweep::LastWords(place.log);
        Note("missing: " + place.folder + (words.empty() ? " has not begun" : ", whose log ends with: " + words));
      }
    }
  }

  // Is it of these columns?
  static bool Belongs(const ReportRun& run, bool failures) { return run.failure.empty() != failures; }

  void Sort(bool failures, Grid* grid) {
    std::vector<size_t> mine;
    for (size_t i = 0; i < out_.runs.size(); ++i)
      if (Belongs(out_.runs[i], failures)) mine.push_back(i);
    for (const size_t i : mine) {
      const ReportRun& run = out_.runs[i];
      const auto at = std::find_if(grid->columns.begin(), grid->columns.end(), [&](const Column& column) {
        return column.task == run.task && column.failure == run.failure;
      });
      const auto wanted = static_cast<size_t>(o_.episodes > 0 ? o_.episodes : run.wanted);
      if (at == grid->columns.end())
        grid->columns.push_back({run.task, run.failure, wanted});
      else
        at->episodes = std::min(at->episodes, wanted);
    }
    for (size_t column = 0; column < grid->columns.size(); ++column) SortColumn(mine, column, grid);
    OrderRows(grid);
  }

  // Which runs of a column count, and in which rows.
  void SortColumn(const std::vector<size_t>& mine, size_t column, Grid* grid) {
    const Column& of = grid->columns[column];
    std::map<std::string, std::vector<size_t>> by_label;
    for (const size_t i : mine) {
      ReportRun& run = out_.runs[i];
      if (run.task != of.task || run.failure != of.failure || !Counts(of, &run)) continue;
      // What is wrong names its column.
      const bool named = run.setting.empty() || !run.failure.empty();
      by_label[run.agent + (named ? "" : ", " + run.setting)].push_back(i);
    }
    for (const auto& [label, members] : by_label) {
      std::vector<run::RunIdentity> identities;
      for (const size_t i : members) identities.push_back(out_.runs[i].curve.identity);
      const std::vector<run::RunGroup> groups = run::GroupRuns(identities);
      for (const run::RunGroup& group : groups) {
        const std::string distinction = groups.size() > 1 || group.steered ? run::Distinction(group) : "";
        std::vector<size_t> runs;
        for (const size_t k : group.runs) runs.push_back(members[k]);
        SayTwins(runs);
        Put(label + (distinction.empty() ? "" : ", " + distinction), group.agent, column, std::move(runs), grid);
      }
    }
  }

  bool Counts(const Column& column, ReportRun* run) {
    const std::string& folder = run->curve.folder;
    const bool steered = run->curve.identity.steered;
    const size_t has = run->curve.returns.size();
    const std::string so_far = std::to_string(has) + " of " + std::to_string(run->wanted) + " episodes";
    if (run->state == "crashed")
      Note("crashed: " + folder + " after " + so_far + (run->reason.empty() ? "" : ": " + run->reason));
    else if (run->state != "finished")
      Note(run->state + ": " + folder + ", " + so_far);
    if (has < column.episodes && run->state == "finished")
      Note("too short: " + folder + " ended with " + so_far + ", and " + std::to_string(column.episodes) + " count");
    if (steered)
      Note("steered by hand: " + folder +
           (o_.steered ? ", in a row of its own" : ", left out (--steered takes it in)"));
    run->counted = has >= column.episodes && (!steered || o_.steered);
    return run->counted;
  }

  void SayTwins(const std::vector<size_t>& runs) {
    for (size_t k = 0; k + 1 < runs.size(); ++k) {
      const run::RunCurve &a = out_.runs[runs[k]].curve, &b = out_.runs[runs[k + 1]].curve;
      if (a.identity.settings.run.seed == b.identity.settings.run.seed)
        Note(a.folder + " and " + b.folder + " have the same settings and the same seed: they are no two runs");
    }
  }

  static void Put(const std::string& name, const std::string& agent, size_t column, std::vector<size_t> runs,
                  Grid* grid) {
    auto at = std::find_if(grid->rows.begin(), grid->rows.end(), [&](const Row& row) { return row.name == name; });
    if (at == grid->rows.end()) {
      grid->rows.push_back({name, agent});
      grid->runs.emplace_back(grid->columns.size());
      at = grid->rows.end() - 1;
    }
    grid->runs[static_cast<size_t>(at - grid->rows.begin())][column] = std::move(runs);
  }

  // An agent that is made of others first, then those, then the rest by name.
  static void OrderRows(Grid* grid) {
    const auto rank = [](const Row& row) {
      for (const agent::Alone& alone : agent::LearnersAlone()) {
        if (row.agent == alone.agent) return 0;
        if (std::find(alone.each.begin(), alone.each.end(), row.agent) != alone.each.end()) return 1;
      }
      return 2;
    };
    std::vector<size_t> order(grid->rows.size());
    for (size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
      const Row &x = grid->rows[a], &y = grid->rows[b];
      return rank(x) != rank(y) ? rank(x) < rank(y) : x.name < y.name;
    });
    Grid sorted;
    sorted.columns = grid->columns;
    for (const size_t i : order) {
      sorted.rows.push_back(grid->rows[i]);
      sorted.runs.push_back(grid->runs[i]);
    }
    *grid = std::move(sorted);
  }

  const CollectOptions& o_;
  Collected out_;
  std::vector<Place> places_;
  std::map<std::string, std::string> given_;
};

}  // namespace

Result<Collected> Collect(const CollectOptions& options) { return Collector(options).Collect(); }

}  // namespace equipoise::report
