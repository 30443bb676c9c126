// targets.h: whatever bytes somebody puts into a file, reading it gives a value or an error: no crash, no hang, no
// memory out of proportion. Each function takes one input of any bytes.
//
// tests/long/fuzz.sh runs them under libFuzzer, guided by what the code has not done yet; fuzz_test.cc in the suite, by
// the same seeds with a few thousand blind changes.
//
// Thread   one
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace equipoise::fuzz {

void Configuration(const std::string& bytes);  // a TOML file, a run's settings in JSON, a schedule
void Checkpoint(const std::string& bytes);     // an archive without its checksum, loaded into a trainer
void RunLog(const std::string& bytes);         // episodes.jsonl, events.jsonl, what was accepted, run.json, the index
void TaskFile(const std::string& bytes);       // a task's table, its model behind it, and three steps of it
void WindowState(const std::string& bytes);    // window.ini and the file of keys; only where the window is built

// Well formed inputs to begin with, of files that the project has or of runs made here.
std::vector<std::string> ConfigurationSeeds();
std::vector<std::string> CheckpointSeeds();
std::vector<std::string> RunLogSeeds();
std::vector<std::string> TaskFileSeeds();
std::vector<std::string> WindowStateSeeds();

}  // namespace equipoise::fuzz
