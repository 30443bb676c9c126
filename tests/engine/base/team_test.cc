#include "engine/base/team.h"

#include <atomic>
#include <chrono>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <thread>

#include <gtest/gtest.h>

#include "engine/base/interrupt.h"

namespace equipoise {
namespace {

using std::chrono::milliseconds;

TEST(Team, CallsEveryTaskOnceWithAnyNumberOfThreads) {
  for (int threads : {1, 2, 3, 8}) {
    Team team(threads);
    for (int tasks : {0, 1, 2, 3, 7, 100}) {
      std::vector<std::atomic<int>> calls(static_cast<size_t>(tasks));
      for (int repeat = 0; repeat < 50; ++repeat) team.Run(tasks, [&](int i) { ++calls[static_cast<size_t>(i)]; });
      for (const auto& c : calls) EXPECT_EQ(c, 50) << threads << " threads, " << tasks << " tasks";
    }
  }
}

TEST(Team, OtherThreadsHelp) {
  Team team(2);
  std::atomic<bool> elsewhere{false};
  const auto me = std::this_thread::get_id();
  // The helper takes a moment to start.
  for (int repeat = 0; repeat < 1000 && !elsewhere; ++repeat) {
    team.Run(2, [&](int) {
      if (std::this_thread::get_id() != me) elsewhere = true;
      std::this_thread::sleep_for(milliseconds(1));
    });
  }
  EXPECT_TRUE(elsewhere);
}

TEST(Team, WhatATaskThrowsComesOutAndTheTeamStaysUsable) {
  Team team(2);
  for (int repeat = 0; repeat < 100; ++repeat) {
    EXPECT_THROW(team.Run(8,
                          [](int i) {
                            if (i == 5) throw std::runtime_error("five");
                          }),
                 std::runtime_error);
    std::atomic<int> sum{0};
    team.Run(8, [&](int i) { sum += i; });
    EXPECT_EQ(sum, 28);
  }
}

TEST(Team, BesideRunsBothAndWhoeverEndsFirstHelps) {
  Team team(2);
  const auto me = std::this_thread::get_id();
  std::atomic<bool> first{false}, helped{false};
  team.Beside([&] { first = true; },
              [&] {
                for (int repeat = 0; repeat < 1000 && !helped; ++repeat)
                  team.Run(2, [&](int) {
                    if (std::this_thread::get_id() == me) helped = true;
                    std::this_thread::sleep_for(milliseconds(1));
                  });
              });
  EXPECT_TRUE(first);
  EXPECT_TRUE(helped);
}

TEST(Team, ATeamOfOneDoesBothInOrder) {
  Team team(1);
  std::vector<int> order;
  team.Beside([&] { order.push_back(1); }, [&] { order.push_back(2); });
  EXPECT_EQ(order, (std::vector<int>{1, 2}));
}

TEST(Team, WhenTheFirstFailsTheSecondIsStopped) {
  Team team(2);
  std::atomic<bool> stopped{false};
  EXPECT_THROW(team.Beside([] { throw std::runtime_error("no"); },
                           [&] {
                             try {
                               while (true) PollInterrupt();
                             } catch (const Interrupted&) {
                               stopped = true;
                               throw;
                             }
                           }),
               std::runtime_error);
  EXPECT_TRUE(stopped);
}

TEST(Team, TheSecondsFailureComesOut) {
  Team team(2);
  EXPECT_THROW(team.Beside([] {}, [] { throw std::runtime_error("second"); }), std::runtime_error);
}

TEST(Team, WhoWaitsHearsInterrupts) {
  Team team(2);
  std::atomic<int> polls{0};
  const ScopedInterruptHandler handler([&] { ++polls; });
  std::atomic<bool> go{false};
  team.Beside([] {},
              [&] {
                for (int i = 0; i < 500 && polls < 3; ++i) std::this_thread::sleep_for(milliseconds(1));
                go = true;
              });
  EXPECT_TRUE(go);
  EXPECT_GE(polls, 3);
}

TEST(Team, OthersPollWithTheirOwnHandler) {
  std::atomic<int> polls{0};
  Team team(2, [&] { ++polls; });
  team.Beside([] {}, [] { PollInterrupt(); });
  EXPECT_EQ(polls, 1);
}

TEST(Shards, CoverEveryRowOnceInOrder) {
  for (int64_t rows = 1; rows < 300; ++rows) {
    int64_t next = 0;
    for (const Shard& s : ShardsOf(rows)) {
      EXPECT_EQ(s.first, next);
      EXPECT_GT(s.count, 0);
      next += s.count;
    }
    EXPECT_EQ(next, rows);
  }
}

}  // namespace
}  // namespace equipoise
