#include <ottla/kafka/fetch/fetch.hpp>
#include <ottla/kafka/fetch/search.hpp>

#include "run/commands.hpp"
#include "run/record_writer.hpp"
#include "run/topic_reader.hpp"

#include <chrono>
#include <poll.h>
#include <unistd.h>

namespace command {

namespace kafka = ottla::kafka;

namespace {

using steady = std::chrono::steady_clock;
using namespace std::chrono_literals;

/// How often `--follow` looks for new records.
constexpr auto follow_interval = 250ms;

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

/// Waits, and returns early if the reader of the output has closed the pipe. Returns whether it
/// has.
bool wait_or_closed(std::chrono::milliseconds within) {
  pollfd out{STDOUT_FILENO, 0, 0};
  return poll(&out, 1, static_cast<int>(within.count())) > 0
         && (out.revents & (POLLERR | POLLHUP | POLLNVAL)) != 0;
}

exit_status follow(session& with, const consume_records& what, topic_reader& reader,
                   const record_writer& writer, const topic_reader::taker& take) {
  auto last_count = writer.count();
  auto last_record = steady::now();
  while (!reader.is_stopped()) {
    with.out.flush();
    if (writer.count() != last_count)
      last_record = steady::now();
    last_count = writer.count();
    if (!with.out.is_good() || wait_or_closed(follow_interval))
      break;
    if (what.idle && steady::now() - last_record >= *what.idle)
      break;
    if (const auto failed = reader.read_news(take))
      return with.faults.fail(*failed);
  }
  return exit_status::ok;
}

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
  if (failed)
    return with.faults.fail(*failed);
  if (!what.follow)
    return exit_status::ok;
  reader.on_progress(nullptr);
  return follow(with, what, reader, writer, take);
}

exit_status run(session& with, const fetch_records& what) {
  record_writer writer{with.out, with.common.output, what.show};
  kafka::fetch_settings next{
    .topic = what.topic, .partition = what.partition, .read_committed = !what.read_uncommitted};
  if (const auto* last = std::get_if<before_end>(&what.from)) {
    const topic_reader reader{with, what.topic, {what.partition}, what.read_uncommitted};
    const auto ends = reader.ends();
    if (!ends)
      return with.faults.fail(ends.error());
    const auto end = ends->at(what.partition);
    next.from = kafka::at_offset{end - std::min(last->offsets, end)};
  } else {
    std::visit(
      [&](const auto& each) {
        if constexpr (!std::is_same_v<std::decay_t<decltype(each)>, before_end>)
          next.from = each;
      },
      what.from);
  }
  while (!writer.is_done()) {
    if (const auto left = writer.most_left(); left != 0 && left < next.most_records)
      next.most_records = left;
    const auto got = kafka::fetch(with.cluster, next, with.common.timeout);
    if (!got)
      return with.faults.fail(got.error());
    for (const auto& each : got->records)
      writer.write(each);
    if (got->records.empty() || got->next >= got->log_end)
      break;
    next.from = kafka::at_offset{got->next};
  }
  return exit_status::ok;
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
