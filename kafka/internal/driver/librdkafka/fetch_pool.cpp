#include <ottla/kafka/internal/driver/librdkafka/fetch_pool.hpp>
#include <ottla/kafka/internal/driver/librdkafka/partition_list.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <utility>

namespace ottla::kafka {

namespace {

constexpr std::size_t moved_at_once = 1'000;
/// Time that a broker thread of librdkafka may need after a response to decide on its next request.
/// The time has a fixed part and a part for each partition. If the sum is too short, some requests
/// wait for `fetch_wait`.
constexpr std::chrono::microseconds to_decide{200};
constexpr std::chrono::nanoseconds to_decide_on_each{500};
/// After this many waits an incomplete response is moved in parts.
constexpr int most_waits = 20;
/// Upper bound of the wait for room in an inbox that holds too much. After this time, the inbox's
/// partition is held up.
constexpr std::chrono::milliseconds patience{50};
/// After a wait that made no room, the pool skips further waits for this time.
constexpr std::chrono::milliseconds after_waste = 20 * patience;

std::size_t bytes_of(const rd_kafka_message_t& message) noexcept {
  return message.key_len + message.len + bytes_beside_message;
}

bool is_same_partition(const rd_kafka_message_t& one, const rd_kafka_message_t& other) noexcept {
  return one.rkt == other.rkt && one.partition == other.partition;
}

} // namespace

void empty_queue(rd_kafka_queue_t* queue) {
  std::array<rd_kafka_message_t*, 256> left{};
  for (;;) {
    const auto taken = rd_kafka_consume_batch_queue(queue, 0, left.data(), left.size());
    for (auto i = decltype(taken){0}; i < taken; ++i)
      rd_kafka_message_destroy(left[static_cast<std::size_t>(i)]);
    if (taken < static_cast<ssize_t>(left.size()))
      return;
  }
}

fetch_pool::fetch_pool(rd_kafka_t* native, fetch_watch& fetches, const fetch_memory& memory,
                       pausing calls)
  : native_{native},
    fetches_{fetches},
    memory_{memory},
    shared_{rd_kafka_queue_new(native)},
    limit_{{.total = memory.shared_bytes,
            .reserve = memory.reserve_bytes(),
            .least = memory.part_bytes / 4}},
    raw_(moved_at_once),
    may_pause_{may_pause_with(native)},
    calls_{std::move(calls)},
    times_{calls_.time, calls_.gap},
    mover_{[this](const std::stop_token& over) { run(over); }} {
  rd_kafka_queue_cb_event_enable(
    shared_.get(),
    [](rd_kafka_t*, void* self) {
      auto& pool = *static_cast<fetch_pool*>(self);
      const std::scoped_lock guard{pool.news_lock_};
      pool.has_news_ = true;
      pool.news_.notify_one();
    },
    this);
}

fetch_pool::~fetch_pool() {
  rd_kafka_queue_cb_event_enable(shared_.get(), nullptr, nullptr);
  mover_.request_stop();
  mover_.join();
  {
    const std::scoped_lock guard{lock_};
    for (auto& [where, each] : inboxes_) {
      rd_kafka_queue_forward(each->queue_, nullptr);
      drop_messages(*each);
      each->queue_ = nullptr;
    }
  }
  empty_queue(shared_.get());
}

fetch_pool::inbox_ptr fetch_pool::open(const topic_partition& which, rd_kafka_queue_t* queue,
                                       bool one_by_one) {
  auto opened = std::make_shared<inbox>(*this, which, queue);
  const std::scoped_lock guard{lock_};
  one_by_one_ = one_by_one_ || one_by_one;
  inboxes_.insert_or_assign(which, opened);
  limit_.set_total(memory_.shared_by(inboxes_.size()));
  rd_kafka_queue_forward(queue, shared_.get());
  return opened;
}

void fetch_pool::close(inbox& which) {
  bells to_ring;
  {
    const std::scoped_lock no_pauses{pause_lock_};
    // The other paused partitions are probably closed next.
    if (which.is_paused_)
      resume_all();
    const std::scoped_lock guard{lock_};
    if (which.queue_ == nullptr)
      return;
    // If the partition has a next owner, the partition's queue feeds the new inbox and stays
    // forwarded.
    if (const auto known = inboxes_.find(which.partition_);
        known != inboxes_.end() && known->second.get() == &which) {
      rd_kafka_queue_forward(which.queue_, nullptr);
      inboxes_.erase(known);
      limit_.set_total(memory_.shared_by(inboxes_.size()));
    }
    drop_messages(which);
    limit_.let_flow(which.load_);
    which.queue_ = nullptr;
    // The next owner of the partition must not find messages that are left in the shared queue.
    const auto left = rd_kafka_queue_length(shared_.get());
    for (std::size_t moved = 0; moved < left; moved += moved_at_once)
      move_some(to_ring);
  }
  for (const auto& each : to_ring)
    each->bell.ring();
}

fetch_pool::inbox::inbox(fetch_pool& pool, topic_partition which, rd_kafka_queue_t* queue)
  : lock_{pool.shared_lock_}, pool_{pool}, queue_{queue}, partition_{std::move(which)} {}

fetch_pool::handed_out fetch_pool::inbox::take(std::span<rd_kafka_message_t*> into) {
  const std::scoped_lock guard{*lock_};
  return queue_ == nullptr ? handed_out{} : pool_.take(*this, into);
}

/// Call with lock_ held, for an inbox that is not closed.
fetch_pool::handed_out fetch_pool::take(inbox& from, std::span<rd_kafka_message_t*> into) {
  auto& messages = from.messages_;
  const auto count = std::min(into.size(), messages.size());
  std::size_t bytes = 0;
  for (std::size_t index = 0; index < count; ++index)
    bytes += bytes_of(*(into[index] = messages[index]));
  messages.erase(messages.begin(), messages.begin() + static_cast<std::ptrdiff_t>(count));
  limit_.remove(from.load_, bytes);
  if (from.load_.held_up && limit_.is_little(from.load_))
    let_flow(from);
  if (!crowded_.empty())
    room_.notify_one();
  return {.count = count, .fetched_by = from.fetched_by_};
}

bool fetch_pool::has_messages(const inbox& which) const {
  const std::scoped_lock guard{lock_};
  return !which.messages_.empty();
}

void fetch_pool::run(const std::stop_token& over) {
  while (!over.stop_requested()) {
    wait_for_news(over);
    while (!over.stop_requested() && rd_kafka_queue_length(shared_.get()) > 0) {
      let_brokers_decide();
      move_all(over);
      wait_for_room(over);
      plan_pauses();
    }
    plan_pauses();
  }
}

/// Waits for messages, or for the time to resume paused partitions.
void fetch_pool::wait_for_news(const std::stop_token& over) {
  std::optional<clock::time_point> until;
  {
    const std::scoped_lock guard{pause_lock_};
    if (!paused_.empty())
      until = times_.resume_at();
  }
  std::unique_lock guard{news_lock_};
  const auto is_there = [this] { return has_news_; };
  if (until)
    news_.wait_until(guard, over, *until, is_there);
  else
    news_.wait(guard, over, is_there);
  has_news_ = false;
}

/// Returns when each broker has a pending request, or after most_waits. Also returns when nothing
/// arrived during a wait, since the queue is then full and no request leaves.
void fetch_pool::let_brokers_decide() const {
  std::size_t partitions = 0;
  {
    const std::scoped_lock guard{lock_};
    partitions = inboxes_.size();
  }
  const auto decision = to_decide + partitions * to_decide_on_each;
  auto length = rd_kafka_queue_length(shared_.get());
  for (int waits = 0; waits < most_waits && !fetches_.wait_for_requests(decision); ++waits)
    if (length == std::exchange(length, rd_kafka_queue_length(shared_.get())))
      return;
}

/// Moves the messages that are in the shared queue now. Later arrivals wait for the brokers' next
/// decision.
void fetch_pool::move_all(const std::stop_token& over) {
  const auto here = rd_kafka_queue_length(shared_.get());
  bool more = true;
  for (std::size_t moved = 0; more && moved < here && !over.stop_requested();
       moved += moved_at_once) {
    bells to_ring;
    {
      const std::scoped_lock guard{lock_};
      more = move_some(to_ring);
    }
    for (const auto& each : to_ring)
      each->bell.ring();
  }
}

/// A request that omits a held-up partition may wait for quiet partitions. So if an inbox holds too
/// much, the pool first moves nothing for up to `patience`. The shared queue fills, and librdkafka
/// requests nothing. Most handlers take the waiting messages in that time, and the partition is not
/// held up.
void fetch_pool::wait_for_room(const std::stop_token& over) {
  std::unique_lock guard{lock_};
  if (crowded_.empty())
    return;
  const auto room = [this] {
    return std::ranges::none_of(crowded_, [this](const auto& each) { return has_too_much(each); });
  };
  const auto now = std::chrono::steady_clock::now();
  if (now < may_wait_from_ || !room_.wait_for(guard, over, patience, room)) {
    if (now >= may_wait_from_)
      may_wait_from_ = now + after_waste;
    for (const auto& each : crowded_)
      if (has_too_much(each))
        hold_up(*each);
  }
  crowded_.clear();
}

/// Returns false if the shared queue is empty.
bool fetch_pool::move_some(bells& to_ring) {
  const auto count = take_from_queue();
  const auto moved_before = moved_;
  const std::span<rd_kafka_message_t* const> all{raw_.data(), count};
  // Consecutive messages are mostly from one broker, so reusing its thread id saves look-ups.
  std::int32_t broker = -1;
  std::thread::id fetched_by;
  for (std::size_t begin = 0; begin < count;) {
    auto end = begin + 1;
    while (end < count && is_same_partition(*all[begin], *all[end]))
      ++end;
    const auto some = all.subspan(begin, end - begin);
    begin = end;
    const auto into = find(*some.front());
    if (into == nullptr) {
      for (auto* each : some)
        rd_kafka_message_destroy(each);
      continue;
    }
    const auto was_empty = into->messages_.empty();
    put(into, some);
    if (into->broker_ != std::exchange(broker, into->broker_))
      fetched_by = fetches_.thread_of(broker);
    into->fetched_by_ = fetched_by;
    if (was_empty && !into->messages_.empty())
      to_ring.push_back(into);
  }
  if (count > 0)
    request_more(count, moved_ - moved_before);
  return count > 0;
}

std::size_t fetch_pool::take_from_queue() {
  if (one_by_one_) {
    std::size_t taken = 0;
    while (taken < raw_.size()) {
      raw_[taken] = rd_kafka_consume_queue(shared_.get(), 0);
      if (raw_[taken] == nullptr)
        break;
      ++taken;
    }
    return taken;
  }
  const auto taken = rd_kafka_consume_batch_queue(shared_.get(), 0, raw_.data(), raw_.size());
  return static_cast<std::size_t>(std::max<ssize_t>(taken, 0));
}

/// Returns null if the partition is not open.
fetch_pool::inbox_ptr fetch_pool::find(const rd_kafka_message_t& of) {
  if (of.rkt == nullptr)
    return nullptr;
  const auto known = inboxes_.find({rd_kafka_topic_name(of.rkt), of.partition});
  return known == inboxes_.end() ? nullptr : known->second;
}

void fetch_pool::put(const inbox_ptr& into, std::span<rd_kafka_message_t* const> messages) {
  std::size_t bytes = 0;
  into->broker_ = rd_kafka_message_broker_id(messages.back());
  into->is_silent_ = false;
  for (auto* each : messages) {
    if (each->err == RD_KAFKA_RESP_ERR_NO_ERROR) [[likely]] {
      // librdkafka can fetch from an older position when partitions are paused and resumed.
      if (each->offset < into->next_) [[unlikely]] {
        rd_kafka_message_destroy(each);
        continue;
      }
      into->next_ = each->offset + 1;
      into->is_at_end_ = false;
      ++into->brought_;
    } else if (each->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
      into->is_at_end_ = true;
      // librdkafka reports the same end again after a pause.
      if (each->offset == std::exchange(into->end_, each->offset)) {
        rd_kafka_message_destroy(each);
        continue;
      }
    }
    bytes += bytes_of(*each);
    into->messages_.push_back(each);
  }
  note_arrival(into);
  moved_ += bytes;
  limit_.add(into->load_, bytes);
  if (has_too_much(into) && std::ranges::find(crowded_, into) == crowded_.end())
    crowded_.push_back(into);
}

bool fetch_pool::has_too_much(const inbox_ptr& which) const {
  return which->queue_ != nullptr && !which->load_.held_up && limit_.is_too_much(which->load_);
}

void fetch_pool::hold_up(inbox& which) {
  rd_kafka_queue_forward(which.queue_, nullptr);
  limit_.hold_up(which.load_);
  // If all other partitions of the broker are paused, the broker gets no request, and no response
  // ends the pauses. Without a plan, plan_pauses() resumes these partitions.
  plans_.erase(which.broker_);
}

void fetch_pool::let_flow(inbox& which) {
  if (!which.load_.held_up || which.queue_ == nullptr)
    return;
  // Forwarding moves the messages of the partition's own queue behind the partition's messages in
  // the shared queue.
  rd_kafka_queue_forward(which.queue_, shared_.get());
  limit_.let_flow(which.load_);
}

void fetch_pool::drop_messages(inbox& which) {
  for (auto* each : which.messages_)
    rd_kafka_message_destroy(each);
  which.messages_.clear();
  limit_.remove(which.load_, which.load_.bytes);
}

/// Call after `count` messages of `bytes` bytes were moved. Before librdkafka 2.2, and if the
/// shared queue was full and is not full any more, wakes the threads of brokers that may sleep
/// because the queue was full.
void fetch_pool::request_more(std::size_t count, std::size_t bytes) {
  const auto left = count < moved_at_once ? 0 : rd_kafka_queue_length(shared_.get());
  const auto left_bytes = left * (bytes / count);
  const auto was_full = moved_ + left_bytes >= memory_.queue_bytes / 2;
  if (left_bytes >= memory_.queue_bytes || (left > 0 && !was_full))
    return;
  moved_ = 0;
  if (!was_full || rd_kafka_version() >= 0x020200ff)
    return;
  ask_again(fetches_.idle_brokers());
}

/// Wakes the threads of these brokers, so that they look for partitions to fetch.
void fetch_pool::ask_again(const std::vector<std::int32_t>& brokers) {
  for (const auto broker : brokers) {
    const auto led_there = std::ranges::find_if(
      inboxes_, [broker](const auto& each) { return each.second->broker_ == broker; });
    if (led_there == inboxes_.end())
      continue;
    // A broker's thread wakes only for a request to that broker. The pool ignores the answer.
    const auto any = make_partition_list(led_there->first, RD_KAFKA_OFFSET_END);
    rd_kafka_offsets_for_times(native_, any.get(), 0);
  }
}

} // namespace ottla::kafka
