#include "ui/panels/check/reevaluation.h"

#include "ui/kit/picture.h"
#include "ui/kit/trace.h"
#include "ui/kit/widgets.h"

namespace equipoise::ui {
namespace {

const run::Reevaluated* AnswerTo(const Answers& answers, const eps::Decision* decision) {
  const run::Reevaluated* answer = answers.reevaluated.get();
  if (answer == nullptr || decision == nullptr || answer->request.episode != decision->episode) return nullptr;
  return answer;
}

}  // namespace

std::string AnswerWords(const run::Reevaluated& answer) {
  if (!answer.problem.empty()) return "not possible";
  if (answer.same) return answer.planned ? "same actions" : "same numbers";
  if (answer.planned) return Format("%d actions differ", static_cast<int>(answer.differs.size()));
  if (answer.same_but_for_rounding) return "same but for rounding";
  if (answer.logged.evaluated == 0) return "was not checked";
  return answer.differs.size() == 1 ? "1 number differs"
                                    : Format("%d numbers differ", static_cast<int>(answer.differs.size()));
}

const eps::Decision* CompletedDecision(const UiState& state, const eps::Decision* shown) {
  const run::Reevaluated* answer = AnswerTo(state.answers, shown);
  const bool completed = answer != nullptr && answer->request.all_masks && answer->same && answer->problem.empty() &&
                         state.selection.episode == shown->episode;
  return completed ? &answer->again : nullptr;
}

float DrawReevaluation(UiState& state, const nets::PartList& parts, const eps::Decision* decision, ImVec2 title_right,
                       float left) {
  if (!state.selection.episode || decision == nullptr || DrawingPicture()) return left;
  const nets::PartInfo* acted = parts.Find(decision->pick.id());
  const bool planned = acted != nullptr && acted->plans;
  if (decision->evaluated == 0 && !planned) return left;
  const ImVec2 cursor = ImGui::GetCursorScreenPos();
  ImFont* font = GetFonts().small;
  const bool partial = decision->evaluated < decision->masks;
  const std::string label = planned ? "Plan again" : partial ? "Evaluate all " + parts.Beliefs() : "Re-evaluate";
  const float width = TextWidth(font, label) + Px(18), height = Px(22);
  ButtonStyle style;
  style.tooltip = planned
                      ? "plans this episode again from what the run folder kept, and compares every action"
                      : "makes this check again from what the run folder kept, and compares every number with the log";
  if (Button("check.reevaluate", {left, title_right.y - height * 0.5f}, {width, height}, label, style)) {
    state.answers.reevaluated.reset();
    state.answers.questions.push_back(run::Reevaluate{decision->episode, partial});
  }
  float end_x = left + width;
  if (const run::Reevaluated* answer = AnswerTo(state.answers, decision)) {
    const Palette& c = Colors();
    const ImVec2 at{left + width + Px(10), title_right.y - FontSize(font) * 0.5f - Px(1)};
    const std::string words = AnswerWords(*answer);
    Text(font, at, answer->same || answer->same_but_for_rounding ? c.good : c.bad, words);
    const ImVec2 end{at.x + TextWidth(font, words), at.y + FontSize(font) + Px(2)};
    end_x = end.x;
    TraceWidget(answer->same ? "check.same" : "check.differs", at, end);
    if (ImGui::IsMouseHoveringRect(at, end))
      Tooltip(answer->problem.empty() ? answer->sentence : answer->problem, at, end);
  }
  ImGui::SetCursorScreenPos(cursor);
  return end_x;
}

}  // namespace equipoise::ui
