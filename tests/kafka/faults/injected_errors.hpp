#pragma once

#include "kafka/faults/faulty_group.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ottla::kafka::test {

/// An error of Kafka's protocol, by number and name.
struct protocol_error {
  std::int16_t code;
  std::string_view name;
};

using request = embedded_cluster::request;

/// Errors that a broker may return to one kind of request. ottla treats all errors of one list
/// alike, so a quick run injects only one error per list.
struct error_class {
  request of;
  std::string_view of_name;
  std::vector<protocol_error> alike;
};

inline const std::vector<error_class>& error_classes() {
  static const std::vector<error_class> all{
    // The error is temporary, or the client finds the new leader.
    {request::fetch,
     "Fetch",
     {{6, "NOT_LEADER_FOR_PARTITION"},
      {3, "UNKNOWN_TOPIC_OR_PART"},
      {5, "LEADER_NOT_AVAILABLE"},
      {7, "REQUEST_TIMED_OUT"},
      {8, "BROKER_NOT_AVAILABLE"},
      {9, "REPLICA_NOT_AVAILABLE"},
      {13, "NETWORK_EXCEPTION"},
      {56, "KAFKA_STORAGE_ERROR"},
      {74, "FENCED_LEADER_EPOCH"},
      {75, "UNKNOWN_LEADER_EPOCH"},
      {78, "OFFSET_NOT_AVAILABLE"}}},
    // The error is reported to the program, and the request is retried.
    {request::fetch,
     "Fetch",
     {{29, "TOPIC_AUTHORIZATION_FAILED"},
      {2, "INVALID_MSG"},
      {-1, "UNKNOWN"},
      {10, "MSG_SIZE_TOO_LARGE"},
      {35, "UNSUPPORTED_VERSION"},
      {42, "INVALID_REQUEST"}}},
    // The error stops the partition permanently, so the coordinator opens another handle.
    {request::fetch, "Fetch", {{1, "OFFSET_OUT_OF_RANGE"}}},
    {request::list_offsets,
     "ListOffsets",
     {{6, "NOT_LEADER_FOR_PARTITION"},
      {5, "LEADER_NOT_AVAILABLE"},
      {29, "TOPIC_AUTHORIZATION_FAILED"},
      {7, "REQUEST_TIMED_OUT"}}},
    {request::join_group,
     "JoinGroup",
     {{16, "NOT_COORDINATOR"},
      {14, "COORDINATOR_LOAD_IN_PROGRESS"},
      {15, "COORDINATOR_NOT_AVAILABLE"},
      {27, "REBALANCE_IN_PROGRESS"},
      {7, "REQUEST_TIMED_OUT"}}},
    {request::join_group, "JoinGroup", {{25, "UNKNOWN_MEMBER_ID"}, {22, "ILLEGAL_GENERATION"}}},
    {request::join_group,
     "JoinGroup",
     {{30, "GROUP_AUTHORIZATION_FAILED"},
      {23, "INCONSISTENT_GROUP_PROTOCOL"},
      {26, "INVALID_SESSION_TIMEOUT"},
      {24, "INVALID_GROUP_ID"},
      {81, "GROUP_MAX_SIZE_REACHED"},
      {-1, "UNKNOWN"}}},
    {request::join_group, "JoinGroup", {{82, "FENCED_INSTANCE_ID"}}},
    {request::sync_group,
     "SyncGroup",
     {{27, "REBALANCE_IN_PROGRESS"},
      {14, "COORDINATOR_LOAD_IN_PROGRESS"},
      {15, "COORDINATOR_NOT_AVAILABLE"},
      {16, "NOT_COORDINATOR"},
      {22, "ILLEGAL_GENERATION"},
      {25, "UNKNOWN_MEMBER_ID"}}},
    {request::sync_group, "SyncGroup", {{30, "GROUP_AUTHORIZATION_FAILED"}, {-1, "UNKNOWN"}}},
    {request::sync_group, "SyncGroup", {{82, "FENCED_INSTANCE_ID"}}},
    {request::heartbeat,
     "Heartbeat",
     {{16, "NOT_COORDINATOR"},
      {14, "COORDINATOR_LOAD_IN_PROGRESS"},
      {15, "COORDINATOR_NOT_AVAILABLE"},
      {7, "REQUEST_TIMED_OUT"}}},
    {request::heartbeat, "Heartbeat", {{27, "REBALANCE_IN_PROGRESS"}}},
    {request::heartbeat, "Heartbeat", {{25, "UNKNOWN_MEMBER_ID"}, {22, "ILLEGAL_GENERATION"}}},
    {request::heartbeat, "Heartbeat", {{30, "GROUP_AUTHORIZATION_FAILED"}, {-1, "UNKNOWN"}}},
    {request::heartbeat, "Heartbeat", {{82, "FENCED_INSTANCE_ID"}}},
    {request::offset_commit,
     "OffsetCommit",
     {{16, "NOT_COORDINATOR"},
      {14, "COORDINATOR_LOAD_IN_PROGRESS"},
      {15, "COORDINATOR_NOT_AVAILABLE"},
      {7, "REQUEST_TIMED_OUT"},
      {27, "REBALANCE_IN_PROGRESS"},
      {3, "UNKNOWN_TOPIC_OR_PART"}}},
    {request::offset_commit,
     "OffsetCommit",
     {{29, "TOPIC_AUTHORIZATION_FAILED"},
      {30, "GROUP_AUTHORIZATION_FAILED"},
      {12, "OFFSET_METADATA_TOO_LARGE"},
      {28, "INVALID_COMMIT_OFFSET_SIZE"},
      {-1, "UNKNOWN"}}},
    {request::offset_commit,
     "OffsetCommit",
     {{22, "ILLEGAL_GENERATION"}, {25, "UNKNOWN_MEMBER_ID"}}},
    {request::offset_commit, "OffsetCommit", {{82, "FENCED_INSTANCE_ID"}}},
    {request::offset_fetch,
     "OffsetFetch",
     {{16, "NOT_COORDINATOR"},
      {14, "COORDINATOR_LOAD_IN_PROGRESS"},
      {15, "COORDINATOR_NOT_AVAILABLE"},
      {88, "UNSTABLE_OFFSET_COMMIT"}}},
    {request::offset_fetch,
     "OffsetFetch",
     {{30, "GROUP_AUTHORIZATION_FAILED"},
      {29, "TOPIC_AUTHORIZATION_FAILED"},
      {25, "UNKNOWN_MEMBER_ID"},
      {22, "ILLEGAL_GENERATION"}}},
    {request::find_coordinator,
     "FindCoordinator",
     {{15, "COORDINATOR_NOT_AVAILABLE"},
      {14, "COORDINATOR_LOAD_IN_PROGRESS"},
      {7, "REQUEST_TIMED_OUT"}}},
    {request::find_coordinator,
     "FindCoordinator",
     {{30, "GROUP_AUTHORIZATION_FAILED"}, {24, "INVALID_GROUP_ID"}, {-1, "UNKNOWN"}}},
  };
  return all;
}

