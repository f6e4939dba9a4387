#include <ottla/kafka/internal/fetch/stream_source.hpp>

#include <exception>
#include <string>
#include <utility>

namespace ottla::kafka {

stream_source::stream_source(std::shared_ptr<driver> seam, stream_settings what,
                             std::chrono::milliseconds open_within)
  : seam_{std::move(seam)}, what_{std::move(what)}, open_within_{open_within} {}

result<stream_part> stream_source::read(const std::vector<partition_progress>& from,
                                        std::size_t most) {
  try {
    return read_part(from, most);
  } catch (const std::exception& why) {
    // For example no memory. The next read opens the stream again.
    const std::scoped_lock guard{lock_};
    reader_.reset();
    return error{.retriable = true, .text = std::string{"the stream failed: "} + why.what()};
  }
}

result<stream_part> stream_source::read_part(const std::vector<partition_progress>& from,
                                             std::size_t most) {
  const auto opened = open(from);
  if (!opened)
    return opened.error();
  auto& reader = **opened;
  const auto part = reader.next(what_.patience, most);
  if (part)
    return part_of(*part);
  auto failure = reader.failure();
  stream_part last{.is_end = true,
                   .progress = {reader.progress().begin(), reader.progress().end()}};
  {
    const std::scoped_lock guard{lock_};
    reader_.reset();
  }
  if (failure)
    return *std::move(failure);
  return last;
}

std::optional<stream_part> stream_source::read_ready(std::size_t most) {
  if (!reader_)
    return std::nullopt;
  const auto part = reader_->next_ready(most);
  return part ? std::optional{part_of(*part)} : std::nullopt;
}

bool stream_source::is_stopped() {
  const std::scoped_lock guard{lock_};
  return is_stopped_;
}

void stream_source::stop() {
  const std::scoped_lock guard{lock_};
  is_stopped_ = true;
  if (reader_)
    reader_->interrupt();
}

result<range_reader*> stream_source::open(const std::vector<partition_progress>& from) {
  if (!reader_) {
    if (is_stopped())
      return error{.code = errc::closed, .retriable = true, .text = "the read was interrupted"};
    auto opened = from.empty() ? range_reader::open(*seam_, what_, open_within_)
                               : range_reader::resume(*seam_, what_, from);
    if (!opened)
      return opened.error();
    const std::scoped_lock guard{lock_};
    reader_ = *std::move(opened);
    if (is_stopped_)
      reader_->interrupt();
  }
  return reader_.get();
}

stream_part stream_source::part_of(const range_part& read) const {
  return {.messages = {*read.from, read.memory, read.messages},
          .progress = {reader_->progress().begin(), reader_->progress().end()}};
}

} // namespace ottla::kafka
