#include "engine/model/aten/world.h"

#include <ATen/ATen.h>

#include "engine/base/check.h"
#include "engine/base/interrupt.h"
#include "engine/nets/aten/parts.h"

namespace equipoise::model {
namespace {

using nets::ToDevice;

ReferenceUnits UnitsOf(const WorldModel& model, std::vector<int> wrapped, const at::Device& device) {
  const replay::Normaliser& n = model.normaliser();
  return {model.states(),           std::move(wrapped),         ToDevice(n.x_mean, device),
          ToDevice(n.x_sd, device), ToDevice(n.y_mean, device), ToDevice(n.y_sd, device)};
}

class LstmWorld final : public AtenWorld {
 public:
  LstmWorld(const DropoutLstm& lstm, const at::Device& device)
      : AtenWorld(UnitsOf(lstm, lstm.spec().wrapped, device)), device_(device) {
    model_.spec = lstm.spec();
    model_.blocks = nets::ReferenceBlocks(lstm.parameters().layout, ToDevice(lstm.parameters().values, device));
  }

  ReferenceNetwork Begin(int64_t rows, const Belief& beliefs, const float* carry) override {
    const int64_t H = model_.spec.hidden;
    auto state = std::make_shared<ReferenceCarry>(ReferenceStart(model_, rows));
    if (carry != nullptr) {
      const at::Tensor both = ToDevice(carry, {rows, 2 * H}, device_);
      *state = {both.narrow(1, 0, H), both.narrow(1, H, H)};
    }
    const at::Tensor masks = MasksOf(beliefs, H, rows, device_);
    return [this, state, masks](const at::Tensor& x) { return ReferenceStep(model_, x, masks, state.get()); };
  }

 private:
  at::Device device_;
  ReferenceModel model_;
};

class FeedForwardWorld final : public AtenWorld {
 public:
  FeedForwardWorld(const FeedForward& model, const at::Device& device)
      : AtenWorld(UnitsOf(model, model.spec().wrapped, device)), model_(model), device_(device) {}

  ReferenceNetwork Begin(int64_t rows, const Belief& beliefs, const float*) override {
    struct Part {
      ReferenceMember member;
      std::vector<int64_t> rows;
      at::Tensor index;
    };
    const NetGroups groups = model_.Group(beliefs);
    auto parts = std::make_shared<std::vector<Part>>(groups.nets.size());
    for (int64_t r = 0; r < rows; ++r)
      (*parts)[static_cast<size_t>(groups.of_belief[static_cast<size_t>(r % beliefs.count)])].rows.push_back(r);
    std::vector<int64_t> back(static_cast<size_t>(rows));
    int64_t next = 0;
    for (size_t g = 0; g < parts->size(); ++g) {
      Part& part = (*parts)[g];
      part.member = MemberOf(*groups.nets[g], groups.heads[g]);
      part.index = at::tensor(part.rows, at::kLong).to(device_);
      for (const int64_t r : part.rows) back[static_cast<size_t>(r)] = next++;
    }
    const at::Tensor order = at::tensor(back, at::kLong).to(device_);
    return [parts, order](const at::Tensor& x) {
      PollInterrupt();
      if (parts->size() == 1) return ReferenceStep(parts->front().member, x);
      std::vector<at::Tensor> means, sds;
      for (const Part& part : *parts) {
        const ReferenceHeads heads = ReferenceStep(part.member, x.index_select(0, part.index));
        means.push_back(heads.mean);
        sds.push_back(heads.sd);
      }
      return ReferenceHeads{at::cat(means).index_select(0, order), at::cat(sds).index_select(0, order)};
    };
  }

 private:
  ReferenceMember MemberOf(const nets::Parameters& net, const Heads& heads) const {
    ReferenceMember member{model_.spec().net(), heads.kind,
                           nets::ReferenceBlocks(net.layout, ToDevice(net.values, device_)), at::Tensor(),
                           at::Tensor()};
    if (heads.kind == HeadKind::kBounded) {
      member.low = ToDevice(heads.low, {heads.outputs()}, device_);
      member.high = ToDevice(heads.high, {heads.outputs()}, device_);
    }
    return member;
  }

  const FeedForward& model_;
  at::Device device_;
};

}  // namespace

std::unique_ptr<AtenWorld> NewAtenWorld(const WorldModel& model, const at::Device& device) {
  if (const auto* lstm = dynamic_cast<const DropoutLstm*>(&model)) return std::make_unique<LstmWorld>(*lstm, device);
  const auto* layers = dynamic_cast<const FeedForward*>(&model);
  EQ_CHECK(layers != nullptr, "LibTorch does not know the model \"" + model.id() + "\"");
  return std::make_unique<FeedForwardWorld>(*layers, device);
}

at::Tensor MasksOf(const Belief& beliefs, int64_t hidden, int64_t rows, const at::Device& device) {
  const auto layers = static_cast<int64_t>(beliefs.data.size()) / (beliefs.count * hidden);
  at::Tensor all = ToDevice(beliefs.data.data(), {beliefs.count, layers, hidden}, device);
  if (rows == beliefs.count) return all;
  return all.index_select(0, at::arange(rows, all.options().dtype(at::kLong)).remainder(beliefs.count));
}

}  // namespace equipoise::model
