#pragma once

#include <ottla/kafka/client/client.hpp>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

// A stand-in for Kafka, for one thread and virtual time. The test is the broker: it offers and
// takes partitions, appends messages, and says what becomes of requests. Whatever the tree asks for
// is written down, one line each, in fake_kafka::asked.

namespace ottla::kafka::test {

/// What becomes of a kind of request.
struct reply {
  enum class kind { answer, fail, withhold };
  kind what = kind::answer;
  error why = {};

  static reply withheld() { return {kind::withhold, {}}; }
  static reply failing(errc code, std::string text = "no luck") {
    return {kind::fail, {.code = code, .retriable = true, .text = std::move(text)}};
  }
};

struct fake_log {
  struct entry {
    std::int64_t offset;
    std::string value;
  };
  std::deque<entry> entries;
  std::int64_t end = 0;
  std::optional<error> failed;
};

class fake_queue;
class fake_consumer;
class fake_producer;

inline std::string to_text(std::span<const position> positions) {
  std::string text;
  for (const auto& one : positions)
    text += ' ' + to_string(one.at) + '@' + std::to_string(one.offset);
  return text;
}

inline std::string to_text(std::span<const topic_partition> partitions) {
  std::string text;
  for (const auto& one : partitions)
    text += ' ' + to_string(one);
  return text;
}

/// The cluster, its logs and its group. Handles keep it alive.
struct fake_kafka : std::enable_shared_from_this<fake_kafka> {
  // -- what the tree did

  std::vector<std::string> asked;
  /// Consumers opened so far.
  std::size_t joins = 0;
  /// Batches of messages that somebody still holds.
  std::size_t batches_alive = 0;
  /// What the group has stored.
  std::map<topic_partition, std::int64_t> group;
  fake_consumer* member = nullptr;
  fake_producer* sender = nullptr;
  std::map<topic_partition, fake_queue*> queues;

  // -- what becomes of requests from now on

  reply opens;
  reply commits;
  reply resolves;
  reply closes;
  reply describes;
  /// Topics with another number of partitions than two; 0: there is none of that name.
  std::map<std::string, std::int32_t> partitions;
  std::size_t descriptions = 0;
  client::topics_receiver last_description;
  /// Most records that a producer holds at a time.
  std::size_t producer_room = 1'000'000;

  /// Since the last time: `subscribe t, resolve t/0`.
  std::string happened() {
    std::string text;
    for (const auto& line : std::exchange(asked, {}))
      text += (text.empty() ? "" : ", ") + line;
    return text;
  }

  // -- the test as broker; defined below

  /// The group is given these, in addition under cooperative; answers with the token.
  token offer(std::vector<topic_partition> partitions);
  token take_back(std::vector<topic_partition> partitions, bool lost = false);
  /// So many messages, valued by their offsets.
  void append(const topic_partition& to, int count);
  /// Offsets that the log does not hold, as after compaction.
  void skip(const topic_partition& in, int count) { logs[in].end += count; }
  void fail_partition(const topic_partition& which, error why);
  void push(const consumer_event& event);
  void answer_commit(token asked_with, std::vector<position> positions,
                     std::optional<error> failed);

  token next_token() { return ++last_token_; }
  std::vector<topic_info> known_of(const std::vector<std::string>& topics) const {
    std::vector<topic_info> known;
    for (const auto& topic : topics) {
      const auto set = partitions.find(topic);
      const auto count = set == partitions.end() ? 2 : set->second;
      if (count > 0)
        known.push_back({topic, count});
    }
    return known;
  }
  std::int64_t begin_of(const topic_partition& which, const begin_offset& where) {
    if (const auto* number = std::get_if<at_offset>(&where))
      return number->offset;
    return std::holds_alternative<latest>(where) ? logs[which].end : log_start;
  }
  std::map<topic_partition, fake_log> logs;
  std::int32_t generation = 0;
  std::int64_t log_start = 0;

private:
  token last_token_ = 0;
};

/// Owns the values that a take handed out.
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
      of_->asked.push_back("WRONG: a second queue of " + to_string(which_));
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
    result.memory = std::move(batch);
    return result;
  }

  void wake_on_message(waker wake) override {
    wake_ = std::move(wake);
    ring();
  }

  void seek(std::int64_t offset) override {
    of_->asked.push_back("seek " + to_string(which_) + '@' + std::to_string(offset));
    of_->logs[which_].failed.reset();
    next_ = offset;
  }

  void ring() {
    if (wake_ && (of_->logs[which_].end > next_ || of_->logs[which_].failed))
      wake_();
  }

private:
  std::shared_ptr<fake_kafka> of_;
  topic_partition which_;
  std::int64_t next_;
  waker wake_;
};

class fake_consumer : public consumer {
public:
  fake_consumer(std::shared_ptr<fake_kafka> of, const consumer_settings& how) : of_{std::move(of)} {
    ++of_->joins;
    of_->asked.push_back("open " + how.group);
    if (of_->member != nullptr)
      of_->asked.emplace_back("WRONG: a second member while the first is there");
    of_->member = this;
  }

  ~fake_consumer() override {
    of_->asked.emplace_back("leave");
    of_->member = nullptr;
  }

