#include "engine/run/roll_back.h"

#include <utility>

#include "engine/config/config_file.h"
#include "engine/store/kept_checkpoints.h"
#include "engine/store/replay_file.h"

namespace equipoise::run {

Result<RollBackPlan> ReadRollBack(const store::RunFolder& folder, const std::string& checkpoint, int episodes) {
  const store::RunPaths& paths = folder.paths();
  auto bytes = store::ReadKept(paths, checkpoint);
  if (!bytes) return bytes.error();
  auto archive = ArchiveReader::Parse(std::move(bytes).value(), checkpoint);
  if (!archive) return archive.error();
  RollBackPlan plan;
  plan.checkpoint = checkpoint;
  plan.archive = std::move(archive).value();
  try {
    auto settings = config::FromJson(plan.archive.Text("settings"));
    if (!settings) return settings.error();
    plan.settings = settings.value();
    plan.settings.run.episodes = episodes;
    const auto sizes = store::LogSizes::Unpack(plan.archive.Ints("engine.log_sizes"));
    if (!sizes) return sizes.error();
    plan.sizes = sizes.value();
    if (const Status stands = folder.Stands(plan.sizes); !stands) return stands.error();
    auto blocks = store::ReplayFile::ReadAll(paths.replay, plan.archive.Int("trainer.block_bytes"),
                                             plan.archive.Int("trainer.episodes"));
    if (!blocks) return blocks.error();
    plan.blocks = std::move(blocks).value();
  } catch (const FormatError& error) {
    return Error{error.what()};
  }
  return plan;
}

std::string RollBackSentence(int next, int last, const std::string& aside) {
  const std::string from = std::to_string(next);
  std::string text = "You rolled back to before episode " + from + ".";
  if (last > next) text += " Episodes " + from + " to " + std::to_string(last) + " lie in " + aside + ".";
  if (last == next) text += " Episode " + from + " lies in " + aside + ".";
  return text;
}

}  // namespace equipoise::run
