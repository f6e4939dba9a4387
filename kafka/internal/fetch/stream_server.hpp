#pragma once

#include <ottla/actors/process.hpp>
#include <ottla/actors/type_ids.hpp>
#include <ottla/kafka/fetch/stream_process.hpp>
#include <ottla/kafka/internal/driver/driver.hpp>
#include <ottla/kafka/internal/fetch/stream_position.hpp>
#include <ottla/kafka/internal/fetch/stream_source.hpp>

#include <cstddef>
#include <deque>
#include <memory>

namespace ottla::kafka {

/// A thread of the seam has read a part for the stream server, or has failed to.
struct part_read {
  result<stream_part> part = stream_part{};
};

/// The process of a kafka::stream_process. Answers requests in their order. If no record waits, a
/// thread of the seam waits for records, and sends them to this process.
class stream_server : public process {
public:
  stream_server(caf::actor_config& config, process_context context, std::shared_ptr<driver> seam,
                const stream_process& settings, std::shared_ptr<stream_position> position);

private:
  struct pending {
    caf::response_promise answer;
    next_part_request what;
  };

  caf::behavior set_up() override;
  void terminated() override;

  /// Answers requests until one must wait.
  void serve();
  /// Answers the first request. Returns false if it must wait for records.
  bool serve_first();
  void take(result<stream_part> part);
  void answer_first(next_part_request::answer with);

  std::shared_ptr<driver> seam_;
  std::shared_ptr<stream_position> position_;
  std::shared_ptr<stream_source> source_;
  std::deque<pending> pending_;
  bool is_reading_ = false; ///< a thread of the seam uses source_
};

/// Returns the child spec of a stream process that reads through `seam`. librdkafka does not check
/// the settings. For ottla's own tests.
child_spec stream_process_on(std::shared_ptr<driver> seam, const stream_process& settings);

} // namespace ottla::kafka

OTTLA_MESSAGES_BEGIN(ottla_kafka_stream_server, ottla::kafka_type_ids + 264)
OTTLA_MESSAGE(ottla_kafka_stream_server, (ottla::kafka::part_read))
OTTLA_MESSAGES_END(ottla_kafka_stream_server)
