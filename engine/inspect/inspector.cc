#include "engine/inspect/inspector.h"

#include <array>
#include <atomic>
#include <exception>
#include <optional>
#include <thread>
#include <utility>

#include "engine/base/interrupt.h"
#include "engine/base/mutex.h"
#include "engine/base/priority.h"

namespace equipoise::run {
namespace {

constexpr size_t kKinds = std::variant_size_v<Inspection>;

constexpr int kNiceness = 10;  // looking may take longer; training must not

class InspectorImpl : public Inspector {
 public:
  explicit InspectorImpl(std::string folder) : folder_(std::move(folder)), latest_(std::make_shared<InspectorView>()) {
    thread_ = std::thread([this] { Loop(); });
  }
  ~InspectorImpl() override {
    {
      const MutexLock lock(mutex_);
      quit_ = abandon_ = true;
    }
    wake_.NotifyAll();
    thread_.join();
  }

  void Post(Inspection request) override {
    {
      const MutexLock lock(mutex_);
      const size_t kind = request.index();
      if (at_work_ == kind) abandon_ = true;
      waiting_[kind] = std::move(request);
    }
    wake_.NotifyAll();
  }

  std::shared_ptr<const InspectorView> Latest() const override {
    const MutexLock lock(mutex_);
    return latest_;
  }
  void OnPublish(std::function<void()> callback) override {
    const MutexLock lock(mutex_);
    callback_ = std::move(callback);
  }

 private:
  template <class Change>
  void Publish(Change change) {
    std::function<void()> callback;
    {
      const MutexLock lock(mutex_);
      auto next = std::make_shared<InspectorView>(*latest_);
      ++next->sequence;
      change(next.get());
      latest_ = std::move(next);
      callback = callback_;
    }
    if (callback) callback();
  }

  // Waits for a request; none: it is time to end.
  std::optional<Inspection> Take() {
    const MutexLock lock(mutex_);
    at_work_ = kKinds;
    while (!quit_) {
      for (auto& waiting : waiting_) {
        if (!waiting) continue;
        std::optional<Inspection> request = std::exchange(waiting, std::nullopt);
        at_work_ = request->index();
        abandon_ = false;
        return request;
      }
      wake_.Wait(mutex_);
    }
    return std::nullopt;
  }

  bool Idle() const {
    const MutexLock lock(mutex_);
    for (const auto& waiting : waiting_)
      if (waiting) return false;
    return true;
  }

  void Loop() {
    StandBack(kNiceness);
    const ScopedInterruptHandler handler([this] {
      if (abandon_) throw Interrupted{};
    });
    while (const std::optional<Inspection> request = Take()) {
      Publish([](InspectorView* view) { view->working = true; });
      try {
        std::visit([this](const auto& r) { Answer(r); }, *request);
      } catch (const Interrupted&) {  // a newer one waits
      }
      if (Idle()) Publish([](InspectorView* view) { view->working = false; });
    }
  }

  void Answer(const Reevaluate& request) {
    auto result = std::make_shared<const Reevaluated>(Do<Reevaluated>(request));
    Publish([&](InspectorView* view) { view->reevaluated = std::move(result); });
  }
  void Answer(const Imagine& request) {
    auto result = std::make_shared<const Imagined>(Do<Imagined>(request));
    Publish([&](InspectorView* view) { view->imagined = std::move(result); });
  }
  void Answer(const Recall& request) {
    auto result = std::make_shared<const Recalled>(Do<Recalled>(request));
    Publish([&](InspectorView* view) { view->recalled = std::move(result); });
  }
  void Answer(const Disagree& request) {
    auto result = std::make_shared<const Disagreement>(Do<Disagreement>(request));
    Publish([&](InspectorView* view) { view->disagreement = std::move(result); });
  }
  void Answer(const FollowMask& request) {
    auto result = std::make_shared<const FollowedMask>(Do<FollowedMask>(request));
    Publish([&](InspectorView* view) { view->followed = std::move(result); });
  }

  template <class Result, class Request>
  Result Do(const Request& request) {
    Result failed;
    failed.request = request;
    try {
      if (replayer_ == nullptr) {
        auto opened = Replayer::Open(folder_);
        if (!opened) {
          failed.problem = opened.error().message;
          return failed;
        }
        replayer_ = std::move(opened).value();
      }
      return replayer_->Do(request);
    } catch (const std::exception& error) {
      failed.problem = std::string("This could not be computed: ") + error.what();
      return failed;
    }
  }

  const std::string folder_;
  std::unique_ptr<Replayer> replayer_;  // worker's
  mutable Mutex mutex_;
  Condition wake_;
  std::array<std::optional<Inspection>, kKinds> waiting_ EQ_GUARDED_BY(mutex_);
  size_t at_work_ EQ_GUARDED_BY(mutex_) = kKinds;
  bool quit_ EQ_GUARDED_BY(mutex_) = false;
  std::atomic<bool> abandon_{false};
  std::shared_ptr<const InspectorView> latest_ EQ_GUARDED_BY(mutex_);
  std::function<void()> callback_ EQ_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace

std::unique_ptr<Inspector> Inspector::Start(const std::string& folder) {
  return std::make_unique<InspectorImpl>(folder);
}

}  // namespace equipoise::run
