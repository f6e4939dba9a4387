#pragma once

#include <ottla/kafka/embedded_cluster.hpp>

#include <mutex>
#include <string>
#include <sys/types.h>

namespace ottla::kafka {

/// librdkafka's mock cluster in a process forked off for it. It ends when this object does, or when
/// this process ends in whatever way.
class mock_process {
public:
  /// Throws std::runtime_error where it cannot be started.
  explicit mock_process(const embedded_cluster::settings& how);
  ~mock_process();
  mock_process(const mock_process&) = delete;
  mock_process& operator=(const mock_process&) = delete;

  const std::string& brokers() const noexcept { return brokers_; }
  /// Like mock_cluster::obey. Nothing but the empty text comes from one that has ended.
  std::string obey(const std::string& order);

private:
  pid_t child_ = -1;
  int channel_ = -1;
  std::mutex one_at_a_time_;
  std::string brokers_;
};

} // namespace ottla::kafka
