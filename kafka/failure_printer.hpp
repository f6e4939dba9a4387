#pragma once

#include <ottla/kafka/observer.hpp>

#include <mutex>
#include <string>

namespace ottla::kafka {

/// Prints what fails on stderr, unless it is what failed just before: a broker that is away does so
/// every few seconds. What a connection without an observer has.
class failure_printer : public observer {
public:
  explicit failure_printer(std::string connection);

  void failed(const error& what) override;

  void left_unfinished(const unfinished& what) override;

  /// Whatever failed before is over.
  void assigned(std::int32_t generation, std::span<const topic_partition> partitions) override;

private:
  const std::string connection_;
  std::mutex guard_;
  std::string last_;
};

} // namespace ottla::kafka
