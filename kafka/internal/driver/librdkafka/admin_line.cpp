#include <ottla/kafka/internal/driver/librdkafka/admin_line.hpp>
#include <ottla/kafka/internal/driver/librdkafka/admin_requests.hpp>
#include <ottla/kafka/internal/driver/librdkafka/reaper.hpp>

#include <utility>

namespace ottla::kafka {

admin_line::admin_line(const cluster_settings& of, std::shared_ptr<broker_contact> contact)
  : handle_{of, std::move(contact)}, thread_{[this] { handle_.close(); }} {}

void admin_line::ask(std::chrono::milliseconds within, std::stop_token stop,
                     driver::admin_work work) {
  was_used_ = true;
  thread_.ask([this, within, until = admin_requests::deadline_in(within), stop = std::move(stop),
               work = std::move(work)](const lookup_thread::stop_signal& give_up) {
    if (stop.stop_requested())
      return;
    admin_requests session{handle_, within, until,
                           [&] { return stop.stop_requested() || give_up(); }};
    work(session);
  });
}

void admin_line::retire(std::shared_ptr<admin_line> line) {
  line->thread_.stop();
  if (line->was_used_)
    reap(
      "a Kafka handle for admin requests",
      [rest = std::move(line)](const background_work&) mutable { rest.reset(); },
      background::dispensable);
}

} // namespace ottla::kafka
