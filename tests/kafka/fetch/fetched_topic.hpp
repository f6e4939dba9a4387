#pragma once

#include <ottla/kafka/cluster_settings.hpp>
#include <ottla/kafka/embedded_cluster.hpp>
#include <ottla/kafka/fetch/search.hpp>

#include "kafka/internal/driver/event_pump.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace ottla::kafka::test {

/// The topic of Elsa's tests of fetching: three partitions of ten records. The first record has
/// the key key1 and the value val1, the last record key30 and val30.
struct fetched_topic {
  embedded_cluster cluster{{.topics = {{"t", 3}}}};
  cluster_settings at{.brokers = cluster.brokers()};

  fetched_topic() {
    const auto kafka = make_librdkafka_driver(at);
    for (std::int32_t partition = 0; partition < 3; ++partition) {
      std::vector<record> records;
      for (int i = 1; i <= 10; ++i) {
        const auto number = std::to_string(10 * partition + i);
        records.push_back({.key = "key" + number, .value = "val" + number});
      }
      store(*kafka, "t", records, partition);
    }
  }

  stream open(stream_settings what = {}) const {
    what.topic = "t";
    auto opened = open_stream(at, what, 15s);
    REQUIRE_MESSAGE(opened, to_string(opened ? error{} : opened.error()));
    return *std::move(opened);
  }
};

/// `val1`, `val2`, …, in this order.
inline std::vector<std::string> values_between(int first, int last) {
  std::vector<std::string> all;
  for (int i = first; i <= last; ++i)
    all.push_back("val" + std::to_string(i));
  return all;
}

inline std::vector<std::string> values_of(const std::vector<stored_record>& records) {
  std::vector<std::string> all;
  for (const auto& each : records)
    all.push_back(each.value.value_or("none"));
  return all;
}

/// Reads the whole stream. Fails the test if the stream fails.
inline std::vector<stored_record> rest_of(stream& from) {
  std::vector<stored_record> all;
  for (const auto& each : from)
    all.push_back(each.copy());
  REQUIRE_MESSAGE(!from.failure(), to_string(from.failure().value_or(error{})));
  return all;
}

/// Sorts by partition and offset.
inline std::vector<stored_record> sorted(std::vector<stored_record> records) {
  std::ranges::sort(records, [](const auto& a, const auto& b) {
    return std::tie(a.from, a.offset) < std::tie(b.from, b.offset);
  });
  return records;
}

} // namespace ottla::kafka::test
