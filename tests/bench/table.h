// table.h: what the benchmarks are compared by, and the reporter that makes one table of them.
//
// Every row names two benchmarks: ours and what it is measured against. Their repetitions are interleaved at random by
// Google Benchmark; the table shows medians, their ratio, the rate of arithmetic and its share of the largest rate that
// sgemm of the BLAS we link reached in the same run.
#pragma once

#include <benchmark/benchmark.h>

#include <map>
#include <string>
#include <vector>

namespace equipoise::bench {

struct Row {
  std::string what, ours, against;  // names of benchmarks; `against` empty: nothing to compare with
  double flop = 0;                  // floating-point operations of one unit of ours; 0: not counted
  double bar = 0;                   // the ratio that this row has to reach; 0: none is set
  int threads = 1;                  // of ours: its peak is so many cores'
  double flop_bar = 0;              // the share of that peak it has to reach
};

class Table : public benchmark::BenchmarkReporter {
 public:
  // `cpu_time`: seconds of processor time instead of the wall's. On a machine that does other work it is what one
  // thread takes; rows of several threads say nothing then and are left out.
  // `least`: the quickest repetition of each instead of the median.
  Table(bool cpu_time, bool least) : cpu_time_(cpu_time), least_(least) {}
  // Rows appear in the order in which they were added; those that were not run are left out.
  static void Add(Row row);

  bool ReportContext(const Context& context) override;
  void ReportRuns(const std::vector<Run>& runs) override;
  void Print() const;

 private:
  struct Times {
    std::vector<double> seconds;  // of one unit, by repetition
    std::map<std::string, double> counters;
  };
  double Time(const std::string& name) const;  // NaN when it was not run
  double SgemmPeak(int threads) const;         // floating-point operations a second

  bool cpu_time_, least_;
  std::map<std::string, Times> times_;
};

// One line for a reader: processor, cores, load, BLAS, LibTorch.
std::string MachineLine();

}  // namespace equipoise::bench
