#pragma once

#include <ottla/actors/process.hpp>
#include <ottla/kafka/messages.hpp>
#include <ottla/kafka/producer/send_buffer.hpp>

#include <memory>
#include <string>

namespace ottla::kafka {

/// One topic that a connection produces to.
struct topic_producer_settings {
  std::string topic = {};
};

/// The process that producing to one topic goes through, registered as `producer/<topic>`. Send it
/// `produce`. It keeps nothing: what is in flight is the shared client's. But it takes the room in
/// the connection's buffer, so that nothing is queued for the client without. (Elsa.Producer.)
class topic_producer : public process {
public:
  topic_producer(caf::actor_config& config, process_context context,
                 topic_producer_settings settings, std::shared_ptr<send_buffer> buffer);

private:
  caf::behavior set_up() override;
  caf::result<produced> pass_on_to_client(produce& request);

  topic_producer_settings settings_;
  std::shared_ptr<send_buffer> buffer_;
};

} // namespace ottla::kafka
