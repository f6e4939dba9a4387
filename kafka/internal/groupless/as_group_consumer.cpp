#include <ottla/kafka/internal/groupless/as_group_consumer.hpp>

#include <type_traits>
#include <variant>

namespace ottla::kafka {

group_consumer as_group_consumer(const consumer& settings) {
  return {.topics = {settings.topic},
          .handler = settings.handler,
          .begin = std::visit(
            [](const auto& where) -> begin_offset {
              if constexpr (std::is_same_v<std::decay_t<decltype(where)>, begin_function>)
                return earliest{};
              else
                return where;
            },
            settings.begin),
          .when_missing = settings.when_missing,
          // A consumer has one topic, so a partition has a worker of its own.
          .allocation = worker_allocation::per_partition,
          .batch_size = settings.batch_size,
          .max_unacknowledged = settings.max_unacknowledged,
          .commit_interval = settings.store_interval,
          .drain_within = settings.drain_within,
          .run_as = settings.run_as,
          .worker_restarts = settings.worker_restarts,
          .handle_within = settings.handle_within,
          .fetch_wait = settings.fetch_wait,
          .memory_bytes = settings.memory_bytes,
          .extra = settings.extra};
}

} // namespace ottla::kafka
