#include <ottla/kafka/internal/driver/librdkafka/fetched_batch.hpp>
#include <ottla/kafka/internal/driver/librdkafka/header_name.hpp>
#include <ottla/kafka/saturating_time.hpp>

#include <utility>

namespace ottla::kafka {

namespace {

// A batch owns its messages. The seam only hands out const pointers to them.
rd_kafka_message_t* raw_of(const message& of) noexcept {
  return static_cast<rd_kafka_message_t*>(const_cast<void*>(of.raw()));
}

} // namespace

fetched_batch::fetched_batch(std::shared_ptr<handle> from, std::size_t capacity,
                             std::thread::id fetched_by)
  : handle_{std::move(from)}, fetched_by_{fetched_by} {
  messages_.reserve(capacity);
  handle_->pinned().add();
}

fetched_batch::~fetched_batch() {
  handle_->spent().add(std::move(messages_), bytes_, fetched_by_);
  handle_->pinned().drop();
}

void destroy_messages(std::span<const message> messages) {
  for (const auto& each : messages)
    rd_kafka_message_destroy(raw_of(each));
}

std::optional<std::chrono::system_clock::time_point>
fetched_batch::timestamp(const message& of) const {
  auto type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
  const auto since_epoch = rd_kafka_message_timestamp(raw_of(of), &type);
  if (type == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE || since_epoch < 0)
    return std::nullopt;
  // The producer chose this number, so it may be out of range.
  return saturating_time{
    std::chrono::sys_time<std::chrono::milliseconds>{std::chrono::milliseconds{since_epoch}}};
}

std::vector<header> fetched_batch::headers(const message& of) const {
  std::vector<header> answer;
  rd_kafka_headers_t* all = nullptr;
  // librdkafka parses headers on first use and caches them in the message. So only one thread may
  // ask for headers at a time.
  const std::scoped_lock guard{parsing_};
  if (rd_kafka_message_headers(raw_of(of), &all) != RD_KAFKA_RESP_ERR_NO_ERROR)
    return answer;
  const char* name = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  for (std::size_t i = 0;
       rd_kafka_header_get_all(all, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR; ++i)
    answer.push_back({header_name(name), {static_cast<const char*>(value), size}});
  return answer;
}

} // namespace ottla::kafka
