// What a task file can get wrong is told with its line, the nearest name and what to do.
#include "engine/env/file_task/task_file.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "engine/config/task_name.h"
#include "engine/env/file_task/formula.h"
#include "engine/env/task_library.h"
#include "engine/env/task_settings.h"
#include "tests/engine/env/recorded.h"
#include "tests/engine/temporary_folder.h"

namespace equipoise::env {
namespace {

namespace fs = std::filesystem;

constexpr char kModel[] = R"(<mujoco>
  <worldbody>
    <body name="arm"><joint name="shoulder" axis="0 1 0"/><geom name="arm" size="0.1"/><site name="tip"/>
      <body name="hand"><joint name="elbow" axis="0 1 0"/><geom size="0.1"/></body>
    </body>
  </worldbody>
  <actuator><motor name="turn" joint="shoulder" ctrllimited="true" ctrlrange="-2 4"/></actuator>
  <sensor><jointpos name="angle" joint="shoulder"/></sensor>
  <keyframe><key name="raised" qpos="1 0.5"/></keyframe>
</mujoco>
)";

constexpr char kTask[] = R"task([task]
title = "Arm"
model = "arm.xml"
horizon = 20
frame_skip = 2
healthy = "abs(angle) < 1"
reset = [{keyframe = "raised"}, {of = "qpos[shoulder]", uniform = 0.1}]
observe = [
  {of = "qpos"},
  {of = "site[tip].pos.x"},
]

[task.quantities]
angle = "qpos[shoulder]"
turn = "qvel[shoulder]"

[task.action]
clip = true

[task.reward]
height = "cos(angle)"
control = "-0.1 * sumsq(action)"
)task";

class OwnTask : public testing::Test {
 protected:
  void SetUp() override { folder_.Write("arm.xml", kModel); }
  // The task with `from` changed to `to`.
  Result<std::string> With(const std::string& from, const std::string& to) {
    std::string text = kTask;
    const size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
    return LearnTask(folder_.Write("arm.toml", text));
  }
  std::string Wrong(const std::string& from, const std::string& to) {
    const Result<std::string> name = With(from, to);
    EXPECT_FALSE(name.ok()) << to;
    return name.ok() ? "" : name.error().message;
  }
  testing_support::TemporaryFolder folder_;
};

