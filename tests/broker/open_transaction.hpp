#pragma once

#include <ottla/actors/call.hpp>
#include <ottla/kafka/consumer/group_requests.hpp>

#include "broker/group_application.hpp"
#include "kafka/internal/driver/raw_producer.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ottla::kafka::test {

/// Records the assignment of each worker.
class begin_notes {
public:
  void add(const assignment& what) {
    const std::lock_guard lock{guard_};
    all_.push_back(what);
  }
  std::vector<assignment> all() const {
    const std::lock_guard lock{guard_};
    return all_;
  }

private:
  mutable std::mutex guard_;
  std::vector<assignment> all_;
};

class telling_handler : public batch_handler {
public:
  telling_handler(std::shared_ptr<deliveries> into, std::shared_ptr<begin_notes> begins)
    : into_{std::move(into)}, begins_{std::move(begins)} {}

  void start(const assignment& what) override { begins_->add(what); }
  verdict handle(batch messages) override {
    into_->handled(messages);
    return ack();
  }

private:
  std::shared_ptr<deliveries> into_;
  std::shared_ptr<begin_notes> begins_;
};

/// A log of ten plain records, three records of a transaction that stays open, and ten plain
/// records. The last stable offset is 10, the high watermark 23. The timestamps are a second apart.
struct open_transaction {
  using time_point = std::chrono::system_clock::time_point;

  std::string topic = fresh_topic("open", 1);
  topic_partition where{topic, 0};
  raw_producer plain{brokers()};
  raw_producer pending{brokers(), topic};
  std::shared_ptr<deliveries> seen = std::make_shared<deliveries>();
  std::shared_ptr<begin_notes> begins = std::make_shared<begin_notes>();
  time_point first_at = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now())
                        - std::chrono::minutes{30};
  int sent = 0;

  open_transaction() {
    put_plain(10);
    pending.begin();
    put(pending, "pending", 3);
    put_plain(10);
  }

  /// The timestamp of one of the first 23 records.
  time_point time_of(int offset) const { return first_at + std::chrono::seconds{offset}; }

  void put(raw_producer& by, const std::string& value, int count) {
    for (int i = 0; i < count; ++i)
      by.send(topic, value, std::nullopt, time_of(sent++));
    by.flush();
  }
  void put_plain(int count) { put(plain, "plain", count); }

  group_consumer consumer() const {
    return quick_consumer(topic, handler<telling_handler>(seen, begins));
  }

  lag_report::entry lag_of(application& app) const {
    const auto lag = call<lag_report>(app.system(), app.find("c/coordinator"),
                                      std::chrono::seconds{10}, get_lag{});
    REQUIRE(lag);
    REQUIRE(lag->partitions.size() == 1);
    return lag->partitions.front();
  }
};

} // namespace ottla::kafka::test
