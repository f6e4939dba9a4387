#include <ottla/kafka/internal/driver/produce_target.hpp>
#include <ottla/kafka/internal/producer/shared_producer_messages.hpp>
#include <ottla/kafka/internal/producer/topic_producer.hpp>
#include <ottla/kafka/process_names.hpp>

#include <fmt/format.h>

#include <cstddef>
#include <utility>

namespace ottla::kafka {

namespace {

error why_full(const send_buffer& buffer, std::size_t bytes, const std::string& target) {
  const bool fits = bytes <= buffer.most();
  return {.code = errc::buffer_full,
          .retriable = fits,
          .text = fits ? fmt::format("{}: {} bytes exceed the free part of buffer_bytes: pending "
                                     "records use {} of {} bytes",
                                     target, bytes, buffer.used(), buffer.most())
                       : fmt::format("{}: a produce of {} bytes exceeds buffer_bytes ({}): split "
                                     "the produce, or raise buffer_bytes",
                                     target, bytes, buffer.most())};
}

produced refusal(std::size_t records, const error& why) {
  produced answer;
  for (std::size_t index = 0; index < records; ++index)
    answer.failures.push_back({index, why});
  return answer;
}

} // namespace

topic_producer::topic_producer(caf::actor_config& config, process_context context,
                               topic_producer_settings settings,
                               std::shared_ptr<send_buffer> buffer)
  : process{config, std::move(context)},
    settings_{std::move(settings)},
    buffer_{std::move(buffer)} {}

caf::behavior topic_producer::set_up() {
  return {
    [this](produce& request) { return forward_records(request); },
  };
}

caf::result<produced> topic_producer::forward_records(produce& request) {
  const auto target = [&] { return name_of_target(settings_.topic, request.partition); };
  const auto shared = whereis(shared_producer_name);
  if (!shared)
    return make_text_error(target() + ": the shared producer is restarting");
  const auto bytes = send_buffer::bytes_of(request.records);
  auto room = buffer_->take(bytes);
  if (!room)
    return refusal(request.records.size(), why_full(*buffer_, bytes, target()));
  return pass_on<produced>(
    this, shared,
    send_records{settings_.topic, request.partition, std::move(request.records), std::move(room)});
}

} // namespace ottla::kafka
