#include "engine/learn/naf/naf.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/base/interrupt.h"
#include "engine/learn/naf/advantage.h"
#include "engine/learn/q_error.h"

namespace equipoise::learn {
namespace {

constexpr float kFlatTanh = 3;  // where a best action hardly moves any more

nets::MlpSpec SpecOf(int64_t states, int64_t actions, const NafSettings& naf) {
  return {states, naf.hidden, naf.layers, 1 + actions + TriangleSize(actions), nets::Activation::kRelu};
}

TargetedNet NewNet(int64_t states, int64_t actions, const config::Settings& s) {
  const NafSettings& naf = s.Of<NafSettings>();
  Stream init(static_cast<uint64_t>(s.run.seed), "init.naf");
  TargetedNet net(SpecOf(states, actions, naf), init);
  for (const char* name : {"w_out", "b_out"}) {
    const int block = net.net.layout.Find(name);
    const auto scale = static_cast<float>(naf.head_scale);
    std::for_each(net.net.at(block), net.net.at(block) + net.net.layout[block].size(),
                  [scale](float& x) { x *= scale; });
  }
  net.target = net.net;
  return net;
}

TargetedNames Names() { return {"naf.net", "naf.target", "naf.adam"}; }

}  // namespace

nets::Policy NewNafPolicy(int64_t states, int64_t actions, const config::Settings& s) {
  const NafSettings& naf = s.Of<NafSettings>();
  nets::PolicySpec spec;
  spec.states = states;
  spec.actions = actions;
  spec.hidden = naf.hidden;
  spec.layers = naf.layers;
  spec.activation = nets::Activation::kRelu;
  spec.spread = nets::Spread::None();
  Stream unused(0, "init.naf.policy");  // NafLearner::ReadPolicy writes over all of it
  return nets::Policy(spec, unused);
}

struct NafLearner::Batch {
  Batch(int64_t rows, int64_t S, int64_t A)
      : n(rows), dm(static_cast<size_t>(A)), dl(static_cast<size_t>(TriangleSize(A))) {
    const auto room = [](std::vector<float>& v, int64_t count) { v.resize(static_cast<size_t>(count)); };
    for (auto* v : {&s, &s_next}) room(*v, n * S);
    room(a, n * A);
    room(r, n);
    y.resize(r.size());
  }
  int64_t n;
  std::vector<float> s, a, r, s_next;
  std::vector<double> y, dm, dl;  // dm and dl: of one row
};

void NafLearner::Sums::Add(const Sums& update) {
  loss += update.loss;
  norm += update.norm;
  q += update.q;
  max_q = updates == 0 ? update.max_q : std::max(max_q, update.max_q);
  advantage += update.advantage;
  curvature += update.curvature;
  saturated += update.saturated;
  imagined += update.imagined;
  ++updates;
}

NafLearner::NafLearner(int64_t states, int64_t actions, const config::Settings& s, const nets::NetworkParts& parts,
                       std::unique_ptr<TransitionSource> source)
    : parts_(parts),
      source_(source != nullptr ? std::move(source) : std::make_unique<RealTransitions>()),
      net_(NewNet(states, actions, s)),
      policy_(NewNafPolicy(states, actions, s)) {
  ReadPolicy();
}

int NafLearner::NextWork(const nets::Standing& now) const {
  const NafSettings& naf = now.settings.Of<NafSettings>();
  const double episodes = now.picked == 0 && naf.train_on_random ? now.settings.run.random_episodes : 1;
  const double updates = std::round(episodes * static_cast<double>(now.data.horizon()) * naf.updates_per_step);
  return static_cast<int>(updates) * source_->UpdatesForOne(now.settings);
}

TrainReport NafLearner::Train(const TrainInputs& in) {
  const NafSettings& naf = in.settings.Of<NafSettings>();
  Batch b(naf.batch, policy_.states(), policy_.actions());
  const auto net = parts_.NewWeights(&net_.net, &net_.adam), slow = parts_.NewWeights(&net_.target, nullptr);
  const auto pass = parts_.NewPass(net_.spec, b.n);
  const auto gradient = net->NewGradient();
  Sums sums;
  for (int k = 0; k < in.steps; ++k) {
    PollInterrupt();
    const int64_t recorded = source_->Draw({in.data, in.settings, id(), in.iteration, static_cast<uint64_t>(k)},
                                           {b.n, b.s.data(), b.a.data(), b.r.data(), b.s_next.data()});

    // Targets: the slower copy's best value of what came next.
    pass->Evaluate(*slow, b.s_next.data());
    for (size_t i = 0; i < b.y.size(); ++i)
      b.y[i] = b.r[i] + naf.gamma * static_cast<double>(pass->output()[i * static_cast<size_t>(net_.spec.outputs)]);

    pass->Forward(*net, b.s.data());
    Sums update = Differentiate(pass->output(), &b, pass->output_gradient());
    gradient->Clear();
    pass->Backward(gradient.get(), nullptr);
    const nets::Adam::Outcome outcome = net->Step(update.loss, *gradient, naf.lr, naf.clip);
    slow->MoveTowards(*net, naf.tau);
    update.norm = outcome.norm;
    update.imagined = static_cast<double>(b.n - recorded) / static_cast<double>(b.n);
    if (outcome.applied) sums.Add(update);
    in.progress(k + 1, in.steps);
  }
  net->Store();
  slow->Store();
  ReadPolicy();
  TrainReport report = Report(in, sums);
  report.skipped = net->skipped();
  report.reloaded = net->reloaded();
  return report;
}

NafLearner::Sums NafLearner::Differentiate(const float* outputs, Batch* batch, float* gradient) const {
  Batch& b = *batch;
  const int64_t A = policy_.actions(), heads = net_.spec.outputs;
  const double n = static_cast<double>(b.n), entries = n * static_cast<double>(A);
  Sums told;
  for (int64_t i = 0; i < b.n; ++i) {
    const float *out = outputs + i * heads, *m = out + 1, *l = m + A;
    float* d = gradient + i * heads;
    const double advantage = Advantage(A, m, l, b.a.data() + i * A, b.dm.data(), b.dl.data());
    const double q = static_cast<double>(out[0]) + advantage, error = q - b.y[static_cast<size_t>(i)];
    const double dq = 2 * error / n;
    *d++ = static_cast<float>(dq);
    for (const double dm : b.dm) *d++ = static_cast<float>(dq * dm);
    for (const double dl : b.dl) *d++ = static_cast<float>(dq * dl);
    told.loss += error * error / n;
    told.q += q / n;
    told.max_q = i == 0 ? q : std::max(told.max_q, q);
    told.advantage += advantage / n;
    for (int64_t j = 0; j < A; ++j) {
      told.curvature += std::exp(static_cast<double>(l[TriangleSize(j + 1) - 1])) / entries;
      if (std::fabs(m[j]) > kFlatTanh) told.saturated += 1 / entries;
    }
  }
  return told;
}

TrainReport NafLearner::Report(const TrainInputs& in, const Sums& sums) const {
  TrainReport report;
  report.steps = in.steps;
  if (net_.adam.rate < 1) report.step_share["naf.lr"] = net_.adam.rate;
  if (sums.updates == 0) return report;  // nothing was measured
  const double share = 1.0 / sums.updates;
  report.scalars = {{"naf.critic_loss", sums.loss * share},
                    {"naf.gradient_norm", sums.norm * share},
                    {"naf.q", sums.q * share},
                    {"naf.max_q", sums.max_q},
                    {"naf.advantage", sums.advantage * share},
                    {"naf.curvature", sums.curvature * share},
                    {"naf.saturated", sums.saturated * share},
                    {"naf.imagined_share", sums.imagined * share},
                    {"naf.best_return", BestReturn(in.data, in.settings.Of<NafSettings>().gamma)}};
  return report;
}

void NafLearner::ReadPolicy() {
  const nets::Layout &from = net_.net.layout, &to = policy_.net.layout;
  const int w = to.Find("w_out"), out = from.Find("w_out");
  // The hidden layers are the same blocks in the same places.
  std::copy_n(net_.net.values.begin(), to[w].offset, policy_.net.values.begin());
  std::fill(policy_.net.values.begin() + to[w].offset, policy_.net.values.end(), 0.0f);
  const int64_t A = policy_.actions();
  for (const int shift : {0, 1})  // w_out, b_out
    for (int64_t row = 0; row < to[w + shift].rows; ++row)
      std::copy_n(net_.net.at(out + shift) + row * from[out + shift].cols + 1, A,
                  policy_.net.at(w + shift) + row * to[w + shift].cols);
}

void NafLearner::OnSettings(const config::Settings& before, const config::Settings& after) {
  if (before.Of<NafSettings>().lr != after.Of<NafSettings>().lr) net_.adam.rate = 1.0;
}

// Observations are raw, so appended inputs keep mean 0 and sd 1 whatever their spread.
void NafLearner::EditStates(int64_t count, const replay::Normaliser&) {
  net_.EditInputs(count > 0 ? policy_.states() : policy_.states() + count, count);
  policy_.EditStates(count, 1.0f, nullptr);
  ReadPolicy();
}

void NafLearner::Evaluate(const float* s, const float* a, int64_t n, double* q, double* v, float* mu) const {
  const int64_t A = policy_.actions();
  nets::MlpPass pass;
  pass.Resize(net_.spec, n, false);
  pass.Evaluate(net_.net, s, 0, n);
  for (int64_t i = 0; i < n; ++i) {
    const float* out = pass.output(i);
    q[i] = static_cast<double>(out[0]) + Advantage(A, out + 1, out + 1 + A, a + i * A, nullptr, nullptr);
    if (v != nullptr) v[i] = static_cast<double>(out[0]);
    for (int64_t j = 0; j < A && mu != nullptr; ++j) mu[i * A + j] = std::tanh(out[1 + j]);
  }
}

std::map<std::string, double> NafLearner::Examine(const replay::EpisodeBuffer& data, int64_t episode,
                                                  const config::Settings& settings) const {
  const int64_t T = data.horizon(), S = data.states();
  if (T < 2) return {};
  std::vector<float> states(static_cast<size_t>(T * S));
  for (int64_t t = 0; t < T; ++t) data.Observation(episode, t, states.data() + t * S);
  std::vector<double> q(static_cast<size_t>(T));
  Evaluate(states.data(), data[episode].actions.data(), T, q.data(), nullptr, nullptr);
  const QError found = CompareWithReturn(q, data[episode].rewards, settings.Of<NafSettings>().gamma);
  return {{"naf.q_acted", found.q},
          {"naf.monte_carlo", found.monte_carlo},
          {"naf.monte_carlo_tail", found.tail},
          {"naf.q_minus_return", found.error()}};
}

void NafLearner::Save(ArchiveWriter& out) const { learn::Save(net_, Names(), out); }

void NafLearner::Load(const ArchiveReader& in) {
  learn::Load(in, Names(), &net_);
  ReadPolicy();
}

}  // namespace equipoise::learn
