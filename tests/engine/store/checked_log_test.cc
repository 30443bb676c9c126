#include "engine/store/checked_log.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/engine/temporary_folder.h"

namespace equipoise::store {
namespace {

using testing_support::TemporaryFolder;

constexpr int kLines = 4;

std::string Write(const std::string& path) {
  CheckedLog log = CheckedLog::Open(path, {}).value();
  for (int i = 1; i <= kLines; ++i)
    EXPECT_TRUE(log.Append("{\"episode\":" + std::to_string(i) + ",\"clock\":{\"wall\":0.5}}").ok());
  return ReadFile(path).value();
}

TEST(CheckedLog, GoesOnFromAnyWholeLineToTheSameBytes) {
  TemporaryFolder folder;
  const std::string whole = Write(folder / "log");
  const LogReport report = VerifyLog(folder / "log").value();
  ASSERT_FALSE(report.damage);
  ASSERT_EQ(report.lines.size(), size_t{kLines});
  EXPECT_EQ(report.lines.back().bytes, static_cast<int64_t>(whole.size()));
  for (size_t kept = 0; kept < kLines; ++kept) {
    CheckedLog log = CheckedLog::Open(folder / "log", kept == 0 ? LogMark{} : report.lines[kept - 1]).value();
    for (size_t i = kept + 1; i <= kLines; ++i)
      ASSERT_TRUE(log.Append("{\"episode\":" + std::to_string(i) + ",\"clock\":{\"wall\":0.5}}").ok());
    EXPECT_EQ(ReadFile(folder / "log").value(), whole) << kept;
  }
}

// Which line of the log a byte belongs to, from 1.
int64_t LineOf(const std::string& bytes, size_t at) {
  return 1 + std::count(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(at), '\n');
}

TEST(CheckedLog, NoByteIsChangedUnnoticed) {
  TemporaryFolder folder;
  const std::string whole = Write(folder / "log");
  for (size_t at = 0; at < whole.size(); ++at) {
    for (const char bit : {1, 4, 32}) {
      std::string bytes = whole;
      bytes[at] = static_cast<char>(bytes[at] ^ bit);
      folder.Write("log", bytes);
      const LogReport report = VerifyLog(folder / "log").value();
      ASSERT_TRUE(report.damage) << "byte " << at;
      // A first line whose check is no longer recognised is told from an old one by the line behind it.
      EXPECT_GE(report.damage->line, LineOf(whole, at)) << "byte " << at;
      EXPECT_LE(report.damage->line, LineOf(whole, at) + 1) << "byte " << at;
    }
  }
}

TEST(CheckedLog, NoLineIsTakenOutAddedOrMovedUnnoticed) {
  TemporaryFolder folder;
  const std::string whole = Write(folder / "log");
  std::vector<std::string> lines;
  for (size_t from = 0, end; (end = whole.find('\n', from)) != std::string::npos; from = end + 1)
    lines.push_back(whole.substr(from, end - from + 1));
  const auto damaged_line = [&](const std::vector<std::string>& now) {
    std::string bytes;
    for (const std::string& line : now) bytes += line;
    folder.Write("log", bytes);
    const LogReport report = VerifyLog(folder / "log").value();
    return report.damage ? report.damage->line : 0;
  };
  EXPECT_EQ(damaged_line(lines), 0);
  EXPECT_EQ(damaged_line({lines[1], lines[2], lines[3]}), 1);
  EXPECT_EQ(damaged_line({lines[0], lines[2], lines[3]}), 2);
  EXPECT_EQ(damaged_line({lines[0], lines[2], lines[1], lines[3]}), 2);
  EXPECT_EQ(damaged_line({lines[0], lines[1], lines[1], lines[2], lines[3]}), 3);
  EXPECT_EQ(damaged_line({lines[0], "{\"episode\":2}\n", lines[2]}), 2)
      << "a line without a check behind one that has it";
  EXPECT_EQ(damaged_line({lines[0], lines[1]}), 0) << "lines missing at the end are for the checkpoint to notice";
}

TEST(CheckedLog, TakesUpALogOfAnOlderVersion) {
  TemporaryFolder folder;
  const std::string old = "{\"episode\":1,\"nll\":0.25}\n{\"episode\":2,\"nll\":\"NaN\"}\n";
  folder.Write("log", old);
  const LogReport before = VerifyLog(folder / "log").value();
  ASSERT_FALSE(before.damage);
  {
    CheckedLog log = CheckedLog::Open(folder / "log", before.lines.back()).value();
    ASSERT_TRUE(log.Append("{\"episode\":3}").ok());
  }
  const std::string now = ReadFile(folder / "log").value();
  EXPECT_EQ(now.compare(0, old.size(), old), 0) << "the old lines stay as they are";
  EXPECT_FALSE(VerifyLog(folder / "log").value().damage);
  for (const char* changed : {"{\"episode\":1, \"nll\":0.25}\n", "{\"episode\":1,\"nll\":0.25,\n", "nothing\n"}) {
    folder.Write("log", changed + old);
    const LogReport report = VerifyLog(folder / "log").value();
    ASSERT_TRUE(report.damage) << changed;
    EXPECT_EQ(report.damage->line, 1) << changed;
  }
  std::string other = now;
  other[other.find("0.25")] = '1';
  folder.Write("log", other);
  EXPECT_EQ(VerifyLog(folder / "log").value().damage->line, 3)
      << "the chain covers old lines as soon as a new one follows";
}

TEST(CheckedLog, NamesALineThatIsCutOff) {
  TemporaryFolder folder;
  const std::string whole = Write(folder / "log");
  folder.Write("log", whole.substr(0, whole.size() - 1));
  const LogReport report = VerifyLog(folder / "log").value();
  ASSERT_TRUE(report.damage);
  EXPECT_EQ(report.damage->line, kLines);
  EXPECT_NE(report.damage->what.find("cut off"), std::string::npos);
  EXPECT_TRUE(VerifyLog(folder / "absent").value().lines.empty());
}

}  // namespace
}  // namespace equipoise::store
