#include <ottla/kafka/internal/driver/librdkafka/error_codes.hpp>
#include <ottla/kafka/internal/driver/librdkafka/fetch_pool.hpp>
#include <ottla/kafka/internal/driver/librdkafka/reader_queue.hpp>

#include <thread>
#include <utility>

namespace ottla::kafka {

reader_queue::reader_queue(std::shared_ptr<reader_core> core, rd_kafka_topic_t* topic,
                           const position& from)
  : core_{std::move(core)},
    topic_{topic},
    partition_{from.at},
    expected_{from.offset},
    queue_{rd_kafka_queue_new(core_->of()->native())} {
  bell_.attach(queue_.get());
  start();
}

reader_queue::~reader_queue() {
  bell_.connect({});
  doorbell::detach(queue_.get());
  stop();
}

void reader_queue::start() {
  started_
    = rd_kafka_consume_start_queue(topic_, partition_.partition, expected_, queue_.get()) == 0;
  if (!started_)
    fail(to_error(rd_kafka_last_error()));
}

// An undrained queue can block rd_kafka_destroy forever.
void reader_queue::stop() {
  if (std::exchange(started_, false))
    rd_kafka_consume_stop(topic_, partition_.partition);
  empty_queue(queue_.get());
}

fetched reader_queue::take(std::size_t most) {
  if (failed_)
    return {.memory = {}, .messages = {}, .failed = failed_};
  if (raw_.size() < most)
    raw_.resize(most);
  const auto got = rd_kafka_consume_batch_queue(queue_.get(), 0, raw_.data(), most);
  const auto taken = got > 0 ? static_cast<std::size_t>(got) : 0;
  fetched answer{.memory = {}, .messages = {}, .more = taken > 0 && taken == most};
  if (taken > 0) {
    auto batch = sort_out({raw_.data(), taken});
    answer.messages = batch->messages();
    answer.bytes = batch->bytes();
    answer.memory = std::move(batch);
    core_->forget_complaint();
  } else {
    core_->listen();
  }
  answer.end = std::exchange(end_, std::nullopt);
  answer.failed = failed_;
  return answer;
}

std::shared_ptr<fetched_batch> reader_queue::sort_out(std::span<rd_kafka_message_t*> raw) {
  // The thread that fetched the messages is unknown, so any thread of the handle frees them.
  auto batch = std::make_shared<fetched_batch>(core_->of(), raw.size(), std::thread::id{});
  for (auto* each : raw) {
    if (is_wanted(*each)) [[likely]] {
      expected_ = each->offset + 1;
      batch->add(each);
    } else {
      rd_kafka_message_destroy(each);
    }
  }
  return batch;
}

bool reader_queue::is_wanted(const rd_kafka_message_t& raw) {
  if (failed_) [[unlikely]]
    return false;
  if (raw.err == RD_KAFKA_RESP_ERR_NO_ERROR) [[likely]]
    return raw.offset >= expected_;
  if (raw.err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
    if (raw.offset >= expected_)
      end_ = raw.offset;
    return false;
  }
  auto what = to_error(raw.err, rd_kafka_message_errstr(&raw));
  // Callers look up the partition before they start it. So an unknown topic was deleted.
  if (!what.retriable || what.code == errc::unknown_topic)
    fail(std::move(what));
  return false;
}

void reader_queue::fail(error why) {
  why.text = to_string(partition_) + ": " + why.text;
  failed_ = std::move(why);
}

void reader_queue::wake_on_message(waker wake) {
  bell_.connect(std::move(wake));
  // The bell rings only when the queue becomes non-empty. So this function rings for messages that
  // already wait.
  bell_.ring();
}

void reader_queue::seek(std::int64_t offset) {
  if (offset == expected_ && !failed_)
    return; // the queue already continues at `offset`
  stop();
  expected_ = offset;
  failed_.reset();
  end_.reset();
  start();
}

} // namespace ottla::kafka
