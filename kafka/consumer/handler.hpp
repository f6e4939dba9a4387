#pragma once

#include <ottla/kafka/consumer/batch_handler.hpp>
#include <ottla/kafka/consumer/message_handler.hpp>

#include <concepts>
#include <functional>
#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>

namespace ottla::kafka {

/// Called for each worker. Returns a new handler.
using handler_factory = std::function<std::unique_ptr<batch_handler>()>;

/// A factory that constructs a `Handler` for each worker, with the same arguments each time.
/// `Handler` is a batch_handler or a message_handler.
template <class Handler, class... Args>
handler_factory handler(Args... args) {
  constexpr bool of_batches = std::derived_from<Handler, batch_handler>;
  constexpr bool of_messages = std::derived_from<Handler, message_handler>;
  constexpr bool can_be_made = std::constructible_from<Handler, const Args&...>;
  static_assert(of_batches || of_messages,
                "ottla: a handler must derive from batch_handler or message_handler");
  static_assert(!std::is_abstract_v<Handler>,
                "ottla: this handler type is abstract, so it must override handle()");
  static_assert(can_be_made || std::is_abstract_v<Handler>,
                "ottla: no constructor of the handler takes these arguments, each as a const&");
  if constexpr ((of_batches || of_messages) && can_be_made)
    return [packed = std::tuple<Args...>{std::move(args)...}]() -> std::unique_ptr<batch_handler> {
      auto made = std::apply([](const Args&... each) { return std::make_unique<Handler>(each...); },
                             packed);
      if constexpr (of_batches)
        return made;
      else
        return as_batch_handler(std::move(made));
    };
  else
    // A static_assert above has failed. Its text is then the only error of the compiler.
    return {};
}

} // namespace ottla::kafka