TEST_F(OwnTask, SaysWhatIsWrongAndWhere) {
  struct Case {
    const char *from, *to;
    int line;
    std::vector<const char*> parts;
  };
  const std::vector<Case> cases = {
      {"horizon = 20", "horizont = 20", 4, {"\"horizont\"", "nearest", "horizon"}},
      {"horizon = 20", "", 1, {"needs the key horizon"}},
      {"title =", "titel =", 2, {"titel", "nearest", "title"}},
      {"model = \"arm.xml\"", "model = \"leg.xml\"", 3, {"leg.xml", "is not there", "relative to the task file"}},
      {"horizon = 20", "horizon = 0", 4, {"whole number from 1"}},
      {"frame_skip = 2", "frame_skip = 2.5", 5, {"frame_skip", "whole number"}},
      {"abs(angle) < 1", "abs(angel) < 1", 6, {"angel", "nearest", "angle"}},
      {"abs(angle) < 1", "abz(angle) < 1", 6, {"function \"abz\"", "abs"}},
      {"keyframe = \"raised\"", "keyframe = \"rised\"", 7, {"no keyframe", "raised"}},
      {"uniform = 0.1", "uniform = [0.1, 2]", 7, {"one number"}},
      {"uniform = 0.1", "unifrom = 0.1", 7, {"set, between"}},
      {"of = \"qpos[shoulder]\", u", "of = \"site[tip].pos\", u", 7, {"cannot be set", "qpos or qvel"}},
      {"{of = \"qpos\"}", "{of = \"qpos[sholder]\"}", 9, {"no joint \"sholder\"", "shoulder"}},
      {"{of = \"qpos\"}", "{of = \"qpos[1:9]\"}", 9, {"entries 0 to 1"}},
      {"{of = \"qpos\"}", "{of = \"angel\"}", 9, {"angel", "angle"}},
      {"{of = \"qpos\"}", "{of = \"sensor[angl]\"}", 9, {"no sensor \"angl\"", "angle"}},
      {"{of = \"qpos\"}", "{of = \"qpos\", clips = 1}", 9, {"clips", "clip"}},
      {"{of = \"qpos\"}", "{of = \"qpos\", as = \"tan\"}", 9, {"tan", "value, cos, sin, wrapped"}},
      {"{of = \"qpos\"}", "{of = \"qpos\", minus = [1, 2, 3]}", 9, {"3 entries for 2 numbers"}},
      {"{of = \"qpos\"}", "{name = \"a\"}", 9, {"\"of\"", "\"formula\""}},
      {"{of = \"qpos\"}", "{of = \"qpos\", each = \"it + ti\"}", 9, {"ti", "it"}},
      {"site[tip].pos.x", "site[tip].pso.x", 10, {"pos"}},
      {"site[tip].pos.x", "site[top].pos.x", 10, {"no site \"top\"", "tip"}},
      {"site[tip].pos.x", "site[tip].pos.q", 10, {"no part .q"}},
      {"angle = \"qpos", "2angle = \"qpos", 14, {"cannot be called"}},
      {"angle = \"qpos", "cos = \"qpos", 14, {"cannot be called"}},
      {"turn = \"qvel", "action = \"qvel", 15, {"two quantities"}},
      {"clip = true", "ctrl = \"q + aa\"", 18, {"aa", "nearest", "a"}},
      {"clip = true", "clip = 1", 18, {"true or false"}},
      {"cos(angle)", "cos(angle", 21, {"task.reward.height"}},
      {"cos(angle)", "angle * action_bfore", 21, {"action_bfore"}},
      {"-0.1 * sumsq(action)", "tolerance(angle, 0)", 22, {"control", "lower, upper, margin"}},
  };
  for (const Case& c : cases) {
    const std::string message = Wrong(c.from, c.to);
    EXPECT_NE(message.find("arm.toml:" + std::to_string(c.line) + ":"), std::string::npos) << c.to << "\n" << message;
    for (const char* part : c.parts) EXPECT_NE(message.find(part), std::string::npos) << c.to << "\n" << message;
  }
}

TEST_F(OwnTask, SaysWhatIsWrongWithItsModel) {
  ASSERT_TRUE(With("Arm", "Arm").ok());
  const auto change = [&](const std::string& from, const std::string& to) {
    std::string text = kModel;
    text.replace(text.find(from), from.size(), to);
    folder_.Write("arm.xml", text);
    return Wrong("Arm", "Arm");
  };
  EXPECT_NE(change("<geom name=\"arm\" size=\"0.1\"/>", "<geom name=\"arm\" siez=\"0.1\"/>").find("siez"),
            std::string::npos);
  EXPECT_NE(change("</worldbody>", "").find("arm.xml"), std::string::npos);
  EXPECT_NE(change("<motor name=\"turn\" joint=\"shoulder\" ctrllimited=\"true\" ctrlrange=\"-2 4\"/>", "")
                .find("no actuator"),
            std::string::npos);
  EXPECT_NE(change("<worldbody>", "<include file=\"more.xml\"/><worldbody>").find("more.xml"), std::string::npos);
  EXPECT_NE(change("<worldbody>", "<asset><mesh file=\"hull.stl\"/></asset><worldbody>").find("hull.stl"),
            std::string::npos);
  EXPECT_NE(change("<worldbody>", "<option><flag sensornoise=\"enable\"/></option><worldbody>").find("sensornoise"),
            std::string::npos);
}

// The name stands for the content: what the table says and the bytes of the model, not where they lie or how the file is
// laid out, nor its settings.
TEST_F(OwnTask, IsCalledAfterWhatItSays) {
  const std::string name = With("Arm", "Arm").value();
  EXPECT_EQ(config::TaskStem(name), "arm");
  EXPECT_TRUE(config::NamesTaskFile(name));
  EXPECT_EQ(With("title = \"Arm\"", "# a comment\ntitle   =   \"Arm\"").value(), name);
  EXPECT_EQ(With("[task.reward]", "[sac]\ngamma = 0.9\n[task.reward]").value(), name);
  EXPECT_NE(With("cos(angle)", "sin(angle)").value(), name);
  EXPECT_NE(With("height = \"cos(angle)\"\ncontrol = \"-0.1 * sumsq(action)\"",
                 "control = \"-0.1 * sumsq(action)\"\nheight = \"cos(angle)\"")
                .value(),
            name);
  folder_.Write("arm.xml", std::string(kModel) + "<!-- another -->\n");
  EXPECT_NE(With("Arm", "Arm").value(), name);
}

