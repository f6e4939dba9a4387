// How fast do a thread and several actors produce, and how much CPU do they need, compared with a
// raw loop, Kafka's Java client and franz-go?

#include <ottla/actors/process.hpp>
#include <ottla/kafka/connection.hpp>
#include <ottla/kafka/producer/producer.hpp>
#include <ottla/supervision/application.hpp>

#include "support/brokers.hpp"
#include "support/kafka_peers.hpp"
#include "support/process_usage.hpp"
#include "support/producing_loop.hpp"
#include "support/scratch_topic.hpp"
#include "support/suite.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
namespace kafka = ottla::kafka;

namespace {

/// Records of one call.
constexpr std::size_t list_size = 1'000;
/// Calls that wait for their answers at the same time, over all actors. Their records fit into the
/// buffer.
constexpr std::size_t most_pending = 32;
constexpr auto longest_wait = 120s;

kafka::produce list_of(const std::string& topic, std::size_t first, const std::string& value) {
  kafka::produce what{.topic = topic};
  what.records.reserve(list_size);
  for (auto number = first; number < first + list_size; ++number)
    what.records.push_back({.key = bench::key_of(number), .value = value});
  return what;
}

void check(const kafka::produced& done) {
  if (done.stored != list_size)
    throw std::runtime_error{to_string(done.failures.at(0).why)};
}

/// A connection with a producer, and a topic whose leaders are known.
struct producing {
  producing(const std::string& brokers, const bench::producing_load& what)
    : topic{brokers, what.partitions},
      app{{.id = "bench",
           .children = {kafka::connection{
             .name = "c", .brokers = brokers, .producing = kafka::producer_settings{}}}}},
      to{app.find("c/producer")},
      value(what.record_bytes - bench::key_of(0).size(), 'x') {
    const auto first = to.produce({.topic = topic.name(), .records = {{.value = "first"}}}, 30s);
    if (first.stored != 1)
      throw std::runtime_error{to_string(first.failures.at(0).why)};
  }

  bench::scratch_topic topic;
  ottla::application app;
  kafka::producer to;
  std::string value;
};

std::vector<double> figures(const bench::process_usage& used, std::size_t records) {
  const auto million = static_cast<double>(records) / 1e6;
  return {million / used.elapsed.count(), used.cpu.count() / million};
}

std::vector<double> produce_in_thread(const std::string& brokers,
                                      const bench::producing_load& what) {
  const producing with{brokers, what};
  std::deque<std::future<kafka::produced>> pending;
  const auto begin = bench::usage_now();
  for (std::size_t number = 0; number < what.records; number += list_size) {
    pending.push_back(with.to.send(list_of(with.topic.name(), number, with.value), longest_wait));
    if (pending.size() == most_pending) {
      check(pending.front().get());
      pending.pop_front();
    }
  }
  for (auto& each : pending)
    check(each.get());
  return figures(bench::usage_now() - begin, what.records);
}

/// Produces lists, with a limited number of pending answers. Fulfils `done` when all are stored.
class producing_actor : public ottla::process {
public:
  producing_actor(caf::actor_config& config, ottla::process_context context,
                  std::shared_ptr<const producing> with, std::size_t lists, std::size_t pending,
                  std::shared_ptr<std::promise<void>> done)
    : process{config, std::move(context)},
      with_{std::move(with)},
      to_send_{lists},
      to_hear_{lists},
      most_pending_{pending},
      done_{std::move(done)} {}

private:
  caf::behavior set_up() override {
    for (std::size_t i = 0; i < most_pending_; ++i)
      send_next();
    return {[this](const kafka::produced& what) {
      check(what);
      send_next();
      if (--to_hear_ == 0) {
        done_->set_value();
        with_.reset();
      }
    }};
  }

  void send_next() {
    if (to_send_ == 0)
      return;
    --to_send_;
    with_->to.send(this, list_of(with_->topic.name(), to_send_ * list_size, with_->value),
                   longest_wait, 0, kafka::when_full::wait);
  }