/// True if a member sends this request periodically after it has joined.
inline bool is_sent_while_running(request which) {
  return which == request::fetch || which == request::heartbeat || which == request::offset_commit;
}

/// If ListOffsets fails for a partition, the partition begins at the committed offset, and the
/// member does not repeat the request. So only one request per partition can fail.
inline std::size_t times_when_joining_again(request which, std::size_t times) {
  return which == request::list_offsets ? std::size_t{faulty_group::partitions} : times;
}

/// Fails three requests in a row with this error. Requests of a join fail while the group joins and
/// when it rejoins. Other requests fail while the group runs.
inline std::string inject(faulty_group& into, request which, std::int16_t code) {
  constexpr std::size_t times = 3;
  const std::vector<std::int16_t> codes(times, code);
  const auto use_up = [&]() -> std::string {
    const auto until = std::chrono::steady_clock::now() + 60s;
    while (into.cluster.failures_left(which) > 0) {
      if (std::chrono::steady_clock::now() > until)
        return "some injected failures were not used: no such request was sent";
      if (auto wrong = into.store(5); !wrong.empty())
        return wrong;
      if (auto wrong = into.settle(); !wrong.empty())
        return wrong;
    }
    return {};
  };
  if (auto wrong = into.store(50); !wrong.empty())
    return wrong;
  if (!is_sent_while_running(which))
    into.cluster.fail_next(which, codes);
  into.start();
  if (auto wrong = into.settle(); !wrong.empty())
    return wrong;
  if (auto wrong = use_up(); !wrong.empty())
    return wrong;
  into.cluster.fail_next(which,
                         std::vector<std::int16_t>(times_when_joining_again(which, times), code));
  if (!is_sent_while_running(which))
    kill(into.app->names()->whereis("c/" + std::string{coordinator_name}));
  if (auto wrong = into.store(50); !wrong.empty())
    return wrong;
  return use_up();
}

inline disturbance injected(const error_class& which, const protocol_error& error) {
  return {.name = fmt::format("{} fails with {}", which.of_name, error.name),
          .run = [of = which.of, code = error.code](faulty_group& into) {
            return inject(into, of, code);
          }};
}

inline disturbance disconnected(request which, std::string_view name) {
  return {.name = fmt::format("the connection is closed at {}", name),
          .run = [which](faulty_group& into) {
            return inject(into, which, embedded_cluster::disconnect);
          }};
}

} // namespace ottla::kafka::test
