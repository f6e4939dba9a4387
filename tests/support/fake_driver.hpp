#pragma once

#include <ottla/kafka/admin/topic_info.hpp>
#include <ottla/kafka/internal/driver/consumer_handle_settings.hpp>
#include <ottla/kafka/producer/producer_settings.hpp>

#include "fake_kafka.hpp"
#include "fake_producer.hpp"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ottla::kafka::test {

/// Owns the message values that one take() returned.
class fake_batch : public batch_memory {
public:
  explicit fake_batch(std::shared_ptr<fake_kafka> of) : of_{std::move(of)} { ++of_->batches_alive; }
  ~fake_batch() override { --of_->batches_alive; }

  std::optional<std::chrono::system_clock::time_point> timestamp(const message&) const override {
    return std::nullopt;
  }
  std::vector<header> headers(const message&) const override { return {}; }

  void add(std::int64_t offset, std::string value) {
    values_.push_back(std::move(value));
    messages_.emplace_back(offset, std::string_view{}, values_.back(), this, nullptr);
  }
  std::span<const message> messages() const { return messages_; }

private:
  std::shared_ptr<fake_kafka> of_;
  std::deque<std::string> values_;
  std::vector<message> messages_;
};

class fake_queue : public partition_queue {
public:
  fake_queue(std::shared_ptr<fake_kafka> of, topic_partition which, std::int64_t from)
    : of_{std::move(of)}, which_{std::move(which)}, next_{from} {
    if (of_->queues[which_] != nullptr)
      of_->violated("a second queue of " + to_string(which_));
    of_->queues[which_] = this;
  }

  ~fake_queue() override {
    if (of_->queues[which_] == this)
      of_->queues.erase(which_);
  }

  fetched take(std::size_t most) override {
    auto& log = of_->logs[which_];
    auto batch = std::make_shared<fake_batch>(of_);
    for (const auto& one : log.entries) {
      if (one.offset < next_)
        continue;
      if (batch->messages().size() == most)
        break;
      batch->add(one.offset, one.value);
    }
    fetched result{.messages = batch->messages()};
    for (const auto& one : result.messages)
      result.bytes += one.value().size();
    if (!result.messages.empty())
      next_ = result.messages.back().offset() + 1;
    result.more = result.messages.size() == most;
    if (!result.more)
      result.failed = log.failed;
    // The real driver also reports each end once.
    if (!result.more && !log.failed && std::exchange(told_end_, log.end) != log.end)
      result.end = log.end;
    result.memory = std::move(batch);
    return result;
  }

  void wake_on_message(waker wake) override {
    wake_ = std::move(wake);
    ring();
  }

  void seek(std::int64_t offset) override {
    of_->asked.push_back("seek " + to_string(which_) + '@' + std::to_string(offset));
    if (!of_->logs[which_].fails_for_ever)
      of_->logs[which_].failed.reset();
    next_ = offset;
    told_end_ = -1;
  }

  void ring() {
    if (wake_ && (of_->logs[which_].end > next_ || of_->logs[which_].failed))
      wake_();
  }

private:
  std::shared_ptr<fake_kafka> of_;
  topic_partition which_;
  std::int64_t next_;
  std::int64_t told_end_ = -1;
  waker wake_;
};

class fake_consumer : public consumer_handle {
public:
  fake_consumer(std::shared_ptr<fake_kafka> of, const consumer_handle_settings& how)
    : of_{std::move(of)} {
    ++of_->joins;
    of_->opened_with = how;
    of_->asked.push_back("open " + how.group);
    if (of_->member != nullptr)
      of_->violated("a second member was opened before the first left");
    of_->member = this;
  }

  ~fake_consumer() override {
    of_->asked.emplace_back("leave");
    of_->member = nullptr;
  }

  void wake_on_event(waker wake) override { events_.wake_on_event(std::move(wake)); }

  std::optional<consumer_event> next_event() override {
    ++polls;
    return events_.next();
  }

  void subscribe(std::span<const std::string> topics) override {
    std::string text = "subscribe";
    for (const auto& topic : topics)
      text += ' ' + topic;
    of_->asked.push_back(text);
  }

  std::vector<std::unique_ptr<partition_queue>> assign(token answer,
                                                       std::span<const position> from) override {
    of_->asked.push_back("assign" + to_text(from));
    if (answer != open_offer)
      of_->violated("assign without an open offer");
    open_offer = 0;
    std::vector<std::unique_ptr<partition_queue>> queues;
    for (const auto& one : from) {
      if (one.offset < 0)
        of_->violated("assign without a concrete offset");
      assigned_.insert(one.at);
      queues.push_back(std::make_unique<fake_queue>(of_, one.at, one.offset));
    }
    return queues;
  }

