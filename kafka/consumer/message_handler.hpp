#pragma once

#include <ottla/kafka/batch.hpp>
#include <ottla/kafka/consumer/verdict.hpp>
#include <ottla/kafka/topic_partition.hpp>

#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

namespace ottla::kafka {

/// What a handler works on: one partition, under one lease.
struct assignment {
  /// Name of the connection.
  std::string connection = {};
  std::string group = {};
  topic_partition where = {};
  /// Generation of the group, as the broker counts.
  std::int32_t generation = -1;
  /// Rises with each lease of any partition of this connection. A store outside of the tree can
  /// keep the highest epoch that it has seen and reject lower ones. The store is then safe from a
  /// hanging worker that was replaced and resumes.
  std::uint64_t epoch = 0;
  /// The first offset that will be delivered.
  std::int64_t begins_at = 0;
  /// The wanted offset, if the log does not hold it. The partition then begins where
  /// group_consumer::when_missing says. If it begins later, the records in between were deleted
  /// before they were handled. Set until something of the assignment is acknowledged.
  std::optional<std::int64_t> missing = std::nullopt;
};

/// The user's side of a consumer: an object for each worker, made when the worker starts and
/// destroyed with it. A throw ends the worker; its replacement resumes after the last acknowledged
/// message.
///
/// Thread safety: one call at a time, on changing threads. Use execution::detached for a handler
/// that blocks.
class message_handler {
public:
  virtual ~message_handler() = default;

  /// Called before the first batch. If several partitions share the worker, as with
  /// worker_allocation::per_partition, called for each of them; see batch::from(). A throw fails
  /// the start of the worker. May take up to group_consumer::handle_within.
  virtual void start(const assignment& what) { static_cast<void>(what); }

  virtual verdict handle(batch messages) = 0;
};

/// Makes a new handler for each worker.
using handler_factory = std::function<std::unique_ptr<message_handler>()>;

/// A factory of `Handler{args…}`, with the same arguments each time.
template <std::derived_from<message_handler> Handler, class... Args>
handler_factory handler(Args... args) {
  static_assert(
    std::constructible_from<Handler, const Args&...>,
    "handler<Handler>(args...): no constructor of Handler takes these, each as a const&");
  return [packed = std::tuple<Args...>{std::move(args)...}] {
    return std::apply(
      [](const Args&... each) -> std::unique_ptr<message_handler> {
        return std::make_unique<Handler>(each...);
      },
      packed);
  };
}

} // namespace ottla::kafka
