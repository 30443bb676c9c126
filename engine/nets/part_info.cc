#include "engine/nets/part_info.h"

#include <algorithm>
#include <cctype>

namespace equipoise::nets {

const PartInfo* PartList::Find(std::string_view id) const& {
  const auto found = std::find_if(parts_.begin(), parts_.end(), [id](const PartInfo& p) { return p.id == id; });
  return found != parts_.end() ? &*found : nullptr;
}

int PartList::SlotOf(std::string_view id) const {
  const PartInfo* part = Find(id);
  if (part == nullptr || !part->acts()) return -1;
  int before = 0;
  for (const PartInfo& other : parts_) {
    if (&other == part) break;
    before += other.kind == part->kind;
  }
  return (2 * before + (part->kind == PartInfo::Kind::kModelBased ? 1 : 0)) % kSlots;
}

int PartList::NumberOf(std::string_view id) const {
  const int slot = SlotOf(id);
  return slot < 0 ? 0 : slot < 2 ? 2 - slot : slot + 1;
}

bool PartList::ModelFree(std::string_view id) const {
  const PartInfo* part = Find(id);
  return part != nullptr && part->kind == PartInfo::Kind::kModelFree;
}

bool PartList::HasModel() const {
  return std::any_of(parts_.begin(), parts_.end(), [](const PartInfo& p) { return p.kind == PartInfo::Kind::kModel; });
}

std::string PartList::Belief() const {
  for (const PartInfo& part : parts_)
    if (!part.belief.empty()) return part.belief;
  return "mask";
}

std::string PartList::Beliefs() const { return Belief() + "s"; }

std::string PartList::NameOfBelief(int index) const {
  return OneBelief() ? "the model" : Belief() + " " + std::to_string(index + 1);
}

bool PartList::OneBelief() const {
  return std::any_of(parts_.begin(), parts_.end(), [](const PartInfo& p) { return p.model(); }) &&
         std::none_of(parts_.begin(), parts_.end(), [](const PartInfo& p) { return !p.belief.empty(); });
}

int PartList::learners() const {
  return static_cast<int>(std::count_if(parts_.begin(), parts_.end(), [](const PartInfo& p) { return p.acts(); }));
}

std::string PartList::PhaseOf(std::string_view actor) const {
  for (const Phase& phase : phases_)
    if (phase.actor == actor) return phase.name;
  return "";
}

std::string PartList::NumberedPhaseOf(std::string_view actor) const {
  for (size_t i = 0; i < phases_.size(); ++i)
    if (phases_[i].actor == actor)
      return "phase " + std::to_string(i + 1) + " of " + std::to_string(phases_.size()) + ", " + phases_[i].name;
  return "";
}

bool PartList::SameIds(const PartList& other) const {
  return std::equal(parts_.begin(), parts_.end(), other.parts_.begin(), other.parts_.end(),
                    [](const PartInfo& a, const PartInfo& b) { return a.id == b.id; });
}

std::vector<const PartInfo*> PartList::Learners() const& {
  std::vector<const PartInfo*> learners;
  for (const auto kind : {PartInfo::Kind::kModelFree, PartInfo::Kind::kModelBased})
    for (const PartInfo& part : parts_)
      if (part.kind == kind) learners.push_back(&part);
  return learners;
}

std::string WithArticle(const std::string& title) {
  const bool is_name = !title.empty() && std::isupper(static_cast<unsigned char>(title.front())) != 0;
  return is_name ? title : "the " + title;
}

}  // namespace equipoise::nets
