#pragma once

#include "kafka/faults/faulty_group.hpp"

#include <string>
#include <vector>

namespace ottla::kafka::test {

/// Starts the group and waits until it has committed all stored messages.
inline std::string begin(faulty_group& with) {
  if (auto wrong = with.store(50); !wrong.empty())
    return wrong;
  with.start();
  return with.settle();
}

/// Takes the only broker down, and brings it back after the failure was reported.
inline std::string bounce_all(faulty_group& of) {
  if (auto wrong = begin(of); !wrong.empty())
    return wrong;
  const auto told = of.seen->failures_told();
  of.cluster.take_broker_down(1);
  if (!of.seen->wait_for_failure(told, 30s))
    return "the loss of the broker was not reported";
  of.cluster.bring_broker_up(1);
  return {};
}

/// Starts the group without a broker, and starts the broker after the failure was reported.
inline std::string start_without_broker(faulty_group& of) {
  if (auto wrong = of.store(50); !wrong.empty())
    return wrong;
  of.cluster.take_broker_down(1);
  of.start();
  if (!of.seen->wait_for_failure(0, 30s))
    return "the missing broker was not reported";
  of.cluster.bring_broker_up(1);
  return {};
}

/// Takes each of three brokers down once. First moves the partitions and the group's coordinator to
/// another broker.
inline std::string bounce_one_by_one(faulty_group& of) {
  if (auto wrong = begin(of); !wrong.empty())
    return wrong;
  for (int broker = 1; broker <= 3; ++broker) {
    const int other = broker % 3 + 1;
    for (int partition = 0; partition < faulty_group::partitions; ++partition)
      of.cluster.move_leader("t", partition, other);
    of.cluster.move_coordinator("g", other);
    of.cluster.take_broker_down(broker);
    if (auto wrong = of.store(50); !wrong.empty())
      return wrong;
    if (auto wrong = of.settle(); !wrong.empty())
      return wrong;
    of.cluster.bring_broker_up(broker);
  }
  return {};
}

inline std::string move_leaders(faulty_group& of) {
  if (auto wrong = begin(of); !wrong.empty())
    return wrong;
  for (int turn = 0; turn < 9; ++turn) {
    for (int partition = 0; partition < faulty_group::partitions; ++partition)
      of.cluster.move_leader("t", partition, (turn + partition) % 3 + 1);
    if (auto wrong = of.store(20); !wrong.empty())
      return wrong;
    if (auto wrong = of.settle(); !wrong.empty())
      return wrong;
  }
  return {};
}

inline std::string move_coordinators(faulty_group& of) {
  if (auto wrong = begin(of); !wrong.empty())
    return wrong;
  for (int turn = 0; turn < 4; ++turn) {
    of.cluster.move_coordinator("g", turn % 3 + 1);
    if (auto wrong = of.store(20); !wrong.empty())
      return wrong;
    if (auto wrong = of.settle(); !wrong.empty())
      return wrong;
  }
  return {};
}

inline std::vector<disturbance> cluster_faults() {
  return {
    {.name = "the broker goes down and comes back", .run = bounce_all},
    {.name = "the broker comes up after the group's start", .run = start_without_broker},
    {.name = "each of three brokers goes down and comes back",
     .run = bounce_one_by_one,
     .brokers = 3},
    {.name = "leaders move", .run = move_leaders, .brokers = 3},
    {.name = "the group's coordinator moves", .run = move_coordinators, .brokers = 3},
  };
}

} // namespace ottla::kafka::test
