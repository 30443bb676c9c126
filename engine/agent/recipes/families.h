// families.h: the recipes, family by family, in the order in which they are offered; and how parts that several recipes
// have are made.
//
// Thread   any
#pragma once

#include <memory>
#include <vector>

#include "engine/agent/controllers/noisy_mean.h"
#include "engine/agent/recipes.h"
#include "engine/learn/clone.h"
#include "engine/learn/model_based.h"
#include "engine/learn/ppo.h"
#include "engine/learn/sac.h"
#include "engine/learn/td3.h"
#include "engine/model/world_model.h"

namespace equipoise::agent {

std::vector<Recipe> UnifiedFamily();     // several learners; what a model proves decides who acts
std::vector<Recipe> ModelFreeFamily();   // one learner, from recorded steps
std::vector<Recipe> ModelBasedFamily();  // one learner, inside a model
std::vector<Recipe> PlanningFamily();    // no policy: plans in a model

std::unique_ptr<model::WorldModel> NewModel(const Workshop& w, const nets::PartInfo& info);
std::unique_ptr<learn::ModelBasedLearner> NewModelBased(const Workshop& w, const model::WorldModel& model);
// Acts as its policy is drawn, or with the noise of its section where it has no spread.
const Controller* ActBased(const Workshop& w, const learn::ModelBasedLearner& learner, Agent* agent);
// Recorded steps, with the share of its own that its settings say.
learn::RealTransitions SacTransitions(const Workshop& w);
// `source` null: those.
std::unique_ptr<learn::SacLearner> NewSac(const Workshop& w, std::unique_ptr<learn::TransitionSource> source = nullptr,
                                          learn::SacModels models = {});
// `ahead`: the model that its targets look ahead in.
std::unique_ptr<learn::Td3Learner> NewTd3(const Workshop& w, const nets::PartInfo& info,
                                          const model::WorldModel* ahead = nullptr);
std::unique_ptr<learn::PpoLearner> NewPpo(const Workshop& w);  // from its own real episodes
// Imitates who plans.
std::unique_ptr<learn::CloneLearner> NewClone(const Workshop& w, std::unique_ptr<learn::Expert> expert);
// In a world model; `info`: of it on imagined batches. `held`: near the policy that acted last.
std::unique_ptr<learn::PpoLearner> NewImaginedPpo(const Workshop& w, const nets::PartInfo& info,
                                                  const model::WorldModel& model, bool held);
// Acts with the noise that the section of that learner says.
std::unique_ptr<NoisyMean> NewNoisyMean(const Workshop& w, const learn::Td3Learner& learner);

}  // namespace equipoise::agent
