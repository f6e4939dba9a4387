#pragma once

#include <ottla/kafka/consumer/group_requests.hpp>

#include "group_stage.hpp"

namespace ottla::kafka::test {

/// A group whose Kafka handle fails or closes.
struct troubled : group_stage {
  void fail(errc code = errc::other) {
    kafka->push(handle_failed{{.code = code, .fatal = true, .text = "finished"}});
    time.run();
  }

  void fence() { fail(errc::fenced); }

  /// True if the next handle is opened after `least`, and at the latest after `most`.
  bool opens_a_handle_between(std::chrono::nanoseconds least, std::chrono::nanoseconds most) {
    const auto before = kafka->joins;
    time.advance(least);
    const bool is_early = kafka->joins != before;
    time.advance(most - least);
    return !is_early && kafka->joins == before + 1;
  }

  /// Calls `end` every 100 ms. Returns how many handles were opened within `period`.
  std::size_t opened_within(std::chrono::nanoseconds period, void (troubled::*end)()) {
    const auto before = kafka->joins;
    for (std::chrono::nanoseconds passed{}; passed < period; passed += 100ms) {
      if (kafka->member != nullptr)
        (this->*end)();
      time.advance(100ms);
    }
    return kafka->joins - before;
  }

  void fail_for_good() { fail(); }
  void close_by_itself() {
    kafka->push(closed{});
    time.run();
  }
  void lose_an_offset() {
    give({zero});
    kafka->fail_partition(zero, {.code = errc::offset_out_of_range, .text = "deleted"});
    time.run();
    kafka->logs[zero].failed.reset();
  }
};

} // namespace ottla::kafka::test
