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

namespace equipoise::app {
namespace {

namespace fs = std::filesystem;

std::string Quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

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

// In a comment that sbatch reads. It takes %A and the like in file names for its own.
Result<std::string> InScript(const std::string& path) {
  for (const char c : {'"', '\\', '\n', '\r'})
    if (path.find(c) != std::string::npos)
      return Error{path + ": Slurm cannot take a folder with a quote, a backslash or a line break in its name"};
  std::string out;
  for (const char c : path) out += c == '%' ? std::string("%%") : std::string(1, c);
  return out;
}

std::string Head(const SlurmOrder& order, const std::string& name) {
  std::string head = "#!/bin/bash\n#SBATCH --job-name=" + name + "\n";
  if (!order.wishes.partition.empty()) head += "#SBATCH --partition=" + order.wishes.partition + "\n";
  for (const std::string& option : order.wishes.options) head += "#SBATCH " + option + "\n";
  return head;
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
  const Answer answer = Ask("sbatch --parsable " + options + Quoted(path));
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
std::vector<Submitted> ReadSubmitted(const std::string& folder) {
  std::vector<Submitted> out;
  const auto lines = store::ReadLines(sweep::SweepPaths(folder).slurm + "/jobs.jsonl");
  if (!lines) return out;
  for (const std::string& line : lines.value()) {
    const Result<Json> json = ParseJson(line, "jobs.jsonl");
    if (!json || !json.value().contains("job") || !json.value().contains("first")) continue;
    out.push_back({json.value()["job"].get<long>(), json.value()["first"].get<size_t>()});
  }
  return out;
}

}  // namespace

std::string RangesOf(const std::vector<size_t>& indices) {
  std::string out;
  for (size_t i = 0; i < indices.size();) {
    size_t end = i;
    while (end + 1 < indices.size() && indices[end + 1] == indices[end] + 1) ++end;
    out += (out.empty() ? "" : ",") + std::to_string(indices[i]);
    if (end > i) out += "-" + std::to_string(indices[end]);
    i = end + 1;
  }
  return out;
}

Result<std::vector<SlurmArray>> ArraysOf(const SlurmOrder& order) {
  const Result<std::string> output = InScript(sweep::SweepPaths(order.folder).slurm);
  if (!output) return output.error();
  std::vector<SlurmArray> arrays;
  for (const size_t line : order.lines) {
    const size_t first = line / order.array_size * order.array_size;
    if (arrays.empty() || arrays.back().first != first) arrays.push_back({first, {}, ""});
    arrays.back().lines.push_back(line);
  }
  for (SlurmArray& array : arrays) {
    std::vector<size_t> indices;
    for (const size_t line : array.lines) indices.push_back(line - array.first);
    const std::string at_once = order.wishes.at_once > 0 ? "%" + std::to_string(order.wishes.at_once) : "";
    array.script =
        Head(order, order.name) + "#SBATCH --ntasks=1\n#SBATCH --cpus-per-task=" + std::to_string(order.wishes.cpus) +
        "\n#SBATCH --mem=" + order.wishes.mem + "\n#SBATCH --time=" + order.wishes.time +
        "\n#SBATCH --signal=TERM@120\n#SBATCH --array=" + RangesOf(indices) + at_once +
        "\n#SBATCH --requeue\n#SBATCH --open-mode=append\n#SBATCH --output=\"" + output.value() + "/%A_%a.txt\"\n" +
        "# Element k runs line " + std::to_string(array.first) + " + k of manifest.jsonl.\n" +
        "export OMP_NUM_THREADS=$SLURM_CPUS_PER_TASK OPENBLAS_NUM_THREADS=1\n" + "line=$((" +
        std::to_string(array.first) + " + SLURM_ARRAY_TASK_ID))\n" + "srun --mpi=none " + Quoted(order.program) +
        " sweep " + Quoted(order.folder) + " --line \"$line\"\ncode=$?\n" +
        "# 75: asked to stop, everything written. Under its array's number: the last element has the array's own.\n" +
        "if [ $code = 75 ] && [ \"${SLURM_RESTART_COUNT:-0}\" -lt 5 ]; then\n" +
        "  scontrol requeue \"${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}\" && sleep 30\nfi\nexit $code\n";
  }
  return arrays;
}

std::string ReportScript(const SlurmOrder& order) {
  const Result<std::string> output = InScript(sweep::SweepPaths(order.folder).slurm);
  return Head(order, order.name + "-report") + "#SBATCH --ntasks=1\n#SBATCH --mem=" + order.wishes.mem +
         "\n#SBATCH --time=01:00:00\n#SBATCH --output=\"" + (output ? output.value() : "") + "/report-%j.txt\"\n" +
         Quoted(order.program) + " report " + Quoted(order.folder) + " --overwrite\n";
}

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

Status Submit(SlurmOrder order) {
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
  const Result<std::vector<SlurmArray>> arrays = ArraysOf(order);
  if (!arrays) return arrays.error();
  const sweep::SweepPaths paths(order.folder);
  std::error_code error;
  fs::create_directories(paths.slurm, error);  // a missing folder for its output fails a job in silence
  if (error) return Error{paths.slurm + ": cannot be made: " + error.message()};
  std::string after = "--dependency=afterany";
  // Those of before are waited for as well.
  std::set<long> waited;
  for (const Submitted& one : ReadSubmitted(order.folder))
    for (const auto& [line, text] : queued)
      if (line / order.array_size * order.array_size == one.first) waited.insert(one.job);
  for (const SlurmArray& array : arrays.value()) {
    const std::string script = paths.slurm + "/array-" + std::to_string(array.first) + ".sh";
    if (Status written = WriteFileAtomically(script, array.script); !written) return written;
    const Result<long> job = SubmitScript(script, "");
    if (!job) return job.error();
    Json json = Json::object();
    json["job"] = job.value();
    json["first"] = array.first;
    json["lines"] = array.lines;
    Result<AppendFile> opened = AppendFile::Open(paths.slurm + "/jobs.jsonl");
    if (!opened) return opened.error();
    AppendFile jobs = std::move(opened).value();
    if (Status written = jobs.Append(OneLine(json) + "\n"); !written) return written;
    waited.insert(job.value());
    PrintNow("job " + std::to_string(job.value()) + ": lines " + RangesOf(array.lines) + "\n");
  }
  for (const long job : waited) after += ":" + std::to_string(job);
  const std::string script = paths.slurm + "/report.sh";
  if (Status written = WriteFileAtomically(script, ReportScript(order)); !written) return written;
  const Result<long> report = SubmitScript(script, after + " ");
  if (!report) return report.error();
  PrintNow("job " + std::to_string(report.value()) + ": the report, when all have ended; " + paths.report +
           "/report.html\n");
  return {};
}

}  // namespace equipoise::app
