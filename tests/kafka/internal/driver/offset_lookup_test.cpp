#include "event_pump.hpp"
#include "raw_topic.hpp"

#include <future>
#include <utility>

using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

const topic_partition zero{"t", 0};

/// A member that has not joined, because look-ups need no group membership.
struct asking_member {
  embedded_cluster cluster{{.topics = {{"t", 2}}}};
  std::shared_ptr<driver> kafka = make_librdkafka_driver({.brokers = cluster.brokers()});
  member who{kafka->open_consumer(quick("g"))};

  std::vector<beginning> resolve(std::vector<topic_partition> partitions, begin_offset otherwise,
                                 begin_offset when_missing = earliest{}) {
    const auto asked = who->resolve(partitions, otherwise, when_missing);
    auto answer = who.expect<resolved>();
    CHECK(answer.asked == asked);
    REQUIRE(answer.beginnings.size() == partitions.size());
    return answer.beginnings;
  }

  beginning resolve_zero(begin_offset otherwise, begin_offset when_missing = earliest{}) {
    return resolve({zero}, otherwise, when_missing)[0];
  }
};

/// Stores more than the embedded cluster keeps: 12 records of almost 1 MB, each in a record batch
/// of its own.
void overflow(driver& of) {
  for (int i = 0; i < 12; ++i)
    store(of, "t", {{.key = std::nullopt, .value = std::string(900'000, 'x')}});
}

/// Counts the requests of one kind that a cluster receives, up to 1,000. Each request uses up one
/// prepared answer, whose error code means success.
class request_counter {
public:
  request_counter(embedded_cluster& of, embedded_cluster::request which) : of_{of}, which_{which} {
    constexpr std::int16_t success = 0;
    of_.fail_next(which_, std::vector<std::int16_t>(1'000, success));
    left_ = of_.failures_left(which_);
    REQUIRE(left_ == 1'000);
  }

  /// Returns the number of requests since the last call.
  std::size_t taken() {
    const auto before = std::exchange(left_, of_.failures_left(which_));
    return before - left_;
  }

private:
  embedded_cluster& of_;
  embedded_cluster::request which_;
  std::size_t left_ = 0;
};

} // namespace

TEST_SUITE("offset_lookup" * doctest::timeout(120)) {
  TEST_CASE_FIXTURE(
    asking_member,
    "an offset after the log's end is missing, and is replaced as when_missing says") {
    store(*kafka, "t", numbered(10));
    CHECK(resolve_zero(at_offset{10}).missing == std::nullopt);
    for (const std::int64_t beyond : {11, 1'000'000}) {
      const auto from_begin = resolve_zero(at_offset{beyond}, earliest{});
      CHECK(from_begin.missing == beyond);
      CHECK(from_begin.offset == 0);
      CHECK(from_begin.committed == -1);
      CHECK(from_begin.log_end == 10);
      CHECK(resolve_zero(at_offset{beyond}, latest{}).offset == 10);
      CHECK(resolve_zero(at_offset{beyond}, at_offset{4}).offset == 4);
      // The log does not hold the replacement either, so the look-up returns the nearest offset.
      CHECK(resolve_zero(at_offset{beyond}, at_offset{beyond}).offset == 10);
    }
    CHECK(resolve({{"t", 1}}, at_offset{1}, latest{})[0].missing == 1);
  }

  TEST_CASE_FIXTURE(
    asking_member,
    "an offset before the log's first record is missing, and is replaced as when_missing says") {
    overflow(*kafka);
    const auto first = resolve_zero(earliest{});
    REQUIRE(first.log_begin > 0);
    CHECK(first.offset == first.log_begin);
    CHECK(first.missing == std::nullopt);
    const auto gone = resolve_zero(at_offset{0}, at_offset{0});
    CHECK(gone.missing == 0);
    CHECK(gone.offset == first.log_begin);
    CHECK(gone.log_end == 12);
    CHECK(resolve_zero(at_offset{0}, latest{}).offset == 12);
  }

  TEST_CASE_FIXTURE(asking_member, "`since` a time after all records resolves to the log's end") {
    store(*kafka, "t", numbered(10));
    const auto in_an_hour = std::chrono::system_clock::now() + 1h;
    const auto answer = resolve_zero(since{in_an_hour});
    CHECK(answer.offset == 10);
    CHECK(answer.missing == std::nullopt);
    CHECK(resolve_zero(at_offset{11}, since{in_an_hour}).offset == 10);
  }

  TEST_CASE_FIXTURE(asking_member, "a failed query of a log is not mistaken for an empty log") {
    constexpr std::int16_t not_leader = 6;
    store(*kafka, "t", numbered(10));
    // Which of several responses fails, and the order in which they are processed, is random.
    for (int turn = 0; turn < 200; ++turn) {
      cluster.fail_next(embedded_cluster::request::list_offsets, {not_leader});
      const auto answer = resolve_zero(earliest{});
      if (!answer.failed)
        REQUIRE(answer.offset == 0);
      const auto in_the_middle = resolve_zero(at_offset{5});
      if (!in_the_middle.failed)
        REQUIRE(in_the_middle.offset == 5);
    }
  }

  TEST_CASE_FIXTURE(asking_member, "`since` a time before 1970 resolves to the first record") {
    using clock = std::chrono::system_clock;
    store(*kafka, "t", numbered(10));
    for (const auto& when : {clock::time_point::min(), clock::time_point{} - 1ms}) {
      CHECK(resolve_zero(since{when}).offset == 0);
      CHECK(resolve_zero(at_offset{11}, since{when}).offset == 0);
    }
  }

  TEST_CASE_FIXTURE(
    asking_member,
    "resolve returns the committed offset and a failure for a partition without a leader") {
    const auto queues = join(who, "t");
    who->commit(std::vector<position>{{zero, 7}});
    REQUIRE_FALSE(who.expect<committed>().failed.has_value());
    cluster.move_leader("t", 0, -1);
    cluster.move_leader("t", 1, -1);
    const auto answers = resolve({zero, {"t", 1}}, earliest{});
    CHECK(answers[0].failed.has_value());
    CHECK(answers[0].offset == 7);
    CHECK(answers[0].committed == 7);
    CHECK(answers[0].missing == std::nullopt);
    CHECK(answers[1].failed.has_value());
    CHECK(answers[1].offset == -1);
    leave(who);
  }

  TEST_CASE_FIXTURE(
    asking_member,
    "look_up_ends returns an end or a failure for each partition, in the requested order") {
    store(*kafka, "t", numbered(7), 1);
    const auto asked
      = who->look_up_ends(std::vector<topic_partition>{{"t", 1}, {"t", 99}, {"t", 0}});
    const auto known = who.expect<ends_known>();
    CHECK(known.asked == asked);
    REQUIRE(known.ends.size() == 3);
    CHECK(known.ends[0].at == topic_partition{"t", 1});
    CHECK(known.ends[0].offset == 7);
    CHECK(known.ends[1].offset == -1);
    CHECK(known.ends[1].failed.value().code == errc::unknown_topic);
    CHECK(known.ends[2].offset == 0);
    CHECK_FALSE(known.ends[2].failed.has_value());
    const auto nothing = who->look_up_ends({});
    CHECK(who.expect<ends_known>().asked == nothing);
  }

  // Only ottla commits how many partitions the topic had when the group began.
  TEST_CASE_FIXTURE(asking_member, "with `latest`, a partition without a commit begins at its "
                                   "first record if another client committed other partitions") {
    store(*kafka, "t", numbered(10));
    store(*kafka, "t", numbered(10), 1);
    const std::vector<topic_partition> both{zero, {"t", 1}};
    // A group without commits begins at its first look-up. A member remembers when its group began,
    // so this look-up needs a member of its own.
    member before{kafka->open_consumer(quick("g"))};
    before->resolve(both, latest{}, earliest{});
    for (const auto& each : before.expect<resolved>().beginnings)
      CHECK(each.offset == 10);
    commit_as(cluster.brokers(), "g", "t", 4);
    const auto after = resolve(both, latest{});
    CHECK(after[0].offset == 4);
    CHECK(after[0].committed == 4);
    CHECK(after[1].offset == 0);
    CHECK(after[1].committed == -1);
    CHECK(after[1].missing == std::nullopt);
    // Only `latest` distinguishes partitions that were added later.
    CHECK(resolve({{"t", 1}}, at_offset{7})[0].offset == 7);
  }

  TEST_CASE("a look-up of 200 partitions sends no more requests than a look-up of one") {
    constexpr std::int32_t count = 200;
    embedded_cluster cluster{{.topics = {{"t", count}}}};
    const auto kafka = make_librdkafka_driver({.brokers = cluster.brokers()});
    member who{kafka->open_consumer(quick("g"))};
    request_counter of_logs{cluster, embedded_cluster::request::list_offsets};
    request_counter of_group{cluster, embedded_cluster::request::offset_fetch};
    std::vector<topic_partition> all;
    for (std::int32_t partition = 0; partition < count; ++partition)
      all.push_back({"t", partition});
    const std::vector one{all.front()};
    const auto look_up = [&](const std::vector<topic_partition>& which) {
      who->resolve(which, latest{}, earliest{});
      const auto answer = who.expect<resolved>();
      REQUIRE(answer.beginnings.size() == which.size());
      for (const auto& each : answer.beginnings)
        REQUIRE(each.offset == 0);
      who->look_up_ends(which);
      const auto known = who.expect<ends_known>();
      REQUIRE(known.ends.size() == which.size());
      for (const auto& each : known.ends)
        REQUIRE(each.offset == 0);
    };
    // The first look-up may repeat requests while the client discovers the brokers.
    look_up(one);
    of_logs.taken();
    of_group.taken();
    look_up(one);
    const auto logs_of_one = of_logs.taken();
    const auto group_of_one = of_group.taken();
    // One request is for the first offset, one is for the high watermark, and two are for the last
    // stable offset.
    CHECK(logs_of_one >= 3);
    CHECK(logs_of_one <= 4);
    CHECK(group_of_one >= 1);
    CHECK(group_of_one <= 2);
    look_up(all);
    CHECK(of_logs.taken() == logs_of_one);
    CHECK(of_group.taken() == group_of_one);
  }

  TEST_CASE("look_up_ends fails as retriable if no broker answers") {
    member alone{make_librdkafka_driver({.brokers = "127.0.0.1:1"})->open_consumer(quick("g"))};
    alone->look_up_ends(std::vector{zero});
    const auto known = alone.expect<ends_known>();
    REQUIRE(known.ends.size() == 1);
    CHECK(known.ends[0].offset == -1);
    CHECK(known.ends[0].failed.value().retriable);
  }

  TEST_CASE("a look-up does not wait for a dead leader if another broker leads the partition now") {
    // Whether librdkafka asks the dead broker first is random.
    for (int turn = 0; turn < 12; ++turn) {
      embedded_cluster cluster{{.brokers = 2, .topics = {{"t", 1}}}};
      const auto kafka = make_librdkafka_driver({.brokers = cluster.brokers()});
      store(*kafka, "t", numbered(5));
      cluster.move_leader("t", 0, 2);
      member who{kafka->open_consumer(quick("g"))};
      const auto end = [&] {
        who->look_up_ends(std::vector{zero});
        return who.expect<ends_known>(4s).ends.at(0).offset;
      };
      REQUIRE(end() == 5);
      cluster.take_broker_down(2);
      cluster.move_leader("t", 0, 1);
      REQUIRE(end() == 5);
    }
  }

  TEST_CASE_FIXTURE(asking_member, "beginnings without a group are the kept offset or the rule's "
                                   "offset, and each partition has its own failure") {
    store(*kafka, "t", numbered(10));
    std::promise<std::vector<beginning>> answer;
    const std::vector<wanted_beginning> wanted{{.at = zero, .kept = 4},
                                               {.at = {"t", 1}, .otherwise = latest{}},
                                               {.at = {"t", 9}, .otherwise = earliest{}}};
    kafka->look_up(
      {}, [&](lookup_session& over) { answer.set_value(over.find_beginnings(wanted, latest{})); });
    const auto found = answer.get_future().get();
    REQUIRE(found.size() == 3);
    CHECK(found[0].offset == 4);
    CHECK(found[0].log_end == 10);
    CHECK(found[1].offset == 0);
    CHECK(!found[1].failed);
    CHECK(found[2].offset == -1);
    CHECK(found[2].failed);
  }

  TEST_CASE_FIXTURE(asking_member, "a kept offset that the log does not hold is missing, and is "
                                   "replaced as when_missing says") {
    store(*kafka, "t", numbered(10));
    std::promise<std::vector<beginning>> answer;
    const std::vector<wanted_beginning> wanted{{.at = zero, .kept = 40}};
    kafka->look_up({}, [&](lookup_session& over) {
      answer.set_value(over.find_beginnings(wanted, at_offset{7}));
    });
    const auto found = answer.get_future().get();
    REQUIRE(found.size() == 1);
    CHECK(found[0].missing == 40);
    CHECK(found[0].offset == 7);
  }

  TEST_CASE_FIXTURE(asking_member, "ends are looked up without a group") {
    store(*kafka, "t", numbered(10));
    std::promise<std::vector<position>> answer;
    const std::vector<topic_partition> which{zero, {"t", 1}};
    kafka->look_up({}, [&](lookup_session& over) { answer.set_value(over.find_ends(which)); });
    const auto found = answer.get_future().get();
    REQUIRE(found.size() == 2);
    CHECK(found[0].offset == 10);
    CHECK(found[1].offset == 0);
  }
}
