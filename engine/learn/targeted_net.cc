#include "engine/learn/targeted_net.h"

#include <algorithm>

namespace equipoise::learn {

TargetedNet::TargetedNet(const nets::MlpSpec& shape, Stream& init)
    : spec(shape), net(nets::MakeMlp(shape, init)), target(net), adam(net.layout.total()) {}

void TargetedNet::EditInputs(int64_t at, int64_t count) {
  nets::ApplyEdits({{"w0", 0, at, count, 0.0f}}, &net, &adam);
  nets::ApplyEdits({{"w0", 0, at, count, 0.0f}}, &target, nullptr);
  spec.inputs += count;
}

void RescaleOutput(float ratio, nets::Parameters* net, nets::Adam* adam) {
  const nets::Layout& layout = net->layout;
  const int w = layout.Find("w_out"), b = layout.Find("b_out");
  for (const int i : {w, b})
    std::for_each(net->at(i), net->at(i) + layout[i].size(), [ratio](float& x) { x *= ratio; });
  if (adam == nullptr) return;
  const int64_t last = layout[w].offset;
  nets::ScaleMoments(0, last, ratio * ratio, adam);
  nets::ScaleMoments(last, layout.total() - last, ratio, adam);
}

void Save(const TargetedNet& net, const TargetedNames& names, ArchiveWriter& out) {
  out.Put(names.net, net.net.values);
  out.Put(names.target, net.target.values);
  net.adam.Save(out, names.adam);
}

void Load(const ArchiveReader& in, const TargetedNames& names, TargetedNet* net) {
  in.Get(names.net, net->net.values.data(), net->net.values.size());
  in.Get(names.target, net->target.values.data(), net->target.values.size());
  net->adam.Load(in, names.adam, net->net.layout.total());
}

}  // namespace equipoise::learn
