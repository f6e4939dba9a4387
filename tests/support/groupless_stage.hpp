#pragma once

#include "fake_reader.hpp"
#include "group_stage.hpp"

namespace ottla::kafka::test {

/// A connection "c" that reads the topic t without a group, on the fake driver and in virtual time.
/// The topic has the partitions 0 and 1.
class groupless_stage : public ottla::test::stage {
public:
  const topic_partition zero{"t", 0};
  const topic_partition one{"t", 1};
  const topic_partition two{"t", 2};

  std::shared_ptr<fake_kafka> kafka = std::make_shared<fake_kafka>();
  std::shared_ptr<script> handlers = std::make_shared<script>();
  std::shared_ptr<note_taker> notes = std::make_shared<note_taker>();
  std::shared_ptr<reading_driver> seam = std::make_shared<reading_driver>(kafka);
  /// The program's own store.
  std::vector<std::string> stored;

  driven_connection settings = {{
                                  .name = "c",
                                  .consumers = {{.topic = "t",
                                                 .handler = handler<scripted_handler>(handlers),
                                                 .batch_size = 5,
                                                 .max_unacknowledged = 20}},
                                  .restarts = {.at_most = 100, .within = 1h},
                                  .observer = notes,
                                },
                                seam};

  ~groupless_stage() { handlers->on_batch = nullptr; }

  consumer& how() { return settings.consumers.front(); }

  /// Makes the program store its offsets in `stored`.
  void store_offsets() {
    how().store_offsets = [this](std::span<const next_offset> offsets) {
      for (const auto& one : offsets)
        stored.push_back(to_string(one.where) + '@' + std::to_string(one.offset));
      if (store_fails)
        throw std::runtime_error{"no database"};
    };
  }
  bool store_fails = false;

  const ottla::test::sighting& open() {
    const auto& seen = start(settings);
    root = seen.process;
    return seen;
  }

  void append(const topic_partition& to, int count) {
    kafka->append(to, count);
    time.run();
  }

  caf::actor named(const std::string& name) const { return names->whereis("c/consumer/t/" + name); }
  caf::actor worker(std::int32_t partition) const { return named(worker_name(partition)); }
  void kill_named(const std::string& name) { end_abruptly(named(name)); }

  std::string health() {
    const auto heard = ask<health_report>(*this, names->whereis("c/health"), get_health{});
    return heard.answer ? to_string(*heard.answer) : to_string(heard.failed.value());
  }

  /// Advances time by one store interval.
  void let_store() { time.advance(how().store_interval); }
  /// Advances time until the partitions of the topic are looked up.
  void let_poll() { time.advance(settings.metadata_interval + 1s); }

  caf::actor root;
};

} // namespace ottla::kafka::test
