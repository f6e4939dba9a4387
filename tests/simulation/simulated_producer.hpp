#pragma once

#include <ottla/kafka/internal/driver/producer_handle.hpp>
#include <ottla/kafka/producer/producer_settings.hpp>

#include "simulated_cluster.hpp"

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <optional>

namespace ottla::kafka::simulation {

/// A producing handle. Records are stored in order, with a delay, and only while brokers are
/// reachable. Batches are reported in order. Some reports are delayed, so a handle may end after it
/// has stored records that it has not reported.
class simulated_producer : public producer_handle {
public:
  simulated_producer(simulated_cluster& of, std::size_t member, const producer_settings& how);
  ~simulated_producer() override;
  simulated_producer(const simulated_producer&) = delete;
  simulated_producer& operator=(const simulated_producer&) = delete;

  std::size_t send(const std::shared_ptr<const outgoing>& batch, std::size_t from) override;
  void close() override;
  void abandon() override;
  void wake_on_event(waker wake) override;
  std::optional<producer_event> next_event() override;

private:
  struct in_flight {
    std::shared_ptr<const outgoing> batch;
    std::size_t taken = 0;
    std::size_t stored = 0;
    std::vector<record_place> places;
  };
  struct inside {
    waker wake;
    std::deque<producer_event> events;
    /// Oldest first.
    std::map<token, in_flight> batches;
    std::size_t held = 0;
    bool storing = false;
    bool closing = false;
  };
  void push(producer_event event);
  void store_soon();
  void store();
  void report(const in_flight& batch);
  void close_if_empty();
  void check_buffer();

  simulated_cluster& of_;
  scene& on_;
  std::size_t member_;
  std::size_t buffer_bytes_;
  std::shared_ptr<inside> handle_ = std::make_shared<inside>();
};

} // namespace ottla::kafka::simulation
