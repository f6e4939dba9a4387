#include <ottla/kafka/client/librdkafka/spent_messages.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace ottla::kafka {

namespace {

constexpr const char* interceptor = "ottla";

// With an answer it is called by the broker's thread and without a lock of librdkafka's; with an
// error by anybody. It must not call into the handle, and does not: freeing a message of a consumer
// counts references down, no more.
rd_kafka_resp_err_t on_response_received(rd_kafka_t*, int, const char*, std::int32_t, std::int16_t,
                                         std::int16_t, std::int32_t, std::size_t, std::int64_t,
                                         rd_kafka_resp_err_t failed, void* from) {
  if (failed == RD_KAFKA_RESP_ERR_NO_ERROR)
    static_cast<spent_messages*>(from)->free_mine();
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

rd_kafka_resp_err_t on_new(rd_kafka_t* native, const rd_kafka_conf_t*, void* from, char*,
                           std::size_t) {
  return rd_kafka_interceptor_add_on_response_received(native, interceptor, on_response_received,
                                                       from);
}

} // namespace

spent_messages::~spent_messages() {
  free_all();
}

void spent_messages::add(std::vector<message> messages, std::size_t bytes,
                         std::thread::id fetched_by) {
  std::vector<batch> too_many;
  {
    const std::scoped_lock guard{lock_};
    messages_ += messages.size();
    bytes_ += bytes;
    waiting_.push_back({.for_whom = has_come_by(fetched_by) ? fetched_by : std::thread::id{},
                        .bytes = bytes,
                        .messages = std::move(messages)});
    if (messages_ > most_.messages || bytes_ > most_.bytes) {
      too_many.swap(waiting_);
      messages_ = bytes_ = 0;
    }
  }
  free(too_many);
}

void spent_messages::free_mine() {
  const auto me = std::this_thread::get_id();
  std::vector<batch> mine;
  {
    const std::scoped_lock guard{lock_};
    if (!has_come_by(me))
      come_by_.push_back(me);
    const auto first = std::partition(waiting_.begin(), waiting_.end(), [me](const batch& one) {
      return one.for_whom != me && one.for_whom != std::thread::id{};
    });
    mine.assign(std::move_iterator{first}, std::move_iterator{waiting_.end()});
    waiting_.erase(first, waiting_.end());
    for (const auto& one : mine) {
      messages_ -= one.messages.size();
      bytes_ -= one.bytes;
    }
  }
  free(mine);
}

void spent_messages::free_all() {
  std::vector<batch> all;
  {
    const std::scoped_lock guard{lock_};
    all.swap(waiting_);
    messages_ = bytes_ = 0;
  }
  free(all);
}

bool spent_messages::has_come_by(std::thread::id who) const noexcept {
  return std::ranges::find(come_by_, who) != come_by_.end();
}

void spent_messages::free(const std::vector<batch>& batches) const {
  for (const auto& one : batches)
    free_(one.messages);
}

void free_before_answers(rd_kafka_conf_t* conf, spent_messages& from) {
  rd_kafka_conf_interceptor_add_on_new(conf, interceptor, on_new, &from);
}

} // namespace ottla::kafka
