#pragma once

#include <ottla/kafka/internal/driver/driver.hpp>
#include <ottla/kafka/internal/driver/librdkafka/admin_handle.hpp>
#include <ottla/kafka/internal/driver/librdkafka/lookup_thread.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <stop_token>

namespace ottla::kafka {

/// Carries out the admin requests of a connection in order, on one thread, with the handles of one
/// admin_handle. The first request starts the thread and opens a handle. The handles close after a
/// minute without a request.
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
