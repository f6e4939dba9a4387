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

stream::stream(settings how)
  : how_{std::move(how)}, value_(how_.message_bytes - key.size(), 'v'), thread_{[this] {
      run();
    }} {}

stream::~stream() {
  over_ = true;
  thread_.join();
}

void stream::run() {
  try {
    const bool at_full_speed = how_.pause == 0ms;
    raw_producer by{how_.brokers, how_.topic, at_full_speed ? 20ms : 0ms};
    while (!over_) {
      for (std::int32_t partition = 0; partition < how_.partitions; ++partition)
        by.produce(partition, key, value_);
      produced_ += static_cast<std::size_t>(how_.partitions);
      by.poll(0ms);
      if (!at_full_speed)
        std::this_thread::sleep_for(how_.pause);
    }
  } catch (const std::exception& error) {
    // Whoever waits for its messages ends then.
    fmt::print(stderr, "nothing more is produced: {}\n", error.what());
  }
}

} // namespace bench
