#include <ottla/kafka/internal/driver/librdkafka/epoch_functions.hpp>
#include <ottla/kafka/internal/driver/librdkafka/error_codes.hpp>
#include <ottla/kafka/internal/driver/librdkafka/fetch_queue.hpp>

#include <utility>

namespace ottla::kafka {

fetch_queue::fetch_queue(std::shared_ptr<fetch_source> source, std::int64_t begin,
                         std::shared_ptr<leader_epochs> epochs) noexcept
  : source_{std::move(source)}, begin_{begin}, expected_{begin}, epochs_{std::move(epochs)} {}

fetch_queue::~fetch_queue() {
  source_->close();
}

fetched fetch_queue::take(std::size_t most) {
  if (failed_)
    return {.memory = {}, .messages = {}, .failed = failed_};
  if (raw_.size() < most)
    raw_.resize(most);
  const auto [taken, fetched_by] = source_->take({raw_.data(), most});
  fetched answer{.memory = {}, .messages = {}, .more = taken > 0 && taken == most};
  if (taken > 0) {
    auto batch = sort_out({raw_.data(), taken}, fetched_by);
    answer.messages = batch->messages();
    answer.bytes = batch->bytes();
    answer.memory = std::move(batch);
  }
  answer.end = std::exchange(end_, std::nullopt);
  answer.failed = failed_;
  return answer;
}

std::shared_ptr<fetched_batch> fetch_queue::sort_out(std::span<rd_kafka_message_t*> raw,
                                                     std::thread::id fetched_by) {
  auto batch = std::make_shared<fetched_batch>(source_->from(), raw.size(), fetched_by);
  for (auto* each : raw) {
    if (is_wanted(*each)) [[likely]] {
      expected_ = each->offset + 1;
      batch->add(each);
    } else {
      rd_kafka_message_destroy(each);
    }
  }
  note_epochs(batch->messages());
  return batch;
}

void fetch_queue::note_epochs(std::span<const message> taken) {
  const auto epoch_of = [](const message& one) {
    return leader_epoch_of(*static_cast<const rd_kafka_message_t*>(one.raw()));
  };
  // Epochs never decrease along a log. So if the last message has the epoch that was noted last,
  // all messages have this epoch.
  if (taken.empty() || epoch_of(taken.back()) == last_epoch_) [[likely]]
    return;
  for (const auto& each : taken)
    if (const auto epoch = epoch_of(each); epoch != last_epoch_) {
      epochs_->note(source_->which(), each.offset(), epoch);
      last_epoch_ = epoch;
    }
}

bool fetch_queue::is_wanted(const rd_kafka_message_t& raw) {
  if (failed_) [[unlikely]]
    return false;
  if (raw.err == RD_KAFKA_RESP_ERR_NO_ERROR) [[likely]]
    return raw.offset >= expected_; // a lower offset was fetched again after a pause
  if (raw.err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
    // librdkafka queues the report of an end after all fetched messages below the end. A seek drops
    // these messages and the report.
    if (raw.offset >= expected_)
      end_ = raw.offset;
    return false;
  }
  if (expected_ == begin_ && reports_lost_records(raw))
    epochs_->lost(source_->which(), begin_);
  auto what = to_error(raw.err, rd_kafka_message_errstr(&raw));
  if (!what.retriable)
    failed_ = std::move(what);
  return false;
}

void fetch_queue::wake_on_message(waker wake) {
  source_->wake_on_message(std::move(wake));
}

void fetch_queue::seek(std::int64_t offset) {
  if (offset == expected_ && !failed_)
    return; // the queue already continues at `offset`
  expected_ = offset;
  last_epoch_ = leader_epochs::unknown;
  failed_.reset();
  end_.reset();
  source_->seek(offset);
}

} // namespace ottla::kafka
