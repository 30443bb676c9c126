#include "engine/run/repair.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <sstream>

#include "engine/base/archive_edit.h"
#include "engine/base/atomic_file.h"
#include "engine/record/episode_index.h"
#include "engine/record/episode_reader.h"
#include "engine/record/episode_row.h"
#include "engine/record/older_names.h"
#include "engine/record/records.h"
#include "engine/run/derived.h"
#include "engine/run/engine.h"
#include "engine/run/repair_kept.h"
#include "engine/run/saved_state.h"
#include "engine/store/kept_checkpoints.h"
#include "engine/store/set_aside.h"

namespace equipoise::run {
namespace {

namespace fs = std::filesystem;
using store::LogLine;

std::string NameOf(const std::string& path) { return fs::path(path).filename().string(); }

// The rows of a table that is as it was written, by episode.
using Table = std::map<int, std::map<std::string, std::string>>;

// Of a row that an older version wrote.
std::map<std::string, std::string> InTodaysWords(std::map<std::string, std::string> row) {
  if (auto cell = row.extract("imagined_return_mf"); !cell.empty()) {
    cell.key() = "imagined_return_" + PickFrom("model-free").id();
    row.insert(std::move(cell));
  }
  if (const auto pick = row.find("pick"); pick != row.end()) pick->second = PickFrom(pick->second).id();
  if (const auto reason = row.find("reason"); reason != row.end())
    if (const auto known = ReasonFrom(reason->second)) reason->second = eps::Name(*known);
  return row;
}

Table ReadTable(const std::string& path) {
  const auto cells = [](const std::string& line) {
    std::vector<std::string> out(1);
    for (const char c : line) {
      if (c == ',')
        out.emplace_back();
      else
        out.back() += c;
    }
    return out;
  };
  Table table;
  const auto lines = store::ReadLines(path);
  if (!lines.ok() || lines.value().empty()) return table;
  const std::vector<std::string> names = cells(lines.value()[0]);
  for (size_t i = 1; i < lines.value().size(); ++i) {
    const std::vector<std::string> row = cells(lines.value()[i]);
    std::map<std::string, std::string> by_name;
    for (size_t k = 0; k < std::min(row.size(), names.size()); ++k) by_name[names[k]] = row[k];
    const int episode = std::atoi(by_name["episode"].c_str());
    table[episode] = InTodaysWords(std::move(by_name));
  }
  return table;
}

bool AgreesWith(const std::map<std::string, std::string>& row, const EpisodeRecord& record) {
  const store::Row again = ProgressRow(record);
  return std::all_of(row.begin(), row.end(), [&again](const auto& cell) {
    const auto it = again.find(cell.first);
    return (it == again.end() ? "" : it->second) == cell.second;
  });
}

LogLine Composed(const std::string& body) {
  LogLine line;
  line.state = LogLine::State::kRestored;
  line.body = body;
  line.checked = true;
  return line;
}

// One line for each episode that the state has done; an error when one cannot be had.
Status MendEpisodes(const store::RunPaths& paths, const SavedState& state, MendedLogs* out) {
  const auto lines = store::ExamineLog(paths.episodes);
  if (!lines.ok()) return lines.error();
  std::map<int, LogLine> known, doubtful;
  for (const LogLine& line : lines.value()) {
    if (line.state == LogLine::State::kLost) {
      out->given_up += line.raw + "\n";
      continue;
    }
    const auto record = EpisodeFromLine(line.body, paths.episodes + ":" + std::to_string(line.number));
    if (!record.ok())
      out->given_up += line.raw + "\n";
    else
      (line.state == LogLine::State::kUnproved ? doubtful : known).emplace(record.value().episode, line);
  }
  Table table;
  if (state.sizes.progress_sum >= 0 &&
      store::DerivedFile::Fault(paths.progress, state.sizes.progress, static_cast<uint32_t>(state.sizes.progress_sum))
          .empty())
    table = ReadTable(paths.progress);
  std::vector<int> made;
  const int first = 1 - state.settings.run.random_episodes;
  for (int i = 0; i < static_cast<int>(state.blocks.size()); ++i) {
    const int episode = first + i;
    const auto row = table.find(episode);
    if (const auto whole = known.find(episode); whole != known.end()) {
      out->episodes.push_back(whole->second);
    } else if (const auto line = doubtful.find(episode);
               line != doubtful.end() && row != table.end() &&
               AgreesWith(row->second, EpisodeFromLine(line->second.body, "").value())) {
      out->episodes.push_back(line->second);
      out->lost.push_back(
          "episodes.jsonl: the check of episode " + std::to_string(episode) +
          " does not match. progress.csv proves its curves; the numbers of its masks stay as they read.");
    } else if (row != table.end()) {
      if (line != doubtful.end()) out->given_up += line->second.raw + "\n";
      out->episodes.push_back(Composed(ToLine(EpisodeFromRow(row->second))));
      made.push_back(episode);
    } else if (line != doubtful.end()) {
      out->episodes.push_back(line->second);
      out->lost.push_back("episodes.jsonl: the check of episode " + std::to_string(episode) +
                          " does not match and nothing is left to tell what it was: it stays as it reads.");
    } else {
      return Error{"episode " + std::to_string(episode) +
                   " is lost: neither episodes.jsonl nor an unchanged progress.csv has it"};
    }
  }
  if (!made.empty())
    out->lost.push_back("episodes.jsonl: " + std::to_string(made.size()) +
                        (made.size() == 1 ? " line was lost, of episode " : " lines were lost, first of episode ") +
                        std::to_string(made.front()) +
                        ". Made again from progress.csv: its curves are whole, the numbers of its masks are not.");
  return {};
}

// The lines that the state knew of; a note in the place of each that is lost.
Status MendEvents(const store::RunPaths& paths, const SavedState& state, MendedLogs* out) {
  const auto lines = store::ExamineLog(paths.events);
  if (!lines.ok()) return lines.error();
  int64_t bytes = 0;
  for (const LogLine& line : lines.value()) {
    if (bytes >= state.sizes.events) break;  // made again, or made later: no part of this state
    bytes += static_cast<int64_t>(line.raw.size()) + 1;
    out->event_marks.push_back({bytes, line.check});
    const std::string origin = paths.events + ":" + std::to_string(line.number);
    const bool readable = line.state != LogLine::State::kLost && EventFromLine(line.body, origin).ok();
    if (readable) {
      out->events.push_back(line);
      if (line.state == LogLine::State::kUnproved)
        out->lost.push_back(
            "events.jsonl:" + std::to_string(line.number) +
            ": its check does not match and nothing is left to tell what it was: it stays as it reads.");
      continue;
    }
    out->given_up += line.raw + "\n";
    Event note;
    note.text = "Line " + std::to_string(line.number) + " of events.jsonl was damaged; what it said is lost.";
    out->events.push_back(Composed(ToLine(note)));
    out->lost.push_back("events.jsonl:" + std::to_string(line.number) +
                        ": the line is lost; a note stands in its place.");
  }
  if (bytes < state.sizes.events)
    out->lost.push_back("events.jsonl: lines are missing at its end (" + std::to_string(state.sizes.events - bytes) +
                        " bytes).");
  return {};
}

// The same where the logs are whole: a repair that was cut off, or an older version's, may have left some untold.
Status MendKeptOfWhole(store::RunFolder* folder, const SavedState& state, RepairReport* report) {
  const store::RunPaths& paths = folder->paths();
  bool stand = true;
  for (const std::string& name : store::ListKept(paths)) {
    const auto kept = ReadState(paths, paths.checkpoints + "/" + name + ".eqps");
    const bool later = kept.ok() && kept.value().sizes.episodes > state.sizes.episodes;
    stand = stand && (!kept.ok() || (!later && folder->Stands(kept.value().sizes)));
  }
  if (stand) return {};
  MendedLogs logs;
  if (Status status = MendEpisodes(paths, state, &logs); !status) return status;
  if (Status status = MendEvents(paths, state, &logs); !status) return status;
  std::vector<store::LogMark> episodes, events;
  (void)store::ComposeLog(logs.episodes, &episodes);
  (void)store::ComposeLog(logs.events, &events);
  MendKept(paths, episodes, events, &logs);
  report->mended.insert(report->mended.end(), logs.mended.begin(), logs.mended.end());
  report->lost.insert(report->lost.end(), logs.lost.begin(), logs.lost.end());
  return {};
}

// Puts the mended logs and a state that knows them into the folder. Fails only where the disk does.
Status Install(const store::RunFolder& folder, const SavedState& state, MendedLogs* logs) {
  const store::RunPaths& paths = folder.paths();
  for (const std::string& path : {paths.episodes, paths.events}) {
    std::error_code absent;
    if (!fs::exists(path, absent)) logs->mended.push_back(NameOf(path) + " was not there.");
  }
  std::vector<store::LogMark> episodes, events;
  const std::string episode_text = store::ComposeLog(logs->episodes, &episodes);
  const std::string event_text = store::ComposeLog(logs->events, &events);
  const auto end = [](const std::vector<store::LogMark>& marks) {
    return marks.empty() ? store::LogMark{} : marks.back();
  };
  store::LogSizes sizes = state.sizes;
  sizes.episodes = end(episodes).bytes;
  sizes.episodes_check = end(episodes).check;
  sizes.events = end(events).bytes;
  sizes.events_check = end(events).check;
  sizes.progress_sum = sizes.tensorboard_sum = -1;  // compared with what they should be, not with what they were
  const auto bytes = ReadFile(state.path);
  if (!bytes.ok()) return bytes.error();
  const auto edited = WithInts(bytes.value(), "engine.log_sizes", sizes.Pack(), state.path);
  if (!edited.ok()) return edited.error();
  if (!logs->given_up.empty()) {
    const auto name = store::KeepBytes(paths.folder, paths.episodes, logs->given_up);
    if (!name.ok()) return name.error();
    logs->mended.push_back("Lines that did not stay as they were lie in " + name.value() + ".");
  }
  if (state.path != paths.state) {
    std::error_code error;
    const std::vector<std::string> previous = store::PreviousPaths(paths);
    if (std::find(previous.begin(), previous.end(), state.path) ==
        previous.end()) {  // far back: what lies between is kept whole
      const auto aside = store::CopyAside(folder);
      if (!aside.ok()) return aside.error();
      logs->mended.push_back("The run as it was found lies in " + aside.value() + ".");
    }
    if (fs::exists(paths.state, error)) {
      const auto name = store::SetAside(paths.folder, paths.state);
      if (!name.ok()) return name.error();
      logs->mended.push_back("The state that was given up lies in " + name.value() + ".");
    }
  }
  for (const auto& [path, text] : {std::pair(paths.episodes, episode_text), {paths.events, event_text}})
    if (Status status = WriteFileAtomically(path, text); !status) return status;
  if (Status status = WriteFileAtomically(paths.state, edited.value()); !status) return status;
  if (state.path != paths.state)
    logs->mended.push_back("The run goes back to the state of " + NameOf(state.path) + ", after episode " +
                           std::to_string(state.picked) + ".");
  MendKept(paths, episodes, events, logs);
  std::error_code ignored;
  for (const std::string& path : store::PreviousPaths(paths)) fs::remove(path, ignored);  // know the logs as they were
  return {};
}

// The newest state that can be had at all, with the logs mended for it.
Status Mend(const store::RunFolder& folder, RepairReport* report) {
  const store::RunPaths& paths = folder.paths();
  std::vector<std::string> candidates = store::PreviousPaths(paths);
  candidates.insert(candidates.begin(), paths.state);
  std::vector<std::string> kept = store::ListKept(paths);
  for (auto name = kept.rbegin(); name != kept.rend(); ++name)
    candidates.push_back(paths.checkpoints + "/" + *name + ".eqps");
  for (const std::string& path : candidates) {
    std::error_code absent;
    if (path != paths.state && !fs::exists(path, absent)) continue;
    const auto state = ReadState(paths, path);
    MendedLogs logs;
    Status mended = state.ok() ? MendEpisodes(paths, state.value(), &logs) : Status(state.error());
    if (mended) mended = MendEvents(paths, state.value(), &logs);
    if (!mended) {
      report->lost.push_back(mended.error().message + ".");
      continue;
    }
    // A disk that fails here fails for an older state too: this one is not given up, and another repair puts it in.
    Status installed = Install(folder, state.value(), &logs);
    report->mended.insert(report->mended.end(), logs.mended.begin(), logs.mended.end());
    report->lost.insert(report->lost.end(), logs.lost.begin(), logs.lost.end());
    return installed;
  }
  return Error{"no state is left to go on from"};
}

// Whoever reads a long run that nobody is writing makes its index fit; here it is said.
void MendIndex(const std::string& directory, RepairReport* report) {
  const auto size = [&directory] {
    std::error_code absent;
    const auto bytes = fs::file_size(IndexPath(directory), absent);
    return absent ? int64_t{-1} : static_cast<int64_t>(bytes);
  };
  const int64_t before = size();
  EpisodeReader reader(directory);
  IndexColumns columns;
  const Status read = reader.Read([] {}, [&columns](const EpisodeSummary& episode) { columns.Add(episode); });
  const EpisodeReader::Work& work = reader.work();
  if (!read || !work.wrote_index || work.from_lines == 0) return;
  std::string what = before < 0 ? "was not there" : "did not fit";
  // Whole up to its end: a run that was killed had written a line, but not its row.
  if (work.from_index > 0 && size() == before + static_cast<int64_t>(work.from_lines * RowBytes(columns)))
    what = "had fewer episodes than the log";
  report->mended.push_back("episodes.index " + what + ": it was made again from episodes.jsonl.");
}

// False: nothing is left to do, or to go on from.
Result<bool> MendFolder(store::RunFolder* folder, RepairReport* report) {
  report->mended = folder->TakeNotes();
  report->goes_on = true;
  if (folder->IsBlank()) return false;
  const auto newest = NewestState(folder);
  if (newest.ok()) {
    if (const Status told = MendKeptOfWhole(folder, newest.value(), report); !told) return told.error();
  } else if (const Status mended = Mend(*folder, report); !mended) {
    report->lost.push_back(mended.error().message +
                           ". The episodes that can be read can still be looked at, compared and exported.");
    report->goes_on = false;
  }
  return report->goes_on;
}

}  // namespace

Result<RepairReport> Repair(const std::string& directory) {
  RepairReport report;
  {
    auto opened = store::RunFolder::Open(directory, DescribeFromJson);
    if (!opened.ok()) return opened.error();
    store::RunFolder folder = std::move(opened).value();
    const Result<bool> opens = MendFolder(&folder, &report);
    if (!opens.ok()) return Error{folder.Named(opens.error().message)};
    for (std::vector<std::string>* sentences : {&report.mended, &report.lost})
      for (std::string& sentence : *sentences) sentence = folder.Named(sentence);
    if (!opens.value()) return report;
  }
  MendIndex(directory, &report);
  // The rest is what every continuation does.
  const auto engine = Engine::Open(directory, 0);
  if (!engine.ok()) return engine.error();
  for (const std::string& note : engine.value()->Notes()) report.mended.push_back(note);
  for (const auto& record : *engine.value()->Latest()->episodes)
    report.episodes = std::max(report.episodes, record->episode);
  return report;
}

}  // namespace equipoise::run
