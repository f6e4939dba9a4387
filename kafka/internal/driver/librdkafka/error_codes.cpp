#include <ottla/kafka/internal/driver/librdkafka/error_codes.hpp>

#include <utility>

namespace ottla::kafka {

namespace {

errc classify(rd_kafka_resp_err_t code) noexcept {
  switch (code) {
    case RD_KAFKA_RESP_ERR__TRANSPORT:
    case RD_KAFKA_RESP_ERR__RESOLVE:
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
    case RD_KAFKA_RESP_ERR__WAIT_COORD:
    case RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE:
    case RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE: return errc::unreachable;

    case RD_KAFKA_RESP_ERR__TIMED_OUT:
    case RD_KAFKA_RESP_ERR__MSG_TIMED_OUT:
    case RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT:
    case RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION:
    case RD_KAFKA_RESP_ERR__PURGE_INFLIGHT: return errc::timed_out;

    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
    case RD_KAFKA_RESP_ERR__SSL:
    case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
    case RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM:
    case RD_KAFKA_RESP_ERR_ILLEGAL_SASL_STATE: return errc::authentication_failed;

    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_DELEGATION_TOKEN_AUTHORIZATION_FAILED: return errc::not_authorized;

    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART: return errc::unknown_topic;

    case RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS: return errc::topic_exists;

    case RD_KAFKA_RESP_ERR_GROUP_ID_NOT_FOUND: return errc::unknown_group;

    case RD_KAFKA_RESP_ERR_NON_EMPTY_GROUP: return errc::group_not_empty;

    case RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE:
    case RD_KAFKA_RESP_ERR__NOT_IMPLEMENTED:
    case RD_KAFKA_RESP_ERR_UNSUPPORTED_VERSION: return errc::not_supported;

    case RD_KAFKA_RESP_ERR__INVALID_ARG:
    case RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
    case RD_KAFKA_RESP_ERR_INVALID_GROUP_ID:
    case RD_KAFKA_RESP_ERR_INVALID_SESSION_TIMEOUT:
    case RD_KAFKA_RESP_ERR_INVALID_PARTITIONS:
    case RD_KAFKA_RESP_ERR_INVALID_REPLICATION_FACTOR:
    case RD_KAFKA_RESP_ERR_INVALID_REPLICA_ASSIGNMENT:
    case RD_KAFKA_RESP_ERR_INVALID_CONFIG:
    case RD_KAFKA_RESP_ERR_INCONSISTENT_GROUP_PROTOCOL: return errc::bad_setting;

    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE: return errc::record_too_large;

    case RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS: return errc::rebalance_in_progress;

    case RD_KAFKA_RESP_ERR__FENCED:
    case RD_KAFKA_RESP_ERR__MAX_POLL_EXCEEDED:
    case RD_KAFKA_RESP_ERR__ASSIGNMENT_LOST:
    case RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION:
    case RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID:
    case RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID:
    case RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH:
    case RD_KAFKA_RESP_ERR_PRODUCER_FENCED: return errc::fenced;

    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
    case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE: return errc::offset_out_of_range;

    case RD_KAFKA_RESP_ERR__DESTROY:
    case RD_KAFKA_RESP_ERR__PURGE_QUEUE: return errc::closed;

    default: return errc::other;
  }
}

// Whether a code of errc::other is temporary.
bool passes(rd_kafka_resp_err_t code) noexcept {
  switch (code) {
    case RD_KAFKA_RESP_ERR__QUEUE_FULL:
    case RD_KAFKA_RESP_ERR__RETRY:
    case RD_KAFKA_RESP_ERR__IN_PROGRESS:
    case RD_KAFKA_RESP_ERR__PARTITION_EOF:
    case RD_KAFKA_RESP_ERR__ISR_INSUFF:
    case RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION:
    case RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS:
    case RD_KAFKA_RESP_ERR_NOT_COORDINATOR:
    case RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS:
    case RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND:
    case RD_KAFKA_RESP_ERR_NOT_CONTROLLER:
    case RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR:
    case RD_KAFKA_RESP_ERR_FETCH_SESSION_ID_NOT_FOUND:
    case RD_KAFKA_RESP_ERR_FENCED_LEADER_EPOCH:
    case RD_KAFKA_RESP_ERR_UNKNOWN_LEADER_EPOCH:
    case RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_PREFERRED_LEADER_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_UNSTABLE_OFFSET_COMMIT:
    case RD_KAFKA_RESP_ERR_THROTTLING_QUOTA_EXCEEDED: return true;
    default: return false;
  }
}

bool can_be_retried(rd_kafka_resp_err_t code) noexcept {
  switch (classify(code)) {
    case errc::unreachable:
    case errc::timed_out:
    case errc::unknown_topic:
    case errc::rebalance_in_progress: return true;
    case errc::other: return passes(code);
    default: return false;
  }
}

/// librdkafka shortens some of Kafka's names.
std::string name_of(rd_kafka_resp_err_t code) {
  switch (code) {
    case RD_KAFKA_RESP_ERR_NO_ERROR: return {};
    case RD_KAFKA_RESP_ERR_UNKNOWN: return "UNKNOWN_SERVER_ERROR";
    case RD_KAFKA_RESP_ERR_INVALID_MSG: return "CORRUPT_MESSAGE";
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART: return "UNKNOWN_TOPIC_OR_PARTITION";
    case RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE: return "INVALID_FETCH_SIZE";
    case RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION: return "NOT_LEADER_OR_FOLLOWER";
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE: return "MESSAGE_TOO_LARGE";
    case RD_KAFKA_RESP_ERR_STALE_CTRL_EPOCH: return "STALE_CONTROLLER_EPOCH";
    case RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION: return "INVALID_TOPIC_EXCEPTION";
    // Codes below 0 are librdkafka's own.
    default: return code > 0 ? rd_kafka_err2name(code) : std::string{};
  }
}

} // namespace

error to_error(rd_kafka_resp_err_t code, std::string text) {
  if (text.empty())
    text = rd_kafka_err2str(code);
  return {.code = classify(code),
          .retriable = can_be_retried(code),
          .fatal = code == RD_KAFKA_RESP_ERR__FATAL || code == RD_KAFKA_RESP_ERR__FENCED
                   || code == RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID,
          .text = std::move(text),
          .name = name_of(code)};
}

error to_error(rd_kafka_error_t* failure) {
  auto answer = to_error(rd_kafka_error_code(failure), rd_kafka_error_string(failure));
  answer.fatal = answer.fatal || rd_kafka_error_is_fatal(failure) != 0;
  answer.retriable
    = !answer.fatal && (answer.retriable || rd_kafka_error_is_retriable(failure) != 0);
  rd_kafka_error_destroy(failure);
  return answer;
}

} // namespace ottla::kafka
