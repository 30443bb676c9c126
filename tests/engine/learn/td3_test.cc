// One update of TD3 and of DDPG against their equations, by hand and in plain operations with automatic gradients.
// Long because both are written out a second time to be compared with.
#include "engine/learn/td3.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "engine/nets/kernels/kernels.h"
#include "tests/engine/back_ends.h"
#include "tests/engine/learn/reference_losses.h"
#include "tests/engine/model/tiny_world.h"

namespace equipoise::learn {
namespace {

using test::Double;

constexpr int64_t kSteps = 8, kBatch = 16, kHidden = 16;
constexpr int64_t S = test::kTinyStates, A = test::kTinyActions;

config::Settings TinySettings() {
  config::Settings s;
  s.run.seed = 4;
  for (const char* id : {"td3", "ddpg"}) {
    auto& td3 = s.Of<Td3Settings>(id);
    td3.hidden = kHidden;
    td3.batch = kBatch;
    td3.tau = 0.25;
  }
  return s;
}

ArchiveReader Saved(const Td3Learner& learner) {
  ArchiveWriter out;
  learner.Save(out);
  return ArchiveReader::Parse(out.Finish(), "memory").value();
}

TrainReport Train(Td3Learner* learner, const replay::EpisodeBuffer& data, const config::Settings& s, int steps,
                  uint64_t iteration = 7, Team* team = nullptr) {
  return learner->Train({data, s, iteration, steps, [](int, int) {}, team});
}

// After the first step of Adam from nothing the first moment is a tenth of the gradient.
std::vector<float> FirstGradient(const ArchiveReader& saved, const std::string& adam) {
  std::vector<float> g = saved.Floats(adam + ".m");
  for (float& x : g) x *= 10.0f;
  return g;
}

struct Variant {
  const char* name;
  const nets::PartInfo& (*info)();
  double pretanh_penalty = 0;
  const char* device = "cpu";
};

class Td3Update : public ::testing::TestWithParam<Variant> {
 protected:
  Td3Update() {
    s.Of<Td3Settings>(id).delay = 1;
    s.Of<Td3Settings>(id).pretanh_penalty = GetParam().pretanh_penalty;
    // Ten updates on other draws, so that targets differ from what they follow; then moments of zero.
    Td3Learner trained(GetParam().info(), S, A, s);
    Train(&trained, data, s, 10, 1);
    const ArchiveReader old = Saved(trained);
    ArchiveWriter out;
    std::vector<std::string> kept{".policy.net",        ".policy.mean",        ".policy.sd",
                                  ".target_policy.net", ".target_policy.mean", ".target_policy.sd"};
    std::vector<std::string> adams{".actor_adam"};
    for (int j = 0; j < s.Of<Td3Settings>(id).critics; ++j) {
      kept.push_back(".critic" + std::to_string(j));
      kept.push_back(".target" + std::to_string(j));
      adams.push_back(".critic_adam" + std::to_string(j));
    }
    for (const std::string& name : kept) out.Put(id + name, old.Floats(id + name));
    for (const std::string& name : adams)
      nets::Adam(static_cast<int64_t>(old.Count(id + name + ".m"))).Save(out, id + name);
    out.Put(id + ".updates", int64_t{0});
    learner = std::make_unique<Td3Learner>(GetParam().info(), S, A, s, test::PartsOf(GetParam().device));
    learner->Load(ArchiveReader::Parse(out.Finish(), "memory").value());
  }
  nets::MlpSpec CriticSpec() const { return {S + A, kHidden, 2, 1, nets::Activation::kRelu}; }
  nets::Layout CriticLayout() const {
    Stream unused(0, "layout");
    return nets::MakeMlp(CriticSpec(), unused).layout;
  }
  ReferenceCritics Of(const std::vector<at::Tensor>& flat) const {
    ReferenceCritics critics{CriticSpec(), {}};
    for (const at::Tensor& weights : flat) critics.blocks.push_back(nets::ReferenceBlocks(CriticLayout(), weights));
    return critics;
  }
  std::vector<at::Tensor> All(const ArchiveReader& saved, const std::string& name) const {
    std::vector<at::Tensor> all;
    for (int j = 0; j < s.Of<Td3Settings>(id).critics; ++j)
      all.push_back(Double(saved.Floats(id + name + std::to_string(j))));
    return all;
  }

