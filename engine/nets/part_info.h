// part_info.h: what a part of an agent is called and what it tells: known without making one.
//
// The id is the only name (trainable.h); everything else here is for people, or says where to look: stages, legends,
// sentences, columns of tables and colours follow from it.
//
// Thread   values; any
#pragma once

#include <cmath>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/config/settings.h"
#include "engine/nets/finding.h"
#include "engine/nets/policy.h"

namespace equipoise::model {
class WorldModel;  // model/world_model.h, further up
struct ModelPlan;
}  // namespace equipoise::model

namespace equipoise::nets {

// A setting that is in reach of the hand.
struct Dial {
  enum Place { kFirst, kOften, kWork, kLast };  // from top to bottom
  std::string key;                              // "model.dropout"
  std::string label;                            // "Dropout"
  Place place;
};

// Some of a part's scalars that are worth seeing side by side: a chart.
struct PartChart {
  std::string id;                  // "td-error"; behind the part's its widget and its file: "td3.td-error"
  std::string title, unit, about;  // `about`: one sentence
  std::vector<std::pair<std::string, std::string>> series;  // a scalar ("td3.saturated"), and its name
  enum Scale { kLinear, kLogarithmic, kShare } scale = kLinear;
  double reference = NAN;  // a dashed line
};

struct PartInfo {
  // A model that is learned, one that is given, and who acts: by way of a model, or without. kData makes data for those
  // that learn.
  enum class Kind { kModel, kGiven, kModelBased, kModelFree, kData };

  std::string id;          // "mb"
  std::string title;       // of its stage: "model-based policy"
  std::string name;        // in a sentence: "model-based" acts, is favoured
  std::string short_name;  // where there is little room: "MB"
  std::string unit;        // of its work: "gradient step"
  Kind kind = Kind::kModel;
  // Of a model: what one of its beliefs is called ("mask"); "" where it has one alone.
  std::string belief = {};
  bool plans = false;  // who acts looks for its actions in a model, whatever has been learned
  // The scalars that it will report, without the ones of guards; `settings` null: under whatever settings. Null: none.
  std::vector<std::string> (*scalars)(const config::Settings* settings) = nullptr;
  // Of one of those, where it depends on the settings; "" elsewhere. Null: of none it does.
  std::string (*unit_of)(const std::string& scalar, const config::Settings& settings, int horizon) = nullptr;

  // Beside what every part of its kind shows; null: nothing.
  std::vector<PartChart> (*charts)() = nullptr;

  // A policy of the shape that these settings give it, untrained; null for what has none.
  Policy (*new_policy)(int64_t states, int64_t actions, const config::Settings& settings) = nullptr;
  // A world model, untrained; null for what is none.
  std::unique_ptr<model::WorldModel> (*new_model)(const model::ModelPlan& plan,
                                                  const config::Settings& settings) = nullptr;

  // What a person turns while it learns; null: nothing.
  std::vector<Dial> (*dials)(const config::Settings& settings) = nullptr;
  // The settings that hold the step sizes it learns with; empty: it is frozen.
  std::vector<std::string> (*step_sizes)(const config::Settings& settings) = nullptr;
  // What experiments reach for; "" where there is no such setting: an int that freezes it at 0, a real that spreads the
  // beliefs of a model ("model.dropout").
  std::string freezes = {}, blurs = {};
  // What is wrong with it by its own numbers; null: nothing can be told.
  std::vector<Finding> (*findings)(const Readings& readings) = nullptr;
  // What its settings can do about that, the first to be tried first; null: nothing.
  std::vector<std::string> (*remedies)(const Readings& readings, Trouble trouble) = nullptr;

  bool model() const { return kind == Kind::kModel || kind == Kind::kGiven; }
  bool acts() const { return kind == Kind::kModelBased || kind == Kind::kModelFree; }
  // It has a policy, so what it would do in an imagined state can be said.
  bool imaginable() const { return new_policy != nullptr; }
};

// A stretch of a run in which one of those that act always does.
struct Phase {
  std::string actor;  // its part
  std::string name;   // "imitation"
};

// The parts of an agent, in their own order.
class PartList {
 public:
  PartList() = default;
  explicit PartList(std::vector<PartInfo> parts, std::vector<Phase> phases = {})
      : parts_(std::move(parts)), phases_(std::move(phases)) {}

  // Null: there is none of that id.
  const PartInfo* Find(std::string_view id) const&;
  const PartInfo* Find(std::string_view id) const&& = delete;  // it would point into what is gone
  // Of those that act: colour and mark. Model-free ones have the even slots, model-based ones the odd ones, so that a
  // learner looks the same alone and beside another. -1: there is none of that id.
  int SlotOf(std::string_view id) const;
  // As recorded episodes name who acted: 0 random actions, 1 the first model-based learner, 2 the first model-free one,
  // further ones by their slots.
  int NumberOf(std::string_view id) const;
  bool ModelFree(std::string_view id) const;
  bool HasModel() const;
  // What its model's beliefs are called in sentences: "mask", "masks"; so too where no model is known.
  std::string Belief() const;
  std::string Beliefs() const;
  std::string NameOfBelief(int index) const;  // from 0: "mask 7"; of one that stands alone "the model"
  bool OneBelief() const;                     // it has a model, and that believes in one thing alone
  // In order of preference: model-free ones first.
  std::vector<const PartInfo*> Learners() const&;
  std::vector<const PartInfo*> Learners() const&& = delete;
  int learners() const;  // how many

  // Of an agent whose parts act in turn, one after the other; empty: who acts is chosen, or there is one alone.
  const std::vector<Phase>& phases() const& { return phases_; }
  const std::vector<Phase>& phases() const&& = delete;
  // "imitation", where that part acts; "" where there is none.
  std::string PhaseOf(std::string_view actor) const;
  // "phase 2 of 3, imitation"; "" where there is none.
  std::string NumberedPhaseOf(std::string_view actor) const;

  bool SameIds(const PartList& other) const;
  const std::vector<PartInfo>& all() const& { return parts_; }
  const std::vector<PartInfo>& all() const&& = delete;
  bool empty() const { return parts_.empty(); }

 private:
  std::vector<PartInfo> parts_;
  std::vector<Phase> phases_;
};

// "the model fit", "SAC": a title in the middle of a sentence.
std::string WithArticle(const std::string& title);

constexpr int kSlots = 8;  // that have a colour and a mark of their own; further ones share them

}  // namespace equipoise::nets
