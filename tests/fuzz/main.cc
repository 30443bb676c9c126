// main.cc: one of the targets under libFuzzer: FUZZ_TARGET is its name. With the option -seeds=FOLDER as the only one
// it writes what to begin with there.
#include <cstring>
#include <filesystem>
#include <fstream>

#include "tests/fuzz/targets.h"

#define FUZZ_JOIN_(a, b) a##b
#define FUZZ_JOIN(a, b) FUZZ_JOIN_(a, b)

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  constexpr char kSeeds[] = "-seeds=";
  if (*argc != 2 || std::strncmp((*argv)[1], kSeeds, sizeof kSeeds - 1) != 0) return 0;
  const std::filesystem::path folder = (*argv)[1] + sizeof kSeeds - 1;
  std::filesystem::create_directories(folder);
  int number = 0;
  for (const std::string& seed : equipoise::fuzz::FUZZ_JOIN(FUZZ_TARGET, Seeds)())
    std::ofstream(folder / ("seed-" + std::to_string(number++)), std::ios::binary) << seed;
  std::exit(0);
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  equipoise::fuzz::FUZZ_TARGET(std::string(reinterpret_cast<const char*>(data), size));
  return 0;
}
