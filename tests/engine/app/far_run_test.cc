// A run on another machine, which is this one: an sshd on the loopback, of keys and a configuration of its own.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "engine/base/atomic_file.h"
#include "tests/engine/app/program.h"

namespace equipoise::app {
namespace {

namespace fs = std::filesystem;

// A port that nobody uses at this moment.
int FreePort() {
  const int s = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ::bind(s, reinterpret_cast<sockaddr*>(&address), sizeof address);
  ::getsockname(s, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(s);
  return ntohs(address.sin_port);
}

bool Shell(const std::string& line) { return std::system((line + " >/dev/null 2>&1").c_str()) == 0; }

class FarRuns : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    if (IsSkipped()) return;
    if (!fs::exists("/usr/sbin/sshd") || !Shell("command -v rsync") || !Shell("command -v ssh-keygen"))
      GTEST_SKIP() << "openssh-server and rsync are not installed";
    if (::getuid() == 0) ::mkdir("/run/sshd", 0755);  // it asks for it when root starts it
    for (const char* key : {"host", "user"}) ASSERT_TRUE(Shell("ssh-keygen -q -t ed25519 -N '' -f " + folder_ / key));
    port_ = FreePort();
    ASSERT_TRUE(WriteFileAtomically(folder_ / "sshd", "Port " + std::to_string(port_) +
                                                          "\nListenAddress 127.0.0.1\nHostKey " + folder_ / "host" +
                                                          "\nAuthorizedKeysFile " + folder_ / "user.pub" +
                                                          "\nStrictModes no\nUsePAM no\nPasswordAuthentication no\n"
                                                          "PermitRootLogin yes\nPidFile none\n")
                    .ok());
    server_ = ::fork();
    if (server_ == 0) {
      const std::string file = folder_ / "sshd", log = folder_ / "sshd.log";
      ::execl("/usr/sbin/sshd", "/usr/sbin/sshd", "-D", "-f", file.c_str(), "-E", log.c_str(), nullptr);
      ::_exit(127);
    }
    ssh_ = "ssh -F none -i " + folder_ / "user" + " -o IdentitiesOnly=yes -o StrictHostKeyChecking=no -o " +
           "UserKnownHostsFile=" + folder_ / "known";
    const std::string there = ssh_ + " -p " + std::to_string(port_) + " -o BatchMode=yes 127.0.0.1 true";
    ASSERT_TRUE(WaitUntil([&] { return Shell(there); })) << ReadFile(folder_ / "sshd.log").value();
  }
  void TearDown() override { StopServer(); }
  void StopServer() {
    if (server_ <= 0) return;
    ::kill(server_, SIGTERM);
    ::waitpid(server_, nullptr, 0);
    server_ = -1;
  }
  std::string Address(const std::string& path) const { return "ssh://127.0.0.1:" + std::to_string(port_) + path; }
  Said Far(const std::vector<std::string>& arguments) {
    Start start;
    start.arguments = arguments;
    start.environment = {{"RSYNC_RSH", ssh_}, {"XDG_CACHE_HOME", folder_ / "cache"}};
    Program program(folder_.path(), start);
    Said said;
    said.code = program.Wait().code;
    said.out = program.Out();
    said.err = program.Err();
    return said;
  }
  // The table of its episodes, from there and from here.
  void ExpectSameTable(const char* name) {
    const std::string far = std::string("far-") + name, near = std::string("near-") + name;
    const Said there = Far({"export", Address(Run()), "--of", "curves", "--csv", far});
    ASSERT_EQ(there.code, 0) << there.err;
    ASSERT_EQ(Do({"export", "run", "--of", "curves", "--csv", near}).code, 0);
    EXPECT_EQ(ReadFile(folder_ / far).value(), ReadFile(folder_ / near).value());
  }

  int port_ = 0;
  pid_t server_ = -1;
  std::string ssh_;
};

TEST_F(FarRuns, AreReadAsTheyAreThereAndFollowedAsTheyGo) {
  ASSERT_EQ(Do(TinyTrain({"--episodes", "4", "--out", "run"})).code, 0);
  ExpectSameTable("first.csv");
  ASSERT_EQ(Do({"resume", "run", "--episodes", "7"}).code, 0);
  ExpectSameTable("then.csv");
  EXPECT_FALSE(fs::exists(folder_ / "run/.rsync-said")) << "nothing is written over there";
  // What goes there goes here.
  ASSERT_TRUE(fs::remove(folder_ / "run/progress.csv"));
  ExpectSameTable("without.csv");
  int mirrors = 0;
  for (const auto& entry : fs::directory_iterator(folder_ / "cache/equipoise/far")) {
    ++mirrors;
    EXPECT_FALSE(fs::exists(entry.path() / "progress.csv"));
    EXPECT_EQ(ReadFile((entry.path() / "checkpoints/replay.bin").string()).value(),
              ReadFile(folder_ / "run/checkpoints/replay.bin").value());
  }
  EXPECT_EQ(mirrors, 1);
}

TEST_F(FarRuns, WhatCannotBeFetchedIsSaidInWords) {
  const Said absent = Far({"export", Address("/nowhere/run"), "--csv", "a.csv"});
  EXPECT_EQ(absent.code, 2);
  EXPECT_NE(absent.err.find("No such file"), std::string::npos) << absent.err;
  fs::create_directories(folder_ / "empty");
  const Said empty = Far({"export", Address(folder_ / "empty"), "--csv", "a.csv"});
  EXPECT_EQ(empty.code, 2);
  EXPECT_NE(empty.err.find("is no run"), std::string::npos) << empty.err;
  const Said wrong = Far({"export", "ssh://only-a-host", "--csv", "a.csv"});
  EXPECT_NE(wrong.err.find("write it as ssh://host/path"), std::string::npos) << wrong.err;
  const Said option = Far({"export", "ssh://-oProxyCommand=false/run", "--csv", "a.csv"});
  EXPECT_NE(option.err.find("write it as ssh://host/path"), std::string::npos) << option.err;
  StopServer();
  const Said gone = Far({"export", Address(Run()), "--csv", "a.csv"});
  EXPECT_EQ(gone.code, 2);
  EXPECT_NE(gone.err.find("Connection refused"), std::string::npos) << gone.err;
  EXPECT_NE(gone.err.find("without a password"), std::string::npos) << gone.err;
}

}  // namespace
}  // namespace equipoise::app
