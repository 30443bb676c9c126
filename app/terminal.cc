#include "app/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "app/standard_streams.h"
#include "engine/base/clock.h"
#include "engine/eps/decision.h"
#include "engine/record/health.h"

namespace equipoise::app {
namespace {

constexpr int kBarWidth = 24;
constexpr double kSlowStep = 3;       // seconds, from which on the first step of a phase is timed in words
constexpr double kQuietSeconds = 60;  // without a line, after which a log says how far the episode is

template <class... Args>
std::string Format(const char* format, Args... args) {
  char text[512];
  std::snprintf(text, sizeof(text), format, args...);
  return text;
}

std::string Number(double value) { return std::isfinite(value) ? Format("%9.2f", value) : Format("%9s", "-"); }

}  // namespace

int TerminalWidth() {
  winsize size{};
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

std::string Duration(double seconds) {
  if (!std::isfinite(seconds) || seconds < 0) return "-";
  const long whole = std::lround(seconds);
  if (whole >= 3600) return Format("%ld h %02ld min", whole / 3600, whole / 60 % 60);
  return Format("%ld:%02ld", whole / 60, whole % 60);
}

std::string EpisodeLine(const run::EpisodeSummary& record, double seconds, const config::Settings& settings,
                        const nets::PartList& parts) {
  if (record.episode <= 0) {
    const int random = settings.run.random_episodes;
    return Format("random %3d/%-5d return%s  %5.1f s", record.episode + random, random,
                  Number(record.episode_return).c_str(), seconds);
  }
  return Format("episode%3d/%-5d return%s  %5.1f s  ", record.episode, settings.run.episodes,
                Number(record.episode_return).c_str(), seconds) +
         eps::Sentence(record.decision, parts);
}

std::string ProgressLine(const run::Snapshot& s) {
  const int random = s.settings ? s.settings->run.random_episodes : 0;
  const int total = s.settings ? s.settings->run.episodes : 0;
  const int done = static_cast<int>(s.episodes ? s.episodes->size() : 0) - random;
  const double share = total > 0 ? std::clamp(static_cast<double>(done) / total, 0.0, 1.0) : 0;
  const int filled = static_cast<int>(share * kBarWidth);
  std::string line = "[" + std::string(filled, '=') + (filled < kBarWidth ? ">" : "") +
                     std::string(std::max(0, kBarWidth - filled - 1), ' ') + "] ";
  if (s.state == run::RunState::kPaused) line += "paused | ";
  if (done >= 0) line += "episode " + std::to_string(std::min(done + 1, total)) + "/" + std::to_string(total);
  for (const run::StageProgress& stage : s.stages) {
    if (!stage.active) continue;
    line += std::string(line.back() == ' ' ? "" : " | ") + stage.title + " " + std::to_string(stage.done) + "/" +
            std::to_string(stage.total);
    if (stage.done == 0 && stage.seconds >= kSlowStep) line += ", " + Duration(stage.seconds);
  }
  const run::StageProgress* acting = s.StageOf(run::kActStage);
  if (s.live.acting && acting != nullptr && !acting->active)  // a random episode
    line += " | step " + std::to_string(s.live.step) + "/" + std::to_string(acting->total);
  if (s.live.acting) line += Format(" | return %.1f", s.live.episode_return);
  if (std::isfinite(s.eta_seconds)) line += " | " + Duration(s.eta_seconds) + " left";
  return line;
}

TerminalReport::TerminalReport() : said_(MonotonicSeconds()) {
  const char* kind = std::getenv("TERM");
  is_terminal_ = ::isatty(STDOUT_FILENO) == 1 && (kind == nullptr || std::strcmp(kind, "dumb") != 0);
}

void TerminalReport::Header(const config::Settings& s, const std::string& folder) const {
  PrintNow(Format("Equipoise: task %s, agent %s, preset %s, seed %d, %d episodes after %d random ones\n",
                  s.run.task.c_str(), s.run.agent.c_str(), s.run.preset.c_str(), s.run.seed, s.run.episodes,
                  s.run.random_episodes) +
           "writing to " + folder + "; Ctrl-C ends the run with everything written\n");
}

void TerminalReport::ClearProgress() {
  if (progress_shown_) PrintNow("\r\033[K");
  progress_shown_ = false;
}

void TerminalReport::Skip(const run::Snapshot& past) {
  episodes_shown_ = past.episodes ? past.episodes->size() : 0;
  events_shown_ = past.events ? past.events->size() : 0;
  wall_seconds_ = past.wall_seconds;
}

void TerminalReport::Show(const run::Snapshot& snapshot) {
  const bool news = (snapshot.episodes && snapshot.episodes->size() > episodes_shown_) ||
                    (snapshot.events && snapshot.events->size() > events_shown_);
  const std::vector<nets::Finding> news_of_health = run::NewFindings(snapshot.health, &findings_);
  if (news || !news_of_health.empty()) ClearProgress();
  std::string text;
  if (snapshot.episodes && snapshot.settings)
    for (; episodes_shown_ < snapshot.episodes->size(); ++episodes_shown_) {
      const run::EpisodeSummary& record = *(*snapshot.episodes)[episodes_shown_];
      text += EpisodeLine(record, record.wall_seconds - wall_seconds_, *snapshot.settings, snapshot.info->parts) + "\n";
      wall_seconds_ = record.wall_seconds;
    }
  if (snapshot.events)
    for (; events_shown_ < snapshot.events->size(); ++events_shown_) {
      const run::Event& event = *(*snapshot.events)[events_shown_];
      if (event.kind != run::Event::Kind::kLifecycle)
        text += "  note: " + event.text + (event.why.empty() ? "" : " Reason: " + event.why) + "\n";
    }
  for (const nets::Finding& finding : news_of_health) text += "  health: " + nets::Sentence(finding) + "\n";
  const double now = MonotonicSeconds();
  if (!text.empty()) said_ = now;
  if (!is_terminal_ && snapshot.state == run::RunState::kRunning && now - said_ >= kQuietSeconds) {
    text += "  " + ProgressLine(snapshot) + "\n";
    said_ = now;
  }
  if (is_terminal_) {
    text += "\r" + ProgressLine(snapshot).substr(0, static_cast<size_t>(TerminalWidth() - 1)) + "\033[K";
    progress_shown_ = true;
  }
  PrintNow(text);
}

}  // namespace equipoise::app
