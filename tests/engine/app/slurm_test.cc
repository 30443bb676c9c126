// `equipoise sweep --slurm`: a sweep in a real Slurm of two nodes on this machine (tests/slurm.sh).
#include <cstdlib>
#include <sstream>

#include "engine/sweep/standing.h"
#include "tests/engine/app/program.h"

namespace equipoise::app {
namespace {

namespace fs = std::filesystem;

class OnSlurm : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    if (IsSkipped()) return;
    for (const char* program : {"slurmctld", "slurmd", "sbatch", "munged"})
      if (Code(std::string("PATH=$PATH:/usr/sbin command -v ") + program) != 0)
        GTEST_SKIP() << program
                     << " is not installed: slurmctld, slurmd, slurm-client and munge, which "
                        "app/install_packages.sh test brings, are what this test takes";
    const int port = 20000 + static_cast<int>(::getpid() % 4000) * 3;
    ASSERT_EQ(Code(Script() + " up '" + Cluster() + "' " + std::to_string(port)), 0) << Said();
  }
  void TearDown() override {
    if (fs::exists(Cluster())) (void)Code(Script() + " down '" + Cluster() + "'");
  }
  static std::string Script() { return "'" + tests::SourceFolder() + "/tests/slurm.sh'"; }
  std::string Cluster() const { return folder_ / "c"; }
  int Code(const std::string& command) {
    const int status = std::system(("SLURM_CONF='" + Cluster() + "/slurm.conf'; export SLURM_CONF; { " + command +
                                    "; } >'" + (folder_ / "said") + "' 2>&1 </dev/null")
                                       .c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  std::string Said() const { return Text("said"); }
  std::string Text(const std::string& name) const {
    std::ostringstream text;
    text << std::ifstream(folder_ / name).rdbuf();
    return text.str();
  }
  Ending Do(const std::vector<std::string>& arguments) {
    Start start;
    start.arguments = arguments;
    start.environment = {{"SLURM_CONF", Cluster() + "/slurm.conf"}};
    Program program(folder_.path(), start);
    const Ending ending = program.Wait();
    out_ = program.Out();
    err_ = program.Err();
    return ending;
  }
  std::string RunOf(int seed) const { return folder_ / ("s/runs/cartpole-sac-cpu-s" + std::to_string(seed)); }
  // The number of the job that was submitted for that.
  std::string JobOf(const std::string& what) const {
    const size_t end = out_.find(": " + what), from = out_.rfind("job ", end);
    EXPECT_NE(end, std::string::npos) << out_;
    return end == std::string::npos ? "" : out_.substr(from + 4, end - from - 4);
  }
  // What squeue says of an element ("3_1"): a state, a reason or a node. "" when it is not there any more.
  std::string Ask(const std::string& element, const char* format) {
    (void)Code("squeue -h -r -j " + element + " -o " + format);
    const std::string said = Said();
    return said.substr(0, said.find('\n'));
  }
  // A requeued element waits for two minutes otherwise.
  bool GoesOnAtOnce(const std::string& element) {
    return WaitUntil([&] {
      (void)Code("scontrol update jobid=" + element + " StartTime=now");
      return Ask(element, "%T") != "PENDING";  // it runs, or has done so already
    });
  }
  std::string out_, err_;
};

TEST_F(OnSlurm, ArraysAFailureALostNodeARequeueAndTheReport) {
  folder_.Write("s.toml",
                "[set]\n\"run.threads\" = 1\n\"run.random_episodes\" = 2\n\"env.horizon\" = 40\n\"sac.hidden\" = 8\n"
                "[slurm]\ncpus = 1\nmem = \"100M\"\ntime = \"10\"\n"
                "[[runs]]\ntasks = \"cartpole\"\nagents = \"sac\"\nseeds = [0, 1, 2]\nepisodes = 4\n"
                "[[runs]]\ntasks = \"cartpole\"\nagents = \"sac\"\nseeds = [3, 4]\nepisodes = 400\n");
  fs::create_directories(folder_ / "s/runs");
  folder_.Write("s/runs/cartpole-sac-cpu-s1", "in the way");
  ASSERT_EQ(Do({"sweep", "s.toml", "--out", "s", "--slurm"}).code, 0) << out_ << err_;
  // This cluster takes four elements an array: lines 0 to 3, and line 4 as element 0 of another one.
  const std::string asked = JobOf("lines 0-3") + "_3", lost = JobOf("lines 4") + "_0";
  EXPECT_NE(JobOf("the report"), "") << out_;

  // One run is asked to stop, as at the end of its time: code 75, and back into the queue.
  ASSERT_TRUE(WaitUntil([&] { return Episodes(RunOf(3)) >= 5; })) << Text("s/log/cartpole-sac-cpu-s3.txt");
  ASSERT_EQ(Code("scancel --signal=TERM " + asked), 0) << Said();
  ASSERT_TRUE(WaitUntil([&] { return Ask(asked, "%T") == "PENDING"; })) << Said();
  EXPECT_EQ(ConditionOf(RunOf(3)), store::RunCondition::kStopped);

  // One is lost with its node, and goes on from its checkpoint on the other.
  ASSERT_TRUE(WaitUntil([&] { return Episodes(RunOf(4)) >= 5; })) << Text("s/log/cartpole-sac-cpu-s4.txt");
  const std::string node = Ask(lost, "%N");
  ASSERT_TRUE(node == "n1" || node == "n2") << node;
  ASSERT_EQ(Code(Script() + " lose '" + Cluster() + "' " + node), 0) << Said();
  ASSERT_TRUE(WaitUntil([&] { return store::FolderLock::Holder(RunOf(4)).empty(); }));
  EXPECT_EQ(ConditionOf(RunOf(4)), store::RunCondition::kRunning) << "it was written no more";
  ASSERT_TRUE(WaitUntil([&] { return Ask(lost, "%T") == "PENDING"; })) << Said();

  // What failed is tried once more, and what is in the queue is not submitted again.
  const std::string log = "s/log/cartpole-sac-cpu-s1.txt";
  ASSERT_TRUE(WaitUntil([&] { return Text(log).find(sweep::kEnded) != std::string::npos; })) << Text(log);
  ASSERT_TRUE(WaitUntil([&] {
    return ConditionOf(RunOf(0)) == store::RunCondition::kFinished &&
           ConditionOf(RunOf(2)) == store::RunCondition::kFinished;
  }));
  ASSERT_EQ(Do({"sweep", "s", "--slurm"}).code, 0) << err_;
  EXPECT_NE(out_.find("2 of its runs are in the queue already\njob "), std::string::npos) << out_;
  EXPECT_NE(out_.find(": lines 1\n"), std::string::npos) << out_;
  ASSERT_EQ(Do({"sweep", "s", "--status"}).code, 0) << err_;
  EXPECT_NE(out_.find("queued (BeginTime)"), std::string::npos) << out_;

  // Slurm gives a requeued job two minutes for a reason: started again while its first life is still being cleared away,
  // it fails without a word.
  std::this_thread::sleep_for(std::chrono::seconds(4));
  ASSERT_TRUE(GoesOnAtOnce(asked)) << Said();
  ASSERT_TRUE(GoesOnAtOnce(lost)) << Said();
  EXPECT_NE(Ask(lost, "%N"), node);
  ASSERT_TRUE(WaitUntil([&] { return fs::exists(folder_ / "s/report/report.md"); })) << Text("s/report/report.md");
  const std::string report = Text("s/report/report.md");
  EXPECT_EQ(Episodes(RunOf(3)), 402u);
  EXPECT_EQ(Episodes(RunOf(4)), 402u);
  EXPECT_NE(report.find("4 of 5 runs counted, 1 missing or unreadable."), std::string::npos) << report;
  EXPECT_NE(report.find("cartpole-sac-cpu-s1, whose log ends with: ended with exit code 2: equipoise: "),
            std::string::npos)
      << report;
}

}  // namespace
}  // namespace equipoise::app
