#include "app/slurm.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <utility>

#include "app/standard_streams.h"
#include "engine/base/atomic_file.h"
#include "engine/base/json.h"
#include "engine/store/run_folder.h"
#include "engine/sweep/manifest.h"

namespace equipoise::app {
namespace {

namespace fs = std::filesystem;

struct Answer {
  int code = -1;
  std::string text;  // both streams
};
Answer Ask(const std::string& command) {
  Answer answer;
  std::FILE* pipe = ::popen((command + " 2>&1 </dev/null").c_str(), "r");
  if (pipe == nullptr) return answer;
  char piece[4096];
  for (size_t got; (got = std::fread(piece, 1, sizeof piece, pipe)) > 0;) answer.text.append(piece, got);
  const int status = ::pclose(pipe);
  answer.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return answer;
}

Result<size_t> ArraySize() {
  const Answer answer = Ask("scontrol show config");
  if (answer.code != 0) return Error{"scontrol show config failed: " + answer.text};
  const size_t at = answer.text.find("MaxArraySize");
  const size_t equals = at == std::string::npos ? at : answer.text.find('=', at);
  if (equals == std::string::npos) return Error{"scontrol show config says no MaxArraySize"};
  return static_cast<size_t>(std::max(2L, std::strtol(answer.text.c_str() + equals + 1, nullptr, 10)));
}

// "Submitted" with --parsable: the number, and a cluster's name behind it where there are several.
Result<long> SubmitScript(const std::string& path, const std::string& options) {
  const Answer answer = Ask("sbatch --parsable " + options + sweep::ShellWord(path));
  // Warnings come before it.
  std::istringstream lines(answer.text);
  long job = 0;
  for (std::string line; std::getline(lines, line);)
    if (!line.empty() && std::isdigit(static_cast<unsigned char>(line[0])) != 0)
      job = std::strtol(line.c_str(), nullptr, 10);
  if (answer.code != 0 || job <= 0) return Error{path + " was not taken by sbatch: " + answer.text};
  return job;
}

struct Submitted {
  long job = 0;
  size_t first = 0;
};
// Arrays of this sweep; `reports`, unless null: the jobs that wait to report.
std::vector<Submitted> ReadSubmitted(const std::string& folder, std::vector<long>* reports = nullptr) {
  std::vector<Submitted> out;
  const auto lines = store::ReadLines(sweep::SweepPaths(folder).slurm + "/jobs.jsonl");
  if (!lines) return out;
  for (const std::string& line : lines.value()) {
    const Result<Json> json = ParseJson(line, "jobs.jsonl");
    if (!json || !json.value().is_object()) continue;
    if (reports != nullptr && json.value().contains("report")) reports->push_back(json.value()["report"].get<long>());
    if (!json.value().contains("job") || !json.value().contains("first")) continue;
    out.push_back({json.value()["job"].get<long>(), json.value()["first"].get<size_t>()});
  }
  return out;
}

}  // namespace

bool HasSlurm() { return Ask("sbatch --version").code == 0; }

std::map<size_t, std::string> Queued(const std::string& folder) {
  std::map<size_t, std::string> out;
  std::map<long, size_t> first;
  for (const Submitted& one : ReadSubmitted(folder)) first[one.job] = one.first;
  if (first.empty()) return out;
  const Answer answer = Ask("squeue -h -r -o '%F|%K|%T|%r|%N'");
  if (answer.code != 0) return out;
  std::istringstream lines(answer.text);
  for (std::string line; std::getline(lines, line);) {
    std::vector<std::string> fields;
    std::istringstream parts(line);
    for (std::string field; std::getline(parts, field, '|');) fields.push_back(field);
    fields.resize(5);
    const auto job = first.find(std::strtol(fields[0].c_str(), nullptr, 10));
    if (job == first.end() || fields[1].empty() || std::isdigit(static_cast<unsigned char>(fields[1][0])) == 0)
      continue;
    const size_t number = job->second + static_cast<size_t>(std::strtol(fields[1].c_str(), nullptr, 10));
    std::string& text = out[number];
    if (fields[2] == "PENDING")
      text = "queued (" + fields[3] + ")";
    else if (fields[2] == "RUNNING")
      text = "on " + fields[4];
    else
      text = fields[2];
  }
  return out;
}

namespace {

Status Note(const std::string& folder, const Json& json) {
  Result<AppendFile> opened = AppendFile::Open(sweep::SweepPaths(folder).slurm + "/jobs.jsonl");
  if (!opened) return opened.error();
  AppendFile jobs = std::move(opened).value();
  return jobs.Append(OneLine(json) + "\n");
}

Result<long> SubmitArray(const std::string& folder, const sweep::SlurmArray& array) {
  const std::string script = sweep::SweepPaths(folder).slurm + "/array-" + std::to_string(array.first) + ".sh";
  if (Status written = WriteFileAtomically(script, array.script); !written) return written.error();
  Result<long> job = SubmitScript(script, "");
  if (!job) return job;
  Json json = Json::object();
  json["job"] = job.value();
  json["first"] = array.first;
  json["lines"] = array.lines;
  if (Status noted = Note(folder, json); !noted) return noted.error();
  PrintNow("job " + std::to_string(job.value()) + ": lines " + sweep::RangesOf(array.lines) + "\n");
  return job;
}

// After all of these. One that waits already is of fewer runs, and goes.
Status SubmitReport(const sweep::SlurmOrder& order, const std::set<long>& waited) {
  const sweep::SweepPaths paths(order.folder);
  std::vector<long> before;
  (void)ReadSubmitted(order.folder, &before);
  for (const long report : before) (void)Ask("scancel --state=PENDING " + std::to_string(report));
  const std::string script = paths.slurm + "/report.sh";
  if (Status written = WriteFileAtomically(script, sweep::ReportScript(order)); !written) return written;
  std::string after = "--dependency=afterany";
  for (const long job : waited) after += ":" + std::to_string(job);
  const Result<long> report = SubmitScript(script, after + " ");
  if (!report) return report.error();
  Json json = Json::object();
  json["report"] = report.value();
  PrintNow("job " + std::to_string(report.value()) + ": the report, when all have ended; " + paths.report +
           "/report.html\n");
  return Note(order.folder, json);
}

}  // namespace

Status Submit(sweep::SlurmOrder order) {
  const Result<size_t> size = ArraySize();
  if (!size) return size.error();
  order.array_size = size.value();
  const std::map<size_t, std::string> queued = Queued(order.folder);
  order.lines.erase(
      std::remove_if(order.lines.begin(), order.lines.end(), [&](size_t line) { return queued.count(line) > 0; }),
      order.lines.end());
  if (!queued.empty()) PrintNow(std::to_string(queued.size()) + " of its runs are in the queue already\n");
  if (order.lines.empty()) {
    PrintNow("nothing to submit\n");
    return {};
  }
  const Result<std::vector<sweep::SlurmArray>> arrays = sweep::ArraysOf(order);
  if (!arrays) return arrays.error();
  const std::string folder = sweep::SweepPaths(order.folder).slurm;
  std::error_code error;
  fs::create_directories(folder, error);  // a missing folder for its output fails a job in silence
  if (error) return Error{folder + ": cannot be made: " + error.message()};
  std::set<long> waited;  // those of before that still have runs in the queue as well
  for (const Submitted& one : ReadSubmitted(order.folder))
    for (const auto& [line, text] : queued)
      if (line / order.array_size * order.array_size == one.first) waited.insert(one.job);
  for (const sweep::SlurmArray& array : arrays.value()) {
    const Result<long> job = SubmitArray(order.folder, array);
    if (!job) return job.error();
    waited.insert(job.value());
  }
  return SubmitReport(order, waited);
}

}  // namespace equipoise::app
