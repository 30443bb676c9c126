#include "engine/learn/alm/judges.h"

#include <algorithm>
#include <cmath>

namespace equipoise::learn {

CrossEntropy TwoLogits(int64_t n, int64_t false_rows, const float* logits, float* dlogits) {
  CrossEntropy found;
  const double share = 1.0 / static_cast<double>(n);
  for (int64_t i = 0; i < n; ++i) {
    const double for_true = static_cast<double>(logits[2 * i + 1]) - logits[2 * i];
    const bool real = i >= false_rows;
    const double margin = real ? for_true : -for_true;  // the loss is log(1 + e^-margin)
    found.loss += share * (std::max(-margin, 0.0) + std::log1p(std::exp(-std::fabs(margin))));
    if (margin > 0) found.accuracy += share;
    if (dlogits == nullptr) continue;
    const double wrong = share / (1 + std::exp(margin));  // 1/n times the other class's probability
    dlogits[2 * i] = static_cast<float>(real ? wrong : -wrong);
    dlogits[2 * i + 1] = -dlogits[2 * i];
  }
  return found;
}

Judges::Judges(const nets::NetworkParts& parts, const AlmNets& nets, const AlmWeights& weights, int64_t n)
    : n_(n),
      latent_(nets.latent()),
      actions_(nets.actions()),
      now_(parts, nets.encoder.spec, n),
      next_(parts, nets.encoder.spec, n),
      prior_(parts, nets.model.spec, n),
      actor_(parts, nets.actor.spec, n),
      targets_(parts, nets.critic_spec(), n, weights.critics.size()),
      reward_(parts.NewPass(nets.reward.spec, n)),
      classifier_(parts.NewPass(nets.classifier.spec, n)),
      reward_gradient_(weights.reward->NewGradient()),
      classifier_gradient_(weights.classifier->NewGradient()) {
  for (const auto& critic : weights.critics) {
    critics_.push_back(parts.NewPass(nets.critic_spec(), n));
    critic_gradients_.push_back(critic->NewGradient());
  }
}

Judges::Told Judges::Differentiate(const AlmWeights& weights, const Rows& rows, const float* noise,
                                   const float* action_noise, LatentNoise acting, double gamma) {
  const double n = static_cast<double>(n_);
  const int64_t entries = n_ * latent_;
  Told told;
  now_.Evaluate(*weights.slow_encoder, rows.s, noise);
  next_.Evaluate(*weights.slow_encoder, rows.s_next, noise + entries);
  JoinColumns(n_, {{now_.z().data(), latent_}, {rows.a, actions_}}, &joint_);
  prior_.Evaluate(*weights.model, joint_.data(), noise + 2 * entries);

  reward_->Forward(*weights.reward, joint_.data());
  for (int64_t i = 0; i < n_; ++i) {
    const double error = static_cast<double>(reward_->output()[i]) - rows.r[i];
    told.reward_loss += error * error / n;
    reward_->output_gradient()[i] = static_cast<float>(2 * error / n);
  }
  reward_gradient_->Clear();
  reward_->Backward(reward_gradient_.get(), nullptr);

  const int64_t imagined = n_ / 2;
  mixed_ = next_.z();
  std::copy_n(prior_.z().begin(), imagined * latent_, mixed_.begin());
  JoinColumns(n_, {{now_.z().data(), latent_}, {rows.a, actions_}, {mixed_.data(), latent_}}, &triple_);
  classifier_->Forward(*weights.classifier, triple_.data());
  const CrossEntropy judged = TwoLogits(n_, imagined, classifier_->output(), classifier_->output_gradient());
  told.classifier_loss = judged.loss;
  told.accuracy = judged.accuracy;
  classifier_gradient_->Clear();
  classifier_->Backward(classifier_gradient_.get(), nullptr);

  actor_.Evaluate(*weights.actor, next_.z().data(), action_noise, acting);
  JoinColumns(n_, {{next_.z().data(), latent_}, {actor_.action().data(), actions_}}, &joint_next_);
  targets_.Evaluate(weights.slow_critics, joint_next_.data());
  std::vector<double> lowest(static_cast<size_t>(n_), INFINITY), highest(static_cast<size_t>(n_), -INFINITY);
  for (size_t j = 0; j < critics_.size(); ++j) {
    critics_[j]->Forward(*weights.critics[j], joint_.data());
    for (int64_t i = 0; i < n_; ++i) {
      const auto row = static_cast<size_t>(i);
      const double q = critics_[j]->output()[i];
      const double error = q - (rows.r[i] + gamma * static_cast<double>(targets_.least()[row]));
      told.critic_loss += 0.5 * error * error / n;
      told.q += q / (n * static_cast<double>(critics_.size()));
      lowest[row] = std::min(lowest[row], q);
      highest[row] = std::max(highest[row], q);
      critics_[j]->output_gradient()[i] = static_cast<float>(error / n);
    }
    critic_gradients_[j]->Clear();
    critics_[j]->Backward(critic_gradients_[j].get(), nullptr);
  }
  for (size_t i = 0; i < lowest.size(); ++i) told.apart += (highest[i] - lowest[i]) / n;
  return told;
}

void Judges::Step(AlmWeights* weights, double reward_lr, double critic_lr, double clip, Told* told) {
  told->reward_norm = weights->reward->Step(told->reward_loss, *reward_gradient_, reward_lr, clip).norm;
  told->classifier_norm = weights->classifier->Step(told->classifier_loss, *classifier_gradient_, reward_lr, clip).norm;
  for (size_t j = 0; j < critics_.size(); ++j)
    told->critic_norm += weights->critics[j]->Step(told->critic_loss, *critic_gradients_[j], critic_lr, clip).norm /
                         static_cast<double>(critics_.size());
}

}  // namespace equipoise::learn
