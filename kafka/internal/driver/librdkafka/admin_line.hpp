#pragma once

#include <ottla/kafka/internal/driver/driver.hpp>
#include <ottla/kafka/internal/driver/librdkafka/admin_handle.hpp>
#include <ottla/kafka/internal/driver/librdkafka/lookup_thread.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <stop_token>

namespace ottla::kafka {

/// The admin requests of a connection: one thread that carries them out in order, with one Kafka
/// handle. The thread starts with the first request, which also opens the handle. The handle closes
/// after a minute without a request.
///
/// Thread safety: call from any thread.
class admin_line {
public:
  admin_line(const cluster_settings& of, std::shared_ptr<broker_contact> contact);

  /// See driver::administer.
  void ask(std::chrono::milliseconds within, std::stop_token stop, driver::admin_work work);

  /// Drops the requests that wait. Ends the thread and closes the handle on a reaper thread.
  static void retire(std::shared_ptr<admin_line> line);

private:
  std::atomic<bool> was_used_ = false;
  admin_handle handle_;
  lookup_thread thread_; // destroyed first, since it uses the handle
};

} // namespace ottla::kafka
