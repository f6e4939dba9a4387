#pragma once

#include <ottla/kafka/client/producer.hpp>

#include "scene.hpp"

#include <deque>
#include <memory>
#include <optional>

namespace ottla::kafka::simulation {

/// A producing handle: batches are reported in order, late, and with failures.
class simulated_producer : public producer {
public:
  explicit simulated_producer(scene& on);
  ~simulated_producer() override;
  simulated_producer(const simulated_producer&) = delete;
  simulated_producer& operator=(const simulated_producer&) = delete;

  void wake_on_event(waker wake) override;
  std::optional<producer_event> next_event() override;
  std::size_t send(const std::shared_ptr<const outgoing>& batch, std::size_t from) override;
  void close() override;

private:
  struct inside {
    waker wake;
    std::deque<producer_event> events;
    std::size_t held = 0;
  };
  static void push(inside& it, producer_event event);

  scene& on_;
  std::shared_ptr<inside> it_ = std::make_shared<inside>();
  moment last_report_{};
};

} // namespace ottla::kafka::simulation
