#include "support/stream.hpp"

#include "support/raw_producer.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <string_view>
#include <utility>

namespace bench {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view key = "abcdefgh";

} // namespace

stream::stream(settings how) : how_{std::move(how)}, value_(how_.message_bytes - key.size(), 'v') {
  auto flows = flows_.get_future();
  thread_ = std::jthread{[this](const std::stop_token& over) { run(over); }};
  flows.get();
}

void stream::run(const std::stop_token& over) {
  bool flows = false;
  try {
    raw_producer by{how_.brokers, how_.topic, how_.pause == 0ms ? 20ms : 0ms};
    to_each_partition(by);
    by.flush();
    flows = true;
    flows_.set_value();
    while (!over.stop_requested()) {
      to_each_partition(by);
      by.poll(0ms);
      if (how_.pause > 0ms)
        std::this_thread::sleep_for(how_.pause);
    }
  } catch (const std::exception& error) {
    if (!flows)
      flows_.set_exception(std::current_exception());
    else // a consumer that waits for messages then times out
      fmt::print(stderr, "the stream stopped producing: {}\n", error.what());
  }
}

void stream::to_each_partition(raw_producer& by) {
  for (std::int32_t partition = 0; partition < how_.partitions; ++partition)
    by.produce(partition, key, value_);
  produced_ += static_cast<std::size_t>(how_.partitions);
}

} // namespace bench
