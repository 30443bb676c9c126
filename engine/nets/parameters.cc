#include "engine/nets/parameters.h"

#include <algorithm>
#include <cmath>

#include "engine/base/check.h"
#include "engine/nets/kernels/kernels.h"

namespace equipoise::nets {

int Layout::Add(const std::string& name, int64_t rows, int64_t cols) {
  blocks_.push_back({name, rows, cols, total_});
  total_ += rows * cols;
  return size() - 1;
}

int Layout::Find(const std::string& name) const {
  for (int i = 0; i < size(); ++i)
    if (blocks_[static_cast<size_t>(i)].name == name) return i;
  return -1;
}

void Parameters::FillUniform(int block, double bound, Stream& stream) {
  float* p = at(block);
  for (int64_t i = 0; i < layout[block].size(); ++i) p[i] = static_cast<float>(stream.Uniform(-bound, bound));
}

void Parameters::Fill(int block, float value) { std::fill(at(block), at(block) + layout[block].size(), value); }

bool Parameters::finite() const {
  return std::all_of(values.begin(), values.end(), [](float x) { return std::isfinite(x); });
}

Adam::Outcome Adam::Step(std::vector<float>& parameters, const std::vector<float>& gradient, double lr, double clip) {
  EQ_CHECK(parameters.size() == m.size() && gradient.size() == m.size(), "Adam state of another network");
  Outcome outcome;
  const auto n = static_cast<int64_t>(m.size());
  outcome.norm = std::sqrt(SumOfSquares(n, gradient.data()));
  if (!std::isfinite(outcome.norm)) return outcome;
  outcome.clipped = clip > 0 && outcome.norm > clip;
  const double scale = outcome.clipped ? clip / outcome.norm : 1.0;
  // Its square would overflow the second moment, and an infinite moment freezes its weight for ever.
  if (outcome.norm * scale > 1e18) return outcome;
  ++steps;
  constexpr double kBeta1 = 0.9, kBeta2 = 0.999;
  const auto t = static_cast<double>(steps);
  AdamStep(n, parameters.data(), gradient.data(), m.data(), v.data(), static_cast<float>(scale), static_cast<float>(lr),
           static_cast<float>(kBeta1), static_cast<float>(kBeta2), static_cast<float>(epsilon),
           1.0 - std::pow(kBeta1, t), 1.0 - std::pow(kBeta2, t));
  outcome.applied = true;
  return outcome;
}

void Adam::Save(ArchiveWriter& out, const std::string& name) const {
  out.Put(name + ".m", m);
  out.Put(name + ".v", v);
  out.Put(name + ".steps", steps);
  if (rate != 1.0) out.Put(name + ".rate", rate);
}

void Adam::Load(const ArchiveReader& in, const std::string& name, int64_t size) {
  m.resize(static_cast<size_t>(size));
  v.resize(static_cast<size_t>(size));
  in.Get(name + ".m", m.data(), m.size());
  in.Get(name + ".v", v.data(), v.size());
  steps = in.Int(name + ".steps");
  rate = in.Has(name + ".rate") ? in.Real(name + ".rate") : 1.0;
}

namespace {

enum class Padding { kFill, kZero, kMean };

// One block's new contents after an edit.
std::vector<float> Edited(const Block& block, const float* old, const Edit& edit, Padding padding) {
  const int64_t rows = block.rows + (edit.axis == 0 ? edit.count : 0);
  const int64_t cols = block.cols + (edit.axis == 1 ? edit.count : 0);
  const int64_t inserted = std::max<int64_t>(edit.count, 0), removed = std::max<int64_t>(-edit.count, 0);
  std::vector<float> out(static_cast<size_t>(rows * cols));
  for (int64_t r = 0; r < rows; ++r) {
    for (int64_t c = 0; c < cols; ++c) {
      const int64_t along = edit.axis == 0 ? r : c;
      float value = 0.0f;
      if (along >= edit.at && along < edit.at + inserted) {
        if (padding == Padding::kFill) value = edit.fill;
        if (padding == Padding::kMean) {
          double sum = 0;
          const int64_t n = edit.axis == 0 ? block.rows : block.cols;
          for (int64_t k = 0; k < n; ++k) sum += edit.axis == 0 ? old[k * block.cols + c] : old[r * block.cols + k];
          value = static_cast<float>(sum / static_cast<double>(n));
        }
      } else {
        const int64_t source = along < edit.at ? along : along - inserted + removed;
        value = edit.axis == 0 ? old[source * block.cols + c] : old[r * block.cols + source];
      }
      out[static_cast<size_t>(r * cols + c)] = value;
    }
  }
  return out;
}

// The flat array `old`, laid out as `layout`, after one edit of block `index`.
std::vector<float> EditedArray(const Layout& layout, const std::vector<float>& old, int index, const Edit& edit,
                               Padding padding) {
  const Block& block = layout[index];
  std::vector<float> out(old.begin(), old.begin() + block.offset);
  const auto middle = Edited(block, old.data() + block.offset, edit, padding);
  out.insert(out.end(), middle.begin(), middle.end());
  out.insert(out.end(), old.begin() + block.offset + block.size(), old.end());
  return out;
}

}  // namespace

void ApplyEdits(const std::vector<Edit>& edits, Parameters* parameters, Adam* adam) {
  for (const Edit& edit : edits) {
    const Layout& old = parameters->layout;
    const int index = old.Find(edit.block);
    EQ_CHECK(index >= 0, "no block " + edit.block);
    if (adam != nullptr) {
      adam->m = EditedArray(old, adam->m, index, edit, Padding::kZero);
      adam->v = EditedArray(old, adam->v, index, edit, Padding::kMean);
    }
    parameters->values = EditedArray(old, parameters->values, index, edit, Padding::kFill);
    Layout layout;
    for (int i = 0; i < old.size(); ++i) {
      const int64_t more = i == index ? edit.count : 0;
      layout.Add(old[i].name, old[i].rows + (edit.axis == 0 ? more : 0), old[i].cols + (edit.axis == 1 ? more : 0));
    }
    parameters->layout = layout;
  }
}

void ScaleMoments(int64_t first, int64_t count, float factor, Adam* adam) {
  const float square = factor * factor;
  for (auto i = static_cast<size_t>(first); i < static_cast<size_t>(first + count); ++i) {
    adam->m[i] *= factor;
    adam->v[i] *= square;
  }
}

}  // namespace equipoise::nets