  const std::string id = GetParam().info().id;
  replay::EpisodeBuffer data = test::TinyBuffer(5, kSteps);
  config::Settings s = TinySettings();
  std::unique_ptr<Td3Learner> learner;
};

TEST_P(Td3Update, GradientsOfCriticsAndActorAgreeWithAutogradThroughTheReference) {
  const Td3Settings& td3 = s.Of<Td3Settings>(id);
  const ArchiveReader before = Saved(*learner);
  const nets::Policy policy = learner->policy();
  nets::Policy slow = policy;
  slow.Load(before, id + ".target_policy");
  const TrainReport report = Train(learner.get(), data, s, 1);
  const ArchiveReader after = Saved(*learner);

  Stream batch(4, id + ".batch", 7, 0), noise(4, id + ".target_noise", 7, 0);
  std::vector<float> states(kBatch * S), actions(kBatch * A), rewards(kBatch), next(kBatch * S), e(kBatch * A);
  data.Transitions(kBatch, batch, states.data(), actions.data(), rewards.data(), next.data());
  noise.Normal(e.data(), e.size());
  const at::Tensor ts = Double(states.data(), {kBatch, S}), ta = Double(actions.data(), {kBatch, A}),
                   tnext = Double(next.data(), {kBatch, S}), te = Double(e.data(), {kBatch, A});

  // y = r + g min Q'(s', clamp(mu'(s') + clamp(sd N, -c, c), -1, 1))
  at::Tensor a_next = nets::ReferenceAct(test::ReferenceOf(slow), tnext, te).action;
  const double clip = td3.target_noise_clip;
  a_next = at::clamp(a_next + at::clamp(td3.target_noise * te, -clip, clip), -1.0, 1.0);
  const at::Tensor y =
      Double(rewards) + td3.gamma * ReferenceAllQ(Of(All(before, ".target")), tnext, a_next).amin(0).detach();

  const std::vector<at::Tensor> critics = All(before, ".critic");
  for (size_t j = 0; j < critics.size(); ++j) {
    const at::Tensor want =
        test::Gradient(critics[j], [&](auto& p) { return (ReferenceQ(Of({p}), 0, ts, ta) - y).square().mean(); });
    EXPECT_LT(
        test::WorstBlockError(CriticLayout(), FirstGradient(after, id + ".critic_adam" + std::to_string(j)), want),
        2e-5);
  }
  EXPECT_NEAR(report.scalars.at(id + ".critic_loss"), ReferenceSacCriticLoss(Of(critics), ts, ta, y).item<double>(),
              2e-4);

  // The actor climbs the first critic alone, as it is after its own step.
  const ReferenceCritics stepped = Of(All(after, ".critic"));
  auto actor = [&](const at::Tensor& p) {
    const nets::ReferencePolicy mu = test::ReferenceOf(policy, p);
    const at::Tensor raw = nets::ReferenceMlp(mu.spec, mu.blocks, ts);
    return -ReferenceQ(stepped, 0, ts, at::tanh(raw.narrow(1, 0, A))).mean() +
           td3.pretanh_penalty * raw.narrow(1, 0, A).square().mean();
  };
  EXPECT_LT(test::WorstBlockError(policy.net.layout, FirstGradient(after, id + ".actor_adam"),
                                  test::Gradient(Double(policy.net.values), actor)),
            2e-5);

  // And everything slower a quarter of the way.
  const auto quarter = [&](const std::string& from, const std::string& to) {
    const at::Tensor old = Double(before.Floats(from)), leader = Double(after.Floats(to));
    return test::RelativeError(after.Floats(from), old + 0.25 * (leader - old));
  };
  EXPECT_LT(quarter(id + ".target_policy.net", id + ".policy.net"), 1e-6);
  for (int j = 0; j < td3.critics; ++j)
    EXPECT_LT(quarter(id + ".target" + std::to_string(j), id + ".critic" + std::to_string(j)), 1e-6);
}

INSTANTIATE_TEST_SUITE_P(Variants, Td3Update,
                         ::testing::Values(Variant{"Td3", Td3Info}, Variant{"Ddpg", DdpgInfo},
                                           Variant{"WithAPenalty", DdpgInfo, 0.5},
                                           Variant{"OnTheReferencePath", Td3Info, 0.0, "reference"}),
                         [](const auto& param_info) { return param_info.param.name; });

// DDPG once more, written out: one critic, no smoothing, everything in every update.
struct WrittenOut {
  WrittenOut(const std::string& named, const config::Settings& s)
      : id(named), td3(s.Of<Td3Settings>(named)), mu(NewTd3Policy(named, S, A, s)), mu_slow(mu) {
    Stream init(4, "init.critic." + id, 0);
    q = q_slow = nets::MakeMlp(q_spec, init);
    mu_adam = nets::Adam(mu.net.layout.total());
    q_adam = nets::Adam(q.layout.total());
  }
  void Update(const replay::EpisodeBuffer& data, uint64_t iteration, uint64_t k) {
    std::vector<float> s(kBatch * S), a(kBatch * A), r(kBatch), next(kBatch * S), joint(kBatch * (S + A));
    Stream batch(4, id + ".batch", iteration, k);
    data.Transitions(kBatch, batch, s.data(), a.data(), r.data(), next.data());
    nets::MlpPass actor, critic;
    actor.Resize(mu.spec, kBatch, true);
    critic.Resize(q_spec, kBatch, true);
    std::vector<float> act(kBatch * A), log_prob(kBatch);
    const auto mean_action = [&](const nets::Policy& policy, const std::vector<float>& states) {
      actor.Forward(policy.net, states.data(), 0, kBatch);
      nets::TanhGaussian(kBatch, A, actor.output(0), nullptr, nets::Spread::None(), act.data(), log_prob.data());
    };
    // y = r + g Q'(s', mu'(s'))
    mean_action(mu_slow, next);
    Join(kBatch, S, A, next.data(), act.data(), joint.data());
    critic.Forward(q_slow, joint.data(), 0, kBatch);
    std::vector<float> y(kBatch);
    for (size_t i = 0; i < y.size(); ++i)
      y[i] = static_cast<float>(r[i] + td3.gamma * static_cast<double>(critic.output(0)[i]));
    // (Q - y)^2
    Join(kBatch, S, A, s.data(), a.data(), joint.data());
    critic.Forward(q, joint.data(), 0, kBatch);
    for (size_t i = 0; i < y.size(); ++i)
      critic.output_gradient(0)[i] = 2.0f * (critic.output(0)[i] - y[i]) / static_cast<float>(kBatch);
    std::vector<float> dq(q.values.size(), 0.0f), dmu(mu.net.values.size(), 0.0f);
    critic.BackwardData(q, 0, kBatch, nullptr);
    critic.BackwardWeights(q, joint.data(), 0, kBatch, dq.data());
    q_adam.Step(q.values, dq, td3.critic_lr, 0.0);
    // -Q(s, mu(s))
    mean_action(mu, s);
    Join(kBatch, S, A, s.data(), act.data(), joint.data());
    critic.Forward(q, joint.data(), 0, kBatch);
    std::fill_n(critic.output_gradient(0), kBatch, -1.0f / static_cast<float>(kBatch));
    std::vector<float> djoint(joint.size()), da(kBatch * A);
    critic.BackwardData(q, 0, kBatch, djoint.data());
    for (int64_t i = 0; i < kBatch; ++i) std::copy_n(djoint.data() + i * (S + A) + S, A, da.data() + i * A);
    nets::TanhGaussianBackward(kBatch, A, actor.output(0), nullptr, nets::Spread::None(), act.data(), da.data(),
                               nullptr, actor.output_gradient(0));
    actor.BackwardData(mu.net, 0, kBatch, nullptr);
    actor.BackwardWeights(mu.net, s.data(), 0, kBatch, dmu.data());
    mu_adam.Step(mu.net.values, dmu, td3.actor_lr, 0.0);
    const auto tau = static_cast<float>(td3.tau);
    nets::Lerp(q.layout.total(), tau, q.values.data(), q_slow.values.data());
    nets::Lerp(mu.net.layout.total(), tau, mu.net.values.data(), mu_slow.net.values.data());
  }
  const std::string id;
  const Td3Settings td3;
  const nets::MlpSpec q_spec{S + A, kHidden, 2, 1, nets::Activation::kRelu};
  nets::Policy mu, mu_slow;
  nets::Parameters q, q_slow;
  nets::Adam mu_adam, q_adam;
};

TEST(Td3, WithoutItsThreeRepairsIsDdpgToTheBit) {
  const auto data = test::TinyBuffer(5, kSteps);
  config::Settings s = TinySettings();
  auto& td3 = s.Of<Td3Settings>("td3");
  td3.critics = 1;
  td3.delay = 1;
  td3.target_noise = 0;
  for (const nets::PartInfo* info : {&Td3Info(), &DdpgInfo()}) {
    SCOPED_TRACE(info->id);
    Td3Learner learner(*info, S, A, s);
    WrittenOut plain(info->id, s);
    for (uint64_t iteration = 1; iteration <= 3; ++iteration) {
      Train(&learner, data, s, 5, iteration);
      for (uint64_t k = 0; k < 5; ++k) plain.Update(data, iteration, k);
    }
    const ArchiveReader saved = Saved(learner);
    EXPECT_EQ(learner.policy().net.values, plain.mu.net.values);
    EXPECT_EQ(saved.Floats(info->id + ".target_policy.net"), plain.mu_slow.net.values);
    EXPECT_EQ(saved.Floats(info->id + ".critic0"), plain.q.values);
    EXPECT_EQ(saved.Floats(info->id + ".target0"), plain.q_slow.values);
    EXPECT_EQ(saved.Floats(info->id + ".actor_adam.v"), plain.mu_adam.v);
  }
  for (const auto& repair : {std::pair{"td3.delay", config::Value(2)}, {"td3.target_noise", config::Value(0.2)}}) {
    config::Settings other = s;
    ASSERT_TRUE(config::Set(other, repair.first, repair.second).ok());
    Td3Learner with(Td3Info(), S, A, other), without(Td3Info(), S, A, s);
    Train(&with, data, other, 5);
    Train(&without, data, s, 5);
    EXPECT_NE(with.policy().net.values, without.policy().net.values) << repair.first;
  }
}

TEST(Td3, DefaultsOfTheTwoSectionsAreThoseOfTheirPapers) {
  const config::Settings s;
  EXPECT_EQ(s.Of<Td3Settings>("td3").critics, 2);
  EXPECT_EQ(s.Of<Td3Settings>("td3").delay, 2);
  EXPECT_EQ(s.Of<Td3Settings>("td3").target_noise, 0.2);
  EXPECT_EQ(s.Of<Td3Settings>("ddpg").critics, 1);
  EXPECT_EQ(s.Of<Td3Settings>("ddpg").delay, 1);
  EXPECT_EQ(s.Of<Td3Settings>("ddpg").target_noise, 0.0);
}

// After seven updates of the critics the actor has made three steps, and so have all targets.
TEST(Td3, TheActorAndTheTargetsMoveEverySecondTimeAndCountOverPhasesAndStates) {
  const auto data = test::TinyBuffer(5, kSteps);
  const config::Settings s = TinySettings();
  const auto steps = [](const ArchiveReader& saved, const char* adam) {
    return saved.Int(std::string(adam) + ".steps");
  };
  Td3Learner seven(Td3Info(), S, A, s);
  const std::vector<float> start = Saved(seven).Floats("td3.target0");
  EXPECT_EQ(Train(&seven, data, s, 7).scalars.at("td3.actor_steps"), 3);
  EXPECT_EQ(steps(Saved(seven), "td3.actor_adam"), 3);
  EXPECT_EQ(steps(Saved(seven), "td3.critic_adam1"), 7);
  // Two phases of three: the sixth update is the third of the actor, not the fourth of a new count.
  Td3Learner by_turns(Td3Info(), S, A, s);
  Train(&by_turns, data, s, 1);
  EXPECT_EQ(Saved(by_turns).Floats("td3.target0"), start) << "a target moved without the actor";
  Td3Learner three(Td3Info(), S, A, s), resumed(Td3Info(), S, A, s);
  Train(&three, data, s, 3, 1);
  EXPECT_EQ(steps(Saved(three), "td3.actor_adam"), 1);
  resumed.Load(Saved(three));
  EXPECT_EQ(resumed.updates(), 3);
  for (Td3Learner* learner : {&three, &resumed}) {
    EXPECT_EQ(Train(learner, data, s, 3, 2).scalars.at("td3.actor_steps"), 2);
    EXPECT_EQ(steps(Saved(*learner), "td3.actor_adam"), 3);
  }
  EXPECT_EQ(resumed.policy().net.values, three.policy().net.values);
}

// A critic that is linear in a, Q = c a: dQ/da = c in every state, so the actor's gradient is
// -c (1 - tanh(m)^2) dm/dtheta, here with the c of s' = .9 s + .5 a, r = -(s^2 + .1 a^2) under a = -.5 s at s = 1.
TEST(Td3, TheActorsGradientIsThatByHand) {
  constexpr double c = -0.867527;
  config::Settings s = TinySettings();
  auto& td3 = s.Of<Td3Settings>("ddpg");
  td3.hidden = 4;
  td3.layers = 1;
  td3.critic_lr = 0;
  Td3Learner learner(DdpgInfo(), 1, 1, s);
  const ArchiveReader old = Saved(learner);
  ArchiveWriter out;
  // Critic: blocks w0 [2, 4], b0, w_out [4, 1], b_out. One unit relu(a + 10), weighted c.
  std::vector<float> critic(old.Count("ddpg.critic0"), 0.0f);
  critic[4] = 1.0f;                            // from a
  critic[8] = 10.0f;                           // b0
  critic[12] = static_cast<float>(c);          // w_out
  critic[16] = static_cast<float>(-10.0 * c);  // b_out
  // Actor: blocks w0 [1, 4], b0, w_out [4, 2], b_out. One unit relu(s), m = -.5 s.
  std::vector<float> actor(old.Count("ddpg.policy.net"), 0.0f);
  actor[0] = 1.0f;
  actor[8] = -0.5f;
  for (const char* name : {"ddpg.critic0", "ddpg.target0"}) out.Put(name, critic);
  for (const std::string policy : {"ddpg.policy", "ddpg.target_policy"}) {
    out.Put(policy + ".net", actor);
    for (const char* affine : {".mean", ".sd"}) out.Put(policy + affine, old.Floats(policy + affine));
  }
  nets::Adam(static_cast<int64_t>(critic.size())).Save(out, "ddpg.critic_adam0");
  nets::Adam(static_cast<int64_t>(actor.size())).Save(out, "ddpg.actor_adam");
  out.Put("ddpg.updates", int64_t{0});
  learner.Load(ArchiveReader::Parse(out.Finish(), "memory").value());

  replay::EpisodeBuffer data(1, 1, 1, {}, 1);
  replay::Episode e;
  e.states = {1.0f, 0.65f};
  e.actions = {-0.5f};
  e.rewards = {-1.025f};
  data.Append(e);
  const TrainReport report = Train(&learner, data, s, 1);
  const double a = std::tanh(-0.5);
  EXPECT_NEAR(report.scalars.at("ddpg.q"), c * a, 1e-5);
  const std::vector<float> gradient = FirstGradient(Saved(learner), "ddpg.actor_adam");
  EXPECT_NEAR(gradient[8], -c * (1 - a * a) * 1.0, 1e-6);   // by w_out of m: h = s = 1
  EXPECT_NEAR(gradient[0], -c * (1 - a * a) * -0.5, 1e-6);  // by w0
  EXPECT_EQ(gradient[9], 0.0f);                             // the spread's column
  // y = r + .99 Q'(s', mu'(s')), mu'(.65) = tanh(-.325)
  const double y = -1.025 + 0.99 * c * std::tanh(-0.325), q = c * -0.5;
  EXPECT_NEAR(report.scalars.at("ddpg.critic_loss"), (q - y) * (q - y), 1e-5);
}

// mu' = tanh(2) = .964: noise of +.3 is clamped at the bound, and noise of +.9 is first cut to .5.
TEST(Td3, SmoothsItsTargetsWithinTheirBounds) {
  config::Settings s = TinySettings();
  auto& td3 = s.Of<Td3Settings>("td3");
  td3.hidden = 4;
  td3.layers = 1;
  td3.critics = 1;
  td3.critic_lr = td3.actor_lr = 0;
  td3.target_noise = 1;
  td3.batch = 4096;
  Td3Learner learner(Td3Info(), 1, 1, s);
  const ArchiveReader old = Saved(learner);
  replay::EpisodeBuffer data(1, 1, 1, {}, 1);
  replay::Episode e;
  e.states = {1.0f, 1.0f};
  e.actions = {0.0f};
  e.rewards = {0.0f};
  data.Append(e);
  // Q' = a' by relu(a + 10) - 10, Q = 0: the loss is gamma^2 mean a'^2.
  const auto loss = [&](float m) {
    std::vector<float> target(old.Count("td3.target0"), 0.0f), zero = target;
    target[4] = 1.0f;
    target[8] = 10.0f;
    target[12] = 1.0f;
    target[16] = -10.0f;
    std::vector<float> actor(old.Count("td3.policy.net"), 0.0f);
    actor[16] = m;  // b_out: w0 [1, 4], b0 [4], w_out [4, 2]
    ArchiveWriter out;
    out.Put("td3.critic0", zero);
    out.Put("td3.target0", target);
    for (const std::string policy : {"td3.policy", "td3.target_policy"}) {
      out.Put(policy + ".net", actor);
      for (const char* affine : {".mean", ".sd"}) out.Put(policy + affine, old.Floats(policy + affine));
    }
    nets::Adam(static_cast<int64_t>(zero.size())).Save(out, "td3.critic_adam0");
    nets::Adam(static_cast<int64_t>(actor.size())).Save(out, "td3.actor_adam");
    out.Put("td3.updates", int64_t{0});
    learner.Load(ArchiveReader::Parse(out.Finish(), "memory").value());
    return Train(&learner, data, s, 1).scalars.at("td3.critic_loss") / (td3.gamma * td3.gamma);
  };
  // The same draws by hand.
  Stream noise(4, "td3.target_noise", 7, 0);
  std::vector<float> n(4096);
  noise.Normal(n.data(), n.size());
  for (const float m : {2.0f, 0.0f}) {
    double square = 0;
    for (const float x : n) {
      const double cut = x > 0.5 ? 0.5 : x < -0.5 ? -0.5 : x, a = std::tanh(m) + cut;
      square += std::pow(a > 1 ? 1 : a, 2) / 4096;
    }
    EXPECT_NEAR(loss(m), square, 1e-4) << m;
  }
}

TEST(Td3, IsTheSameBitsWithAnyTeamAndOthersForAnotherIteration) {
  const auto data = test::TinyBuffer(5, kSteps);
  const config::Settings s = TinySettings();
  Team team(3);
  Td3Learner a(Td3Info(), S, A, s), b(Td3Info(), S, A, s), c(Td3Info(), S, A, s);
  Train(&a, data, s, 4);
  Train(&b, data, s, 4, 7, &team);
  Train(&c, data, s, 4, 8);
  EXPECT_EQ(a.policy().net.values, b.policy().net.values);
  EXPECT_NE(a.policy().net.values, c.policy().net.values);
}

TEST(Td3, KeepsActorTargetsAndCriticsWhenDistractorsComeAndGo) {
  auto data = test::TinyBuffer(5, kSteps);
  const config::Settings s = TinySettings();
  Td3Learner learner(Td3Info(), S, A, s);
  Train(&learner, data, s, 10);
  const ArchiveReader before = Saved(learner);
  const int64_t rows = 64, D = 6;
  const auto states = test::Normals(rows * S, "s"), extra = test::Normals(rows * D, "d"),
             actions = test::Normals(rows * A, "a", 0.4f);
  std::vector<float> wide;
  for (int64_t r = 0; r < rows; ++r) {
    wide.insert(wide.end(), states.begin() + r * S, states.begin() + (r + 1) * S);
    wide.insert(wide.end(), extra.begin() + r * D, extra.begin() + (r + 1) * D);
  }
  const std::vector<float> q = learner.critics().Q(1, states.data(), actions.data(), rows);
  learner.EditStates(D, {});
  const std::vector<float> wide_q = learner.critics().Q(1, wide.data(), actions.data(), rows);
  for (size_t r = 0; r < q.size(); ++r) EXPECT_NEAR(wide_q[r], q[r], 1e-5);
  nets::Policy narrow = NewTd3Policy("td3", S, A, s), wider = learner.policy();
  narrow.Load(before, "td3.policy");
  std::vector<float> a(A), b(A);
  for (int64_t r = 0; r < rows; ++r) {
    narrow.Act(states.data() + r * S, nullptr, a.data());
    wider.Act(wide.data() + r * (S + D), nullptr, b.data());
    for (size_t j = 0; j < a.size(); ++j) EXPECT_NEAR(a[j], b[j], 1e-5);
  }
  learner.EditStates(-D, {});
  const ArchiveReader after = Saved(learner);
  for (const char* name : {"td3.policy.net", "td3.target_policy.net", "td3.critic0", "td3.target1", "td3.actor_adam.m"})
    EXPECT_EQ(after.Floats(name), before.Floats(name)) << name;
  // It learns on at once.
  learner.EditStates(D, {});
  data.SetDistracted(true);
  Train(&learner, data, s, 2, 9);
  const std::vector<float> w = Saved(learner).Floats("td3.policy.net");
  double moved = 0;
  for (int64_t i = S * kHidden; i < (S + D) * kHidden; ++i) moved += std::fabs(w[static_cast<size_t>(i)]);
  EXPECT_GT(moved, 0);
}

TEST(Td3, SkipsUpdatesThatAreNotFiniteAndKeepsItsWeights) {
  auto data = replay::EpisodeBuffer(S, A, kSteps, {}, 1);
  replay::Episode e = test::TinyEpisode(kSteps, 0);
  for (float& r : e.rewards) r = std::nanf("");
  data.Append(e);
  const config::Settings s = TinySettings();
  Td3Learner learner(Td3Info(), S, A, s);
  const ArchiveReader before = Saved(learner);
  EXPECT_EQ(Train(&learner, data, s, 3).skipped, 6);  // both critics, three times; the actor does not see the reward
  EXPECT_EQ(Saved(learner).Floats("td3.critic0"), before.Floats("td3.critic0"));
  EXPECT_TRUE(learner.finite());
}

TEST(Td3, AStepSizeSetByHandIsWholeAgain) {
  const config::Settings s = TinySettings();
  Td3Learner learner(Td3Info(), S, A, s);
  ArchiveWriter out;
  learner.Save(out);
  const auto data = test::TinyBuffer(5, kSteps);
  // The critics' guards act: ten updates in a row that are not finite.
  auto broken = replay::EpisodeBuffer(S, A, kSteps, {}, 1);
  replay::Episode e = test::TinyEpisode(kSteps, 0);
  for (float& r : e.rewards) r = std::nanf("");
  broken.Append(e);
  const TrainReport report = Train(&learner, broken, s, 10);
  EXPECT_TRUE(report.reloaded);
  EXPECT_EQ(report.step_share.at("td3.critic_lr"), 0.5);
  EXPECT_EQ(report.step_share.count("td3.actor_lr"), 0u);
  EXPECT_EQ(Train(&learner, data, s, 1).step_share.at("td3.critic_lr"), 0.5);
  config::Settings changed = s;
  changed.Of<Td3Settings>("td3").critic_lr = 1e-4;
  learner.OnSettings(s, changed);
  EXPECT_EQ(Train(&learner, data, changed, 1).step_share.count("td3.critic_lr"), 0u);
}

}  // namespace
}  // namespace equipoise::learn
