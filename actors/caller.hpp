#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/exit_reason.hpp>
#include <ottla/actors/process.hpp>

#include <concepts>
#include <memory>
#include <type_traits>
#include <utility>

namespace ottla::detail {

/// A call that waits for its answer, of any type.
class open_call {
public:
  virtual ~open_call() = default;
  virtual void fail(const exit_reason& why) = 0;
};

} // namespace ottla::detail

namespace ottla {

/// Answers a call (OTP's From). A handler that takes a caller as its second argument may answer
/// later, through any copy. The first answer counts. The call fails if all copies are destroyed
/// without an answer, or if the process ends.
///
///     on.call([this](next_line, ottla::caller<std::string> reader) {
///       readers_.push_back(reader);
///     });
///     on.cast([this](const say& said) {
///       for (const auto& reader : std::exchange(readers_, {}))
///         reader.reply(said.line);
///     });
///
/// Thread safety: use only in the process that was called.
template <class Answer>
class caller {
public:
  /// `callee` is the called process. A server fails its pending calls before it ends, so `callee`
  /// outlives the call.
  caller(caf::response_promise promise, process* callee)
    : call_{std::make_shared<state>(std::move(promise), callee)} {}

  template <class Value>
  requires std::convertible_to<Value, Answer>
  void reply(Value&& value) const {
    if (auto promise = call_->take(); promise.pending()) {
      auto answer = Answer(std::forward<Value>(value));
      call_->callee->note_answer(promise, answer);
      promise.deliver(std::move(answer));
    }
  }

  void reply() const requires std::is_void_v<Answer> {
    if (auto promise = call_->take(); promise.pending()) {
      call_->callee->note_answer(promise);
      answer_nothing(promise);
    }
  }

  /// Fails the call. The requester gets `why`.
  void fail(const exit_reason& why) const { call_->fail(why); }

  /// For the server, which fails its open calls when it ends.
  std::weak_ptr<detail::open_call> watch() const { return call_; }

private:
  struct state final : detail::open_call {
    state(caf::response_promise of, process* by) : promise{std::move(of)}, callee{by} {}
    ~state() override {
      fail(exit_reason::crashed("the process dropped the call without an answer"));
    }

    caf::response_promise take() { return std::exchange(promise, caf::response_promise{}); }

    void fail(const exit_reason& why) override {
      if (auto unanswered = take(); unanswered.pending()) {
        callee->note_failure(unanswered, why);
        unanswered.deliver(to_failure(why));
      }
    }

    caf::response_promise promise;
    process* callee;
  };

  std::shared_ptr<state> call_;
};

} // namespace ottla
