// The benchmark program works: it measures a small part and prints its table. How fast that part is, no test says.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdio>
#include <filesystem>
#include <string>

#include "tests/paths.h"

namespace equipoise {
namespace {

TEST(Benchmark, MeasuresASmallPartAgainstTheReferencePath) {
  const std::string program = std::filesystem::path(tests::Program()).parent_path() / "tests" / "equipoise_bench";
  if (!std::filesystem::exists(program)) GTEST_SKIP() << "Google Benchmark is not installed";
  const std::string command = "'" + program +
                              "' --benchmark_repetitions=1 --benchmark_filter='sgemm/engine/256/1|^small sac/|^step "
                              "cartpole/' 2>/dev/null </dev/null";
  FILE* pipe = ::popen(command.c_str(), "r");
  ASSERT_NE(pipe, nullptr);
  std::string text;
  char block[4096];
  while (std::fgets(block, sizeof(block), pipe) != nullptr) text += block;
  const int status = ::pclose(pipe);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << text;
  for (const char* row :
       {"| what | ours | against | ratio |", "| SAC update, batch 16, 2 x 64, 1 thread | ",
        "| SAC update, batch 16, 2 x 64, 2 threads | ", "| one step of cartpole against bare mj_step | "})
    EXPECT_NE(text.find(row), std::string::npos) << "no row " << row << " in\n" << text;
  EXPECT_EQ(text.find("model fit"), std::string::npos) << "a row that was not asked for\n" << text;
}

}  // namespace
}  // namespace equipoise
