#pragma once

#include <ottla/kafka/embedded_cluster.hpp>

#include <mutex>
#include <string>
#include <sys/types.h>

namespace ottla::kafka {

/// librdkafka's mock cluster in a forked process. The forked process ends when this object is
/// destroyed, or when this process ends for any reason.
class mock_process {
public:
  /// Throws std::runtime_error if the cluster cannot be started.
  explicit mock_process(const embedded_cluster::settings& how);
  ~mock_process();
  mock_process(const mock_process&) = delete;
  mock_process& operator=(const mock_process&) = delete;

  const std::string& brokers() const noexcept { return brokers_; }
  /// Like mock_cluster::obey. Returns an empty text if the forked process has ended.
  std::string obey(const std::string& order);

private:
  pid_t child_ = -1;
  int channel_ = -1;
  std::mutex one_at_a_time_;
  std::string brokers_;
};

} // namespace ottla::kafka
