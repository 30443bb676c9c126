#include "ui/panels/reason_field.h"

#include "ui/kit/explain.h"
#include "ui/kit/widgets.h"
#include "ui/view/reason.h"

namespace equipoise::ui {

void DrawReason(PanelContext& context, ImVec2 at, ImVec2 size) {
  Reason& reason = context.state.memory.OfRun<Reason>();
  FieldStyle style;
  if (reason.text.empty()) style.shown = "reason, kept with what you do next";
  Explain(at, {at.x + size.x, at.y + size.y}, "Reason",
          "One line, kept with the next change, push or roll back, and told with it.");
  const auto typed = ValueField("experiments.why", at, size, reason.text, style);
  if (!typed) return;
  if (typed->size() > kLongestReason)
    Complain(context.state, Format("A reason is at most %zu characters long.", kLongestReason));
  else
    reason.text = *typed;
}

}  // namespace equipoise::ui
