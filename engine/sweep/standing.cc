#include "engine/sweep/standing.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <utility>

#include "engine/config/task_name.h"

namespace equipoise::sweep {
namespace {

constexpr std::array<Stand, 5> kAll = {Stand::kFinished, Stand::kRunning, Stand::kStopped, Stand::kFailed,
                                       Stand::kWaiting};
constexpr size_t kSingle = 30;  // runs up to which each has a line of its own

std::string Padded(const std::string& text, size_t width, bool right) {
  const size_t missing = text.size() < width ? width - text.size() : 0;
  return right ? std::string(missing, ' ') + text : text + std::string(missing, ' ');
}

std::string Bar(double share) {
  constexpr int kWidth = 10;
  const int filled = static_cast<int>(std::clamp(share, 0.0, 1.0) * kWidth);
  return "[" + std::string(static_cast<size_t>(filled), '=') + std::string(static_cast<size_t>(kWidth - filled), ' ') +
         "]";
}

std::string Number(double value) {
  if (!std::isfinite(value)) return "-";
  char text[48];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

// A row of the table: one run, or the seeds of a cell.
struct Row {
  std::string name;
  std::array<int, kAll.size()> count = {};
  int runs = 0, episodes = 0, wanted = 0;
  double lowest = INFINITY, highest = -INFINITY;
  std::string note;
};

std::string StandOf(const Row& row) {
  std::string text;
  for (size_t k = 0; k < kAll.size(); ++k) {
    if (row.count[k] == 0) continue;
    text += (text.empty() ? "" : ", ") + (row.runs > 1 ? std::to_string(row.count[k]) + " " : "") + Name(kAll[k]);
  }
  return text;
}

}  // namespace

const char* Name(Stand stand) {
  switch (stand) {
    case Stand::kWaiting:
      return "waiting";
    case Stand::kRunning:
      return "running";
    case Stand::kStopped:
      return "stopped";
    case Stand::kFinished:
      return "finished";
    case Stand::kFailed:
      return "failed";
  }
  return "";
}

std::string LastWords(const std::string& log) {
  std::ifstream file(log, std::ios::binary);
  file.seekg(0, std::ios::end);
  const auto size = static_cast<std::streamoff>(file.tellg());
  if (!file || size <= 0) return "";
  constexpr std::streamoff kTail = 4096;
  file.seekg(std::max<std::streamoff>(0, size - kTail));
  std::string words;
  for (std::string line; std::getline(file, line);)
    if (line.find_first_not_of(" \r\t") != std::string::npos) words = line;
  return words;
}

std::vector<RunStanding> StandingsOf(const Manifest& manifest, const std::string& folder, run::RunList* list) {
  const SweepPaths paths(folder);
  std::map<std::string, const run::RunSummary*> by_folder;
  for (const run::RunSummary& run : list->Refresh(paths.runs)) by_folder[run.folder] = &run;
  std::vector<RunStanding> out;
  for (const size_t number : manifest.wanted) {
    const ManifestLine& line = manifest.lines[number];
    RunStanding& standing = out.emplace_back();
    standing.line = number;
    const auto found = by_folder.find(paths.Run(line.name));
    if (found == by_folder.end()) {
      // Without a folder a run either has not begun, or could not begin.
      standing.why = LastWords(paths.Log(line.name));
      if (standing.why.rfind(kEnded, 0) == 0)
        standing.stand = Stand::kFailed;
      else
        standing.why.clear();
      continue;
    }
    const run::RunSummary& run = *found->second;
    standing.episodes = run.episodes;
    standing.last = run.LastMean(10);
    const auto condition = run.description.condition;
    if (!run.problem.empty()) {
      standing.stand = Stand::kFailed;
      standing.why = run.problem;
    } else if (!run.holder.empty() && condition == store::RunCondition::kRunning) {
      standing.stand = Stand::kRunning;
    } else if (run.episodes >= line.episodes) {
      standing.stand = Stand::kFinished;
    } else if (condition == store::RunCondition::kCrashed) {
      standing.stand = Stand::kFailed;
      standing.why = run.description.reason.empty() ? "it crashed" : run.description.reason;
    } else {
      standing.stand = Stand::kStopped;
    }
  }
  return out;
}

std::string StandingTable(const Manifest& manifest, const std::vector<RunStanding>& standings,
                          const std::map<size_t, std::string>& notes, int width) {
  std::vector<Row> rows;
  std::map<std::string, size_t> known;
  const bool single = standings.size() <= kSingle;
  for (const RunStanding& standing : standings) {
    const ManifestLine& line = manifest.lines[standing.line];
    const std::string name = single ? line.name : config::TaskStem(line.task) + " " + line.Cell();
    const auto [at, is_new] = known.emplace(name, rows.size());
    if (is_new) rows.emplace_back().name = name;
    Row& row = rows[at->second];
    ++row.runs;
    ++row.count[static_cast<size_t>(std::find(kAll.begin(), kAll.end(), standing.stand) - kAll.begin())];
    row.episodes += std::min(standing.episodes, line.episodes);
    row.wanted += line.episodes;
    if (std::isfinite(standing.last)) {
      row.lowest = std::min(row.lowest, standing.last);
      row.highest = std::max(row.highest, standing.last);
    }
    if (const auto note = notes.find(standing.line); note != notes.end()) row.note = note->second;
    if (!standing.why.empty()) row.note = standing.why;
  }
  size_t names = 4, stands = 5;
  for (const Row& row : rows) {
    names = std::max(names, row.name.size());
    stands = std::max(stands, StandOf(row).size());
  }
  std::string out;
  for (const Row& row : rows) {
    const std::string last = row.runs > 1 && row.highest > row.lowest
                                 ? Number(row.lowest) + " to " + Number(row.highest)
                                 : Number(row.lowest);
    std::string text = Padded(row.name, names, false) + "  " +
                       Bar(static_cast<double>(row.episodes) / std::max(1, row.wanted)) + " " +
                       Padded(std::to_string(row.episodes) + "/" + std::to_string(row.wanted), 11, true) + "  " +
                       Padded(last, single ? 8 : 18, true) + "  " + Padded(StandOf(row), stands, false) +
                       (row.note.empty() ? "" : "  " + row.note);
    text.erase(text.find_last_not_of(' ') + 1);
    if (width > 0 && text.size() > static_cast<size_t>(width)) text.resize(static_cast<size_t>(width));
    out += text + "\n";
  }
  return out;
}

std::string StandingSummary(const std::vector<RunStanding>& standings) {
  Row all;
  for (const RunStanding& standing : standings)
    ++all.count[static_cast<size_t>(std::find(kAll.begin(), kAll.end(), standing.stand) - kAll.begin())];
  all.runs = 2;  // with numbers
  const std::string text = StandOf(all);
  return std::to_string(standings.size()) + (standings.size() == 1 ? " run" : " runs") + (text.empty() ? "" : ": ") +
         text;
}

}  // namespace equipoise::sweep
