#include "tests/bench/table.h"

#include <dlfcn.h>
#include <torch/version.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <thread>

namespace equipoise::bench {
namespace {

std::vector<Row>& Rows() {
  static std::vector<Row> rows;
  return rows;
}

std::string Text(double seconds) {
  char text[32];
  if (seconds >= 1)
    std::snprintf(text, sizeof(text), "%.2f s", seconds);
  else if (seconds >= 1e-3)
    std::snprintf(text, sizeof(text), "%.2f ms", 1e3 * seconds);
  else
    std::snprintf(text, sizeof(text), "%.2f us", 1e6 * seconds);
  return text;
}

std::string Number(const char* format, double value) {
  if (!std::isfinite(value)) return "";
  char text[32];
  std::snprintf(text, sizeof(text), format, value);
  return text;
}

std::string Processor() {
  std::ifstream in("/proc/cpuinfo");
  for (std::string line; std::getline(in, line);)
    if (line.rfind("model name", 0) == 0) return line.substr(line.find(':') + 2);
  return "unknown processor";
}

// Why a benchmark gave no time; "" when it gave one. Google Benchmark renamed both fields in 1.8.
template <typename Run>
auto WhyNoTime(const Run& run, int) -> decltype(run.error_message) {
  return run.error_occurred ? "failed: " + run.error_message : "";
}
template <typename Run>
auto WhyNoTime(const Run& run, long) -> decltype(run.skip_message) {
  return run.skipped ? "skipped: " + run.skip_message : "";
}

}  // namespace

void Table::Add(Row row) { Rows().push_back(std::move(row)); }

bool Table::ReportContext(const Context&) {
  std::cout << MachineLine() << std::endl;
  return true;
}

void Table::ReportRuns(const std::vector<Run>& runs) {
  for (const Run& run : runs) {
    if (run.run_type != Run::RT_Iteration) continue;
    const std::string& name = run.run_name.function_name;
    if (const std::string why = WhyNoTime(run, 0); !why.empty()) {
      std::cerr << name << ": " << why << "\n";
      continue;
    }
    double units = 1;
    const auto found = run.counters.find("units");  // of work in one iteration
    if (found != run.counters.end()) units = found->second.value;
    const double seconds = cpu_time_ ? run.cpu_accumulated_time : run.real_accumulated_time;
    times_[name].seconds.push_back(seconds / static_cast<double>(run.iterations) / units);
    for (const auto& [counter, value] : run.counters) times_[name].counters[counter] = value.value;
  }
  if (!runs.empty()) std::cerr << "." << std::flush;
}

double Table::Time(const std::string& name) const {
  const auto found = times_.find(name);
  if (found == times_.end() || found->second.seconds.empty()) return std::nan("");
  std::vector<double> v = found->second.seconds;
  std::sort(v.begin(), v.end());
  if (least_) return v.front();
  const size_t half = v.size() / 2;
  return v.size() % 2 == 1 ? v[half] : (v[half - 1] + v[half]) / 2;
}

double Table::SgemmPeak(int threads) const {
  double peak = std::nan("");
  for (const auto& [name, times] : times_) {
    const auto flop = times.counters.find("sgemm_flop");
    if (flop == times.counters.end() || times.counters.at("threads") != threads) continue;
    const double rate = flop->second / Time(name);
    if (!(rate < peak)) peak = rate;
  }
  return peak;
}

void Table::Print() const {
  const double one = SgemmPeak(1), two = SgemmPeak(2);
  std::cerr << "\n";
  std::printf("sgemm peak: %s GFLOP/s on one core, %s on two\n\n", Number("%.0f", one / 1e9).c_str(),
              Number("%.0f", two / 1e9).c_str());
  if (cpu_time_) std::printf("Seconds are processor time.\n\n");
  if (least_) std::printf("Of every benchmark the quickest repetition.\n\n");
  std::printf("| what | ours | against | ratio | bar | GFLOP/s | of sgemm peak |\n|---|---|---|---|---|---|---|\n");
  for (const Row& row : Rows()) {
    const double ours = Time(row.ours), against = Time(row.against);
    if (!std::isfinite(ours) || (cpu_time_ && row.threads > 1)) continue;
    const double rate = row.flop > 0 ? row.flop / ours : std::nan(""), ratio = against / ours;
    std::string bar = row.bar > 0 ? Number("%.2f", row.bar) : "";
    if (row.bar > 0 && std::isfinite(ratio)) bar += ratio >= row.bar ? " met" : " missed";
    const double share = rate / (row.threads == 1 ? one : two);
    std::string of_peak = Number("%.0f %%", 100 * share);
    if (row.flop_bar > 0 && std::isfinite(share))
      of_peak += Number(" (bar %.0f %%", 100 * row.flop_bar) + (share >= row.flop_bar ? ", met)" : ", missed)");
    std::printf("| %s | %s | %s | %s | %s | %s | %s |\n", row.what.c_str(), Text(ours).c_str(),
                std::isfinite(against) ? Text(against).c_str() : "", Number("%.2f", ratio).c_str(), bar.c_str(),
                Number("%.0f", rate / 1e9).c_str(), of_peak.c_str());
  }
  // What a benchmark measured of itself besides its time.
  for (const auto& [name, times] : times_)
    for (const auto& [counter, value] : times.counters)
      if (counter != "units" && counter != "threads" && counter != "sgemm_flop")
        std::printf("%s: %s = %.4g\n", name.c_str(), counter.c_str(), value);
  std::fflush(stdout);
}

std::string MachineLine() {
  double load[1] = {0};
  if (::getloadavg(load, 1) != 1) load[0] = std::nan("");
  using Config = const char* (*)();
  const auto core = reinterpret_cast<Config>(dlsym(RTLD_DEFAULT, "openblas_get_corename"));
  char text[512];
  std::snprintf(text, sizeof(text), "%s, %u cores, load %.1f before; OpenBLAS kernels %s; LibTorch %s; %s",
                Processor().c_str(), std::thread::hardware_concurrency(), load[0], core != nullptr ? core() : "unknown",
                TORCH_VERSION, load[0] > 0.5 ? "NOT a quiet machine: times are noise" : "quiet");
  return text;
}

}  // namespace equipoise::bench
