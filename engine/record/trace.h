// trace.h: the newest executed episode in a checkpoint, so that a run opened later has something true to show at once.
#pragma once

#include <memory>

#include "engine/base/archive.h"
#include "engine/record/snapshot.h"

namespace equipoise::run {

void SaveTrace(const EpisodeTrace& trace, ArchiveWriter& out);
// Null when the archive holds none.
std::shared_ptr<const EpisodeTrace> LoadTrace(const ArchiveReader& in);

}  // namespace equipoise::run
