#pragma once

#include <ottla/kafka/consumer/batch_handler.hpp>
#include <ottla/kafka/consumer/message_handler.hpp>

#include <concepts>
#include <functional>
#include <memory>
#include <tuple>
#include <utility>

namespace ottla::kafka {

/// Makes a new handler for each worker.
using handler_factory = std::function<std::unique_ptr<batch_handler>()>;

/// A factory of `Handler{args…}`, with the same arguments each time. `Handler` is a batch_handler
/// or a message_handler.
template <class Handler, class... Args>
requires std::derived_from<Handler, batch_handler> || std::derived_from<Handler, message_handler>
  handler_factory handler(Args... args) {
  static_assert(
    std::constructible_from<Handler, const Args&...>,
    "handler<Handler>(args...): no constructor of Handler takes these, each as a const&");
  return [packed = std::tuple<Args...>{std::move(args)...}]() -> std::unique_ptr<batch_handler> {
    auto made
      = std::apply([](const Args&... each) { return std::make_unique<Handler>(each...); }, packed);
    if constexpr (std::derived_from<Handler, batch_handler>)
      return made;
    else
      return as_batch_handler(std::move(made));
  };
}

} // namespace ottla::kafka
