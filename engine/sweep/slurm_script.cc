#include "engine/sweep/slurm_script.h"

#include "engine/sweep/manifest.h"

namespace equipoise::sweep {
namespace {

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

}  // namespace

std::string ShellWord(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

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
  const Result<std::string> output = InScript(SweepPaths(order.folder).slurm);
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
        std::to_string(array.first) + " + SLURM_ARRAY_TASK_ID))\n" + "srun --mpi=none " + ShellWord(order.program) +
        " sweep " + ShellWord(order.folder) + " --line \"$line\"\ncode=$?\n" +
        "# 75: asked to stop, everything written. Under its array's number: the last element has the array's own.\n" +
        "if [ $code = 75 ] && [ \"${SLURM_RESTART_COUNT:-0}\" -lt 5 ]; then\n" +
        "  scontrol requeue \"${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}\" && sleep 30\nfi\nexit $code\n";
  }
  return arrays;
}

std::string ReportScript(const SlurmOrder& order) {
  const Result<std::string> output = InScript(SweepPaths(order.folder).slurm);
  return Head(order, order.name + "-report") + "#SBATCH --ntasks=1\n#SBATCH --mem=" + order.wishes.mem +
         "\n#SBATCH --time=01:00:00\n#SBATCH --output=\"" + (output ? output.value() : "") + "/report-%j.txt\"\n" +
         ShellWord(order.program) + " report " + ShellWord(order.folder) + " --overwrite\n";
}

}  // namespace equipoise::sweep
