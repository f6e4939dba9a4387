// How many records does a thread store if it produces lists of 100 records and waits for the answer
// of each list?

#include <ottla/kafka/connection.hpp>
#include <ottla/kafka/producer/producer.hpp>
#include <ottla/supervision/application.hpp>

#include "support/brokers.hpp"
#include "support/process_usage.hpp"
#include "support/producing_loop.hpp"
#include "support/scratch_topic.hpp"
#include "support/suite.hpp"

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
namespace kafka = ottla::kafka;

namespace {

constexpr std::size_t list_size = 100;

std::vector<double> produce_lists(const std::string& brokers, const bench::producing_load& what,
                                  std::size_t callers) {
  const bench::scratch_topic topic{brokers, what.partitions};
  const ottla::application app{
    {.id = "bench",
     .children = {kafka::connection{
       .name = "c", .brokers = brokers, .producing = kafka::producer_settings{}}}}};
  const kafka::producer to{app.find("c/producer")};
  const auto first = to.produce({.topic = topic.name(), .records = {{.value = "first"}}}, 30s);
  if (first.stored != 1)
    throw std::runtime_error{to_string(first.failures.at(0).why)};
  const std::string value(what.record_bytes - bench::key_of(0).size(), 'x');
  const auto lists = what.records / list_size / callers;
  std::atomic<std::size_t> stored = 0;
  const auto begin = bench::usage_now();
  {
    std::vector<std::jthread> threads;
    for (std::size_t caller = 0; caller < callers; ++caller)
      threads.emplace_back([&] {
        std::size_t all = 0;
        for (std::size_t number = 0; number < lists; ++number) {
          kafka::produce list{.topic = topic.name()};
          list.records.reserve(list_size);
          for (std::size_t i = 0; i < list_size; ++i)
            list.records.push_back({.key = bench::key_of(number * list_size + i), .value = value});
          all += to.produce(std::move(list), 30s).stored;
        }
        stored += all;
      });
  }
  const auto used = bench::usage_now() - begin;
  if (stored != lists * list_size * callers)
    throw std::runtime_error{fmt::format("only {} records are stored", stored.load())};
  const auto million = static_cast<double>(stored) / 1e6;
  return {million / used.elapsed.count(), used.cpu.count() / million};
}

} // namespace

int main(int argc, char** argv) {
  const auto brokers = bench::brokers_of("OTTLA_BROKERS");
  bench::suite all;
  for (const std::size_t bytes : {100, 1024})
    for (const std::size_t callers : {1, 4}) {
      const bench::producing_load what{
        .record_bytes = bytes, .partitions = 1, .records = 40'000 * callers};
      all.add({.name = fmt::format("{} B, {} caller{}", bytes, callers, callers == 1 ? "" : "s"),
               .measures = {{.what = "rate",
                             .unit = "M records/s",
                             .bars = {bench::at_least(0.8, bench::the_floor)}},
                            {.what = "cpu", .unit = "cpu-s/M records"}},
               .ours = [=] { return produce_lists(brokers, what, callers); },
               .floor =
                 [=] {
                   const auto raw = bench::produce_lists_raw(brokers, what, list_size, callers);
                   return std::vector{raw.million_a_second, raw.cpu_seconds_a_million};
                 }});
    }
  return all.run(argc, argv);
}
