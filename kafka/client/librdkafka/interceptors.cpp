#include <ottla/kafka/client/librdkafka/fetched_batch.hpp>
#include <ottla/kafka/client/librdkafka/interceptors.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>

namespace ottla::kafka {

namespace {

constexpr const char* name = "ottla";

// Kafka's numbers of requests.
constexpr std::int16_t fetch = 1;
constexpr std::int16_t metadata = 3;
constexpr std::int16_t join_group = 11;
constexpr std::int16_t heartbeat = 12;
constexpr std::int16_t leave_group = 13;
constexpr std::int16_t sync_group = 14;
constexpr std::int16_t sasl_handshake = 17;
constexpr std::int16_t api_versions = 18;
constexpr std::int16_t sasl_authenticate = 36;

/// Requests that a broker answers before it admits the client.
bool comes_before_admission(std::int16_t what) {
  return what == sasl_handshake || what == api_versions || what == sasl_authenticate;
}

void note_sent(join_watch& joins, std::int16_t what) {
  switch (what) {
    case join_group: joins.join_sent(); break;
    case leave_group: joins.leave_sent(); break;
    case sync_group: joins.sync_sent(); break;
    default: break;
  }
}

void note_ended(join_watch& joins, std::int16_t what, bool answered) {
  switch (what) {
    case join_group:
    case sync_group: joins.join_answered(); break;
    case heartbeat:
      if (answered)
        joins.heartbeat_answered();
      break;
    case metadata:
      if (answered)
        joins.metadata_answered();
      break;
    default: break;
  }
}

rd_kafka_resp_err_t on_request_sent(rd_kafka_t*, int, const char*, std::int32_t broker,
                                    std::int16_t what, std::int16_t, std::int32_t, std::size_t,
                                    void* self) {
  auto& by = *static_cast<interceptors*>(self);
  note_sent(by.joins, what);
  if (what == fetch)
    by.fetches.sent(broker);
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

// With an answer it is called by the broker's thread and without a lock of librdkafka's; with an
// error by anybody. It must not call into the handle, and does not: freeing a message of a consumer
// counts references down, no more.
rd_kafka_resp_err_t on_response_received(rd_kafka_t*, int, const char* name_of_broker,
                                         std::int32_t broker, std::int16_t what, std::int16_t,
                                         std::int32_t, std::size_t, std::int64_t,
                                         rd_kafka_resp_err_t failed, void* self) {
  auto& by = *static_cast<interceptors*>(self);
  const bool answered = failed == RD_KAFKA_RESP_ERR_NO_ERROR;
  if (answered) {
    by.brokers->answered(std::chrono::steady_clock::now());
    if (!comes_before_admission(what))
      by.brokers->served(name_of_broker);
    by.spent.free_mine();
  }
  note_ended(by.joins, what, answered);
  if (what == fetch)
    by.fetches.answered(broker);
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

rd_kafka_resp_err_t on_answer_to_look_up(rd_kafka_t*, int, const char* name_of_broker, std::int32_t,
                                         std::int16_t what, std::int16_t, std::int32_t, std::size_t,
                                         std::int64_t, rd_kafka_resp_err_t failed, void* contact) {
  if (failed == RD_KAFKA_RESP_ERR_NO_ERROR && !comes_before_admission(what))
    static_cast<broker_contact*>(contact)->served(name_of_broker);
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

rd_kafka_resp_err_t on_broker_state_change(rd_kafka_t*, std::int32_t, const char*, const char* host,
                                           int port, const char* state, void* self) {
  // The group's coordinator is a broker too; librdkafka's extra handle of it has no address of its
  // own.
  if (port > 0)
    static_cast<interceptors*>(self)->brokers->state_changed(
      host + (':' + std::to_string(port)), state, std::chrono::steady_clock::now());
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

rd_kafka_resp_err_t on_new(rd_kafka_t* native, const rd_kafka_conf_t*, void* self, char*,
                           std::size_t) {
  if (const auto failed
      = rd_kafka_interceptor_add_on_request_sent(native, name, on_request_sent, self))
    return failed;
  if (const auto failed
      = rd_kafka_interceptor_add_on_broker_state_change(native, name, on_broker_state_change, self))
    return failed;
  return rd_kafka_interceptor_add_on_response_received(native, name, on_response_received, self);
}

rd_kafka_resp_err_t on_new_look_up(rd_kafka_t* native, const rd_kafka_conf_t*, void* contact, char*,
                                   std::size_t) {
  return rd_kafka_interceptor_add_on_response_received(native, name, on_answer_to_look_up, contact);
}

} // namespace

interceptors::interceptors(std::shared_ptr<broker_contact> contact)
  : interceptors{destroy_messages, std::move(contact)} {}

void intercept(rd_kafka_conf_t* conf, interceptors& by) {
  rd_kafka_conf_interceptor_add_on_new(conf, name, on_new, &by);
}

void note_served_brokers(rd_kafka_conf_t* conf, broker_contact& by) {
  rd_kafka_conf_interceptor_add_on_new(conf, name, on_new_look_up, &by);
}

} // namespace ottla::kafka
