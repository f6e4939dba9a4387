#pragma once

#include <ottla/kafka/internal/driver/consumer_handle_settings.hpp>

#include "event_pump.hpp"

#include <string>
#include <vector>

namespace ottla::kafka::test {

/// Sends records with all kinds of headers and timestamps to partition 0 of an empty topic. Checks
/// that a consumer gets the records as they were sent.
inline void check_headers_and_times(driver& kafka, const std::string& topic,
                                    const consumer_handle_settings& how) {
  using namespace std::string_literals;
  using time_point = std::chrono::system_clock::time_point;
  const auto before
    = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const std::vector<record> sent{
    {.value = "headers",
     .headers = {{"null", std::nullopt},
                 {"empty", ""},
                 {"twice", "1"},
                 {"a\0b"s, "with NUL"},
                 {"a\0b"s, std::nullopt},
                 {"a", "before the NUL"},
                 {"\0"s, ""},
                 {"", "no name"},
                 {"twice", "2"},
                 {"twice", std::nullopt},
                 {"value", "\0x\0"s}}},
    {.value = "time", .timestamp = time_point{1'000'000'000'123ms}},
    {.key = "k",
     .value = std::nullopt,
     .headers = {{"h", std::nullopt}},
     .timestamp = time_point{std::chrono::microseconds{5'999}}},
    {.value = "now"},
  };
  store(kafka, topic, sent);
  member reader{kafka.open_consumer(how)};
  reader->subscribe(std::vector<std::string>{topic});
  const auto offer = reader.expect<assigned>(30s);
  const auto from = reader->assign(offer.answer, all_at(offer.partitions, 0));
  std::vector<fetched> kept;
  std::vector<message> got;
  wake_counter wakes;
  from.at(0)->wake_on_message(wakes.hand_out());
  const auto until = steady::now() + 20s;
  while (got.size() < sent.size() && wakes.wait(until)) {
    kept.push_back(from[0]->take(10));
    got.insert(got.end(), kept.back().messages.begin(), kept.back().messages.end());
  }
  from[0]->wake_on_message({});
  REQUIRE(got.size() == sent.size());
  for (std::size_t i = 0; i < sent.size(); ++i) {
    const auto headers = got[i].headers();
    REQUIRE(headers.size() == sent[i].headers.size());
    for (std::size_t n = 0; n < headers.size(); ++n) {
      CHECK(headers[n].name == sent[i].headers[n].first);
      CHECK(headers[n].has_value() == sent[i].headers[n].second.has_value());
      CHECK(headers[n].value == sent[i].headers[n].second.value_or(""));
    }
  }
  CHECK(got[1].timestamp() == time_point{1'000'000'000'123ms});
  CHECK(got[2].timestamp() == time_point{5ms});
  CHECK(got[3].timestamp().value() >= before);
}

} // namespace ottla::kafka::test
