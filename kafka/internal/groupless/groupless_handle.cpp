#include <ottla/kafka/internal/groupless/groupless_handle.hpp>
#include <ottla/kafka/internal/groupless/hook_failure.hpp>
#include <ottla/kafka/internal/groupless/partition_choice.hpp>

#include <algorithm>
#include <iterator>
#include <utility>
#include <variant>

namespace ottla::kafka {

namespace {

/// The queue of a partition that could not be started.
class failed_queue final : public partition_queue {
public:
  explicit failed_queue(error why) : why_{std::move(why)} {}

  fetched take(std::size_t) override {
    fetched nothing;
    nothing.failed = why_;
    return nothing;
  }
  void wake_on_message(waker wake) override {
    if (wake)
      wake();
  }
  void seek(std::int64_t) override {}

private:
  error why_;
};

std::vector<topic_partition> partitions_of(const std::string& topic,
                                           const std::set<std::int32_t>& numbers) {
  std::vector<topic_partition> all;
  for (const auto partition : numbers)
    all.push_back({topic, partition});
  return all;
}

std::set<std::int32_t> without(const std::set<std::int32_t>& all,
                               const std::set<std::int32_t>& others) {
  std::set<std::int32_t> rest;
  std::ranges::set_difference(all, others, std::inserter(rest, rest.end()));
  return rest;
}

/// Asks the program for the beginnings of partitions without a kept offset. Returns the failures.
std::vector<beginning> ask_program(const begin_function& where,
                                   std::vector<wanted_beginning>& wanted) {
  std::vector<beginning> failed;
  std::erase_if(wanted, [&](wanted_beginning& one) {
    if (one.kept >= 0)
      return false;
    auto why = failure_of("begin", [&] { one.otherwise = where(one.at); });
    const auto* number = std::get_if<at_offset>(&one.otherwise);
    if (!why && number != nullptr && number->offset < 0)
      why = error{.retriable = true,
                  .text = "begin returned the negative offset " + std::to_string(number->offset)};
    if (!why)
      return false;
    failed.push_back({.at = one.at, .failed = std::move(why)});
    return true;
  });
  return failed;
}

} // namespace

result<std::unique_ptr<consumer_handle>>
groupless_handle::open(std::shared_ptr<driver> with, std::shared_ptr<const groupless_settings> of,
                       const fetch_memory& memory) {
  auto reader = with->open_reader({.read_committed = std::nullopt,
                                   .memory = memory,
                                   .fetch_wait = of->settings.fetch_wait,
                                   .extra = of->settings.extra});
  if (!reader)
    return reader.error();
  return std::unique_ptr<consumer_handle>{
    new groupless_handle{std::move(with), std::move(of), *std::move(reader)}};
}

groupless_handle::groupless_handle(std::shared_ptr<driver> with,
                                   std::shared_ptr<const groupless_settings> of,
                                   std::unique_ptr<reader_handle> reader)
  : driver_{std::move(with)}, of_{std::move(of)}, reader_{std::move(reader)} {}

void groupless_handle::see_topics(std::span<const topic_info> topics) {
  const auto info = std::ranges::find(topics, topic(), &topic_info::name);
  const auto count = info == topics.end() ? 0 : info->partitions;
  wanted_ = choose_partitions(of_->settings.partitions, count).wanted;
  of_->offsets->see(choose_partitions({}, count).wanted);
  settle();
}

void groupless_handle::subscribe(std::span<const std::string>) {
  is_subscribed_ = true;
  settle();
}

void groupless_handle::settle() {
  if (!is_subscribed_ || is_closing_ || unanswered_ != 0)
    return;
  if (const auto gone = without(owned_, wanted_); !gone.empty()) {
    take_back(gone);
    return;
  }
  offered_ = without(wanted_, owned_);
  // An empty first offer shows that the topic was looked up.
  if (offered_.empty() && std::exchange(was_offered_, true))
    return;
  was_offered_ = true;
  unanswered_ = ++last_token_;
  events_->push(assigned{.answer = unanswered_,
                         .generation = 0,
                         .protocol = rebalance_protocol::cooperative,
                         .partitions = partitions_of(topic(), offered_)});
}

void groupless_handle::take_back(const std::set<std::int32_t>& gone) {
  offered_.clear();
  unanswered_ = ++last_token_;
  events_->push(revoked{.answer = unanswered_,
                        .generation = 0,
                        .protocol = rebalance_protocol::cooperative,
                        .partitions = partitions_of(topic(), gone),
                        .lost = true});
}

std::vector<std::unique_ptr<partition_queue>>
groupless_handle::assign(token answer, std::span<const position> from) {
  std::vector<std::unique_ptr<partition_queue>> queues;
  for (const auto& one : from) {
    auto queue = reader_->start(one);
    if (queue) {
      queues.push_back(*std::move(queue));
    } else {
      auto why = queue.error();
      queues.push_back(std::make_unique<failed_queue>(why));
      // Only another handle can start the partition.
      why.fatal = true;
      events_->push(handle_failed{std::move(why)});
    }
    owned_.insert(one.at.partition);
  }
  if (answer == unanswered_)
    unanswered_ = 0;
  // The coordinator refuses an offer while it ends, and would refuse the same offer again. The next
  // look at the topics repeats it.
  const bool is_refused = from.empty() && !offered_.empty();
  if (!is_refused)
    settle();
  return queues;
}

void groupless_handle::unassign(token answer, std::span<const topic_partition> partitions) {
  for (const auto& one : partitions)
    owned_.erase(one.partition);
  if (answer == unanswered_)
    unanswered_ = 0;
  settle();
}

token groupless_handle::commit(std::span<const position> next) {
  const auto asked = ++last_token_;
  std::vector<position> positions{next.begin(), next.end()};
  std::vector<next_offset> offsets;
  for (const auto& one : next)
    offsets.push_back({one.at, one.offset});
  const auto done = [events = events_, kept = of_->offsets, asked,
                     positions = std::move(positions)](const std::optional<error>& failed) {
    if (!failed)
      for (const auto& one : positions)
        kept->store(one.at, one.offset);
    events->push(committed{.asked = asked, .positions = positions, .failed = failed});
  };
  if (of_->store)
    of_->store->put(*driver_, std::move(offsets), done);
  else
    done(std::nullopt);
  return asked;
}

wanted_beginning groupless_handle::wanted_beginning_of(const topic_partition& which,
                                                       const begin_offset& otherwise) const {
  if (const auto kept = of_->offsets->find(which))
    return {.at = which, .kept = kept->next};
  if (std::holds_alternative<latest>(otherwise) && of_->offsets->is_newer(which.partition))
    return {.at = which, .otherwise = earliest{}};
  return {.at = which, .otherwise = otherwise};
}

token groupless_handle::resolve(std::span<const topic_partition> partitions, begin_offset otherwise,
                                begin_offset when_missing) {
  const auto asked = ++last_token_;
  std::vector<wanted_beginning> wanted;
  for (const auto& which : partitions)
    wanted.push_back(wanted_beginning_of(which, otherwise));
  const auto* function = std::get_if<begin_function>(&of_->settings.begin);
  driver_->look_up(of_->settings.extra,
                   [asked, wanted = std::move(wanted), when_missing, events = events_,
                    kept = of_->offsets,
                    where = function ? *function : begin_function{}](lookup_session& over) mutable {
                     resolved answer{.asked = asked, .beginnings = {}};
                     if (where)
                       answer.beginnings = ask_program(where, wanted);
                     for (auto& found : over.find_beginnings(wanted, when_missing)) {
                       // An offset that the program has stored needs no further call of
                       // store_offsets.
                       const auto known = kept->find(found.at);
                       found.committed = known ? known->stored : -1;
                       answer.beginnings.push_back(std::move(found));
                     }
                     events->push(std::move(answer));
                   });
  return asked;
}

token groupless_handle::look_up_ends(std::span<const topic_partition> partitions) {
  const auto asked = ++last_token_;
  driver_->look_up(of_->settings.extra,
                   [asked, which = std::vector(partitions.begin(), partitions.end()),
                    events = events_](lookup_session& over) {
                     events->push(ends_known{.asked = asked, .ends = over.find_ends(which)});
                   });
  return asked;
}

void groupless_handle::close() {
  is_closing_ = true;
  events_->push(closed{});
}

} // namespace ottla::kafka
