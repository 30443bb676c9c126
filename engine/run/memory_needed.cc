#include "engine/run/memory_needed.h"

#include <new>
#include <string>
#include <utility>

#include "engine/agent/trainer.h"
#include "engine/base/archive.h"
#include "engine/base/memory.h"
#include "engine/config/section.h"
#include "engine/run/engine_impl.h"

namespace equipoise::run {
namespace {

Error TooLarge(const config::Settings& settings, const std::string& why) {
  const std::string large = LargeSettings(settings);
  return Error{why + (large.empty() ? "" : "; large here: " + large)};
}

}  // namespace

std::string LargeSettings(const config::Settings& settings) {
  const config::Settings usual = config::DefaultsOf(settings.run.agent);
  std::string text;
  for (const config::Section* section : config::SectionsOf(settings)) {
    if (section->central) continue;
    for (const config::Spec& spec : section->specs) {
      if (spec.type != config::Spec::Type::kInt) continue;
      const int now = std::get<int>(config::Get(settings, spec.key)),
                then = std::get<int>(config::Get(usual, spec.key));
      if (now <= then || now < 4 * then) continue;
      text += (text.empty() ? "" : ", ") + spec.key + " = " + std::to_string(now) + " (" + std::to_string(then) +
              " by default)";
    }
  }
  return text;
}

Status FitsInMemory(const config::Settings& settings) {
  auto task = TaskOf(settings);
  if (!task.ok()) return task.error();
  try {
    const Trainer trainer(settings, std::move(task).value(), {});
    ArchiveWriter out;
    trainer.Save(out);
    const auto state = static_cast<int64_t>(out.Finish().size());
    const MemoryLeft left = FindMemoryLeft();
    if (state > left.bytes)
      return TooLarge(settings, "a run with these settings takes more than " + BytesText(3 * state) +
                                    " of memory, and " + left.limit + " leaves " + BytesText(left.bytes + 2 * state));
  } catch (const std::bad_alloc& error) {
    return TooLarge(settings, std::string("a run with these settings does not fit: ") + error.what());
  }
  return {};
}

}  // namespace equipoise::run
