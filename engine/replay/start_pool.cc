#include "engine/replay/start_pool.h"

#include <algorithm>

namespace equipoise::learn {

void StartPool::Fill(int64_t count, const env::Distractors* distractors, Stream& stream, Stream& phases,
                     float* out) const {
  const int64_t extra = distractors != nullptr ? distractors->size() : 0;
  for (int64_t k = 0; k < count; ++k) {
    float* row = out + k * (width_ + extra);
    std::copy_n(states_.data() + static_cast<int64_t>(stream.Below(static_cast<uint32_t>(size()))) * width_, width_,
                row);
    if (distractors != nullptr) distractors->Values(distractors->DrawPhases(phases).data(), 0, row + width_);
  }
}

}  // namespace equipoise::learn
