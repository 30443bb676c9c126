// member_fit.h: one phase of fitting the members of a feed-forward model to recorded steps.
//
// Every gradient step takes `batch` steps drawn with replacement. With `bootstrap`, member e draws them from its own
// resample, with replacement, of the training rows, made anew for each fit; without, all members draw the same ones.
//   gradient = of the loss (heads.h) + decay_l W_l by layer (+-) bound_penalty on the bounds     (Chua et al. 2018)
// Weights that are normals (nets/variational.h) of N training rows, with one draw of the activations in each step:
//   + 2 / (D N) divergence KL(q | N(0, prior_sd^2)), which with the loss of bounded heads makes up 2 / (D N) times the
//   negative evidence lower bound where `divergence` is 1                                    (Blundell et al. 2015)
// Over `loss_steps` > 1 of its own steps a network of means is fitted as unrolled_loss.h has it: a batch is of windows
// that lie in one episode each.
// With `holdout` > 0 that share of the rows, most_holdout at most, is set apart first and enters nothing. `patience` > 0
// judges by it, after every `epoch` steps: a member improves when its mean squared error there falls by more than 1 %;
// after more than `patience` such looks in a row without any member improving the fit ends, and each member's best
// weights come back (Janner et al. 2019). The `elites` members with the least error there are used.
//
// Streams  "<id>.batch" of (iteration, step), "<id>.bootstrap" of (iteration, member), "<id>.holdout" of (iteration),
//          "<id>.noise" of (iteration, step, member)
// Thread   members are tasks of the team and share nothing; the same bits with any number of threads
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/model/feedforward/heads.h"
#include "engine/nets/mlp.h"
#include "engine/nets/network_parts.h"
#include "engine/nets/trainable.h"

namespace equipoise::model {

struct Member {
  nets::Parameters net, bounds;  // bounds: blocks "low" and "high" [1, D]; empty for means
  nets::Adam adam, bounds_adam;
};

struct PriorPlan {
  double prior_sd = 1, divergence = 1;
};

struct FitPlan {
  int batch = 128;
  double lr = 1e-3, lr_final = 1.0;  // falls linearly to that share within the fit
  double clip = 0;                   // largest gradient norm of a network, and of its bounds; 0: none
  double decay_in = 0, decay_hidden = 0, decay_out = 0;
  double beta_nll = 0;       // of bounded heads (heads.h)
  double bound_penalty = 0;  // 0: the bounds stay where they are
  bool bootstrap = false;
  int loss_steps = 1;  // of means
  double holdout = 0;
  int patience = 0, epoch = 100;
  int elites = 0;                  // 0: all
  std::optional<PriorPlan> prior;  // of weights that are normals; none: they are numbers
};

struct MemberOutcome {
  std::vector<double> sums;  // of the heads over the rows of the last quarter, or of the last epoch; of first steps
  double far = 0;            // mean squared error of the states after the last of several steps, in their sds; likewise
  double rows = 0, gradient_norm = 0, clipped_share = 0;
  double holdout_error = 0;  // mean squared, of the weights that stay
  double divergence = 0;     // of the last step, in nats
  double moved = 0;          // of the rhos from their beginning, root mean square
  int skipped = 0;
  bool reloaded = false;
};

struct FitOutcome {
  int steps = 0;  // made, by each member
  std::vector<MemberOutcome> members;
  std::vector<int> used;         // members, in rising order
  double holdout_error() const;  // mean over members
};

struct FitFrame {  // borrowed
  const nets::MlpSpec& spec;
  HeadKind heads;
  int64_t states;
  const std::string& id;
  const nets::NetworkParts& parts;
  const std::vector<int>& wrapped;  // states that are angles
};

constexpr int64_t kMostHoldout = 5000;  // rows

// Rows of the buffer for training, all but those held out; and these.
struct Split {
  std::vector<int64_t> train, holdout;
};
Split SplitRows(const replay::EpisodeBuffer& data, double holdout, uint64_t seed, const std::string& id,
                uint64_t iteration);

FitOutcome FitMembers(const FitFrame& frame, const nets::TrainInputs& in, const FitPlan& plan, const Split& split,
                      const replay::Normaliser& normaliser, std::vector<Member>* members);

}  // namespace equipoise::model
