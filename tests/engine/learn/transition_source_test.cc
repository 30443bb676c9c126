// Whose recorded steps a batch is made of.
#include "engine/learn/transition_source.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace equipoise::learn {
namespace {

constexpr int64_t kSteps = 10;
double share = 0;

// Episode i has the reward i in every step, and was acted by sources[i].
replay::EpisodeBuffer Recorded(const std::vector<uint8_t>& sources) {
  replay::EpisodeBuffer data(1, 1, kSteps, env::DistractorSpec{2, 3, 1.0, 5, 20}, 5);
  for (size_t i = 0; i < sources.size(); ++i) {
    replay::Episode e;
    for (int64_t t = 0; t <= kSteps; ++t) e.states.push_back(static_cast<float>(t));
    e.actions.assign(kSteps, 0.5f);
    e.rewards.assign(kSteps, static_cast<float>(i));
    e.source = sources[i];
    data.Append(e);
  }
  return data;
}

struct Drawn {
  std::vector<float> s, a, r, next;
};
Drawn Draw(const TransitionSource& source, const replay::EpisodeBuffer& data, int64_t n) {
  const config::Settings settings;
  const auto size = static_cast<size_t>(n);
  Drawn d{std::vector<float>(size), std::vector<float>(size), std::vector<float>(size), std::vector<float>(size)};
  EXPECT_EQ(source.Draw({data, settings, "learner", 3, 4}, {n, d.s.data(), d.a.data(), d.r.data(), d.next.data()}), n);
  return d;
}

int64_t Count(const std::vector<float>& r, size_t from, size_t to, float reward) {
  return std::count(r.begin() + static_cast<std::ptrdiff_t>(from), r.begin() + static_cast<std::ptrdiff_t>(to), reward);
}

TEST(RealTransitions, TakesTheShareFromTheLearnersOwnEpisodesAndTheRestFromAll) {
  constexpr int64_t kRows = 4000;
  const replay::EpisodeBuffer data = Recorded({0, 2, 1, 1, 2, 1, 1, 1});
  const RealTransitions source(2, [](const config::Settings&) { return share; });
  for (const double s : {0.0, 0.5, 0.25, 1.0}) {
    share = s;
    const Drawn d = Draw(source, data, kRows);
    const auto own = static_cast<size_t>(s * kRows);
    // Of its own: episodes 1 and 4 alone, half each.
    EXPECT_EQ(Count(d.r, 0, own, 1) + Count(d.r, 0, own, 4), static_cast<int64_t>(own));
    EXPECT_NEAR(static_cast<double>(Count(d.r, 0, own, 1)), 0.5 * static_cast<double>(own), 150);
    // Of all: an eighth of each.
    for (int i = 0; i < 8; ++i)
      EXPECT_NEAR(static_cast<double>(Count(d.r, own, kRows, static_cast<float>(i))),
                  (kRows - static_cast<double>(own)) / 8, 110);
    for (size_t k = 0; k < d.s.size(); ++k) {
      EXPECT_EQ(d.next[k], d.s[k] + 1);
      EXPECT_EQ(d.a[k], 0.5f);
    }
  }
}

TEST(RealTransitions, WithoutAShareOrAnEpisodeOfItsOwnDrawsWhatItDrawsOfAll) {
  share = 0;
  const auto of = [](uint8_t number) { return RealTransitions(number, [](const config::Settings&) { return share; }); };
  const replay::EpisodeBuffer data = Recorded({0, 1, 1, 0});
  const std::vector<float> plain = Draw(RealTransitions(), data, 64).r;
  EXPECT_EQ(Draw(of(1), data, 64).r, plain);
  share = 0.5;
  EXPECT_EQ(Draw(of(2), data, 64).r, plain);
  EXPECT_NE(Draw(of(1), data, 64).r, plain);
}

}  // namespace
}  // namespace equipoise::learn
