#include <ottla/kafka/internal/fetch/stream_server.hpp>

#include <algorithm>
#include <utility>
#include <variant>

namespace ottla::kafka {

stream_server::stream_server(caf::actor_config& config, process_context context,
                             std::shared_ptr<driver> seam, const stream_process& settings,
                             std::shared_ptr<stream_position> position)
  : process{config, std::move(context)},
    seam_{std::move(seam)},
    position_{std::move(position)},
    source_{std::make_shared<stream_source>(seam_, settings.what, settings.open_within)} {}

caf::behavior stream_server::set_up() {
  return {
    [this](const next_part_request& what) -> caf::result<next_part_request::answer> {
      if (what.most == 0)
        return next_part_request::answer{
          error{.code = errc::bad_setting, .text = "most must not be 0"}};
      auto promise = make_response_promise();
      pending_.push_back({promise, what});
      serve();
      return promise;
    },
    [this](const part_read& what) {
      is_reading_ = false;
      take(what.part);
      serve();
    },
  };
}

void stream_server::serve() {
  while (!is_reading_ && !pending_.empty() && serve_first())
    ;
}

bool stream_server::serve_first() {
  auto reply = position_->decide(pending_.front().what.after);
  if (auto* again = std::get_if<stream_part>(&reply)) {
    answer_first(std::move(*again));
    return true;
  }
  if (auto* no = std::get_if<stream_position::refused>(&reply)) {
    answer_first(error{.code = errc::bad_setting, .text = std::move(no->why)});
    return true;
  }
  const auto most = std::min(pending_.front().what.most, next_part_request::longest_part);
  if (auto ready = source_->read_ready(most)) {
    take(*std::move(ready));
    return true;
  }
  is_reading_ = true;
  seam_->run_aside(
    "a Kafka stream that waits for records",
    [source = source_, from = position_->confirmed(), most, me = caf::actor_addr{address()}] {
      auto part = source->read(from, most);
      if (auto self = caf::actor_cast<caf::actor>(me))
        post(self, part_read{std::move(part)});
    });
  return false;
}

void stream_server::take(result<stream_part> part) {
  if (part)
    answer_first(position_->offer(*std::move(part)));
  else
    answer_first(part.error());
}

void stream_server::answer_first(next_part_request::answer with) {
  auto first = std::move(pending_.front());
  pending_.pop_front();
  first.answer.deliver(std::move(with));
}

void stream_server::terminated() {
  source_->stop();
  // The part pins buffers of the handle that this process opened.
  position_->release_messages();
  for (auto& each : pending_)
    each.answer.deliver(next_part_request::answer{
      error{.code = errc::closed,
            .retriable = true,
            .text = "the stream process ended before the part was read"}});
  pending_.clear();
  // Handles to this process may keep it in memory. The Kafka handles must not live as long.
  source_.reset();
  seam_.reset();
}

} // namespace ottla::kafka
