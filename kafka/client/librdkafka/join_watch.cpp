#include <ottla/kafka/client/librdkafka/join_watch.hpp>

#include <cstddef>
#include <cstdint>

namespace ottla::kafka {

namespace {

constexpr const char* interceptor = "ottla.joins";
constexpr std::int16_t join_group = 11; // Kafka's number of the request

rd_kafka_resp_err_t on_request_sent(rd_kafka_t*, int, const char*, std::int32_t, std::int16_t what,
                                    std::int16_t, std::int32_t, std::size_t, void* joins) {
  if (what == join_group)
    static_cast<join_watch*>(joins)->begin();
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

rd_kafka_resp_err_t on_new(rd_kafka_t* native, const rd_kafka_conf_t*, void* joins, char*,
                           std::size_t) {
  return rd_kafka_interceptor_add_on_request_sent(native, interceptor, on_request_sent, joins);
}

} // namespace

void watch_for_joins(rd_kafka_conf_t* conf, join_watch& joins) {
  rd_kafka_conf_interceptor_add_on_new(conf, interceptor, on_new, &joins);
}

} // namespace ottla::kafka
