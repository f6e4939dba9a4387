#pragma once

#include <ottla/kafka/health.hpp>
#include <ottla/kafka/process_names.hpp>

#include "driven_connection.hpp"
#include "fake_driver.hpp"
#include "stage.hpp"
#include "tree.hpp"

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace ottla::kafka::test {

using namespace std::chrono_literals;
using ottla::test::ask;
using ottla::test::ask_later;

/// Controls a test's handlers and records their calls, as in `start t/0@5` and `t/0[5..9]`.
struct script {
  std::vector<std::string> lines;
  std::vector<assignment> leases;
  /// Returns the verdict on each batch. If not set, every batch is acknowledged.
  std::function<verdict(const assignment&, batch)> on_batch;
  std::function<void(const assignment&)> at_start;
  std::size_t alive = 0;

  std::string happened() { return ottla::test::take_lines(lines); }
};

class scripted_handler : public batch_handler {
public:
  explicit scripted_handler(std::shared_ptr<script> by) : by_{std::move(by)} { ++by_->alive; }
  ~scripted_handler() override { --by_->alive; }

  void start(const assignment& what) override {
    mine_ = what;
    by_->lines.push_back("start " + to_string(what.where) + '@' + std::to_string(what.begins_at));
    by_->leases.push_back(what);
    if (by_->at_start)
      by_->at_start(what);
  }

  verdict handle(batch messages) override {
    by_->lines.push_back(to_string(messages.from()) + '['
                         + std::to_string(messages.front().offset()) + ".."
                         + std::to_string(messages.back().offset()) + ']');
    return by_->on_batch ? by_->on_batch(mine_, messages) : ack();
  }

private:
  std::shared_ptr<script> by_;
  assignment mine_;
};

/// Records the calls of an observer in order, as in `acknowledged t/0@5`.
class note_taker : public observer {
public:
  std::vector<std::string> lines;

  void assigned(std::int32_t generation, std::span<const topic_partition> partitions) override {
    lines.push_back("assigned " + std::to_string(generation) + to_text(partitions));
  }
  void revoked(std::span<const topic_partition> partitions, bool lost) override {
    lines.push_back((lost ? "lost" : "revoked") + to_text(partitions));
  }
  void acknowledged(const topic_partition& where, std::int64_t next) override {
    lines.push_back("acknowledged " + to_string(where) + '@' + std::to_string(next));
  }
  void committed(const topic_partition& where, std::int64_t next) override {
    lines.push_back("committed " + to_string(where) + '@' + std::to_string(next));
  }
  void recovered() override { lines.emplace_back("recovered"); }
  void logged(const log_line& line) override {
    lines.push_back("logged " + std::to_string(line.level) + ' ' + line.facility + ' ' + line.text);
  }
  void failed(const error& what) override { lines.push_back("failed " + to_string(what)); }
  void left_unfinished(const unfinished& what) override { unfinished_texts.push_back(what.text); }

  std::vector<std::string> unfinished_texts;

  bool saw(const std::string& line) const { return std::ranges::find(lines, line) != lines.end(); }
};

/// A connection "c" with a group that consumes topic t, on the fake driver and in virtual time.
class group_stage : public ottla::test::stage {
public:
  const topic_partition zero{"t", 0};
  const topic_partition one{"t", 1};

  std::shared_ptr<fake_kafka> kafka = std::make_shared<fake_kafka>();
  std::shared_ptr<script> handlers = std::make_shared<script>();
  std::shared_ptr<note_taker> notes = std::make_shared<note_taker>();

  driven_connection settings
    = {{
         .name = "c",
         .producing = producer_settings{},
         .group_consumer = group_consumer{.group = "g",
                                          .topics = {"t"},
                                          .handler = handler<scripted_handler>(handlers),
                                          .batch_size = 5,
                                          .max_unacknowledged = 20},
         .restarts = {.at_most = 100, .within = 1h},
         .observer = notes,
       },
       std::make_shared<fake_driver>(kafka)};

  ~group_stage() { handlers->on_batch = nullptr; }

  group_consumer& group() { return *settings.group_consumer; }

  /// Starts the connection. No partition is assigned yet.
  const ottla::test::sighting& open() {
    const auto& seen = start(settings);
    root = seen.process;
    kafka->asked.clear();
    return seen;
  }

  /// Starts the connection and assigns these partitions to it.
  void open_with(std::vector<topic_partition> partitions) {
    open();
    give(std::move(partitions));
    kafka->asked.clear();
  }

  void give(std::vector<topic_partition> partitions) {
    kafka->offer(std::move(partitions));
    time.run();
  }

  void append(const topic_partition& to, int count) {
    kafka->append(to, count);
    time.run();
  }

  caf::actor named(const std::string& name) const { return names->whereis("c/" + name); }
  caf::actor worker(const topic_partition& of) const { return named(worker_name(of)); }

  void kill_named(const std::string& name) { end_abruptly(named(name)); }

  /// The connection's health as text, or the reason for a missing answer.
  std::string health() {
    const auto heard = ask<health_report>(*this, named("health"), get_health{});
    return heard.answer ? to_string(*heard.answer) : to_string(heard.failed.value());
  }

  /// Advances time by one commit interval, so that the next commit is sent.
  void let_commit() { time.advance(group().commit_interval); }

  caf::actor root;
};

} // namespace ottla::kafka::test
