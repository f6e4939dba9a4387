#include <ottla/kafka/client/messages.hpp>
#include <ottla/kafka/names.hpp>
#include <ottla/kafka/producer/topic_producer.hpp>

#include <utility>

namespace ottla::kafka {

topic_producer::topic_producer(caf::actor_config& config, process_context context,
                               topic_producer_settings settings)
  : process{config, std::move(context)}, settings_{std::move(settings)} {}

caf::behavior topic_producer::set_up() {
  return {
    [this](produce& request) { return pass_on_to_client(request); },
  };
}

caf::result<produced> topic_producer::pass_on_to_client(produce& request) {
  const auto client = whereis(client_name);
  if (!client)
    return make_text_error("the client is being restarted");
  return pass_on<produced>(
    this, client, send_records{settings_.topic, request.partition, std::move(request.records)});
}

} // namespace ottla::kafka
