#pragma once

#include <ottla/actors/process.hpp>
#include <ottla/kafka/messages.hpp>

#include <string>

namespace ottla::kafka {

/// One topic that a connection produces to.
struct topic_producer_settings {
  std::string topic;
};

/// The process that producing to one topic goes through, registered as `producer/<topic>`. Send it
/// `produce`. It keeps nothing: what is in flight is the shared client's. (Elsa.Producer.)
class topic_producer : public process {
public:
  topic_producer(caf::actor_config& config, process_context context,
                 topic_producer_settings settings);

private:
  caf::behavior set_up() override;
  caf::result<produced> pass_on_to_client(produce& request);

  topic_producer_settings settings_;
};

} // namespace ottla::kafka
