// tiny_members.h: feed-forward models small enough to be asked everything, and the reference's view of them, in double.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "engine/model/aten/reference.h"
#include "engine/model/feedforward/feed_forward.h"
#include "engine/model/model_parts.h"
#include "engine/nets/variational.h"
#include "tests/engine/model/tiny_world.h"

namespace equipoise::test {

// What `info` makes for the tiny world, with the normaliser of `data` and all weights away from where they start.
template <class Model>
std::unique_ptr<Model> TinyMembers(const nets::PartInfo& info, const replay::EpisodeBuffer& data,
                                   const config::Settings& s, std::vector<int> wrapped = {},
                                   const model::ModelParts& parts = model::CpuParts()) {
  auto made = info.new_model({data.states(), data.actions(), std::move(wrapped), &parts}, s);
  std::unique_ptr<Model> model(dynamic_cast<Model*>(made.release()));
  Stream extra(9, "tiny.members");
  for (model::Member& member : model->members()) {
    std::vector<float> more(member.net.values.size());
    extra.Normal(more.data(), more.size());
    for (size_t i = 0; i < more.size(); ++i) member.net.values[i] += 0.15f * more[i];
  }
  model->Refit(data.Fit(), false);
  return model;
}

inline model::ReferenceMember ReferenceOf(const model::FeedForward& model, size_t e, at::Tensor flat = {}) {
  const model::Member& member = model.members()[e];
  if (!flat.defined()) flat = Double(member.net.values);
  model::ReferenceMember out{model.spec().net(), model.spec().heads, nets::ReferenceBlocks(member.net.layout, flat),
                             at::Tensor(), at::Tensor()};
  if (out.heads == model::HeadKind::kBounded) {
    out.low = Double(member.bounds.at(0), {model.spec().outputs()});
    out.high = Double(member.bounds.at(1), {model.spec().outputs()});
  }
  return out;
}

inline model::ReferenceUnits UnitsOf(const model::FeedForward& model) {
  const replay::Normaliser& n = model.normaliser();
  return {model.states(), model.spec().wrapped, Double(n.x_mean), Double(n.x_sd), Double(n.y_mean), Double(n.y_sd)};
}

// What each belief rolls by: a member, or a draw of the weights of the only one.
inline std::vector<model::ReferenceMember> ReferencesOf(const model::FeedForward& model, const model::Belief& beliefs) {
  std::vector<model::ReferenceMember> out;
  for (size_t i = 0; i < static_cast<size_t>(beliefs.count); ++i) {
    if (!model.spec().rho) {
      out.push_back(ReferenceOf(model, static_cast<size_t>(beliefs.data[i])));
      continue;
    }
    const auto half = static_cast<int64_t>(model.members()[0].net.values.size()) / 2;
    std::vector<float> eps(static_cast<size_t>(half));
    Stream(0, "bayes.draw", static_cast<uint64_t>(beliefs.data[2 * i]), static_cast<uint64_t>(beliefs.data[2 * i + 1]))
        .Normal(eps.data(), eps.size());
    const at::Tensor flat = Double(model.members()[0].net.values);
    const at::Tensor drawn = flat.narrow(0, 0, half) + at::softplus(flat.narrow(0, half, half)) * Double(eps);
    out.push_back(ReferenceOf(model, 0, at::cat({drawn, flat.narrow(0, half, half)})));
  }
  return out;
}

// Row by row: which belief it rolls under, in each step. The reference multiplies every row by itself.
inline model::ReferenceNetwork RowByRow(std::vector<model::ReferenceMember> beliefs,
                                        std::vector<std::vector<size_t>> belief_of) {
  auto step = std::make_shared<size_t>(0);
  return [beliefs = std::move(beliefs), belief_of = std::move(belief_of), step](const at::Tensor& x) {
    const std::vector<size_t>& now = belief_of[(*step)++ % belief_of.size()];
    std::vector<at::Tensor> means, sds;
    for (size_t r = 0; r < now.size(); ++r) {
      const auto heads = model::ReferenceStep(beliefs[now[r]], x.narrow(0, static_cast<int64_t>(r), 1));
      means.push_back(heads.mean);
      sds.push_back(heads.sd);
    }
    return model::ReferenceHeads{at::cat(means), at::cat(sds)};
  };
}

// Of a model whose beliefs can be counted: belief_of are indices of them.
inline model::ReferenceNetwork RowByRow(const model::FeedForward& model, std::vector<std::vector<size_t>> belief_of) {
  model::Belief all;
  for (int64_t i = 0; i < model.beliefs_limit(); ++i) all.Append(model.Nth(i));
  return RowByRow(ReferencesOf(model, all), std::move(belief_of));
}

}  // namespace equipoise::test
