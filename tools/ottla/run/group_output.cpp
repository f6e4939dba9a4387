#include "run/group_output.hpp"

#include <cstdint>
#include <sys/eventfd.h>
#include <unistd.h>
#include <utility>

namespace command {

namespace kafka = ottla::kafka;

using steady = std::chrono::steady_clock;

group_output::group_output(output& out, reporter& faults, output_format format, record_output how)
  : failure_notes{faults},
    descriptor_{eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)},
    out_{out},
    writer_{out, format, std::move(how)} {}

group_output::~group_output() {
  ::close(descriptor_);
}

kafka::verdict group_output::write(kafka::batch records) {
  const std::lock_guard one_batch{writing_};
  if (now().is_done)
    return kafka::no_ack();
  std::size_t written = 0;
  while (written < records.size() && !records.drain_requested()
         && writer_.write(records[written], records.from()))
    ++written;
  out_.flush();
  const std::lock_guard lock{guard_};
  if (writer_.is_done()) {
    now_.is_done = true;
    const std::uint64_t one = 1;
    static_cast<void>(::write(descriptor_, &one, sizeof one));
  }
  // Records that may be lost with the output are not acknowledged.
  if (written == 0 || !out_.is_good())
    return kafka::no_ack();
  now_.records = writer_.count();
  now_.bytes = writer_.bytes();
  now_.last_activity = steady::now();
  return written == records.size() ? kafka::ack() : kafka::ack_until(records[written - 1].offset());
}

group_output::standing group_output::now() const {
  const std::lock_guard lock{guard_};
  return now_;
}

void group_output::close() {
  const std::lock_guard lock{guard_};
  now_.is_done = true;
}

void group_output::assigned(std::int32_t, std::span<const kafka::topic_partition>) {
  const std::lock_guard lock{guard_};
  if (!std::exchange(now_.is_assigned, true))
    now_.last_activity = steady::now();
}

} // namespace command