  void unassign(token answer, std::span<const topic_partition> partitions) override {
    of_->asked.push_back("unassign" + to_text(partitions));
    if (answer != open_request)
      of_->violated("unassign without an open request");
    open_request = 0;
    for (const auto& one : partitions) {
      if (of_->queues.contains(one) && of_->queues[one] != nullptr)
        of_->violated("the queue of " + to_string(one) + " was not closed before unassign");
      assigned_.erase(one);
    }
    if (closing_ && assigned_.empty())
      push(closed{});
  }

  token commit(std::span<const position> next) override {
    of_->asked.push_back("commit" + to_text(next));
    const auto asked = of_->next_token();
    for (const auto& one : next)
      if (one.offset < 0)
        of_->violated("a commit without a concrete offset");
    std::vector<position> positions{next.begin(), next.end()};
    switch (of_->commits.what) {
      case reply::kind::answer: of_->answer_commit(asked, positions, std::nullopt); break;
      case reply::kind::fail: of_->answer_commit(asked, positions, of_->commits.why); break;
      case reply::kind::withhold: last_commit = {asked, std::move(positions), {}}; break;
    }
    return asked;
  }

  token resolve(std::span<const topic_partition> partitions, begin_offset otherwise,
                begin_offset when_missing) override {
    of_->asked.push_back("resolve" + to_text(partitions));
    resolved answer{.asked = of_->next_token()};
    for (const auto& one : partitions) {
      const auto stored = of_->group.find(one);
      beginning at{.at = one, .log_begin = of_->log_start, .log_end = of_->logs[one].end};
      at.committed = stored != of_->group.end() ? stored->second : -1;
      at.offset = at.committed >= 0 ? at.committed : of_->begin_of(one, otherwise);
      if (at.offset < at.log_begin || at.offset > at.log_end) {
        at.missing = at.offset;
        at.offset = std::clamp(of_->begin_of(one, when_missing), at.log_begin, at.log_end);
      }
      if (of_->resolves.what == reply::kind::fail)
        at = {.at = one, .failed = of_->resolves.why};
      answer.beginnings.push_back(at);
    }
    if (of_->resolves.what != reply::kind::withhold)
      push(answer);
    return answer.asked;
  }

  token look_up_ends(std::span<const topic_partition> partitions) override {
    of_->asked.push_back("look up" + to_text(partitions));
    ends_known answer{.asked = of_->next_token()};
    for (const auto& one : partitions)
      if (of_->resolves.what == reply::kind::fail)
        answer.ends.push_back({one, -1, of_->resolves.why});
      else
        answer.ends.push_back({one, of_->logs[one].end});
    if (of_->resolves.what != reply::kind::withhold)
      push(answer);
    return answer.asked;
  }

  bool is_joining() const override { return assigned_.empty() ? of_->joining : of_->joining_again; }
  std::uint64_t heartbeats_answered() const override {
    return of_->hears ? ++of_->heartbeats : of_->heartbeats;
  }

  void close() override {
    of_->asked.emplace_back("close");
    if (of_->closes.what == reply::kind::withhold)
      return;
    closing_ = true;
    if (assigned_.empty()) {
      push(closed{});
      return;
    }
    open_request = of_->next_token();
    push(revoked{.answer = open_request,
                 .generation = of_->generation,
                 .partitions = {assigned_.begin(), assigned_.end()}});
  }

  void push(const consumer_event& event) { events_.push(event); }

  /// Token of the offer or request that the tree has not answered yet. 0 if there is none.
  token open_offer = 0;
  token open_request = 0;
  committed last_commit;
  std::size_t polls = 0;

private:
  std::shared_ptr<fake_kafka> of_;
  fake_events<consumer_event> events_;
  std::set<topic_partition> assigned_;
  bool closing_ = false;
};

/// Looks up offsets for consumers without a group.
class fake_lookup : public lookup_session {
public:
  explicit fake_lookup(std::shared_ptr<fake_kafka> of) : of_{std::move(of)} {}

  std::vector<beginning> find_beginnings(std::span<const wanted_beginning> wanted,
                                         const begin_offset& when_missing) override {
    std::vector<beginning> found;
    for (const auto& one : wanted) {
      of_->asked.push_back("look up " + to_string(one.at));
      beginning at{.at = one.at,
                   .offset = one.kept >= 0 ? one.kept : of_->begin_of(one.at, one.otherwise),
                   .committed = one.kept,
                   .log_begin = of_->log_start,
                   .log_end = of_->logs[one.at].end};
      if (at.offset < at.log_begin || at.offset > at.log_end) {
        at.missing = at.offset;
        at.offset = std::clamp(of_->begin_of(one.at, when_missing), at.log_begin, at.log_end);
      }
      if (of_->resolves.what == reply::kind::fail)
        at = {.at = one.at, .failed = of_->resolves.why};
      found.push_back(at);
    }
    return found;
  }

