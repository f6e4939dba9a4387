#pragma once

#include <ottla/kafka/error.hpp>

#include <cassert>
#include <utility>
#include <variant>

namespace ottla::kafka {

/// A value, or the error of Kafka that prevented it.
///
///     if (auto topics = kafka::list_topics(cluster, 10s))
///       fmt::print("{} topics\n", topics->size());
///     else
///       fmt::print(stderr, "{}\n", to_string(topics.error()));
template <class T>
class [[nodiscard]] result {
public:
  /// An error without a text. Only for CAF, which default-constructs messages.
  result() : outcome_{std::in_place_index<1>} {}
  result(T value) : outcome_{std::in_place_index<0>, std::move(value)} {}
  result(kafka::error why) : outcome_{std::in_place_index<1>, std::move(why)} {}

  bool has_value() const noexcept { return outcome_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }

  /// Call only if there is a value.
  T& operator*() & noexcept { return value(); }
  const T& operator*() const& noexcept { return const_cast<result*>(this)->value(); }
  T&& operator*() && noexcept { return std::move(value()); }
  T* operator->() noexcept { return &value(); }
  const T* operator->() const noexcept { return &**this; }

  /// Call only if there is no value.
  const kafka::error& error() const noexcept {
    assert(!has_value());
    return *std::get_if<1>(&outcome_);
  }

private:
  T& value() noexcept {
    assert(has_value());
    return *std::get_if<0>(&outcome_);
  }

  std::variant<T, kafka::error> outcome_;
};

/// The outcome of a request without a value.
template <>
class [[nodiscard]] result<void> {
public:
  result() = default;
  result(kafka::error why) : why_{std::move(why)}, done_{false} {}

  bool has_value() const noexcept { return done_; }
  explicit operator bool() const noexcept { return done_; }

  /// Call only if the request failed.
  const kafka::error& error() const noexcept {
    assert(!done_);
    return why_;
  }

private:
  kafka::error why_ = {};
  bool done_ = true;
};

} // namespace ottla::kafka
