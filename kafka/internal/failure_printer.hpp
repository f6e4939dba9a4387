#pragma once

#include <ottla/kafka/internal/text/repetition.hpp>
#include <ottla/kafka/observer.hpp>

#include <mutex>
#include <string>

namespace ottla::kafka {

/// Prints failures on stderr, each kind once until the connection works again: a broker that is
/// down fails every few seconds. The default observer of a connection.
class failure_printer : public observer {
public:
  /// Log lines of the client are printed only if the program asks for `debug`.
  explicit failure_printer(std::string connection, bool prints_log = false);

  void failed(const error& what) override;

  void left_unfinished(const unfinished& what) override;

  /// Earlier failures are over: each of them is printed again when it recurs.
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
