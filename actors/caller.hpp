#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/exit_reason.hpp>

#include <concepts>
#include <memory>
#include <type_traits>
#include <utility>

namespace ottla {

/// A call that is not answered yet.
class open_call {
public:
  virtual ~open_call() = default;
  virtual void fail(const exit_reason& why) = 0;
};

/// Whoever waits for the answer of a call (OTP's From): a handler that takes one as its second
/// argument answers when it can, through any of the copies. The first answer counts. Dropped
/// without one, or when the process ends, the call fails.
///
/// Thread safety: for the process that was called only.
template <class Answer>
class caller {
public:
  explicit caller(caf::response_promise promise)
    : call_{std::make_shared<state>(std::move(promise))} {}

  template <class Value>
  requires std::convertible_to<Value, Answer>
  void reply(Value&& value) const {
    if (auto promise = call_->take(); promise.pending())
      promise.deliver(Answer(std::forward<Value>(value)));
  }

  void reply() const requires std::is_void_v<Answer> {
    if (auto promise = call_->take(); promise.pending())
      answer_nothing(promise);
  }

  void fail(const exit_reason& why) const { call_->fail(why); }

  std::weak_ptr<open_call> watch() const { return call_; }

private:
  struct state final : open_call {
    explicit state(caf::response_promise of) : promise{std::move(of)} {}
    ~state() override { fail(exit_reason::crashed("the call was dropped")); }

    caf::response_promise take() { return std::exchange(promise, caf::response_promise{}); }

    void fail(const exit_reason& why) override {
      if (auto unanswered = take(); unanswered.pending())
        unanswered.deliver(to_failure(why));
    }

    caf::response_promise promise;
  };

  std::shared_ptr<state> call_;
};

} // namespace ottla
