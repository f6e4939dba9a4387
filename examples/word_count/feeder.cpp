#include "feeder.hpp"

#include <ottla/actors/call.hpp>

#include <fmt/format.h>

#include <chrono>
#include <string>
#include <utility>

using namespace std::chrono_literals;
namespace kafka = ottla::kafka;

namespace {

// The embedded cluster keeps 5 MiB per partition. Uncounted lines must stay well below that.
constexpr std::uint64_t open_bytes = 2 * 1024 * 1024;
constexpr std::uint64_t chunk_bytes = 128 * 1024;
constexpr std::size_t chunk_lines = 2'000;
constexpr std::size_t open_chunks = 4;
constexpr auto retry_pause = 20ms;
constexpr auto answer_within = 30s;
// The feeder gives up after this time without progress. No rebalance takes longer.
constexpr auto lost_after = 60s;

} // namespace

feeder::feeder(caf::actor_config& config, ottla::process_context context, std::shared_ptr<job> work)
  : process{config, std::move(context)}, job_{std::move(work)}, source_{job_->how.files} {}

caf::behavior feeder::set_up() {
  job_->store->on_progress([me = caf::actor_addr{address()}] {
    if (auto self = caf::actor_cast<caf::actor>(me))
      ottla::post(self, lines_counted{});
  });
  ottla::cast(this, self(), feed_again{});
  return {
    [this](lines_counted) { feed(); },
    [this](feed_again) {
      again_scheduled_ = false;
      feed();
    },
  };
}

void feeder::terminated() {
  job_->store->on_progress({});
}

void feeder::feed() {
  job_->moved();
  for (auto& [number, one] : chunks_)
    if (!one.in_flight)
      send_chunk(number);
  try {
    while (chunks_.size() < open_chunks && read_chunk())
      send_chunk(last_chunk_);
  } catch (const bad_input& error) {
    // A retry would fail at the same line.
    job_->fail_input(error.what());
    stop();
    return;
  }
  if (all_read_ && chunks_.empty() && job_->store->consumed() == job_->size.lines
      && job_->tree_shown)
    feed_totals();
  if (job_->standstill() > lost_after) {
    job_->given_up = true;
    stop();
    return;
  }
  // No message announces a kill, or that a restarted process is up. So the feeder polls.
  if (!std::exchange(again_scheduled_, true))
    ottla::cast_after(this, retry_pause, feed_again{});
}

bool feeder::read_chunk() {
  if (all_read_ || bytes_read_ - job_->store->consumed_bytes() >= open_bytes)
    return false;
  chunk fresh;
  while (fresh.bytes < chunk_bytes && fresh.records.size() < chunk_lines
         && next_line_ < job_->sendable()) {
    auto line = source_.next();
    if (!line)
      throw bad_input{
        fmt::format("\"{}\" became shorter during the run", fmt::join(job_->how.files, "\", \""))};
    auto key = job_->store->key_of(next_line_++);
    fresh.bytes += count_store::bytes_of(key, *line);
    fresh.records.push_back({.key = std::move(key), .value = std::move(*line)});
  }
  all_read_ = next_line_ == job_->size.lines;
  if (fresh.records.empty())
    return false;
  bytes_read_ += fresh.bytes;
  job_->sent = next_line_;
  chunks_.emplace(++last_chunk_, std::move(fresh));
  return true;
}

void feeder::send_chunk(std::uint64_t number) {
  const auto producer = whereis("words/producer");
  if (!producer)
    return;
  auto& one = chunks_.at(number);
  one.in_flight = true;
  const auto answered = [this, number](const ottla::call_result<kafka::produced>& answer) {
    const auto found = chunks_.find(number);
    found->second.in_flight = false;
    if (!all_stored(answer))
      return; // the next feed() sends it again
    job_->produced += found->second.records.size();
    chunks_.erase(found);
    feed();
  };
  ottla::call<kafka::produced>(this, producer, answer_within,
                               kafka::produce{.topic = "lines", .records = one.records}, answered);
}

void feeder::feed_totals() {
  const auto producer = whereis("words/producer");
  if (!producer || totals_in_flight_)
    return;
  kafka::produce totals{.topic = "counts"};
  for (auto& [word, count] : job_->store->words())
    totals.records.push_back({.key = word, .value = std::to_string(count)});
  totals_in_flight_ = true;
  const auto answered = [this](const ottla::call_result<kafka::produced>& answer) {
    totals_in_flight_ = false;
    if (!all_stored(answer))
      return;
    job_->totals_produced = true;
    stop();
  };
  ottla::call<kafka::produced>(this, producer, answer_within, std::move(totals), answered);
}

bool feeder::all_stored(const ottla::call_result<kafka::produced>& answer) {
  return answer && answer->failures.empty();
}
