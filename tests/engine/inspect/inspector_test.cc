// Looking into decisions beside a run that goes on: results arrive, and the run does not notice.
#include "engine/inspect/inspector.h"

#include <atomic>

#include "engine/store/decision_files.h"
#include "tests/engine/run/run_fixture.h"

namespace equipoise::run {
namespace {

class Inspecting : public RunTest {
 protected:
  static std::shared_ptr<const InspectorView> Await(const Inspector& inspector,
                                                    const std::function<bool(const InspectorView&)>& done) {
    for (int i = 0; i < 10000; ++i) {
      auto view = inspector.Latest();
      if (done(*view)) return view;
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    ADD_FAILURE() << "no result in 20 s";
    return inspector.Latest();
  }
};

TEST_F(Inspecting, ResultsArriveWhileTheRunGoesOnAndDoNotChangeIt) {
  config::Settings s = TinySettings();
  Finish(MustCreate(s, Path("alone")).get());
  auto engine = MustCreate(s, Path("watched"));
  engine->Start(true);
  auto inspector = Inspector::Start(Path("watched"));
  std::atomic<int> published{0};
  inspector->OnPublish([&published] { ++published; });
  const auto step = [&engine] { engine->Post(Step{Step::Unit::kEpisode}); };
  const auto made = [&engine](int episode) {
    return WaitFor(*engine, [episode](const Snapshot& p) {
      return p.state == RunState::kPaused && !p.episodes->empty() && p.episodes->back()->episode == episode;
    });
  };
  for (int episode = 1 - s.run.random_episodes; episode <= 1; ++episode) {
    step();
    ASSERT_TRUE(made(episode));
  }
  for (int episode = 1; episode <= s.run.episodes; ++episode) {
    inspector->Post(Imagine{episode, std::nullopt, {0, 1}, 2});
    inspector->Post(Reevaluate{episode});
    const bool last = episode == s.run.episodes;
    last ? engine->Post(Resume{}) : step();  // the run goes on meanwhile
    const auto view = Await(*inspector, [episode](const InspectorView& v) {
      return v.reevaluated != nullptr && v.reevaluated->request.episode == episode;
    });
    ASSERT_NE(view->reevaluated, nullptr);
    EXPECT_TRUE(view->reevaluated->same) << view->reevaluated->problem;
    if (!last) {
      ASSERT_TRUE(made(episode + 1));
    }
  }
  engine->Wait();
  EXPECT_EQ(engine->Latest()->state, RunState::kFinished);
  EXPECT_GT(published, 0);
  EXPECT_EQ(Episodes(Path("alone")), Episodes(Path("watched")));
}

TEST_F(Inspecting, ANewerRequestTakesThePlaceOfOneThatWaits) {
  config::Settings s = TinySettings();
  Finish(MustCreate(s, Path("run")).get());
  auto inspector = Inspector::Start(Path("run"));
  for (int episode = 1; episode <= 5; ++episode) inspector->Post(Imagine{episode, std::nullopt, {0}, 1});
  const auto view = Await(*inspector, [](const InspectorView& v) {
    return v.imagined != nullptr && v.imagined->request.episode == 5 && !v.working;
  });
  EXPECT_EQ(view->imagined->problem, "");
}

TEST_F(Inspecting, AFolderThatIsNoRunIsAResultThatSaysSo) {
  auto inspector = Inspector::Start(Path("nothing"));
  inspector->Post(Reevaluate{1});
  const auto view = Await(*inspector, [](const InspectorView& v) { return v.reevaluated != nullptr; });
  EXPECT_NE(view->reevaluated->problem.find("nothing"), std::string::npos) << view->reevaluated->problem;
}

}  // namespace
}  // namespace equipoise::run
