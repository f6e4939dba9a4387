#pragma once

#include <ottla/actors/exit_reason.hpp>

#include <cassert>
#include <utility>
#include <variant>

namespace ottla {

/// The answer of a call, or the reason for its failure. The reason is the exit reason of the
/// callee, `noproc` if there was no such process, or `timeout` if the deadline passed first. An
/// answer after the timeout is dropped. `crashed` can also mean that the callee has no handler for
/// the request, or that the answer has another type. The text says which.
template <class T>
class [[nodiscard]] call_result {
public:
  call_result(T answer) : outcome_{std::in_place_index<0>, std::move(answer)} {}
  call_result(exit_reason why) : outcome_{std::in_place_index<1>, std::move(why)} {}

  bool has_value() const noexcept { return outcome_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }

  T& operator*() & noexcept { return value(); }
  const T& operator*() const& noexcept { return const_cast<call_result*>(this)->value(); }
  T&& operator*() && noexcept { return std::move(value()); }
  T* operator->() noexcept { return &value(); }
  const T* operator->() const noexcept { return &**this; }

  /// Call only if there is no value.
  const exit_reason& error() const noexcept {
    assert(!has_value());
    return *std::get_if<1>(&outcome_);
  }

private:
  T& value() noexcept {
    assert(has_value());
    return *std::get_if<0>(&outcome_);
  }

  std::variant<T, exit_reason> outcome_;
};

/// The result of a call whose answer is empty.
template <>
class [[nodiscard]] call_result<void> {
public:
  call_result() = default;
  call_result(exit_reason why) : why_{std::move(why)}, done_{false} {}

  bool has_value() const noexcept { return done_; }
  explicit operator bool() const noexcept { return done_; }

  const exit_reason& error() const noexcept {
    assert(!done_);
    return why_;
  }

private:
  exit_reason why_;
  bool done_ = true;
};

} // namespace ottla
