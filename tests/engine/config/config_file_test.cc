#include "engine/config/config_file.h"

#include <gtest/gtest.h>

#include "engine/agent/controllers/mpc_settings.h"
#include "engine/config/section.h"
#include "engine/learn/sac_settings.h"
#include "engine/model/dropout_lstm_settings.h"
#include "engine/model/feedforward/bayes_mlp_settings.h"
#include "engine/model/feedforward/bootstrap_ensemble_settings.h"
#include "tests/engine/temporary_folder.h"

namespace equipoise::config {
namespace {

using testing_support::TemporaryFolder;

constexpr char kFile[] = R"(preset = "small"

[run]
task = "hopper"

[model]
eta = 10
hidden = 100

[presets.small.model]
hidden = 32

[presets.large.model]
hidden = 256
)";

class ConfigFile : public ::testing::Test {
 protected:
  // The message of the error that `text` as a file gives, with the path cut to its last part; "" when it loads.
  std::string MessageOf(const std::string& text, const std::string& preset = "", const Overrides& overrides = {}) {
    const std::string path = folder_.Write("x.toml", text);
    const Result<Settings> settings = LoadFile(path, preset, overrides);
    if (settings) return "";
    std::string message = settings.error().message;
    for (size_t at; (at = message.find(folder_.path() + "/")) != std::string::npos;)
      message.erase(at, folder_.path().size() + 1);
    return message;
  }
  Settings Load(const std::string& text, const std::string& preset = "", const Overrides& overrides = {}) {
    return LoadFile(folder_.Write("x.toml", text), preset, overrides).value();
  }
  TemporaryFolder folder_;
};

TEST_F(ConfigFile, TakesDefaultsThenFileThenPresetThenOverrides) {
  const Settings settings = Load(kFile);
  const model::DropoutLstmSettings& lstm = settings.Of<model::DropoutLstmSettings>();
  EXPECT_EQ(lstm.steps, 100);  // default
  EXPECT_EQ(lstm.eta, 10);     // file
  EXPECT_EQ(lstm.hidden, 32);  // preset over file
  EXPECT_EQ(settings.run.preset, "small");
  EXPECT_EQ(Load(kFile, "large").Of<model::DropoutLstmSettings>().hidden, 256);
  EXPECT_EQ(Load(kFile, "large").run.preset, "large");
  EXPECT_EQ(Load(kFile, "large", {{"model.hidden", "8"}}).Of<model::DropoutLstmSettings>().hidden, 8);
}

TEST_F(ConfigFile, FallsBackToTheCpuPreset) {
  EXPECT_EQ(Load("[presets.cpu.model]\nhidden = 16\n[presets.b.model]\nhidden = 17\n")
                .Of<model::DropoutLstmSettings>()
                .hidden,
            16);
  EXPECT_EQ(Load("[presets.b.model]\nhidden = 17\n").Of<model::DropoutLstmSettings>().hidden, 200);
  EXPECT_EQ(Load("[model]\nhidden = 17\n").run.preset, "custom");
}

TEST_F(ConfigFile, NamesLineAndNearestKeyOfAnUnknownSetting) {
  EXPECT_EQ(MessageOf("[run]\n\n[model]\nhiden = 3\n"),
            "x.toml:4: unknown setting model.hiden; the nearest known one is model.hidden");
  EXPECT_EQ(MessageOf("[presets.a.model]\nhiden = 3\n"),
            "x.toml:2: unknown setting model.hiden; the nearest known one is model.hidden");
  EXPECT_EQ(MessageOf("[model.hiden]\nx = 3\n"),
            "x.toml:1: unknown setting model.hiden; the nearest known one is model.hidden");
  std::string known;
  for (const Section& section : Sections()) known += (known.empty() ? "" : ", ") + section.id;
  EXPECT_EQ(MessageOf("[modle]\nhidden = 3\n"), "x.toml:1: unknown table [modle]; the known ones are " + known);
  EXPECT_EQ(MessageOf("hidden = 3\n"), "x.toml:1: unknown setting hidden; the nearest known one is model.hidden");
}

TEST_F(ConfigFile, NamesLineAndRangeOfABadValue) {
  EXPECT_EQ(MessageOf("[sac]\nentropy_bonus = -3\n"), "x.toml:2: sac.entropy_bonus = -3 is outside [0, 1000]");
  EXPECT_EQ(MessageOf("[run]\nseed = 99999999999\n"), "x.toml:2: run.seed = 99999999999 is outside [0, 2147483647]");
  EXPECT_EQ(MessageOf("[sac]\nentropy_bonus = nan\n"),
            "x.toml:2: sac.entropy_bonus = nan is not a finite number; it must lie in [0, 1000]");
  EXPECT_EQ(MessageOf("[sac]\nentropy_bonus = [1]\n"), "x.toml:2: sac.entropy_bonus should be a single value");
  EXPECT_EQ(MessageOf("[model]\nhidden = 1.5\n"), "x.toml:2: model.hidden = 1.5 should be a whole number");
  EXPECT_EQ(MessageOf("model = 3\n"), "x.toml:1: model should be a table, written [model]");
}

TEST_F(ConfigFile, NamesTheLineOfASyntaxError) {
  EXPECT_EQ(MessageOf("[model]\nhidden = \n").substr(0, 9), "x.toml:2:");
  EXPECT_EQ(MessageOf("[model]\nhidden = 1\nhidden = 2\n").substr(0, 9), "x.toml:3:");
}

TEST_F(ConfigFile, ChecksThePresetsThatAreNotAskedFor) {
  EXPECT_EQ(MessageOf("preset = \"a\"\n[presets.a]\n[presets.b.eps]\nmasks = 0\n"),
            "x.toml:4: eps.masks = 0 is outside [1, 100000]");
}

TEST_F(ConfigFile, ListsThePresetsWhenOneIsMissing) {
  EXPECT_EQ(MessageOf(kFile, "huge"), "x.toml: there is no preset \"huge\" in this file; it has large, small");
  EXPECT_EQ(PresetsOf(folder_.Write("x.toml", kFile), "unified").value(), (std::vector<std::string>{"large", "small"}));
}

// What a preset means to one agent comes after the preset and before the command line, and for others not at all.
TEST_F(ConfigFile, APresetMeansSomethingElseToAnAgentThatSaysSo) {
  const char* file =
      "preset = \"cpu\"\n[sac]\nbatch = 8\n[presets.cpu.sac]\nbatch = 16\nhidden = 20\n"
      "[agents.sac.presets.cpu.sac]\nbatch = 32\n[agents.sac.presets.own.sac]\nbatch = 64\n";
  const std::string path = folder_.Write("x.toml", file);
  const auto sac = [&](const char* agent, const char* preset, const Overrides& more = {}) {
    Overrides all = {{"run.agent", agent}};
    all.insert(all.end(), more.begin(), more.end());
    return LoadFile(path, preset, all).value().Of<learn::SacSettings>();
  };
  EXPECT_EQ(sac("unified", "").batch, 16);
  EXPECT_EQ(sac("sac", "").batch, 32);
  EXPECT_EQ(sac("sac", "").hidden, 20);
  EXPECT_EQ(sac("sac", "cpu", {{"sac.batch", "7"}}).batch, 7);
  EXPECT_EQ(sac("sac", "own").batch, 64);
  EXPECT_EQ(PresetsOf(path, "sac").value(), (std::vector<std::string>{"cpu", "own"}));
  EXPECT_EQ(PresetsOf(path, "unified").value(), (std::vector<std::string>{"cpu"}));
  EXPECT_EQ(MessageOf(file, "own"), "x.toml: there is no preset \"own\" in this file; it has cpu");
  // The agent may be named by the file itself.
  EXPECT_EQ(LoadFile(folder_.Write("y.toml", std::string("[run]\nagent = \"sac\"\n") +
                                                 "[agents.sac.presets.cpu.sac]\nbatch = 5\n"),
                     "", {})
                .value()
                .Of<learn::SacSettings>()
                .batch,
            5);
}

TEST_F(ConfigFile, ChecksWhatItSaysOfEveryAgent) {
  EXPECT_EQ(MessageOf("[agents.nobody.presets.cpu.sac]\nbatch = 5\n").substr(0, 44),
            "x.toml:1: unknown agent in [agents.nobody]; ");
  EXPECT_EQ(MessageOf("[agents.sac.presets.cpu.sac]\nbatch = 0\n"), "x.toml:2: sac.batch = 0 is outside [1, 65536]");
  EXPECT_EQ(MessageOf("[agents.sac.sac]\nbatch = 5\n"),
            "x.toml:1: agents.sac should hold presets alone, written [agents.sac.presets.cpu.run]");
  EXPECT_EQ(MessageOf("agents = 3\n"),
            "x.toml:1: agents should be a table, written [agents.unified.presets.cpu.model]");
}

TEST_F(ConfigFile, SaysThatTheCommandLineWasWrong) {
  EXPECT_EQ(MessageOf(kFile, "", {{"sac.gamma", "2"}}), "command line: sac.gamma = 2 is outside [0, 0.99999]");
  EXPECT_EQ(MessageOf(kFile, "", {{"sac.gama", "0.9"}}),
            "command line: unknown setting sac.gama; the nearest known one is sac.gamma");
}

TEST_F(ConfigFile, RefusesContradictionsAndMissingFiles) {
  EXPECT_EQ(MessageOf("[distractors]\nshortest_period = 200\n"),
            "x.toml: distractors.longest_period = 100 is below distractors.shortest_period = 200");
  EXPECT_EQ(LoadFile("/nonexistent/x.toml", "", {}).error().message,
            "cannot read /nonexistent/x.toml: No such file or directory");
}

// Every key away from its default, so that a key that is not carried over is noticed.
Settings AllChanged(const std::string& agent = "unified") {
  Settings settings;
  for (const Spec& spec : Table()) {
    Value value = std::string("a \"quoted\" \\ name\twith tab");
    if (spec.type == Spec::Type::kInt) value = static_cast<int>(spec.lowest);
    if (spec.type == Spec::Type::kReal) value = spec.lowest + (spec.highest - spec.lowest) / 3;
    if (spec.type == Spec::Type::kBool) value = !std::get<bool>(spec.fallback);
    if (spec.type == Spec::Type::kChoice) value = spec.choices.back();
    EXPECT_TRUE(Set(settings, spec.key, value).ok()) << spec.key;
  }
  settings.run.agent = agent;
  settings.run.schedule = "7 distractors.amplitude=2, 9 distractors.active=true";
  settings.run.task = "cartpole";  // where every agent is offered
  // Some plan by a policy, or along gradients, and others have none.
  const agent::MpcSettings own = DefaultsOf(agent).Of<agent::MpcSettings>();
  settings.Of<agent::MpcSettings>().planner = own.planner;
  settings.Of<agent::MpcSettings>().model = own.model;
  settings.Of<model::DropoutLstmSettings>().sd_min = 0.001;
  settings.Of<learn::SacSettings>().sigma_max = 0;                         // has no meaning where sac.sd is another
  settings.Of<model::BayesMlpSettings>().log_variance_low = -18;           // below the other bound
  settings.Of<model::BootstrapEnsembleSettings>().log_variance_low = -18;  // below the other bound
  EXPECT_TRUE(Validate(settings).ok()) << Validate(settings).error().message;
  return settings;
}

void ExpectEqual(const Settings& a, const Settings& b) {
  for (const Spec& spec : Table()) EXPECT_TRUE(Get(a, spec.key) == Get(b, spec.key)) << spec.key;
}

TEST_F(ConfigFile, TomlReadsBackEveryKey) {
  for (const std::string& agent : FindSpec("run.agent")->choices) {
    const Settings settings = AllChanged(agent), back = Load(ToToml(settings));
    for (const Section* section : SectionsOf(settings))
      for (const Spec& spec : section->specs)
        EXPECT_TRUE(Get(back, spec.key) == Get(settings, spec.key)) << agent << ", " << spec.key;
  }
}

TEST_F(ConfigFile, JsonReadsBackEveryKey) {
  const Settings settings = AllChanged();
  ExpectEqual(FromJson(ToJson(settings)).value(), settings);
  EXPECT_FALSE(FromJson("{").ok());
  EXPECT_FALSE(FromJson(R"({"model": {"hiden": 3}})").ok());
  EXPECT_FALSE(FromJson(R"({"model": {"hidden": "x"}})").ok());
  EXPECT_FALSE(FromJson(R"({"model": 3})").ok());
  EXPECT_FALSE(FromJson("[]").ok());
}

// What a run is stored with: of other parts only what somebody chose, so that it is not lost.
TEST_F(ConfigFile, ARunIsStoredWithItsOwnSectionsAndWhatElseWasChosen) {
  Settings settings;
  settings.run.agent = "sac";
  const auto has = [&](const char* section) {
    return ToJson(settings).find(std::string("\"") + section + "\":{") != std::string::npos;
  };
  for (const char* own : {"run", "env", "distractors", "sac", "log"}) EXPECT_TRUE(has(own)) << own;
  for (const char* other : {"model", "mb", "eps"}) EXPECT_FALSE(has(other)) << other;
  settings.Of<model::DropoutLstmSettings>().hidden = 32;
  settings.Of<model::DropoutLstmSettings>().dropout = 0.1;  // the default
  EXPECT_TRUE(has("model"));
  const Settings read = FromJson(ToJson(settings)).value();
  ExpectEqual(read, settings);
  EXPECT_EQ(ToJson(read), ToJson(settings)) << "the same bytes";
  // Older versions stored every section.
  Settings all = settings;
  all.run.agent = "unified";
  std::string older = ToJson(all);
  older.replace(older.find("\"unified\""), 9, "\"sac\"");
  EXPECT_NE(older, ToJson(settings));
  ExpectEqual(FromJson(older).value(), settings);
  // For people: what this run goes by.
  EXPECT_EQ(ToToml(settings).find("[model]"), std::string::npos);
  EXPECT_NE(ToToml(settings).find("[sac]"), std::string::npos);
}

TEST_F(ConfigFile, SaysWhatWasAskedOfAPartThatTheAgentDoesNotHave) {
  const auto said = [this](const std::string& text, const Overrides& overrides) {
    std::vector<std::string> idle;
    const auto loaded = LoadFile(folder_.Write("x.toml", text), "", overrides, &idle);
    EXPECT_TRUE(loaded.ok()) << loaded.error().message;
    return idle;
  };
  using Lines = std::vector<std::string>;
  EXPECT_EQ(said(kFile, {{"sac.batch", "64"}}), Lines()) << "the agent has it";
  EXPECT_EQ(said(kFile, {{"run.agent", "mbrl"}, {"sac.batch", "64"}}),
            Lines({"sac.batch is set, but this run's agent, mbrl, has no SAC: it changes nothing"}));
  EXPECT_EQ(said(kFile, {{"run.agent", "mbrl"}, {"sac.tau", "0.1"}, {"sac.batch", "64"}}),
            Lines({"sac.batch and sac.tau are set, but this run's agent, mbrl, has no SAC: they change nothing"}));
  EXPECT_EQ(said(kFile, {{"run.agent", "sac"}, {"eps.masks", "9"}, {"mb.lr", "0"}}).size(), 2u) << "a line for each";
  // A file for any agent speaks of every part; one that names its agent is taken at its word.
  EXPECT_EQ(said(kFile, {{"run.agent", "sac"}}), Lines());
  const std::string own = "[run]\nagent = \"sac\"\n[model]\neta = 1\n[presets.cpu.model]\nhidden = 8\nbatch = 3\n";
  EXPECT_EQ(said(own, {}),
            Lines({"model.hidden and 2 more settings of it are set, but this run's agent, sac, has no dynamics model: "
                   "they change nothing"}));
  // Checked like any other.
  EXPECT_EQ(MessageOf(kFile, "", {{"run.agent", "mbrl"}, {"sac.batch", "0"}}),
            "command line: sac.batch = 0 is outside [1, 65536]");
  EXPECT_EQ(MessageOf(kFile, "", {{"run.agent", "mbrl"}, {"sac.bach", "9"}}),
            "command line: unknown setting sac.bach; the nearest known one is sac.batch");
}

TEST_F(ConfigFile, MarkdownHasARowForEveryKey) {
  std::vector<const Section*> all;
  for (const Section& section : Sections()) all.push_back(&section);
  const std::string markdown = SettingsMarkdown(all);
  EXPECT_EQ(SettingsMarkdown(SectionsOf("sac")).find("| `mb."), std::string::npos);
  for (const Spec& spec : Table()) EXPECT_NE(markdown.find("| `" + spec.key + "` |"), std::string::npos) << spec.key;
}

}  // namespace
}  // namespace equipoise::config
