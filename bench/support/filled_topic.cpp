#include "support/filled_topic.hpp"

#include <ottla/kafka/topics.hpp>

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include <array>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <thread>

namespace bench {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t key_bytes = 8;
constexpr std::chrono::duration<int, std::milli> answer_within = 10s;
constexpr std::chrono::duration<int, std::milli> sent_within = 120s;

struct destroy {
  void operator()(rd_kafka_t* handle) const noexcept { rd_kafka_destroy(handle); }
  void operator()(rd_kafka_topic_t* topic) const noexcept { rd_kafka_topic_destroy(topic); }
};

class filler {
public:
  filler(const std::string& brokers, const filled_topic& what)
    : what_{what}, name_{what.name()}, value_(what.message_bytes - key_bytes, 'v') {
    auto* conf = rd_kafka_conf_new();
    std::array<char, 512> why{};
    const auto set = [&](const char* key, const char* value) {
      if (rd_kafka_conf_set(conf, key, value, why.data(), why.size()) != RD_KAFKA_CONF_OK)
        throw std::runtime_error{why.data()};
    };
    set("bootstrap.servers", brokers.c_str());
    set("enable.idempotence", "true");
    set("linger.ms", "20");
    rd_kafka_conf_set_opaque(conf, this);
    rd_kafka_conf_set_dr_msg_cb(
      conf, [](rd_kafka_t*, const rd_kafka_message_t* message, void* self) {
        if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR)
          static_cast<filler*>(self)->failed_ = rd_kafka_err2str(message->err);
      });
    handle_.reset(rd_kafka_new(RD_KAFKA_PRODUCER, conf, why.data(), why.size()));
    if (!handle_)
      throw std::runtime_error{why.data()};
    topic_.reset(rd_kafka_topic_new(handle_.get(), name_.c_str(), nullptr));
  }

  void fill(std::int32_t partition) {
    const auto wanted = what_.messages / static_cast<std::size_t>(what_.partitions);
    const auto there = held(partition);
    if (there > wanted)
      throw std::runtime_error{fmt::format("topic \"{}\" holds {} messages in partition {}, not {}",
                                           name_, there, partition, wanted)};
    for (auto number = there; number < wanted; ++number)
      produce(partition);
  }

  void flush() {
    if (rd_kafka_flush(handle_.get(), sent_within.count()) != RD_KAFKA_RESP_ERR_NO_ERROR)
      failed_ = "it takes too long";
    if (!failed_.empty())
      throw std::runtime_error{fmt::format("topic \"{}\" cannot be filled: {}", name_, failed_)};
  }

private:
  std::size_t held(std::int32_t partition) {
    std::int64_t low = 0;
    std::int64_t high = 0;
    const auto until = std::chrono::steady_clock::now() + answer_within;
    for (;;) {
      const auto code = rd_kafka_query_watermark_offsets(handle_.get(), name_.c_str(), partition,
                                                         &low, &high, answer_within.count());
      if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
        return static_cast<std::size_t>(high - low);
      // A topic that was just made has no leaders yet.
      if (std::chrono::steady_clock::now() > until)
        throw std::runtime_error{rd_kafka_err2str(code)};
      std::this_thread::sleep_for(50ms);
    }
  }

  void produce(std::int32_t partition) {
    constexpr std::string_view key = "abcdefgh";
    static_assert(key.size() == key_bytes);
    // The bytes are not copied: they are the same for all, and outlive the handle.
    while (rd_kafka_produce(topic_.get(), partition, 0, value_.data(), value_.size(), key.data(),
                            key.size(), nullptr)
           != 0) {
      if (rd_kafka_last_error() != RD_KAFKA_RESP_ERR__QUEUE_FULL)
        throw std::runtime_error{rd_kafka_err2str(rd_kafka_last_error())};
      rd_kafka_poll(handle_.get(), 100);
    }
  }

  const filled_topic what_;
  const std::string name_;
  std::string value_;
  std::string failed_;
  std::unique_ptr<rd_kafka_t, destroy> handle_;
  std::unique_ptr<rd_kafka_topic_t, destroy> topic_;
};

} // namespace

std::string filled_topic::name() const {
  return fmt::format("bench-{}x{}-{}", messages, message_bytes, partitions);
}

void fill(const std::string& brokers, const filled_topic& what) {
  const auto failed = ottla::kafka::create_topic(
    {.brokers = brokers}, {.name = what.name(), .partitions = what.partitions}, answer_within);
  if (failed && failed->code != ottla::kafka::errc::topic_exists)
    throw std::runtime_error{to_string(*failed)};
  filler by{brokers, what};
  for (std::int32_t partition = 0; partition < what.partitions; ++partition)
    by.fill(partition);
  by.flush();
}

} // namespace bench
