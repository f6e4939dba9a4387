#pragma once

#include <ottla/actors/process.hpp>
#include <ottla/kafka/internal/producer/send_buffer.hpp>
#include <ottla/kafka/producer/produce.hpp>
#include <ottla/kafka/producer/topic_producer_settings.hpp>

#include <memory>

namespace ottla::kafka {

/// Produces to one topic. Registered as `producer/<topic>`. Programs send it `produce`. Acquires
/// room in the connection's buffer before it forwards records to the shared producer. The shared
/// producer owns the records in flight. The model is Elsa.Producer.
class topic_producer : public process {
public:
  topic_producer(caf::actor_config& config, process_context context,
                 topic_producer_settings settings, std::shared_ptr<send_buffer> buffer);

private:
  caf::behavior set_up() override;
  caf::result<produced> forward_records(produce& request);

  topic_producer_settings settings_;
  std::shared_ptr<send_buffer> buffer_;
};

} // namespace ottla::kafka
