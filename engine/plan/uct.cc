#include "engine/plan/uct.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/interrupt.h"
#include "engine/config/section.h"

namespace equipoise::plan {
namespace {

constexpr size_t kNone = std::numeric_limits<size_t>::max();
constexpr size_t kShownNodes = 300;

// Of the returns that went through a node.
struct Range {
  double least = std::numeric_limits<double>::infinity(), most = -std::numeric_limits<double>::infinity();
  void Add(double g) {
    least = std::min(least, g);
    most = std::max(most, g);
  }
  double Share(double g) const { return most > least ? (g - least) / (most - least) : 0.5; }
};

}  // namespace

double UpperBound(double q, int64_t visits, int64_t parent_visits, double exploration) {
  return q +
         2 * exploration * std::sqrt(2 * std::log(static_cast<double>(parent_visits)) / static_cast<double>(visits));
}

config::Section UctSection() {
  using S = UctSettings;
  using config::kEpisode, config::kFixed;
  return config::PartSection<S>(
      "tree search",
      {
          {EQ_FIELD(simulations), 1, 60000, "simulations", kEpisode,
           "ways into the future that are tried for one plan"},
          {EQ_FIELD(levels), 2, 27, "levels", kFixed,
           "values in [-1, 1] that each number of an action may have; all combinations are at most 27"},
          {EQ_FIELD(exploration), 0.0, 100.0, "", kEpisode,
           "how much what was tried seldom counts beside what was good: 0.7071 is the theory's for returns in [0, 1]"},
          {EQ_FIELD(keep_tree), kEpisode,
           "go on with the branch that was taken, in the true simulator; in a learned model every plan begins anew"},
      });
}

struct Uct::Tree {
  struct Node {
    size_t parent = kNone;
    int64_t state = 0;
    int64_t depth = 0;  // below the first root
    double reward = 0;  // of the way from the parent
    int64_t visits = 0;
    double sum = 0;  // of G, counted from the first root
    Range range;
    std::vector<size_t> children;  // by action; kNone: not tried
    int64_t untried = 0;
  };

  Tree(std::unique_ptr<Branches> all, const ActionGrid& actions) : branches(std::move(all)), grid(actions) {
    root = NewNode(kNone, 0, 0, 0);
  }

  size_t NewNode(size_t parent, int64_t state, int64_t depth, double reward) {
    Node node;
    node.parent = parent;
    node.state = state;
    node.depth = depth;
    node.reward = reward;
    node.untried = grid.Count();
    node.children.assign(static_cast<size_t>(node.untried), kNone);
    nodes.push_back(std::move(node));
    return nodes.size() - 1;
  }
  // Mean G of a node, counted from where the tree began: differences alone matter.
  double Mean(size_t i) const { return nodes[i].sum / static_cast<double>(nodes[i].visits); }
  int64_t Depth(size_t i) const { return nodes[i].depth - nodes[root].depth; }

  size_t BestChild(size_t i, double exploration) const {
    size_t best = kNone;
    double bound = -std::numeric_limits<double>::infinity();
    for (size_t child : nodes[i].children) {
      const double b =
          UpperBound(nodes[root].range.Share(Mean(child)), nodes[child].visits, nodes[i].visits, exploration);
      if (best == kNone || b > bound) {
        best = child;
        bound = b;
      }
    }
    return best;
  }
  // kNone: it has none.
  size_t MostVisited(size_t i) const {
    size_t best = kNone;
    for (size_t child : nodes[i].children)
      if (child != kNone && (best == kNone || nodes[child].visits > nodes[best].visits)) best = child;
    return best;
  }
  int64_t ActionOf(size_t child) const {
    const std::vector<size_t>& children = nodes[nodes[child].parent].children;
    return std::find(children.begin(), children.end(), child) - children.begin();
  }
  // One of those that were not tried at a node, all alike.
  int64_t Untried(size_t i, Stream* stream) const {
    auto skip = stream->Below(static_cast<uint32_t>(nodes[i].untried));
    for (size_t a = 0;; ++a)
      if (nodes[i].children[a] == kNone && skip-- == 0) return static_cast<int64_t>(a);
  }
  // Steps of the knot at this depth below the root.
  static int64_t StepsAt(const PlanShape& shape, int64_t depth) {
    return std::min(shape.hold, shape.steps - depth * shape.hold);
  }

