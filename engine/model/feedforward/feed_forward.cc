#include "engine/model/feedforward/feed_forward.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "engine/base/check.h"
#include "engine/model/feedforward/feed_forward_rollout.h"
#include "engine/model/model_parts.h"
#include "engine/nets/kernels/kernels.h"
#include "engine/nets/variational.h"

namespace equipoise::model {
namespace {

constexpr double kHalfLogTwoPi = 0.91893853320467274;
constexpr float kSure = -10;             // rho of weights that nothing is known of yet, so that what is known stays
constexpr float kResidualFloor = 1e-3f;  // of a spread, in sds of the data

nets::Layout BoundsLayout(const FeedForwardSpec& spec) {
  nets::Layout layout;
  if (spec.heads == HeadKind::kMeans) return layout;
  layout.Add("low", 1, spec.outputs());
  layout.Add("high", 1, spec.outputs());
  return layout;
}

Member NewMember(const FeedForwardSpec& spec, Stream& init) {
  Member member;
  member.net = spec.rho ? nets::MakeVariational(spec.net(), *spec.rho, init) : nets::MakeMlp(spec.net(), init);
  member.adam = nets::Adam(member.net.layout.total());
  member.bounds = nets::Parameters(BoundsLayout(spec));
  member.bounds_adam = nets::Adam(member.bounds.layout.total());
  if (spec.heads == HeadKind::kMeans) return member;
  member.bounds.Fill(0, static_cast<float>(spec.low));
  member.bounds.Fill(1, static_cast<float>(spec.high));
  return member;
}

// What RescaleInputs and RescaleMeans do to means, done to the spreads around them: to their squares where they are added
// up in a bias. That these then have a part in common is not kept.
void RescaleSpreads(const replay::Normaliser& before, const replay::Normaliser& now, nets::Parameters* net) {
  const nets::Layout& layout = net->layout;
  const int w0 = layout.Find("rho.w0") >= 0 ? layout.Find("rho.w0") : layout.Find("rho.w_out");
  float *rho = net->at(w0), *bias = net->at(w0 + 1);
  for (int64_t h = 0; h < layout[w0].cols; ++h) {
    const double own = nets::SpreadOf(bias[h]);
    double square = own * own;
    for (size_t j = 0; j < now.x_sd.size(); ++j) {
      float& weight = rho[static_cast<int64_t>(j) * layout[w0].cols + h];
      const double s = nets::SpreadOf(weight), shift = (now.x_mean[j] - before.x_mean[j]) / before.x_sd[j];
      square += s * s * shift * shift;
      weight = nets::RhoOf(s * now.x_sd[j] / before.x_sd[j]);
    }
    bias[h] = nets::RhoOf(std::sqrt(square));
  }
  const int w_out = layout.Find("rho.w_out");
  for (int64_t r = 0; r <= layout[w_out].rows; ++r)  // the last one is the bias
    for (size_t d = 0; d < now.y_sd.size(); ++d) {
      float& weight = net->at(w_out)[r * layout[w_out].cols + static_cast<int64_t>(d)];
      weight = nets::RhoOf(nets::SpreadOf(weight) * before.y_sd[d] / now.y_sd[d]);
    }
}

// The raw log-variance whose softly bounded one is 0, where the upper bound is above that.
float RawOfUnitSd(double high) { return static_cast<float>(high > 0 ? high - std::log(std::expm1(high)) : high); }

}  // namespace

nets::Activation ActivationOf(const std::string& name) {
  if (name == "relu") return nets::Activation::kRelu;
  if (name == "tanh") return nets::Activation::kTanh;
  EQ_CHECK(name == "swish", "no activation \"" + name + "\"");
  return nets::Activation::kSwish;
}

FeedForward::FeedForward(FeedForwardSpec spec, const std::string& id, uint64_t seed, const ModelParts& parts)
    : id_(id), spec_(std::move(spec)), used_(static_cast<size_t>(spec_.members)), parts_(&parts) {
  for (uint64_t e = 0; e < used_.size(); ++e) {
    Stream init(seed, "init." + id, e);
    members_.push_back(NewMember(spec_, init));
  }
  std::iota(used_.begin(), used_.end(), 0);
  residual_sd_.assign(static_cast<size_t>(spec_.outputs()), 1.0f);
}

Belief FeedForward::Draw(int64_t count, Stream& stream) const {
  Belief belief;
  belief.count = count;
  for (int64_t i = 0; i < count; ++i)
    belief.data.push_back(static_cast<float>(used_[stream.Below(static_cast<uint32_t>(used_.size()))]));
  return belief;
}

Heads FeedForward::HeadsOf(const Member& member) const {
  Heads heads{spec_.heads, spec_.states, nullptr, nullptr};
  if (spec_.heads == HeadKind::kBounded) {
    heads.low = member.bounds.at(0);
    heads.high = member.bounds.at(1);
  }
  return heads;
}

NetGroups FeedForward::Group(const Belief& beliefs) const {
  NetGroups groups;
  std::vector<int32_t> group_of(members_.size(), -1);
  for (const float index : beliefs.data) {
    const auto e = static_cast<size_t>(index);
    EQ_CHECK(e < members_.size(), "a belief of another model");
    if (group_of[e] < 0) {
      group_of[e] = static_cast<int32_t>(groups.nets.size());
      groups.nets.push_back(&members_[e].net);
      groups.heads.push_back(HeadsOf(members_[e]));
    }
    groups.of_belief.push_back(group_of[e]);
  }
  return groups;
}

std::unique_ptr<Rollout> FeedForward::NewRollout() const { return std::make_unique<FeedForwardRollout>(*this); }

std::unique_ptr<DeviceReturns> FeedForward::NewDeviceReturns(const nets::Policy& policy) const {
  return parts_->NewReturns(*this, policy);
}

std::vector<double> FeedForward::Nats(const std::vector<double>& sums, double rows) const {
  std::vector<double> nats;
  for (size_t j = 0; j < sums.size(); ++j) {
    const double mean = sums[j] / rows, sd = residual_sd_[j];
    nats.push_back(spec_.heads == HeadKind::kBounded ? 0.5 * mean + kHalfLogTwoPi
                                                     : 0.5 * mean / (sd * sd) + std::log(sd) + kHalfLogTwoPi);
  }
  return nats;
}

FeedForward::Nll FeedForward::Evaluate(const replay::EpisodeBuffer& data, int64_t episode, const Belief& beliefs,
                                       int64_t physics_states) const {
  const int64_t T = data.horizon();
  std::vector<float> x(static_cast<size_t>(T * spec_.inputs())), y(static_cast<size_t>(T * spec_.outputs()));
  data.Sequences({episode}, normaliser_, x.data(), y.data());
  const NetGroups groups = Group(beliefs);
  Nll nll;
  nll.by_output.resize(static_cast<size_t>(physics_states + 1), 0.0);
  for (size_t g = 0; g < groups.nets.size(); ++g) {
    nets::MlpPass pass;
    pass.Resize(spec_.net(), T, false);
    pass.Evaluate(*groups.nets[g], x.data(), 0, T);
    std::vector<double> sums(static_cast<size_t>(spec_.outputs()), 0.0);
    groups.heads[g].Sums(T, pass.output(0), y.data(), sums.data());
    const std::vector<double> nats = Nats(sums, static_cast<double>(T));
    const auto share = static_cast<double>(std::count(groups.of_belief.begin(), groups.of_belief.end(), g)) /
                       static_cast<double>(beliefs.count);
    for (int64_t j = 0; j < spec_.outputs(); ++j) {
      const bool physics = j < physics_states || j == spec_.states;
      (physics ? nll.physics : nll.distractors) += share * nats[static_cast<size_t>(j)];
      if (physics)
        nll.by_output[static_cast<size_t>(std::min(j, physics_states))] += share * nats[static_cast<size_t>(j)];
    }
  }
  return nll;
}

Belief FeedForward::AllInUse() const {
  Belief all;
  for (int64_t i = 0; i < static_cast<int64_t>(used_.size()); ++i) all.Append(FeedForward::Nth(i));
  return all;
}

FeedForward::Measured FeedForward::Measure(const replay::EpisodeBuffer& data, int64_t episode,
                                           const Belief& beliefs) const {
  const int64_t T = data.horizon();
  std::vector<float> x(static_cast<size_t>(T * spec_.inputs())), y(static_cast<size_t>(T * spec_.outputs()));
  data.Sequences({episode}, normaliser_, x.data(), y.data());
  return Measure(T, x.data(), y.data(), beliefs);
}

FeedForward::Measured FeedForward::Measure(int64_t rows, const float* x, const float* y, const Belief& beliefs) const {
  const int64_t D = spec_.outputs(), W = HeadWidth(spec_.heads, spec_.states), n = rows * D;
  std::vector<float> sd(static_cast<size_t>(n));
  std::vector<double> sum(sd.size(), 0.0), square(sd.size(), 0.0);
  const NetGroups groups = Group(beliefs);
  const auto entries = static_cast<double>(n), E = static_cast<double>(groups.nets.size());
  Measured measured;
  for (size_t g = 0; g < groups.nets.size(); ++g) {
    nets::MlpPass pass;
    pass.Resize(spec_.net(), rows, false);
    pass.Evaluate(*groups.nets[g], x, 0, rows);
    const float* out = pass.output(0);
    for (int64_t i = 0; i < n; ++i) {
      const double mean = out[i / D * W + i % D];
      sum[static_cast<size_t>(i)] += mean;
      square[static_cast<size_t>(i)] += mean * mean;
    }
    if (spec_.heads == HeadKind::kMeans) continue;
    const Heads& heads = groups.heads[g];
    nets::BoundedSd(rows, D, out, heads.low, heads.high, sd.data());
    for (int64_t i = 0; i < n; ++i) {
      const float raw = out[i / D * W + D + i % D], s = sd[static_cast<size_t>(i)];
      measured.aleatoric += static_cast<double>(s) * s / (entries * E);
      measured.at_upper += (raw > heads.high[i % D] ? 1 : 0) / (entries * E);
    }
  }
  for (size_t i = 0; i < sum.size(); ++i) {
    const double mean = sum[i] / E;
    measured.error += (mean - y[i]) * (mean - y[i]) / entries;
    measured.epistemic += std::max(0.0, square[i] / E - mean * mean) / entries;
  }
  for (double* of : {&measured.error, &measured.epistemic, &measured.aleatoric}) *of = std::sqrt(*of);
  return measured;
}

void FeedForward::Refit(const replay::Normaliser& next, bool compensate) {
  EQ_CHECK(static_cast<int64_t>(next.x_mean.size()) == spec_.inputs(), "model and data differ in width");
  if (compensate && normaliser_.ready()) {
    const bool bounded = spec_.heads == HeadKind::kBounded;
    std::vector<float> ratio;
    for (size_t j = 0; j < next.y_sd.size(); ++j) ratio.push_back(normaliser_.y_sd[j] / next.y_sd[j]);
    for (Member& member : members_) {
      const nets::Layout& layout = member.net.layout;
      if (spec_.rho) RescaleSpreads(normaliser_, next, &member.net);
      const int w0 = spec_.layers > 0 ? layout.Find("w0") : layout.Find("w_out");
      RescaleInputs(normaliser_, next, w0, w0 + 1, &member.net, &member.adam);
      RescaleMeans(normaliser_, next, layout.Find("w_out"), layout.Find("b_out"), bounded ? -1 : 1, &member.net,
                   &member.adam);
      if (!bounded) continue;
      // Between its bounds a log-variance moves as its raw one does. The bounds stay: they hold in sds of the data, and
      // what was learned of little data must not keep the variances of more of it small.
      float* raw = member.net.at(layout.Find("b_out")) + spec_.outputs();
      for (size_t j = 0; j < ratio.size(); ++j) raw[j] += 2.0f * std::log(ratio[j]);
    }
    for (size_t j = 0; j < ratio.size(); ++j) residual_sd_[j] *= ratio[j];
  }
  normaliser_ = next;
}

FitOutcome FeedForward::Fit(const nets::TrainInputs& in, const FitPlan& plan, bool compensate) {
  const Split split = SplitRows(in.data, plan.holdout, static_cast<uint64_t>(in.settings.run.seed), id_, in.iteration);
  Refit(split.holdout.empty() ? in.data.Fit() : in.data.Fit(split.train), compensate);
  const nets::MlpSpec net = spec_.net();
  FitPlan now = plan;
  if (!trained_) now.lr_final = 1.0;
  FitOutcome outcome =
      FitMembers({net, spec_.heads, spec_.states, id_, *parts_, spec_.wrapped}, in, now, split, normaliser_, &members_);
  if (outcome.steps > 0) trained_ = true;
  used_ = outcome.used;
  if (spec_.heads == HeadKind::kMeans) {
    const MemberOutcome& only = outcome.members.front();
    for (size_t j = 0; only.rows > 0 && j < residual_sd_.size(); ++j)
      residual_sd_[j] = std::max(static_cast<float>(std::sqrt(only.sums[j] / only.rows)), kResidualFloor);
  }
  return outcome;
}

bool FeedForward::finite() const {
  return std::all_of(members_.begin(), members_.end(),
                     [](const Member& m) { return m.net.finite() && m.bounds.finite(); });
}

void FeedForward::EditStates(int64_t count, const replay::Normaliser& inserted) {
  const int64_t at = count > 0 ? spec_.states : spec_.states + count, D = spec_.outputs();
  const bool bounded = spec_.heads == HeadKind::kBounded;
  std::vector<nets::Edit> edits = {{spec_.layers > 0 ? "w0" : "w_out", 0, at, count, 0.0f}};
  // The raw columns come first, so that the means' edit does not move them.
  if (bounded) {
    edits.push_back({"w_out", 1, D + at, count, 0.0f});
    edits.push_back({"b_out", 1, D + at, count, RawOfUnitSd(spec_.high)});
  }
  edits.push_back({"w_out", 1, at, count, 0.0f});
  edits.push_back({"b_out", 1, at, count, 0.0f});
  if (spec_.rho) {
    const std::vector<nets::Edit> means = edits;
    for (const nets::Edit& edit : means) edits.push_back({"rho." + edit.block, edit.axis, edit.at, edit.count, kSure});
  }
  for (Member& member : members_) {
    nets::ApplyEdits(edits, &member.net, &member.adam);
    if (bounded)
      nets::ApplyEdits({{"low", 1, at, count, static_cast<float>(spec_.low)},
                        {"high", 1, at, count, static_cast<float>(spec_.high)}},
                       &member.bounds, &member.bounds_adam);
  }
  if (count > 0) residual_sd_.insert(residual_sd_.begin() + at, static_cast<size_t>(count), 1.0f);
  if (count < 0) residual_sd_.erase(residual_sd_.begin() + at, residual_sd_.begin() + at - count);
  EditNormaliser(spec_.states, count, inserted, &normaliser_);
  spec_.states += count;
}

void FeedForward::Save(ArchiveWriter& out) const {
  SaveFunction(out);
  out.Put(id_ + ".trained", static_cast<int64_t>(trained_));
  for (size_t e = 0; e < members_.size(); ++e) {
    members_[e].adam.Save(out, Name("adam", e));
    if (spec_.heads == HeadKind::kBounded) members_[e].bounds_adam.Save(out, Name("bounds_adam", e));
  }
}

void FeedForward::SaveFunction(ArchiveWriter& out) const {
  for (size_t e = 0; e < members_.size(); ++e) {
    out.Put(Name("net", e), members_[e].net.values);
    if (spec_.heads == HeadKind::kBounded) out.Put(Name("bounds", e), members_[e].bounds.values);
  }
  out.Put(id_ + ".used", std::vector<int64_t>(used_.begin(), used_.end()));
  out.Put(id_ + ".residual_sd", residual_sd_);
  PutNormaliser(normaliser_, id_, out);
}

void FeedForward::LoadFunction(const ArchiveReader& in) {
  for (size_t e = 0; e < members_.size(); ++e) {
    in.Get(Name("net", e), members_[e].net.values.data(), members_[e].net.values.size());
    if (spec_.heads == HeadKind::kBounded)
      in.Get(Name("bounds", e), members_[e].bounds.values.data(), members_[e].bounds.values.size());
  }
  const std::vector<int64_t> used = in.Ints(id_ + ".used");
  used_.assign(used.begin(), used.end());
  for (const int e : used_)
    if (e < 0 || e >= spec_.members) throw FormatError(id_ + ".used: there is no member " + std::to_string(e));
  if (used_.empty()) throw FormatError(id_ + ".used: no member is in use");
  in.Get(id_ + ".residual_sd", residual_sd_.data(), residual_sd_.size());
  normaliser_ = NormaliserFrom(in, id_);
  trained_ = true;
}

void FeedForward::Load(const ArchiveReader& in) {
  LoadFunction(in);
  trained_ = in.Int(id_ + ".trained") != 0;
  for (size_t e = 0; e < members_.size(); ++e) {
    members_[e].adam.Load(in, Name("adam", e), members_[e].net.layout.total());
    if (spec_.heads == HeadKind::kBounded)
      members_[e].bounds_adam.Load(in, Name("bounds_adam", e), members_[e].bounds.layout.total());
  }
}

}  // namespace equipoise::model
