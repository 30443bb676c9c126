// parameters.h: all weights of a network in one flat float32 array, described by named blocks; and Adam on such an
// array.
//
// Blocks are matrices [rows = inputs, cols = outputs] or rows [1, cols], one after the other without gaps, so that a
// network, its gradient and its two Adam moments are four arrays of one length, copied and saved as wholes.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/archive.h"
#include "engine/base/random.h"

namespace equipoise::nets {

struct Block {
  std::string name;
  int64_t rows = 0, cols = 0, offset = 0;
  int64_t size() const { return rows * cols; }
};

class Layout {
 public:
  // Returns the block's index.
  int Add(const std::string& name, int64_t rows, int64_t cols);
  const Block& operator[](int i) const { return blocks_[static_cast<size_t>(i)]; }
  int size() const { return static_cast<int>(blocks_.size()); }
  int64_t total() const { return total_; }
  int Find(const std::string& name) const;  // -1 when absent

 private:
  std::vector<Block> blocks_;
  int64_t total_ = 0;
};

struct Parameters {
  Layout layout;
  std::vector<float> values;

  Parameters() = default;
  explicit Parameters(Layout l) : layout(std::move(l)), values(static_cast<size_t>(layout.total()), 0.0f) {}
  float* at(int block) { return values.data() + layout[block].offset; }
  const float* at(int block) const { return values.data() + layout[block].offset; }
  // Uniform in +-bound; PyTorch's default for linear layers is bound = 1/sqrt(fan_in).
  void FillUniform(int block, double bound, Stream& stream);
  void Fill(int block, float value);
  bool finite() const;
};

// Adam (Kingma and Ba 2015) with bias correction; moments of one flat array.
class Adam {
 public:
  Adam() = default;
  explicit Adam(int64_t size) : m(static_cast<size_t>(size), 0.0f), v(static_cast<size_t>(size), 0.0f) {}

  struct Outcome {
    double norm = 0;  // of the gradient, before clipping
    bool clipped = false;
    bool applied = false;  // false: the gradient was not finite (or beyond 1e18) and nothing changed
  };
  // clip 0: no clipping.
  Outcome Step(std::vector<float>& parameters, const std::vector<float>& gradient, double lr, double clip);

  std::vector<float> m, v;
  int64_t steps = 0;
  double epsilon = 1e-8;  // beside the root of the second moment; its owner's, not saved
  double rate = 1.0;      // share of the step size that a guard left (guard.h); saved only where one had to act

  void Save(ArchiveWriter& out, const std::string& name) const;
  void Load(const ArchiveReader& in, const std::string& name, int64_t size);
};

// Inputs or outputs inserted into (or taken out of) one block: how a network follows a wider or narrower observation.
struct Edit {
  std::string block;
  int axis = 0;       // 0: rows (inputs), 1: columns (outputs)
  int64_t at = 0;     // where, in the old block
  int64_t count = 0;  // > 0 inserts so many, < 0 removes them
  float fill = 0.0f;  // value of inserted weights
};

// Applies the edits in order to parameters and, when not null, moments. Inserted first moments are 0; inserted second
// moments are the mean of the old entries along the edited axis (zero would make the first step three learning rates
// long, since the bias correction is spent). Steps are kept.
void ApplyEdits(const std::vector<Edit>& edits, Parameters* parameters, Adam* adam);

// The weights [first, first + count) are counted in other units from now on, in which every gradient is `factor` times
// what it was: the first moments follow by the factor, the second by its square.
void ScaleMoments(int64_t first, int64_t count, float factor, Adam* adam);

}  // namespace equipoise::nets
