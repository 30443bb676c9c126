#include "engine/inspect/inspector.h"

#if defined(__linux__)
#include <sys/resource.h>
#endif

#include <array>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "engine/base/interrupt.h"

namespace equipoise::run {
namespace {

constexpr size_t kKinds = std::variant_size_v<Inspection>;

// Looking may take longer; training must not.
void YieldToTraining() {
#if defined(__linux__)
  (void)setpriority(PRIO_PROCESS, 0, 10);  // of this thread alone, as Linux has it
#endif
}

class InspectorImpl : public Inspector {
 public:
  explicit InspectorImpl(std::string folder) : folder_(std::move(folder)), latest_(std::make_shared<InspectorView>()) {
    thread_ = std::thread([this] { Loop(); });
  }
  ~InspectorImpl() override {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      quit_ = abandon_ = true;
    }
    wake_.notify_all();
    thread_.join();
  }

  void Post(Inspection request) override {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      const size_t kind = request.index();
      if (at_work_ == kind) abandon_ = true;
      waiting_[kind] = std::move(request);
    }
    wake_.notify_all();
  }

  std::shared_ptr<const InspectorView> Latest() const override {
    const std::lock_guard<std::mutex> lock(mutex_);
    return latest_;
  }
  void OnPublish(std::function<void()> callback) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    callback_ = std::move(callback);
  }

 private:
  template <class Change>
  void Publish(Change change) {
    std::function<void()> callback;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
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
    std::unique_lock<std::mutex> lock(mutex_);
    at_work_ = kKinds;
    std::optional<Inspection> request;
    wake_.wait(lock, [&] {
      for (auto& waiting : waiting_) {
        if (request || !waiting) continue;
        request.swap(waiting);
      }
      return quit_ || request.has_value();
    });
    if (quit_) return std::nullopt;
    at_work_ = request->index();
    abandon_ = false;
    return request;
  }

  bool Idle() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const auto& waiting : waiting_)
      if (waiting) return false;
    return true;
  }

  void Loop() {
    YieldToTraining();
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
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::array<std::optional<Inspection>, kKinds> waiting_;
  size_t at_work_ = kKinds;
  bool quit_ = false;
  std::atomic<bool> abandon_{false};
  std::shared_ptr<const InspectorView> latest_;
  std::function<void()> callback_;
  std::thread thread_;
};

}  // namespace

std::unique_ptr<Inspector> Inspector::Start(const std::string& folder) {
  return std::make_unique<InspectorImpl>(folder);
}

}  // namespace equipoise::run
