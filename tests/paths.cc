#include "tests/paths.h"

namespace equipoise::tests {

const std::string& SourceFolder() {
  static const std::string folder = EQUIPOISE_SOURCE_DIR;
  return folder;
}

const std::string& FixtureFolder() {
  static const std::string folder = EQUIPOISE_SOURCE_DIR "/tests/fixtures";
  return folder;
}

const std::string& Program() {
  static const std::string program = EQUIPOISE_BINARY_DIR "/equipoise";
  return program;
}

}  // namespace equipoise::tests
