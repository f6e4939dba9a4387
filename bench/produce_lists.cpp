// How many records do threads store if they produce lists of records and wait for the answer of
// each list?

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

std::vector<double> produce_lists(const std::string& brokers, const bench::list_load& what) {
  const bench::scratch_topic topic{brokers, 1};
  const ottla::application app{
    {.id = "bench",
     .children = {kafka::connection{
       .name = "c", .brokers = brokers, .producing = kafka::producer_settings{}}}}};
  const kafka::producer to{app.find("c/producer")};
  const auto first = to.produce({.topic = topic.name(), .records = {{.value = "first"}}}, 30s);
  if (first.stored != 1)
    throw std::runtime_error{to_string(first.failures.at(0).why)};
  std::atomic<std::size_t> stored = 0;
  const auto begin = bench::usage_now();
  {
    std::vector<std::jthread> threads;
    for (std::size_t caller = 0; caller < what.callers; ++caller)
      threads.emplace_back([&, caller] {
        std::size_t all = 0;
        for (std::size_t number = 0; number < what.lists; ++number) {
          const auto shape = what.list(caller + number);
          kafka::produce list{.topic = topic.name()};
          list.records.reserve(shape.records);
          for (std::size_t i = 0; i < shape.records; ++i)
            list.records.push_back(
              {.key = bench::key_of(i), .value = std::string(shape.value_bytes(), 'x')});
          all += to.produce(std::move(list), 30s).stored;
        }
        stored += all;
      });
  }
  const auto used = bench::usage_now() - begin;
  if (stored != what.records())
    throw std::runtime_error{fmt::format("only {} records are stored", stored.load())};
  const auto million = static_cast<double>(stored) / 1e6;
  return {million / used.elapsed.count(), used.cpu.count() / million};
}

} // namespace

int main(int argc, char** argv) {
  const auto brokers = bench::brokers_of("OTTLA_BROKERS");
  bench::suite all;
  const auto add = [&](std::string name, const bench::list_load& what) {
    all.add(
      {.name = fmt::format("{}, {} caller{}", name, what.callers, what.callers == 1 ? "" : "s"),
       .measures
       = {{.what = "rate", .unit = "M records/s", .bars = {bench::at_least(0.8, bench::the_floor)}},
          {.what = "cpu", .unit = "cpu-s/M records"}},
       .ours = [=] { return produce_lists(brokers, what); },
       .floor =
         [=] {
           const auto raw = bench::produce_lists_raw(brokers, what);
           return std::vector{raw.million_a_second, raw.cpu_seconds_a_million};
         }});
  };
  for (const std::size_t callers : {1, 4}) {
    for (const std::size_t bytes : {100, 1024})
      add(fmt::format("100 x {} B", bytes),
          {.shapes = {{.records = 100, .record_bytes = bytes}}, .lists = 400, .callers = callers});
    add("1 to 500 x 100 B to 10 KiB", {.shapes = {{.records = 1, .record_bytes = 10'240},
                                                  {.records = 500, .record_bytes = 100},
                                                  {.records = 20, .record_bytes = 1024},
                                                  {.records = 100, .record_bytes = 300}},
                                       .lists = 400,
                                       .callers = callers});
  }
  return all.run(argc, argv);
}
