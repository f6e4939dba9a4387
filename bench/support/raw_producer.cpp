#include "support/raw_producer.hpp"

#include <fmt/format.h>

#include <array>
#include <stdexcept>
#include <thread>
#include <utility>

namespace bench {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::duration<int, std::milli> answer_within = 10s;
constexpr std::chrono::duration<int, std::milli> sent_within = 120s;

} // namespace

// Purges the remaining messages. A purged message stays in flight until its report is read.
void raw_producer::destroy::operator()(rd_kafka_t* handle) const noexcept {
  rd_kafka_purge(handle, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
  rd_kafka_flush(handle, answer_within.count());
  rd_kafka_destroy(handle);
}

void raw_producer::destroy::operator()(rd_kafka_topic_t* topic) const noexcept {
  rd_kafka_topic_destroy(topic);
}

raw_producer::raw_producer(const std::string& brokers, std::string topic,
                           std::chrono::milliseconds linger, std::size_t batch_bytes)
  : name_{std::move(topic)} {
  auto* conf = rd_kafka_conf_new();
  std::array<char, 512> why{};
  const auto set = [&](const char* key, const std::string& value) {
    if (rd_kafka_conf_set(conf, key, value.c_str(), why.data(), why.size()) != RD_KAFKA_CONF_OK)
      throw std::runtime_error{why.data()};
  };
  set("bootstrap.servers", brokers);
  set("enable.idempotence", "true");
  set("linger.ms", std::to_string(linger.count()));
  set("batch.size", std::to_string(batch_bytes));
  rd_kafka_conf_set_opaque(conf, this);
  rd_kafka_conf_set_dr_msg_cb(conf, [](rd_kafka_t*, const rd_kafka_message_t* message, void* self) {
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR)
      static_cast<raw_producer*>(self)->failed_ = rd_kafka_err2str(message->err);
  });
  handle_.reset(rd_kafka_new(RD_KAFKA_PRODUCER, conf, why.data(), why.size()));
  if (!handle_)
    throw std::runtime_error{why.data()};
  topic_.reset(rd_kafka_topic_new(handle_.get(), name_.c_str(), nullptr));
}

void raw_producer::produce(std::int32_t partition, std::string_view key, std::string_view value) {
  while (rd_kafka_produce(topic_.get(), partition, 0, const_cast<char*>(value.data()), value.size(),
                          key.data(), key.size(), nullptr)
         != 0) {
    if (rd_kafka_last_error() != RD_KAFKA_RESP_ERR__QUEUE_FULL)
      throw std::runtime_error{rd_kafka_err2str(rd_kafka_last_error())};
    poll(100ms);
  }
}

void raw_producer::poll(std::chrono::milliseconds within) {
  rd_kafka_poll(handle_.get(), static_cast<int>(within.count()));
}

void raw_producer::flush() {
  if (rd_kafka_flush(handle_.get(), sent_within.count()) != RD_KAFKA_RESP_ERR_NO_ERROR)
    failed_ = "the deliveries timed out";
  if (!failed_.empty())
    throw std::runtime_error{fmt::format("cannot fill topic \"{}\": {}", name_, failed_)};
}

std::size_t raw_producer::held(std::int32_t partition) {
  std::int64_t low = 0;
  std::int64_t high = 0;
  const auto until = std::chrono::steady_clock::now() + answer_within;
  for (;;) {
    const auto code = rd_kafka_query_watermark_offsets(handle_.get(), name_.c_str(), partition,
                                                       &low, &high, answer_within.count());
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
      return static_cast<std::size_t>(high - low);
    if (std::chrono::steady_clock::now() > until)
      throw std::runtime_error{rd_kafka_err2str(code)};
    std::this_thread::sleep_for(50ms);
  }
}

} // namespace bench