  void wake_on_event(waker wake) override {
    wake_ = std::move(wake);
    if (wake_)
      wake_();
  }

  std::optional<consumer_event> next_event() override {
    ++looks;
    if (events_.empty())
      return std::nullopt;
    auto event = std::move(events_.front());
    events_.pop_front();
    return event;
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
      of_->asked.emplace_back("WRONG: assign answers nothing");
    open_offer = 0;
    std::vector<std::unique_ptr<partition_queue>> queues;
    for (const auto& one : from) {
      if (one.offset < 0)
        of_->asked.emplace_back("WRONG: no concrete offset");
      assigned_.insert(one.at);
      queues.push_back(std::make_unique<fake_queue>(of_, one.at, one.offset));
    }
    return queues;
  }

  void unassign(token answer, std::span<const topic_partition> partitions) override {
    of_->asked.push_back("unassign" + to_text(partitions));
    if (answer != open_request)
      of_->asked.emplace_back("WRONG: unassign answers nothing");
    open_request = 0;
    for (const auto& one : partitions) {
      if (of_->queues.contains(one) && of_->queues[one] != nullptr)
        of_->asked.push_back("WRONG: the queue of " + to_string(one) + " is still there");
      assigned_.erase(one);
    }
    if (closing_ && assigned_.empty())
      push(closed{});
  }

  token commit(std::span<const position> next) override {
    of_->asked.push_back("commit" + to_text(next));
    const auto asked = of_->next_token();
    for (const auto& one : next)
      if (one.offset <= 0)
        of_->asked.emplace_back("WRONG: a commit of no progress");
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

  void push(const consumer_event& event) {
    const bool first = events_.empty();
    events_.push_back(event);
    if (first && wake_)
      wake_();
  }

  /// Not answered yet by the tree; 0: none.
  token open_offer = 0;
  token open_request = 0;
  committed last_commit;
  std::size_t looks = 0;

private:
  std::shared_ptr<fake_kafka> of_;
  waker wake_;
  std::deque<consumer_event> events_;
  std::set<topic_partition> assigned_;
  bool closing_ = false;
};

/// Takes records as far as there is room and reports nothing until the test says so.
class fake_producer : public producer {
public:
  explicit fake_producer(std::shared_ptr<fake_kafka> of) : of_{std::move(of)} {
    of_->asked.emplace_back("open producer");
    of_->sender = this;
  }
  ~fake_producer() override {
    of_->asked.emplace_back("drop producer");
    of_->sender = nullptr;
  }

  void wake_on_event(waker wake) override {
    wake_ = std::move(wake);
    if (wake_)
      wake_();
  }

  std::optional<producer_event> next_event() override {
    if (events_.empty())
      return std::nullopt;
    auto event = std::move(events_.front());
    events_.pop_front();
    return event;
  }

  std::size_t send(const std::shared_ptr<const outgoing>& batch, std::size_t from) override {
    const auto room = of_->producer_room - held;
    const auto end = std::min(batch->records.size(), from + room);
    held += end - from;
    of_->asked.push_back("send " + batch->topic + '[' + std::to_string(from) + ','
                         + std::to_string(end) + ')');
    if (end == batch->records.size())
      whole.push_back(batch);
    return end;
  }

  void close() override {
    of_->asked.emplace_back("close producer");
    closing_ = true;
    if (of_->closes.what == reply::kind::answer)
      push(kafka::closed{});
  }

  /// Room is free again, without a whole batch being reported.
  void make_room() {
    held = 0;
    if (wake_)
      wake_();
  }

  /// The oldest batch is reported.
  void deliver(std::vector<delivered::failure> failures = {}) {
    const auto batch = whole.front();
    whole.pop_front();
    held -= std::min(held, batch->records.size());
    push(delivered{batch->asked, std::move(failures)});
  }

  void push(const producer_event& event) {
    const bool first = events_.empty();
    events_.push_back(event);
    if (first && wake_)
      wake_();
  }

  std::deque<std::shared_ptr<const outgoing>> whole;
  std::size_t held = 0;

private:
  std::shared_ptr<fake_kafka> of_;
  waker wake_;
  std::deque<producer_event> events_;
  bool closing_ = false;
};

class fake_client : public client {
public:
  explicit fake_client(std::shared_ptr<fake_kafka> of) : of_{std::move(of)} {}

  std::variant<std::unique_ptr<consumer>, error>
  open_consumer(const consumer_settings& settings) override {
    if (of_->opens.what == reply::kind::fail)
      return of_->opens.why;
    return std::make_unique<fake_consumer>(of_, settings);
  }

  std::variant<std::unique_ptr<producer>, error> open_producer(const producer_settings&) override {
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

  std::variant<std::vector<topic_info>, error> list_topics(std::chrono::milliseconds) override {
    return std::vector<topic_info>{};
  }

  std::optional<error> create_topic(const new_topic&, std::chrono::milliseconds) override {
    return std::nullopt;
  }

  std::optional<error> delete_topic(const std::string&, std::chrono::milliseconds) override {
    return std::nullopt;
  }

private:
  std::shared_ptr<fake_kafka> of_;
};

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
