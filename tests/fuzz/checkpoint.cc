#include <cstring>
#include <memory>

#include "engine/agent/trainer.h"
#include "engine/base/archive.h"
#include "engine/base/archive_finite.h"
#include "engine/base/checksum.h"
#include "engine/env/configured_task.h"
#include "engine/run/roll_back.h"
#include "tests/engine/agent/tiny_agent.h"
#include "tests/fuzz/targets.h"

namespace equipoise::fuzz {
namespace {

constexpr const char* kAgents[] = {"unified", "sac", "pets"};

struct Tiny {
  config::Settings settings;
  std::vector<std::string> blocks;
  std::string state;  // after its episodes
};

std::unique_ptr<run::Trainer> MakeTrainer(const config::Settings& settings) {
  return std::make_unique<run::Trainer>(settings, env::MakeTask(settings).value(), run::TrainerHooks());
}

Tiny Train(const std::string& agent) {
  Tiny tiny;
  tiny.settings = test::TinyAgent(agent);
  const auto trainer = MakeTrainer(tiny.settings);
  while (trainer->episodes_picked() < 2) trainer->NextEpisode();
  for (int64_t i = 0; i < trainer->data().size(); ++i) tiny.blocks.push_back(trainer->EpisodeBlock(i));
  ArchiveWriter out;
  trainer->Save(out);
  tiny.state = out.Finish();
  return tiny;
}

const std::vector<Tiny>& All() {
  static const std::vector<Tiny> all = [] {
    std::vector<Tiny> made;
    for (const char* agent : kAgents) made.push_back(Train(agent));
    return made;
  }();
  return all;
}

}  // namespace

// The first byte says whose it is.
void Checkpoint(const std::string& bytes) {
  if (bytes.empty()) return;
  const Tiny& tiny = All()[static_cast<unsigned char>(bytes[0]) % std::size(kAgents)];
  std::string archive = bytes.substr(1);
  const uint32_t check = Crc32(archive.data(), archive.size());
  archive.append(reinterpret_cast<const char*>(&check), sizeof check);
  const auto in = ArchiveReader::Parse(archive, "input");
  if (!in.ok()) return;
  // As whoever reads a checkpoint does, before anything is loaded.
  if (!FirstNotFinite(archive).empty()) return;
  const auto trainer = MakeTrainer(tiny.settings);
  try {
    trainer->Load(in.value(), tiny.blocks);
  } catch (const FormatError&) {
    return;
  }
  ArchiveWriter out;
  trainer->Save(out);
}

std::vector<std::string> CheckpointSeeds() {
  std::vector<std::string> seeds;
  for (size_t i = 0; i < All().size(); ++i) {
    const std::string& state = All()[i].state;
    seeds.push_back(std::string(1, static_cast<char>(i)) + state.substr(0, state.size() - sizeof(uint32_t)));
  }
  return seeds;
}

}  // namespace equipoise::fuzz
