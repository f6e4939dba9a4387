#pragma once

#include <ottla/kafka/consumer/group_consumer.hpp>

#include <chrono>
#include <utility>

namespace ottla::kafka::test {

/// A member of group `g` that consumes topic `t`. Its timeouts are the shortest that work with the
/// embedded cluster.
inline group_consumer quick_group(group_handler handler) {
  using namespace std::chrono_literals;
  return {.group = "g",
          .topics = {"t"},
          .handler = std::move(handler),
          .commit_interval = 100ms,
          .drain_within = 1s,
          .worker_restarts = {.longest = 10ms},
          .session_timeout = 3300ms,
          .heartbeat_interval = 300ms,
          .fetch_wait = 10ms};
}

} // namespace ottla::kafka::test
