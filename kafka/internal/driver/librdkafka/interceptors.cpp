#include <ottla/kafka/internal/driver/librdkafka/fetched_batch.hpp>
#include <ottla/kafka/internal/driver/librdkafka/interceptors.hpp>
#include <ottla/kafka/internal/driver/librdkafka/mask_of_settings.hpp>
#include <ottla/kafka/internal/driver/librdkafka/owed_answers.hpp>
#include <ottla/kafka/internal/driver/librdkafka/request_kinds.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace ottla::kafka {

namespace {

constexpr const char* name = "ottla";

/// Requests that a broker answers before the client is authenticated.
bool comes_before_admission(std::int16_t what) {
  return what == request_kind::sasl_handshake || what == request_kind::api_versions
         || what == request_kind::sasl_authenticate;
}

void note_sent(join_watch& joins, std::int16_t what) {
  switch (what) {
    case request_kind::join_group: joins.join_sent(); break;
    case request_kind::leave_group: joins.leave_sent(); break;
    case request_kind::sync_group: joins.sync_sent(); break;
    default: break;
  }
}

void note_ended(join_watch& joins, std::int16_t what, bool answered) {
  switch (what) {
    case request_kind::join_group:
    case request_kind::sync_group: joins.join_answered(); break;
    case request_kind::heartbeat:
      if (answered)
        joins.heartbeat_answered();
      break;
    case request_kind::metadata:
      if (answered)
        joins.metadata_answered();
      break;
    default: break;
  }
}

/// Identifies a connection by its thread. librdkafka has one thread for each connection. The thread
/// sends the requests and reads the responses.
owed_answers::connection connection_of_this_thread() {
  static thread_local const char mark = 0;
  return &mark;
}

// If librdkafka's main thread waits for the answer, librdkafka calls the interceptor once more, on
// the main thread. That thread has no connection, so the second call changes nothing.
void note_answer(owed_answers& owed, std::int16_t what, std::size_t bytes,
                 rd_kafka_resp_err_t failed) {
  const auto connection = connection_of_this_thread();
  const auto now = std::chrono::steady_clock::now();
  if (failed == RD_KAFKA_RESP_ERR__NOENT)
    owed.answered(connection, -1, now); // answer to a request that timed out
  else if (failed == RD_KAFKA_RESP_ERR_NO_ERROR && bytes > 0)
    owed.answered(connection, what, now);
  else if (failed == RD_KAFKA_RESP_ERR_NO_ERROR)
    owed.wants_no_answer(connection, what); // a produce request with acks=0
}

void note_state(owed_answers& owed, const owed_answers::broker& which, std::string_view state) {
  const auto connection = connection_of_this_thread();
  const auto now = std::chrono::steady_clock::now();
  if (state == "CONNECT" || state == "SSL_HANDSHAKE")
    owed.connecting(connection, which, now);
  else if (state == "DOWN")
    owed.closed(connection, now);
  else
    owed.connected(connection, now);
}

rd_kafka_resp_err_t on_request_sent(rd_kafka_t*, int socket, const char* name_of_broker,
                                    std::int32_t broker, std::int16_t what, std::int16_t,
                                    std::int32_t, std::size_t, void* self) {
  auto& by = *static_cast<interceptors*>(self);
  by.brokers->note([&](owed_answers& owed) {
    owed.sent(connection_of_this_thread(), {broker, address_in(name_of_broker)},
              {what, by.times.of(what), socket}, std::chrono::steady_clock::now());
  });
  note_sent(by.joins, what);
  if (what == request_kind::fetch)
    by.fetches.sent(broker);
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

// The broker's thread calls this function for a response, without holding a librdkafka lock. If
// librdkafka's main thread waits for the answer, the main thread calls this function again for the
// same response, so such an answer counts twice. Any thread may call this function for an error.
// This function must not call into the handle. Freeing a consumer's message only decrements
// reference counts.
rd_kafka_resp_err_t on_response_received(rd_kafka_t*, int, const char* name_of_broker,
                                         std::int32_t broker, std::int16_t what, std::int16_t,
                                         std::int32_t, std::size_t bytes, std::int64_t,
                                         rd_kafka_resp_err_t failed, void* self) {
  auto& by = *static_cast<interceptors*>(self);
  by.brokers->note([&](owed_answers& owed) { note_answer(owed, what, bytes, failed); });
  const bool answered = failed == RD_KAFKA_RESP_ERR_NO_ERROR && bytes > 0;
  if (answered) {
    by.brokers->answered(std::chrono::steady_clock::now());
    if (!comes_before_admission(what))
      by.brokers->served(name_of_broker);
    by.spent.free_mine();
  }
  note_ended(by.joins, what, answered);
  if (what == request_kind::fetch)
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

rd_kafka_resp_err_t on_broker_state_change(rd_kafka_t*, std::int32_t broker, const char*,
                                           const char* host, int port, const char* state,
                                           void* self) {
  auto& by = *static_cast<interceptors*>(self);
  const auto address = port > 0 ? host + (':' + std::to_string(port)) : std::string{};
  by.brokers->note([&](owed_answers& owed) { note_state(owed, {broker, address}, state); });
  // librdkafka's extra broker object for the group coordinator has no address of its own. The
  // coordinator's regular broker object reports the state changes.
  if (!address.empty())
    by.brokers->state_changed(address, state, std::chrono::steady_clock::now());
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

void read_time(const rd_kafka_conf_t* conf, const char* key, std::chrono::milliseconds& into) {
  if (const auto text = value_of(conf, key); !text.empty())
    into = std::chrono::milliseconds{std::stol(text)};
}

rd_kafka_resp_err_t on_new(rd_kafka_t* native, const rd_kafka_conf_t* conf, void* self, char*,
                           std::size_t) {
  auto& times = static_cast<interceptors*>(self)->times;
  read_time(conf, "fetch.wait.max.ms", times.fetch);
  read_time(conf, "request.timeout.ms", times.produce);
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