  std::shared_ptr<const producing> with_;
  std::size_t to_send_;
  std::size_t to_hear_;
  const std::size_t most_pending_;
  std::shared_ptr<std::promise<void>> done_;
};

std::vector<double> produce_in_actors(const std::string& brokers, const bench::producing_load& what,
                                      std::size_t actors) {
  const auto with = std::make_shared<const producing>(brokers, what);
  std::vector<std::future<void>> over;
  std::vector<ottla::child_spec> children;
  for (std::size_t i = 0; i < actors; ++i) {
    const auto done = std::make_shared<std::promise<void>>();
    over.push_back(done->get_future());
    children.push_back({.id = fmt::format("producing_{}", i),
                        .start = ottla::start<producing_actor>(
                          with, what.records / list_size / actors, most_pending / actors, done)});
  }
  const auto begin = bench::usage_now();
  const ottla::application app{{.id = "actors", .children = std::move(children)}};
  for (auto& each : over)
    if (each.wait_for(longest_wait) != std::future_status::ready)
      throw std::runtime_error{"not all records are stored in time"};
  return figures(bench::usage_now() - begin, what.records);
}

std::vector<double> raw(const std::string& brokers, const bench::producing_load& what) {
  const auto all = bench::produce_raw(brokers, what);
  return {all.million_a_second, all.cpu_seconds_a_million};
}

void add_peer(bench::comparison& to, const std::string& name,
              const std::shared_ptr<bench::peer>& who, const std::string& brokers,
              const bench::producing_load& what) {
  if (what.record_bytes == 1024)
    to.measures.back().bars.push_back(bench::at_most(1, name));
  to.peers.push_back({name, [=] {
                        const auto all = bench::produce_by_peer(*who, brokers, what);
                        return std::vector{all.million_a_second, all.cpu_seconds_a_million};
                      }});
}

std::string text_of(const bench::producing_load& what) {
  return fmt::format("{} B, {} partition{}", what.record_bytes, what.partitions,
                     what.partitions == 1 ? "" : "s");
}

} // namespace

int main(int argc, char** argv) {
  const auto brokers = bench::brokers_of("OTTLA_BROKERS");
  const auto java = bench::java_peer();
  const auto go = bench::go_peer();
  bench::suite all;
  for (const std::size_t bytes : {100, 1024})
    for (const int partitions : {1, 8, 64}) {
      const bench::producing_load what{.record_bytes = bytes,
                                       .partitions = partitions,
                                       .records = bytes == 100 ? 1'000'000u : 240'000u};
      const auto most_cpu = bytes == 100 ? 1.15 : 1.10;
      bench::comparison one{.name = "a thread, " + text_of(what),
                            .measures = {{.what = "rate",
                                          .unit = "M records/s",
                                          .bars = {bench::at_least(0.9, bench::the_floor)}},
                                         {.what = "cpu",
                                          .unit = "cpu-s/M records",
                                          .bars = {bench::at_most(most_cpu, bench::the_floor)}}},
                            .ours = [=] { return produce_in_thread(brokers, what); },
                            .floor = [=] { return raw(brokers, what); }};
      add_peer(one, bench::java_client, java, brokers, what);
      add_peer(one, bench::franz_go, go, brokers, what);
      all.add(std::move(one));
    }
  for (const std::size_t actors : {1, 2, 4}) {
    const bench::producing_load what{.record_bytes = 1024, .partitions = 8, .records = 240'000};
    all.add({.name = fmt::format("{} actor{}, {}", actors, actors == 1 ? "" : "s", text_of(what)),
             .measures = {{.what = "rate", .unit = "M records/s"},
                          {.what = "cpu",
                           .unit = "cpu-s/M records",
                           .bars = {bench::at_most(1.2, bench::the_floor)}}},
             .ours = [=] { return produce_in_actors(brokers, what, actors); },
             .floor = [=] { return raw(brokers, what); }});
  }
  return all.run(argc, argv);
}
