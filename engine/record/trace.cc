#include "engine/record/trace.h"

#include "engine/record/older_names.h"

namespace equipoise::run {

void SaveTrace(const EpisodeTrace& trace, ArchiveWriter& out) {
  std::vector<double> terms;
  for (const auto& step : trace.terms) terms.insert(terms.end(), step.begin(), step.end());
  out.Put("trace.what", std::vector<int64_t>{trace.episode, trace.qpos_size});
  out.Put("trace.pick", trace.pick.id());
  out.Put("trace.reason", std::string(eps::Name(trace.reason)));
  out.Put("trace.qpos", trace.qpos);
  out.Put("trace.sizes", std::vector<int64_t>{trace.qvel_size, trace.ctrl_size});
  out.Put("trace.qvel", trace.qvel);
  out.Put("trace.ctrl", trace.ctrl);
  out.Put("trace.reward", trace.reward);
  out.Put("trace.terms", terms);
}

std::shared_ptr<const EpisodeTrace> LoadTrace(const ArchiveReader& in) {
  if (!in.Has("trace.what")) return nullptr;
  const std::vector<int64_t> what = in.Ints("trace.what");
  const bool older = what.size() == 4;  // who acted and why in numbers
  if (what.size() != 2 && !older) throw FormatError("an episode's trace of another shape");
  auto trace = std::make_shared<EpisodeTrace>();
  trace->episode = static_cast<int>(what.front());
  const std::optional<eps::Pick> pick = older ? OlderPick(what[1]) : PickFrom(in.Text("trace.pick"));
  const std::optional<eps::Reason> reason = older ? OlderReason(what[2]) : ReasonFrom(in.Text("trace.reason"));
  if (!pick || !reason) throw FormatError("an episode's trace that does not say who acted, or why");
  trace->pick = *pick;
  trace->reason = *reason;
  trace->qpos_size = static_cast<int>(what.back());
  trace->qpos = in.Doubles("trace.qpos");
  trace->reward = in.Doubles("trace.reward");
  const std::vector<double> terms = in.Doubles("trace.terms");
  const size_t steps = trace->reward.size(), width = steps > 0 ? terms.size() / steps : 0;
  if (trace->qpos.size() != (steps + 1) * static_cast<size_t>(trace->qpos_size) || width * steps != terms.size())
    throw FormatError("an episode's trace of another shape");
  if (in.Has("trace.sizes")) {  // runs of before this was recorded have poses only
    const std::vector<int64_t> sizes = in.Ints("trace.sizes");
    if (sizes.size() != 2) throw FormatError("an episode's trace of another shape");
    trace->qvel_size = static_cast<int>(sizes[0]);
    trace->ctrl_size = static_cast<int>(sizes[1]);
    trace->qvel = in.Doubles("trace.qvel");
    trace->ctrl = in.Doubles("trace.ctrl");
    if (trace->qvel.size() != (steps + 1) * static_cast<size_t>(trace->qvel_size) ||
        trace->ctrl.size() != (steps + 1) * static_cast<size_t>(trace->ctrl_size))
      throw FormatError("an episode's trace of another shape");
  }
  for (size_t t = 0; t < steps; ++t) {
    const auto from = terms.begin() + static_cast<std::ptrdiff_t>(t * width);
    trace->terms.emplace_back(from, from + static_cast<std::ptrdiff_t>(width));
  }
  return trace;
}

}  // namespace equipoise::run
