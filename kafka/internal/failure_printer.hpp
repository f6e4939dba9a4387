#pragma once

#include <ottla/kafka/internal/text/repetition.hpp>
#include <ottla/kafka/observer.hpp>

#include <mutex>
#include <string>

namespace ottla::kafka {

/// The default observer of a connection. Prints failures to stderr, each kind once until the
/// connection recovers, because a broker that is down fails every few seconds.
class failure_printer : public observer {
public:
  /// If `prints_log`, also prints librdkafka's log lines. True if the program sets the key `debug`.
  explicit failure_printer(std::string connection, bool prints_log = false);

  void failed(const error& what) override;

  void left_unfinished(const unfinished& what) override;

  /// assigned() and recovered() forget the printed failures. A recurring failure is printed again.
  void assigned(std::int32_t generation, std::span<const topic_partition> partitions) override;
  void recovered() override;

  void logged(const log_line& line) override;

private:
  const std::string connection_;
  const bool prints_log_;
  std::mutex guard_;
  repetition printed_;
};

} // namespace ottla::kafka
