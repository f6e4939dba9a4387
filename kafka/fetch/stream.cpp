#include <ottla/kafka/fetch/stream.hpp>
#include <ottla/kafka/internal/driver/librdkafka_driver.hpp>
#include <ottla/kafka/internal/fetch/range_reader.hpp>

#include <utility>

namespace ottla::kafka {

stream::stream(std::unique_ptr<range_reader> from) : reader_{std::move(from)} {}

stream::stream(stream&& other) noexcept {
  *this = std::move(other);
}

stream& stream::operator=(stream&& other) noexcept {
  if (this == &other)
    return *this;
  current_ = std::exchange(other.current_, std::nullopt);
  messages_ = std::exchange(other.messages_, {});
  from_ = std::exchange(other.from_, nullptr);
  index_ = std::exchange(other.index_, 0);
  // A stream that was moved from is at its end.
  begun_ = std::exchange(other.begun_, true);
  memory_ = std::move(other.memory_);
  reader_ = std::move(other.reader_);
  return *this;
}

stream::~stream() = default;

stream::iterator stream::begin() {
  if (!std::exchange(begun_, true))
    take_batch();
  return iterator{*this};
}

const std::optional<error>& stream::failure() const noexcept {
  return reader_->failure();
}

std::span<const partition_progress> stream::progress() const noexcept {
  return reader_->progress();
}

void stream::take_batch() {
  current_.reset();
  memory_.reset();
  messages_ = {};
  index_ = 0;
  // A stream that was moved from has no reader.
  if (!reader_)
    return;
  auto part = reader_->next();
  if (!part)
    return;
  memory_ = std::move(part->memory);
  messages_ = part->messages;
  from_ = part->from;
  current_.emplace(messages_.front(), *from_);
}

result<stream> open_stream(const cluster_settings& cluster, const stream_settings& what,
                           saturating<std::chrono::milliseconds> within) {
  const auto kafka = make_librdkafka_driver(cluster);
  auto opened = range_reader::open(*kafka, what, within);
  if (!opened)
    return opened.error();
  return stream{*std::move(opened)};
}

} // namespace ottla::kafka
