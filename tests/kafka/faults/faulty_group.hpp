#pragma once

#include <ottla/actors/call.hpp>
#include <ottla/kafka/connection.hpp>
#include <ottla/kafka/embedded_cluster.hpp>
#include <ottla/kafka/health.hpp>
#include <ottla/kafka/internal/driver/librdkafka_driver.hpp>
#include <ottla/kafka/process_names.hpp>
#include <ottla/supervision/application.hpp>

#include "kafka/faults/ledger.hpp"
#include "support/quick_group.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace ottla::kafka::test {

using namespace std::chrono_literals;

/// An application with one connection on its own embedded cluster. Many groups run at the same
/// time, each in a thread of its own. Doctest's checks are not safe there, so functions return
/// failures as text. An empty text means success.
class faulty_group {
public:
  explicit faulty_group(int brokers = 1, assignor strategy = assignor::range)
    : cluster{{.brokers = brokers, .topics = {{"t", partitions}}}}, strategy_{strategy} {}

  static constexpr int partitions = 2;

  void start() {
    auto group = quick_group(handler<entering_handler>(seen));
    group.batch_size = 20;
    group.strategy = strategy_;
    app.emplace(
      application_spec{.id = "test",
                       .restarts = {.at_most = 100, .within = 1h},
                       .children = {connection{.name = "c",
                                               .brokers = cluster.brokers(),
                                               .producing = producer_settings{},
                                               .group_consumer = std::move(group),
                                               .restarts = {.at_most = 10'000, .within = 1h},
                                               .observer = seen,
                                               .metadata_interval = 500ms}},
                       .threads = 2});
  }

  /// Stores `count` messages in every partition. Each value is the message's offset.
  std::string store(std::int64_t count) {
    if (!sender_)
      open_sender();
    for (int partition = 0; partition < partitions; ++partition) {
      std::vector<record> records;
      for (auto offset = stored; offset < stored + count; ++offset)
        records.push_back({.key = std::nullopt, .value = std::to_string(offset)});
      const auto asked = ++last_token_;
      const auto batch
        = std::make_shared<const outgoing>(outgoing{asked, "t", partition, std::move(records)});
      if (sender_->send(batch, 0) != batch->records.size())
        return "the producer's queue is full";
      if (!is_delivered(asked))
        return "not all messages were stored";
    }
    stored += count;
    return {};
  }

  /// Waits until all stored messages are committed. Fails if a message is wrong or was not handled.
  std::string settle(std::chrono::seconds within = 60s) {
    if (!seen->wait_for_commit(partitions, stored, within))
      return fmt::format("no full commit in {} s: {} stored per partition, {}failures: {}",
                         within.count(), stored, seen->state(), seen->failures());
    if (const auto wrong = seen->wrong(); !wrong.empty())
      return wrong;
    if (const auto all = static_cast<std::size_t>(stored * partitions); seen->distinct() != all)
      return fmt::format("{} of {} messages were handled", seen->distinct(), all);
    return {};
  }

  std::string check_health() {
    std::vector<std::string> names{
      std::string{registry_name},      std::string{producer_name},
      std::string{coordinator_name},   std::string{acknowledger_name},
      std::string{group_manager_name}, std::string{worker_supervisor_name}};
    for (int partition = 0; partition < partitions; ++partition)
      names.push_back(worker_name({"t", partition}));
    for (const auto& name : names)
      if (!app->names()->whereis("c/" + name))
        return "no process is named " + name;
    return become_healthy();
  }

  std::string stop() {
    if (const auto& report = app->stop(); !report)
      return fmt::format("the stop killed {} processes, and {} still run", report.killed.size(),
                         report.left.size());
    return {};
  }

  embedded_cluster cluster;
  std::shared_ptr<ledger> seen = std::make_shared<ledger>();
  std::optional<application> app;
  std::int64_t stored = 0;

private:
  /// Waits until the health is `healthy`. The coordinator clears a broker failure only at its next
  /// check of the brokers, some seconds later. This function stores messages until then.
  std::string become_healthy() {
    const auto until = std::chrono::steady_clock::now() + 30s;
    for (;;) {
      const auto health
        = call<health_report>(app->system(), app->find("c/health"), 10s, get_health{});
      if (!health)
        return "health does not answer: " + to_string(health.error());
      if (health->state == health_state::healthy)
        return {};
      if (std::chrono::steady_clock::now() > until)
        return to_string(*health);
      if (auto wrong = store(1); !wrong.empty())
        return wrong;
      if (auto wrong = settle(); !wrong.empty())
        return wrong;
    }
  }

  void open_sender() {
    auto opened = make_librdkafka_driver({.brokers = cluster.brokers()})
                    ->open_producer({.linger = std::chrono::microseconds{0}});
    sender_ = std::move(std::get<0>(opened));
    sender_->wake_on_event([this] {
      const std::lock_guard lock{guard_};
      woken_ = true;
      changed_.notify_all();
    });
  }

  bool is_delivered(token asked) {
    const auto until = std::chrono::steady_clock::now() + 60s;
    for (;;) {
      while (const auto event = sender_->next_event())
        if (const auto* done = std::get_if<delivered>(&*event); done && done->asked == asked)
          return done->failures.empty();
      std::unique_lock lock{guard_};
      if (!changed_.wait_until(lock, until, [this] { return woken_; }))
        return false;
      woken_ = false;
    }
  }

  const assignor strategy_;
  std::mutex guard_;
  std::condition_variable changed_;
  bool woken_ = false;
  token last_token_ = 0;
  std::unique_ptr<producer_handle> sender_;
};

/// One way to disturb a group.
struct disturbance {
  std::string name;
  /// Returns an empty text on success.
  std::function<std::string(faulty_group&)> run;
  int brokers = 1;
};

struct outcome {
  std::string name;
  std::string wrong;
  std::size_t handled = 0;
  std::size_t repeated = 0;
  std::size_t generations = 0;
  std::string failures;
};

inline outcome suffer(const disturbance& what) {
  faulty_group group{what.brokers};
  outcome result{.name = what.name};
  const auto first_of = [&](const std::string& text) {
    if (result.wrong.empty())
      result.wrong = text;
  };
  try {
    first_of(what.run(group));
    if (result.wrong.empty())
      first_of(group.store(50));
    if (result.wrong.empty())
      first_of(group.settle());
    if (result.wrong.empty())
      first_of(group.check_health());
    if (group.app)
      first_of(group.stop());
  } catch (const std::exception& thrown) {
    first_of(thrown.what());
  }
  result.handled = group.seen->distinct();
  result.repeated = group.seen->repeated();
  result.generations = group.seen->generations();
  result.failures = group.seen->failures();
  return result;
}

/// Runs disturbances concurrently, because each of them mostly waits. Results are in the order of
/// `all`.
inline std::vector<outcome> suffer(const std::vector<disturbance>& all, std::size_t at_once) {
  std::vector<outcome> results(all.size());
  std::mutex lock;
  std::size_t next = 0;
  std::vector<std::thread> hands;
  for (std::size_t hand = 0; hand < std::min(at_once, all.size()); ++hand)
    hands.emplace_back([&] {
      for (;;) {
        std::size_t mine = 0;
        {
          const std::lock_guard guard{lock};
          if (next == all.size())
            return;
          mine = next++;
        }
        results[mine] = suffer(all[mine]);
      }
    });
  for (auto& hand : hands)
    hand.join();
  return results;
}

} // namespace ottla::kafka::test
