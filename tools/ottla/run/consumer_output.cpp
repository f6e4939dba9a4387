#include "run/consumer_output.hpp"

#include <cstdint>
#include <sys/eventfd.h>
#include <unistd.h>
#include <utility>

namespace command {

namespace kafka = ottla::kafka;

using steady = std::chrono::steady_clock;

consumer_output::consumer_output(output& out, reporter& faults, output_format format,
                                 record_output how, start_filter begin)
  : failure_notes{faults},
    descriptor_{eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)},
    out_{out},
    writer_{out, format, std::move(how)},
    begin_{std::move(begin)} {}

consumer_output::~consumer_output() {
  ::close(descriptor_);
}

kafka::verdict consumer_output::write(kafka::batch records) {
  const std::lock_guard one_batch{writing_};
  {
    const std::lock_guard lock{guard_};
    if (now_.is_done)
      return kafka::no_ack();
    now_.is_writing = true;
  }
  std::size_t done = 0;
  while (done < records.size() && !records.drain_requested()
         && (!begin_.admits(records[done], records.from())
             || writer_.write(records[done], records.from())))
    ++done;
  out_.flush();
  const std::lock_guard lock{guard_};
  now_.is_writing = false;
  if (writer_.is_done()) {
    now_.is_done = true;
    const std::uint64_t one = 1;
    static_cast<void>(::write(descriptor_, &one, sizeof one));
  }
  // Records that may be lost with the output are not acknowledged.
  if (done == 0 || !out_.is_good())
    return kafka::no_ack();
  if (std::exchange(now_.records, writer_.count()) != writer_.count())
    now_.last_activity = steady::now();
  now_.bytes = writer_.bytes();
  return done == records.size() ? kafka::ack() : kafka::ack_until(records[done - 1].offset());
}

consumer_output::standing consumer_output::now() const {
  const std::lock_guard lock{guard_};
  return now_;
}

void consumer_output::close() {
  const std::lock_guard lock{guard_};
  now_.is_done = true;
}

void consumer_output::assigned(std::int32_t, std::span<const kafka::topic_partition> partitions) {
  const std::lock_guard lock{guard_};
  held_.insert(partitions.begin(), partitions.end());
  now_.partitions = held_.size();
  now_.is_rebalancing = false;
  now_.last_assignment = steady::now();
  if (!std::exchange(now_.is_assigned, true))
    now_.last_activity = now_.last_assignment;
}

void consumer_output::revoked(std::span<const kafka::topic_partition> partitions, bool) {
  const std::lock_guard lock{guard_};
  for (const auto& each : partitions)
    held_.erase(each);
  now_.partitions = held_.size();
  now_.is_rebalancing = true;
}

} // namespace command
