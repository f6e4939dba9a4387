#include <ottla/kafka/producer/partitioner.hpp>

#include <doctest/doctest.h>
#include <librdkafka/rdkafka.h>

#include <cstddef>
#include <cstdint>
#include <string>

namespace kafka = ottla::kafka;

TEST_SUITE("partitioner and librdkafka") {
  TEST_CASE("murmur2 chooses the partitions of librdkafka's murmur2 partitioner") {
    std::string key;
    for (int number = 0; number < 2'000; ++number) {
      // Lengths from 0 to 39, with all byte values.
      key.resize(static_cast<std::size_t>(number % 40));
      for (std::size_t at = 0; at < key.size(); ++at)
        key[at] = static_cast<char>(number * 31 + static_cast<int>(at) * 131);
      const std::int32_t partitions = 1 + number % 97;
      CHECK(*kafka::partition_for(kafka::murmur2{}, "orders", partitions, key)
            == rd_kafka_msg_partitioner_murmur2(nullptr, key.data(), key.size(), partitions,
                                                nullptr, nullptr));
    }
  }
}