  std::vector<position> find_ends(std::span<const topic_partition> partitions) override {
    std::vector<position> ends;
    for (const auto& one : partitions)
      ends.push_back({one, of_->logs[one].end});
    return ends;
  }

private:
  std::shared_ptr<fake_kafka> of_;
};

class fake_driver : public driver {
public:
  explicit fake_driver(std::shared_ptr<fake_kafka> of) : of_{std::move(of)} {}

  std::variant<std::unique_ptr<consumer_handle>, error>
  open_consumer(const consumer_handle_settings& settings) override {
    if (of_->opens.what == reply::kind::fail)
      return of_->opens.why;
    return std::make_unique<fake_consumer>(of_, settings);
  }

  std::variant<std::unique_ptr<producer_handle>, error>
  open_producer(const producer_settings&, const std::vector<topic_producer_settings>&) override {
    if (of_->opens.what == reply::kind::fail)
      return of_->opens.why;
    return std::make_unique<fake_producer>(of_);
  }

  void describe_topics(std::vector<std::string> topics, topics_receiver answer) override {
    ++of_->descriptions;
    switch (of_->describes.what) {
      case reply::kind::answer: answer(of_->known_of(topics)); break;
      case reply::kind::fail: answer(of_->describes.why); break;
      case reply::kind::withhold: of_->last_description = std::move(answer); break;
    }
  }

  broker_view view_brokers() override { return of_->view; }

  void ask_brokers(std::chrono::milliseconds, std::stop_token, brokers_receiver answer) override {
    ++of_->questions;
    switch (of_->answers.what) {
      case reply::kind::answer: answer(std::nullopt); break;
      case reply::kind::fail: answer(of_->answers.why); break;
      case reply::kind::withhold: of_->last_question = std::move(answer); break;
    }
  }

  void stop_asking() override { ++of_->ends_of_asking; }

  void administer(std::chrono::milliseconds within, std::stop_token stop,
                  admin_work work) override {
    if (of_->administers.what == reply::kind::withhold)
      of_->admin_calls.push_back({within, std::move(stop), std::move(work)});
    else
      work(of_->admin);
  }

  void look_up(extra_settings, lookup_work work) override {
    if (of_->look_ups.what == reply::kind::withhold) {
      of_->withheld_look_ups.push_back(std::move(work));
      return;
    }
    fake_lookup session{of_};
    work(session);
  }

private:
  std::shared_ptr<fake_kafka> of_;
};

inline void fake_kafka::run_look_ups() {
  fake_lookup session{shared_from_this()};
  for (auto& work : std::exchange(withheld_look_ups, {}))
    work(session);
}

inline token fake_kafka::offer(std::vector<topic_partition> partitions) {
  member->open_offer = next_token();
  member->push(assigned{
    .answer = member->open_offer, .generation = ++generation, .partitions = std::move(partitions)});
  return member->open_offer;
}

inline token fake_kafka::take_back(std::vector<topic_partition> partitions, bool lost) {
  member->open_request = next_token();
  member->push(revoked{.answer = member->open_request,
                       .generation = generation,
                       .partitions = std::move(partitions),
                       .lost = lost});
  return member->open_request;
}

inline void fake_kafka::append(const topic_partition& to, int count) {
  auto& log = logs[to];
  for (; count > 0; --count, ++log.end)
    log.entries.push_back({log.end, std::to_string(log.end)});
  if (queues.contains(to) && queues[to] != nullptr)
    queues[to]->ring();
}

inline void fake_kafka::append_sized(const topic_partition& to, int count, std::size_t bytes_each) {
  auto& log = logs[to];
  for (; count > 0; --count, ++log.end)
    log.entries.push_back({log.end, std::string(bytes_each, 'x')});
  if (queues.contains(to) && queues[to] != nullptr)
    queues[to]->ring();
}

inline void fake_kafka::end_with_gap(const topic_partition& in, int count) {
  skip(in, count);
  if (queues.contains(in) && queues[in] != nullptr)
    queues[in]->ring();
}

inline void fake_kafka::fail_partition(const topic_partition& which, error why) {
  logs[which].failed = std::move(why);
  if (queues.contains(which) && queues[which] != nullptr)
    queues[which]->ring();
}

inline void fake_kafka::push(const consumer_event& event) {
  if (member != nullptr)
    member->push(event);
}

inline void fake_kafka::answer_commit(token asked_with, std::vector<position> positions,
                                      std::optional<error> failed) {
  if (!failed)
    for (const auto& one : positions)
      group[one.at] = one.offset;
  push(committed{asked_with, std::move(positions), std::move(failed)});
}

} // namespace ottla::kafka::test
