#include <ottla/kafka/fetch/search.hpp>

#include "run/commands.hpp"
#include "run/record_writer.hpp"
#include "run/topic_reader.hpp"

#include <chrono>
#include <unistd.h>

namespace command {

namespace kafka = ottla::kafka;

namespace {

using steady = std::chrono::steady_clock;

/// Counts what was read, for the progress bar.
class reading_progress {
public:
  explicit reading_progress(session& with, const std::string& topic)
    : with_{with}, bar_{topic, steady::now()} {}

  void count(const kafka::message& what) {
    ++counts_.records;
    counts_.bytes += what.key().size() + what.value().size();
  }

  void show(std::span<const kafka::partition_progress> all) {
    counts_.done = counts_.total = 0;
    for (const auto& each : all) {
      counts_.done += each.done();
      counts_.total += each.end - each.first;
    }
    with_.faults.show_progress(bar_, counts_);
  }

private:
  session& with_;
  progress_line bar_;
  progress_line::counts counts_ = {};
};

} // namespace

exit_status run(session& with, const consume_records& what) {
  record_writer writer{with.out, with.common.output, what.show};
  topic_reader reader{with, what.topic, what.partitions, what.read_uncommitted};
  reading_progress progress{with, what.topic};
  reader.on_progress([&](auto all) {
    // The bar and the records would overwrite each other on one terminal.
    if (isatty(STDOUT_FILENO) == 0)
      progress.show(all);
  });
  const auto take = [&](const kafka::streamed_message& one) {
    progress.count(one);
    // Ends with the last record that is wanted, and does not wait for one more.
    return writer.write(one, one.from()) && !writer.is_done();
  };
  const auto failed = reader.read(what.from.value_or(kafka::earliest{}), what.until, take);
  with.faults.clear_progress();
  return failed ? with.faults.fail(*failed) : exit_status::ok;
}

exit_status run(session& with, const fetch_records& what) {
  record_writer writer{with.out, with.common.output, what.show};
  topic_reader reader{with, what.topic, {what.partition}, what.read_uncommitted};
  const auto failed
    = reader.read(what.from, kafka::latest{}, [&](const kafka::streamed_message& one) {
        return writer.write(one, one.from()) && !writer.is_done();
      });
  return failed ? with.faults.fail(*failed) : exit_status::ok;
}

exit_status run(session& with, const search_records& what) {
  std::vector<kafka::record_predicate> conditions;
  const auto add = [&](const auto& text, auto make) {
    if (text)
      conditions.push_back(make(*text));
  };
  add(what.key_is, kafka::key_is);
  add(what.key_contains, kafka::key_contains);
  add(what.value_is, kafka::value_is);
  add(what.value_contains, kafka::value_contains);

  record_writer writer{with.out, with.common.output, what.show};
  topic_reader reader{with, what.topic, what.partitions, what.read_uncommitted};
  reading_progress progress{with, what.topic};
  reader.on_progress([&](auto all) { progress.show(all); });
  const auto failed = reader.read(what.from, what.until, [&](const kafka::streamed_message& one) {
    progress.count(one);
    for (const auto& matches : conditions)
      if (!matches(one))
        return true;
    // A search may take long, so each match is shown at once.
    with.faults.clear_progress();
    writer.write(one, one.from());
    with.out.flush();
    return !writer.is_done();
  });
  with.faults.clear_progress();
  if (failed)
    return with.faults.fail(*failed);
  return writer.count() == 0 && with.out.is_good() ? exit_status::nothing_found : exit_status::ok;
}

} // namespace command
