#pragma once

#include <ottla/kafka/internal/driver/events.hpp>
#include <ottla/kafka/internal/health/health_board.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ottla::kafka {

/// Notes faults of producing on the health board: unreachable brokers, a rejected authorization, a
/// fatal error of librdkafka's producer, and topics whose records are not stored. Stored records
/// clear the faults of the shared producer and of their topic.
///
/// Thread safety: call from any thread.
class producer_health {
public:
  explicit producer_health(std::shared_ptr<health_board> board) : board_{std::move(board)} {}

  /// The handle failed.
  void failed(const error& what);

  /// The handle has reported a batch for `topic`. `stored` is the number of stored records.
  void reported(const std::string& topic, std::size_t stored,
                const std::vector<delivered::failure>& failures);

  /// True while health holds a failure of the shared producer or of a topic.
  bool is_in_doubt() const;

private:
  std::shared_ptr<health_board> board_;
};

} // namespace ottla::kafka