TEST_F(OwnTask, IsFoundInTheCopyOfARunWhenTheOriginalIsGone) {
  fs::create_directories(folder_ / "models/parts");
  folder_.Write("models/arm.xml", std::string(kModel).replace(std::string(kModel).find("<worldbody>"), 0,
                                                              "<include file=\"parts/more.xml\"/>"));
  folder_.Write("models/parts/more.xml", "<mujocoinclude><option timestep=\"0.004\"/></mujocoinclude>");
  const std::string name = With("arm.xml", "models/arm.xml").value();
  fs::create_directory(folder_ / "run");
  const Status copied = CopyTask(name, folder_ / "run");
  ASSERT_TRUE(copied.ok()) << copied.error().message;
  EXPECT_TRUE(fs::exists(folder_ / "run/task/models/parts/more.xml"));
  // A copy of the copy, elsewhere, is the same task as well.
  fs::rename(folder_ / "run", folder_ / "moved");
  fs::remove_all(folder_ / "models");
  EXPECT_EQ(LearnTask(CopiedTaskFile(folder_ / "moved")).value(), name);
  // One that was changed is none, and says so.
  folder_.Write("moved/task/models/parts/more.xml", "<mujocoinclude/>");
  EXPECT_EQ(CopiedTaskFile(folder_ / "moved"), "");
}

TEST_F(OwnTask, HasItsSettingsOnTheStockOnes) {
  const std::string path = folder_.Write("arm.toml", std::string(kTask) + "[presets.cpu.run]\nepisodes = 7\n");
  const auto settings = LoadSettings(path, "", {});
  ASSERT_TRUE(settings.ok()) << settings.error().message;
  EXPECT_EQ(settings.value().run.task, TaskNameOf(path).value());
  EXPECT_EQ(settings.value().run.preset, "cpu");
  EXPECT_EQ(settings.value().run.episodes, 7);
  EXPECT_EQ(config::ToText(config::Get(settings.value(), "sac.hidden")), "128");  // configs/stock.toml
  EXPECT_EQ(PresetsFor(path, "sac"), (std::vector<std::string>{"cpu", "paper", "plain"}));
  folder_.Write("bad.toml", std::string(kTask) + "[presets.cpu.run]\nepisode = 7\n");
  const auto bad = LoadSettings(folder_ / "bad.toml", "", {});
  ASSERT_FALSE(bad.ok());
  EXPECT_NE(bad.error().message.find("run.episodes"), std::string::npos) << bad.error().message;
}

TEST(Formula, KnowsItsWordsAndWritesGroupsOut) {
  double x = 3, y = 4, before = 1;
  Vocabulary words;
  words.Add("p", {&x, &y});
  words.Add("x_before", &before);
  const auto value = [&](const char* text) { return Formula(text, words).Value(); };
  EXPECT_EQ(value("norm(p)"), 5);
  EXPECT_EQ(value("sumsq(p, 1)"), 26);
  EXPECT_EQ(value("sumabs(p_1, -p_2)"), 7);
  EXPECT_EQ(value("max(p) - x_before"), 3);
  EXPECT_EQ(value("clip(p_1, -1, 2)"), 2);
  EXPECT_NEAR(value("wrap(3 * pi / 2)"), -std::acos(0.0), 1e-15);
  EXPECT_EQ(value("p_1 > 2 && p_2 < 2 ? 1 : 7"), 7);
  EXPECT_EQ(value("1.5e1 + p_1"), 18);
  EXPECT_THROW(value("p"), FormulaError);
  EXPECT_THROW(value("norm(p"), FormulaError);
  x = 0;
  EXPECT_EQ(value("norm(p)"), 4);
}

}  // namespace
}  // namespace equipoise::env
