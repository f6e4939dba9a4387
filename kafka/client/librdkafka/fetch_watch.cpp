#include <ottla/kafka/client/librdkafka/fetch_watch.hpp>

#include <algorithm>
#include <cstdint>

namespace ottla::kafka {

namespace {

constexpr const char* interceptor = "ottla.fetches";
constexpr std::int16_t fetch = 1; // Kafka's number of the request

rd_kafka_resp_err_t on_request_sent(rd_kafka_t*, int, const char*, std::int32_t, std::int16_t what,
                                    std::int16_t, std::int32_t, std::size_t, void* fetches) {
  if (what == fetch)
    static_cast<fetch_watch*>(fetches)->sent();
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

rd_kafka_resp_err_t on_response_received(rd_kafka_t*, int, const char*, std::int32_t,
                                         std::int16_t what, std::int16_t, std::int32_t, std::size_t,
                                         std::int64_t, rd_kafka_resp_err_t, void* fetches) {
  if (what == fetch)
    static_cast<fetch_watch*>(fetches)->answered();
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

rd_kafka_resp_err_t on_new(rd_kafka_t* native, const rd_kafka_conf_t*, void* fetches, char*,
                           std::size_t) {
  rd_kafka_interceptor_add_on_response_received(native, interceptor, on_response_received, fetches);
  return rd_kafka_interceptor_add_on_request_sent(native, interceptor, on_request_sent, fetches);
}

} // namespace

void fetch_watch::sent() {
  const auto me = std::this_thread::get_id();
  const std::scoped_lock guard{lock_};
  if (auto* known = find(me))
    known->waits = true;
  else
    fetchers_.push_back({.who = me, .waits = true});
}

void fetch_watch::answered() {
  const std::scoped_lock guard{lock_};
  if (auto* known = find(std::this_thread::get_id()))
    known->waits = false;
}

bool fetch_watch::may_nap(std::thread::id who) {
  const std::scoped_lock guard{lock_};
  const auto* known = find(who);
  return known != nullptr && !known->waits;
}

fetch_watch::fetcher* fetch_watch::find(std::thread::id who) noexcept {
  const auto found = std::ranges::find(fetchers_, who, &fetcher::who);
  return found == fetchers_.end() ? nullptr : &*found;
}

void watch_for_fetches(rd_kafka_conf_t* conf, fetch_watch& fetches) {
  rd_kafka_conf_interceptor_add_on_new(conf, interceptor, on_new, &fetches);
}

} // namespace ottla::kafka
