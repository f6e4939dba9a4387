#include "support/filled_topic.hpp"

#include <ottla/kafka/admin/topics.hpp>

#include "support/raw_producer.hpp"

#include <fmt/format.h>

#include <chrono>
#include <stdexcept>
#include <string_view>

namespace bench {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view key = "abcdefgh";
constexpr auto made_within = 10s;

} // namespace

std::string filled_topic::name() const {
  return fmt::format("bench-{}x{}-{}", messages, message_bytes, partitions);
}

void fill(const std::string& brokers, const filled_topic& what) {
  const auto name = what.name();
  const auto created = ottla::kafka::create_topic(
    {.brokers = brokers}, {.name = name, .partitions = what.partitions}, made_within);
  if (!created && created.error().code != ottla::kafka::errc::topic_exists)
    throw std::runtime_error{to_string(created.error())};
  const std::string value(what.message_bytes - key.size(), 'v');
  const auto wanted = what.messages / static_cast<std::size_t>(what.partitions);
  raw_producer by{brokers, name, 20ms};
  for (std::int32_t partition = 0; partition < what.partitions; ++partition) {
    const auto there = by.held(partition);
    if (there > wanted)
      throw std::runtime_error{fmt::format("topic \"{}\" holds {} messages in partition {}, not {}",
                                           name, there, partition, wanted)};
    for (auto number = there; number < wanted; ++number)
      by.produce(partition, key, value);
  }
  by.flush();
}

} // namespace bench