  // False: what it earned is no number, so it counts as the worst that was seen.
  bool Simulate(const PlanShape& shape, double exploration, Stream* stream) {
    size_t at = root;
    double before = 0;  // rewards from the first root to this one are the same for all
    double g = before;
    while (Depth(at) < shape.knots && nodes[at].untried == 0) {
      at = BestChild(at, exploration);
      g += nodes[at].reward;
    }
    if (Depth(at) < shape.knots) {
      const int64_t action = Untried(at, stream);
      const Branches::Reached reached =
          branches->Advance(nodes[at].state, grid.Action(action).data(), StepsAt(shape, Depth(at)));
      const size_t child = NewNode(at, reached.state, nodes[at].depth + 1, reached.reward);
      nodes[at].children[static_cast<size_t>(action)] = child;
      --nodes[at].untried;
      at = child;
      g += reached.reward;
    }
    std::vector<float> actions;
    std::vector<int64_t> steps;
    for (int64_t depth = Depth(at); depth < shape.knots; ++depth) {
      const std::vector<float> action = grid.Action(stream->Below(static_cast<uint32_t>(grid.Count())));
      actions.insert(actions.end(), action.begin(), action.end());
      steps.push_back(StepsAt(shape, depth));
    }
    deepest = std::max(deepest, Depth(at));
    if (!steps.empty()) g += branches->Roll(nodes[at].state, actions, steps);
    const bool finite = std::isfinite(g);
    if (!finite) g = std::isfinite(nodes[root].range.least) ? nodes[root].range.least : 0.0;
    // G is counted from the first root, whatever is the root by now.
    for (size_t i = root; nodes[i].parent != kNone; i = nodes[i].parent) before += nodes[i].reward;
    for (size_t i = at;; i = nodes[i].parent) {
      ++nodes[i].visits;
      nodes[i].sum += g + before;
      nodes[i].range.Add(g + before);
      if (i == root) break;
    }
    return finite;
  }

  const std::unique_ptr<Branches> branches;
  const ActionGrid grid;
  std::vector<Node> nodes;
  size_t root = 0;
  int64_t deepest = 0;  // below the root, of the nodes that this plan's simulations came to
};

Uct::Uct() = default;
Uct::~Uct() = default;

const std::string& Uct::id() const {
  static const std::string id = UctSettings::kSection;
  return id;
}

void Uct::Begin(const config::Settings& settings) {
  settings_ = settings.Of<UctSettings>();
  Forget();
}

void Uct::Forget() { tree_ = nullptr; }

Plan Uct::Find(const PlanDraws& draws, Problem* problem, PlanTrace* trace) {
  const PlanShape& shape = problem->shape();
  const ActionGrid grid{settings_.levels, shape.actions};
  EQ_CHECK(grid.Count(kMostBranches) <= kMostBranches, "a tree of so many branches");
  // The branch that was taken since, knot by knot.
  bool kept = settings_.keep_tree && tree_ != nullptr && tree_->branches->exact() &&
              (draws.step - step_) % shape.hold == 0 && draws.step > step_;
  for (int64_t knot = 0; kept && knot < (draws.step - step_) / shape.hold; ++knot) {
    const size_t child = tree_->MostVisited(tree_->root);
    kept = child != kNone;
    if (kept) tree_->root = child;
  }
  if (!kept) tree_ = std::make_unique<Tree>(problem->NewBranches(), grid);
  step_ = draws.step;
  Tree& tree = *tree_;
  tree.deepest = 0;
  int finite = 0;
  for (int i = 0; i < settings_.simulations; ++i) {
    PollInterrupt();
    Stream stream = draws.NewStream("uct.rollout", i);
    finite += tree.Simulate(shape, settings_.exploration, &stream) ? 1 : 0;
  }
  if (finite == 0) {
    Forget();
    return DoNothing(shape);
  }

  Plan plan;
  plan.knots.assign(static_cast<size_t>(shape.size()), 0.0f);
  int64_t knot = 0;
  for (size_t at = tree.MostVisited(tree.root); at != kNone && knot < shape.knots; at = tree.MostVisited(at), ++knot) {
    const std::vector<float> action = grid.Action(tree.ActionOf(at));
    std::copy(action.begin(), action.end(), plan.knots.begin() + knot * shape.actions);
  }
  const Tree::Node& root = tree.nodes[tree.root];
  int64_t most = 0;
  for (size_t a = 0; a < root.children.size(); ++a) {
    const size_t child = root.children[a];
    trace->choices.push_back(grid.Action(static_cast<int64_t>(a)));
    trace->visits.push_back(child == kNone ? 0 : tree.nodes[child].visits);
    trace->values.push_back(child == kNone ? NAN : root.range.Share(tree.Mean(child)));
    most = std::max(most, trace->visits.back());
  }
  // The nodes that were visited most, parents before children.
  std::vector<std::pair<size_t, size_t>> shown = {{tree.root, 0}};  // and the place of the parent among them
  for (size_t i = 0; i < shown.size() && trace->tree.size() < kShownNodes; ++i) {
    const Tree::Node& node = tree.nodes[shown[i].first];
    trace->tree.push_back({shown[i].second, tree.Depth(shown[i].first), node.visits,
                           root.range.Share(node.sum / static_cast<double>(node.visits))});
    for (size_t child : node.children)
      if (child != kNone && tree.nodes[child].visits > 1) shown.emplace_back(child, i);
  }
  trace->numbers["uct.depth"] = static_cast<double>(tree.deepest);
  trace->numbers["uct.visit_share"] =
      static_cast<double>(most) / static_cast<double>(std::max<int64_t>(1, root.visits));
  return plan;
}

}  // namespace equipoise::plan
