#include <ottla/kafka/internal/driver/librdkafka/batch_faults.hpp>
#include <ottla/kafka/internal/driver/librdkafka/fetch_pool.hpp>
#include <ottla/kafka/internal/driver/librdkafka/partition_list.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iterator>
#include <limits>
#include <set>
#include <utility>

namespace ottla::kafka {

namespace {

/// Pausing fewer partitions costs more than the shorter requests save.
constexpr std::size_t least_paused = 16;
/// Longest fetch.wait.max.ms with which partitions are paused.
constexpr std::chrono::milliseconds longest_wait{1'000};

std::int64_t number_in(const rd_kafka_conf_t* conf, const char* key) {
  std::array<char, 32> text{};
  auto size = text.size();
  if (rd_kafka_conf_get(conf, key, text.data(), &size) != RD_KAFKA_CONF_OK)
    return std::numeric_limits<std::int64_t>::max();
  return std::strtoll(text.data(), nullptr, 10);
}

} // namespace

/// Allows pauses only if fetch requests are short, since resumed partitions wait until the pending
/// request returns. If open transactions hide a backlog, that request waits for fetch.wait.max.ms.
bool fetch_pool::may_pause_with(rd_kafka_t* native) {
  const auto* conf = rd_kafka_conf(native);
  return !batches_skip_at_ends(rd_kafka_version())
         && number_in(conf, "fetch.wait.max.ms") <= longest_wait.count()
         && number_in(conf, "fetch.min.bytes") <= 1;
}

std::unique_lock<std::mutex> fetch_pool::without_pauses() {
  std::unique_lock guard{pause_lock_};
  resume_silent();
  resume_all();
  forget_ends();
  return guard;
}

void fetch_pool::end_pauses() {
  const std::scoped_lock guard{pause_lock_};
  resume_all();
  pauses_are_over_ = true;
}

std::size_t fetch_pool::paused() const {
  const std::scoped_lock guard{pause_lock_};
  return paused_.size();
}

void fetch_pool::note_arrival(const inbox_ptr& at) {
  if (!may_pause_)
    return;
  if (!std::exchange(at->has_arrivals_, true))
    arrived_.push_back(at);
  if (at->is_at_end_ && !std::exchange(at->may_end_, true))
    ended_.push_back(at);
}

void fetch_pool::plan_pauses() {
  if (!may_pause_)
    return;
  const std::scoped_lock pausing{pause_lock_};
  if (pauses_are_over_)
    return;
  const auto now = clock::now();
  const auto is_over = now >= times_.resume_at();
  bells to_resume;
  bells to_pause;
  {
    const std::scoped_lock guard{lock_};
    note_answers();
    std::ranges::copy_if(paused_, std::back_inserter(to_resume),
                         [&](const auto& each) { return is_over || !may_pause(*each); });
    std::erase_if(ended_, [](const auto& each) {
      each->may_end_ = each->is_at_end_ && !each->is_paused_ && each->queue_ != nullptr;
      return !each->may_end_;
    });
    std::ranges::copy_if(ended_, std::back_inserter(to_pause),
                         [this](const auto& each) { return may_pause(*each); });
  }
  if (!to_resume.empty())
    resume(to_resume);
  if (times_.may_pause(now) && to_pause.size() + paused_.size() >= least_paused)
    pause(to_pause);
}

/// Updates the plans. All messages of one broker since the last call count as one response.
void fetch_pool::note_answers() {
  std::set<std::int32_t> brokers;
  for (const auto& each : arrived_) {
    each->has_arrivals_ = false;
    brokers.insert(each->broker_);
    const auto brought = std::exchange(each->brought_, 0);
    if (brought > 0 && each->queue_ != nullptr)
      plans_[each->broker_].note(brought, left_of(*each));
  }
  arrived_.clear();
  for (const auto broker : brokers)
    if (const auto plan = plans_.find(broker); plan != plans_.end())
      plan->second.end_answer();
}

/// How many messages of the partition are not fetched, as of the broker's last response.
std::int64_t fetch_pool::left_of(const inbox& which) const {
  std::int64_t begin = 0;
  std::int64_t end = 0;
  const auto known = rd_kafka_get_watermark_offsets(native_, which.partition_.topic.c_str(),
                                                    which.partition_.partition, &begin, &end);
  return known == RD_KAFKA_RESP_ERR_NO_ERROR ? end - which.next_ : 0;
}

bool fetch_pool::may_pause(const inbox& which) const {
  const auto plan = plans_.find(which.broker_);
  return plan != plans_.end() && plan->second.may_pause();
}

/// Pauses the partitions whose position is their end. librdkafka resumes at the position, so a
/// partition with messages after its position would fetch these messages again after each pause.
void fetch_pool::pause(const bells& quiet) {
  const auto begun = clock::now();
  std::vector<topic_partition> asked;
  for (const auto& each : quiet)
    asked.push_back(each->partition_);
  const auto positions = make_partition_list(asked);
  calls_.find_positions(native_, positions.get());

  std::vector<topic_partition> chosen;
  bells at_end;
  {
    const std::scoped_lock guard{lock_};
    for (std::size_t index = 0; index < quiet.size(); ++index) {
      const auto where = entries(positions.get())[index].offset;
      const auto is_end = where == quiet[index]->end_ || where == RD_KAFKA_OFFSET_INVALID;
      if (quiet[index]->is_at_end_ && is_end) {
        chosen.push_back(asked[index]);
        at_end.push_back(quiet[index]);
      }
    }
  }
  if (chosen.empty())
    return;
  calls_.pause(native_, make_partition_list(chosen).get());
  times_.paused(begun, clock::now());
  for (const auto& each : at_end) {
    each->is_paused_ = true;
    paused_.push_back(each);
  }
}

void fetch_pool::resume(const bells& which) {
  std::vector<topic_partition> all;
  for (const auto& each : which) {
    all.push_back(each->partition_);
    each->is_paused_ = false;
  }
  std::erase_if(paused_, [](const auto& each) { return !each->is_paused_; });
  if (paused_.empty())
    times_.all_resumed();
  calls_.resume(native_, make_partition_list(all).get());
  const std::scoped_lock guard{lock_};
  std::erase_if(resumed_, [](const auto& each) { return !each->is_silent_; });
  for (const auto& each : which) {
    each->is_at_end_ = false;
    if (!std::exchange(each->is_silent_, true))
      resumed_.push_back(each);
  }
  ask_again(fetches_.idle_brokers());
}

void fetch_pool::resume_all() {
  if (!paused_.empty())
    resume(bells{paused_});
}

/// Pauses the partitions before resuming them. librdkafka would fetch from an older position if it
/// resumed a partition that is not paused.
void fetch_pool::resume_silent() {
  std::vector<topic_partition> silent;
  {
    const std::scoped_lock guard{lock_};
    for (const auto& each : std::exchange(resumed_, {}))
      if (std::exchange(each->is_silent_, false) && each->queue_ != nullptr)
        silent.push_back(each->partition_);
  }
  if (silent.empty())
    return;
  const auto all = make_partition_list(silent);
  calls_.pause(native_, all.get());
  calls_.resume(native_, all.get());
}

/// A partition that is at its end is paused only after librdkafka reports that end again.
void fetch_pool::forget_ends() {
  const std::scoped_lock guard{lock_};
  for (const auto& each : std::exchange(ended_, {})) {
    each->may_end_ = false;
    each->is_at_end_ = false;
  }
}

} // namespace ottla::kafka
