#include <ottla/kafka/health.hpp>
#include <ottla/supervision/supervisor_requests.hpp>
#include <ottla/supervision/supervisor_spec.hpp>

#include "support/group_stage.hpp"

#include <doctest/doctest.h>
#include <fmt/ranges.h>

#include <string>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

std::string complaint(const connection& settings) {
  std::string text;
  for (const auto& line : validate(settings))
    text += (text.empty() ? "" : "; ") + line;
  return text;
}

} // namespace

TEST_SUITE("connection") {
  TEST_CASE("validation of a connection names each invalid setting and its value") {
    CHECK(complaint({.name = "c", .brokers = "b"}) == "");
    CHECK(complaint({.name = "", .brokers = "b"})
          == "connection: name must not be empty, got \"\"");
    CHECK(complaint({.name = " ", .brokers = "b"})
          == "connection: name must not be blank, got \" \"");
    CHECK(complaint({.name = "a/b", .brokers = "b"})
          == "connection: name must not contain '/', got \"a/b\"");
    CHECK(complaint({.name = "c"}) == "connection \"c\": brokers must not be empty, got \"\"");
    CHECK(complaint({.name = "c", .brokers = "b", .producers = {{.topic = ""}}})
          == "connection \"c\": producers: a topic must not be empty, got \"\"");
    CHECK(complaint({.name = "c\n", .brokers = "b"})
          == "connection: name must not contain control characters, got \"c\\n\"");
    CHECK(complaint({.name = "c", .brokers = "b", .producers = {{.topic = "t"}, {.topic = "t"}}})
          == "connection \"c\": producers: topic \"t\" is listed twice");
    CHECK(complaint({.name = "c", .brokers = "b", .producing = producer_settings{.linger = -5us}})
          == "connection \"c\": linger must be from 0ms to 900000ms, got -5us");
  }

  TEST_CASE("validation reports each fault of the broker list once, with the connection's name") {
    const std::string all
      = "connection \"c\": brokers: broker 1 has the scheme \"kafka://\" before the host: set "
        "security.protocol in extra; connection \"c\": brokers: broker 2 is empty; connection "
        "\"c\": brokers: broker 3: the port of \"b\" must be from 1 to 65535, got 70000";
    connection settings{.name = "c", .brokers = "kafka://a:1,,b:70000"};
    CHECK(complaint(settings) == all);
    // The driver checks the brokers for each of its handles.
    settings.producing.emplace();
    CHECK(complaint(settings) == all);
    const child_spec spec = settings;
    CHECK(fmt::format("{}", fmt::join(validate(spec), "; ")) == all);
  }

  TEST_CASE("validation rejects connection names and client ids that are too long or hold control "
            "characters") {
    CHECK(complaint({.name = std::string(300, 'c'), .brokers = "b"}) == "");
    CHECK(complaint({.name = std::string(301, 'c'), .brokers = "b"})
          == "connection: name must have at most 300 bytes, got 301 bytes: \""
               + std::string(300, 'c') + "…\"");
    CHECK(complaint({.name = {"c\0d", 3}, .brokers = "b"})
          == "connection: name must not contain control characters, got \"c\\x00d\"");
    for (const auto& id : {std::string{"a\nb"}, std::string{"a\0b", 3}})
      CHECK(complaint({.name = "c", .brokers = "b", .client_id = id})
            == "connection \"c\": client_id must not contain control characters");
    CHECK(complaint({.name = "c", .brokers = "b", .client_id = std::string(32'768, 'i')})
          == "connection \"c\": client_id must have at most 32767 bytes, got 32768");
    CHECK(complaint({.name = "c", .brokers = "b", .client_id = ""}) == "");
  }

  TEST_CASE("validation rejects a producer's topic by the same rules as a consumer's topic") {
    for (const auto& topic : {std::string{"a/b"}, std::string{".."}, std::string{"."},
                              std::string{"\xc3\xbc"}, std::string(250, 'a')}) {
      CAPTURE(topic);
      CHECK(complaint({.name = "c", .brokers = "b", .producers = {{.topic = topic}}})
            == "connection \"c\": producers: topic \"" + topic
                 + "\" must have at most 249 characters of A-Z, a-z, 0-9, '.', '_' and '-', and "
                   "must not be \".\" or \"..\"");
    }
    CHECK(complaint({.name = "c", .brokers = "b", .producers = {{.topic = {"a\0b", 3}}}})
          == "connection \"c\": producers: a topic must not contain control characters");
  }

  TEST_CASE("validation reports all faults of topics' own settings, and names their topics") {
    const auto refused = [](topic_producer_settings topic, bool idempotent = true) {
      topic.topic = "t";
      return complaint({.name = "c",
                        .brokers = "b",
                        .producing = producer_settings{.idempotent = idempotent},
                        .producers = {std::move(topic)}});
    };
    const std::string of_t = "connection \"c\": producers: topic \"t\": ";
    CHECK(refused({.acks = ack_level::all, .compression = codec::lz4}) == "");
    CHECK(refused({.acks = ack_level::leader}, false) == "");
    CHECK(refused({.extra = {{"compression.level", "3"}}}) == "");
    CHECK(refused({.acks = ack_level::leader})
          == of_t + "acks must be all if idempotent is true, got leader");
    CHECK(refused({.extra = {{"acks", "1"}}}) == of_t + "acks must be all if idempotent is true");
    CHECK(refused({.acks = ack_level::all, .extra = {{"acks", "all"}}})
          == of_t + "acks is set twice, also as a key in extra");
    CHECK(refused({.extra = {{"linger.ms", "5"}}}).starts_with(of_t + "\"linger.ms\" must not be"));
    CHECK(refused({.extra = {{"batch.size", "5"}}})
          == of_t
               + "\"batch.size\" is not a key of a single topic: set it in "
                 "connection.producing.extra");
    CHECK(refused({.extra = {{"compression.levl", "5"}}})
          == of_t
               + "\"compression.levl\" is not a librdkafka key; a similar key is "
                 "\"compression.level\"");
    CHECK(refused({.partitioner = md5{}}) == "");
    CHECK(refused({.partitioner = fixed_partition{-1}})
          == of_t + "partitioner: fixed_partition must not be negative, got -1");
    CHECK(refused({.partitioner = md5{}, .extra = {{"partitioner", "random"}}})
          == of_t + "partitioner is set twice, also as a key in extra");
    CHECK(refused({.acks = ack_level::none, .extra = {{"compression.type", "zip"}, {"x.y", "1"}}})
            .find("; ")
          != std::string::npos);
  }

  TEST_CASE("validation reports an invalid acks setting once") {
    const auto refused = [](const std::string& acks) {
      return complaint(
        {.name = "c", .brokers = "b", .producing = producer_settings{.extra = {{"acks", acks}}}});
    };
    CHECK(refused("all") == "");
    CHECK(refused("-1") == "");
    CHECK(refused("1") == "connection \"c\": acks must be \"all\" if idempotent is true, got 1");
    for (const std::string acks : {"some", "1001", "-2"}) {
      CAPTURE(acks);
      CHECK(refused(acks).starts_with("connection \"c\": \"acks\" cannot be \""));
      CHECK(refused(acks).find("; ") == std::string::npos);
    }
  }

  TEST_CASE("validation rejects a combination of settings that librdkafka would reject") {
    const extra_settings large_answers{{"fetch.max.bytes", "50000000"},
                                       {"receive.message.max.bytes", "1000000"}};
    const auto refused = complaint(
      {.name = "c",
       .brokers = "b",
       .group_consumer = group_consumer{
         .group = "g", .topics = {"t"}, .handler = handled_by("h"), .extra = large_answers}});
    CHECK(refused.starts_with("connection \"c\": "));
    CHECK(refused.find("receive.message.max.bytes") != std::string::npos);
    CHECK(refused.find("; ") == std::string::npos);
  }

  TEST_CASE("error lines hold neither line breaks nor secrets that were set under a wrong key") {
    const std::string pem = "-----BEGIN PRIVATE KEY-----\nMIIEhunter2\n-----END PRIVATE KEY-----\n";
    const std::string jaas = "PlainLoginModule required username=\"u\" password=\"hunter2\";";
    for (const std::string key :
         {"acks", "broker.address.family", "compression.type", "debug", "isolation.level",
          "linger.ms", "log_level", "partitioner", "plugin.library.paths", "reconnect.backoff.ms",
          "sasl.mechanism", "sasl.mechanisms", "security.protocol", "socket.timeout.ms",
          "ssl.endpoint.identification.algorithm", "ssl.key.location"})
      for (const auto& value : {pem, jaas, "a;" + jaas}) {
        CAPTURE(key);
        connection settings{.name = "c",
                            .brokers = "b",
                            .producing = producer_settings{},
                            .extra = {{"security.protocol", "ssl"}}};
        settings.producing->extra[key] = value;
        for (const auto* provides : {"no", "yes"}) {
          if (provides[0] == 'y')
            settings.oauth_tokens = [](const std::string&) { return oauth_token{}; };
          const auto told = complaint(settings);
          CHECK(told != "");
          CHECK(told.find("hunter2") == std::string::npos);
          CHECK(told.find('\n') == std::string::npos);
        }
      }
  }

  TEST_CASE_FIXTURE(
    group_stage,
    "validation reports all faults of a connection and of its group in one error text") {
    settings.name = "x/y";
    group().topics.clear();
    group().batch_size = 0;
    CHECK(validate(settings).size() == 3);
    const std::string all
      = "connection: name must not contain '/', got \"x/y\"; connection \"x/y\": group \"g\": "
        "topics "
        "must not be empty; connection \"x/y\": group \"g\": batch_size must be from 1 to 1000000, "
        "got 0";
    const child_spec spec = settings;
    CHECK(fmt::format("{}", fmt::join(validate(spec), "; ")) == all);
    const supervisor_spec tree{.id = "tree", .children = {settings}};
    CHECK(start(tree).failure().find(all) != std::string::npos);
  }

  TEST_CASE_FIXTURE(group_stage, "a connection's process tree has the documented shape") {
    open_with({zero});
    std::string ids;
    const auto tree = ask<tree_node>(*this, root, describe_tree{}).answer.value();
    const std::function<void(const tree_node&)> walk = [&](const tree_node& node) {
      ids += node.id;
      if (node.children.empty())
        return;
      ids += '(';
      for (const auto& child : node.children) {
        if (&child != &node.children.front())
          ids += ' ';
        walk(child);
      }
      ids += ')';
    };
    walk(tree);
    CHECK(
      ids
      == "c(registry producing(producer) admin health "
         "group_supervisor(coordinator acknowledger worker_supervisor(worker/t/0) group_manager))");
  }

  TEST_CASE_FIXTURE(group_stage, "a connection without a group or a producer starts neither a "
                                 "coordinator nor a producer") {
    settings.producing.reset();
    settings.group_consumer.reset();
    REQUIRE(open().up());
    CHECK(named("registry"));
    CHECK(named("admin"));
    CHECK_FALSE(named("producer"));
    CHECK_FALSE(named("coordinator"));
    CHECK(kafka->happened() == "");
  }

  TEST_CASE_FIXTURE(group_stage,
                    "the groups of two connections have separate settings, commits and restarts") {
    open_with({zero});
    const auto other_kafka = std::make_shared<fake_kafka>();
    const auto other_handlers = std::make_shared<script>();
    auto other = settings;
    other.name = "d";
    other.driver = std::make_shared<fake_driver>(other_kafka);
    other.group_consumer->group = "h";
    other.group_consumer->batch_size = 2;
    other.group_consumer->commit_interval = 1h;
    other.group_consumer->handler = handler<scripted_handler>(other_handlers);
    REQUIRE(start(other).up());
    CHECK(other_kafka->happened() == "open h, subscribe t");
    other_kafka->offer({zero});
    time.run();
    append(zero, 3);
    other_kafka->append(zero, 3);
    time.run();
    CHECK(handlers->happened() == "start t/0@0, t/0[0..2]");
    CHECK(other_handlers->happened() == "start t/0@0, t/0[0..1], t/0[2..2]");
    let_commit();
    CHECK(kafka->group[zero] == 3);
    CHECK(other_kafka->group[zero] == 0);
    end_abruptly(named("coordinator"));
    CHECK(kafka->joins == 2);
    CHECK(other_kafka->joins == 1);
    CHECK(names->whereis("d/worker/t/0"));
  }

  TEST_CASE_FIXTURE(
    group_stage,
    "the names of a connection's processes resolve only while the processes are alive") {
    open_with({zero});
    for (const std::string name : {"registry", "producer", "coordinator", "acknowledger",
                                   "worker_supervisor", "group_manager", "worker/t/0"}) {
      CAPTURE(name);
      CHECK(named(name));
    }
    ask_to_end(root);
    for (const auto* name : {"producer", "coordinator", "worker/t/0"})
      CHECK_FALSE(named(name));
  }

  TEST_CASE_FIXTURE(group_stage, "a second connection with a taken name fails to start with an "
                                 "error that names the holder, and leaves the first intact") {
    open_with({zero});
    const auto first = root;
    auto second = settings;
    const auto other_kafka = std::make_shared<fake_kafka>();
    second.driver = std::make_shared<fake_driver>(other_kafka);
    std::string failure;
    SUBCASE("started without a supervisor") {
      failure = start(second).failure();
    }
    SUBCASE("started under another supervisor") {
      failure = start(supervisor_spec{.id = "other", .children = {second}}).failure();
    }
    SUBCASE("started deep in another tree") {
      const supervisor_spec inner{.id = "inner", .children = {second}};
      failure = start(supervisor_spec{.id = "other", .children = {inner}}).failure();
    }
    SUBCASE("started without a group") {
      second.group_consumer.reset();
      failure = start(second).failure();
    }
    CHECK(failure.find("name \"c\" is taken by c (actor " + std::to_string(first.id()) + ')')
          != std::string::npos);
    CHECK(other_kafka->asked.empty());
    CHECK(named("coordinator"));
    append(zero, 1);
    CHECK(worker(zero));
    CHECK(handlers->lines.back() == "t/0[0..0]");
  }

  TEST_CASE_FIXTURE(group_stage, "a connection's name can be reused after the connection ends") {
    open_with({zero});
    SUBCASE("after an orderly stop") {
      ask_to_end(root);
    }
    SUBCASE("after a kill") {
      end_abruptly(root);
    }
    auto second = settings;
    REQUIRE(start(supervisor_spec{.id = "other", .children = {second}}).up());
    CHECK(named("coordinator"));
  }

  TEST_CASE_FIXTURE(group_stage, "a restarted connection gets its name again") {
    child_spec spec = settings;
    spec.shutdown = 1s;
    const auto& top = start(
      supervisor_spec{.id = "top", .restarts = {.at_most = 100, .within = 1h}, .children = {spec}});
    const auto tree = ask<tree_node>(*this, top.process, describe_tree{}).answer.value();
    const auto connection = tree.children.front().process;
    const auto before = named("coordinator");
    SUBCASE("restart after a crash") {
      end_abruptly(connection);
    }
    SUBCASE("restart after the connection hung and was fenced off") {
      time.hang(connection);
      const auto ended = ask_later<child_result>(*this, top.process, terminate_child{"c"});
      time.advance(1min);
      REQUIRE(ended->answer);
      CHECK(is_alive(connection));
      CHECK(*ask<child_result>(*this, top.process, restart_child{"c"}).answer);
    }
    CHECK(top.up());
    CHECK(named("coordinator"));
    CHECK(named("coordinator") != before);
    time.wake(connection);
    time.run();
    CHECK(named("coordinator"));
  }

  TEST_CASE_FIXTURE(group_stage, "a process with the name of a connection's process fails to start "
                                 "with an error that names the holder") {
    open_with({zero});
    for (const std::string name :
         {"registry", "admin", "producer", "health", "coordinator", "acknowledger",
          "worker_supervisor", "group_manager", "worker/t/0"}) {
      CAPTURE(name);
      const auto holder = named(name);
      auto spec = child("x");
      spec.name = "c/" + std::string{name};
      const auto failure = start(supervisor_spec{.id = "top", .children = {spec}}).failure();
      CHECK(failure.find("the name \"c/" + std::string{name} + "\" is taken by ")
            != std::string::npos);
      CHECK(failure.find("(actor " + std::to_string(holder.id()) + ')') != std::string::npos);
      CHECK(named(name) == holder);
    }
  }

  TEST_CASE_FIXTURE(group_stage, "health names the process that holds a worker's name, and the "
                                 "worker starts after the holder ends") {
    open();
    auto spec = child("x");
    spec.name = "c/worker/t/0";
    const auto thief = start(spec).process;
    give({zero});
    time.advance(10s);
    const auto taken = "already started: the name \"worker/t/0\" is taken by x (actor "
                       + std::to_string(thief.id()) + ')';
    const auto report = ask<health_report>(*this, named("health"), get_health{}).answer.value();
    CAPTURE(to_string(report));
    CHECK(to_string(report).find(taken) != std::string::npos);
    end_abruptly(thief);
    time.advance(1min);
    append(zero, 1);
    CHECK(handlers->lines.back() == "t/0[0..0]");
  }

  TEST_CASE_FIXTURE(group_stage, "a process and a connection may have the same name") {
    auto spec = child("x");
    spec.name = "c";
    const auto process = start(spec).process;
    open_with({zero});
    CHECK(names->whereis("c") == process);
    CHECK(named("coordinator"));
  }

  TEST_CASE_FIXTURE(group_stage, "a process with a name under a connection's prefix keeps the name "
                                 "when the connection restarts") {
    child_spec connection = settings;
    const auto& top = start(supervisor_spec{
      .id = "top", .restarts = {.at_most = 100, .within = 1h}, .children = {connection}});
    auto spec = child("x");
    spec.name = "c/x";
    const auto process = start(spec).process;
    const auto before = named("coordinator");
    const auto tree = ask<tree_node>(*this, top.process, describe_tree{}).answer.value();
    end_abruptly(tree.children.front().process);
    CHECK(named("coordinator"));
    CHECK(named("coordinator") != before);
    CHECK(names->whereis("c/x") == process);
    end_abruptly(process);
    CHECK_FALSE(names->whereis("c/x"));
  }

  TEST_CASE_FIXTURE(
    group_stage,
    "a connection fails to start while a process has a name under the connection's prefix") {
    auto spec = child("x");
    spec.name = "c/x";
    const auto named_before = start(spec).process;
    CHECK(start(settings).failure()
          == "name \"c\" is taken by x (actor " + std::to_string(named_before.id()) + ')');
    CHECK(names->whereis("c/x") == named_before);
  }

  TEST_CASE_FIXTURE(
    group_stage,
    "a connection that exceeds its restart limit ends with all its handlers and Kafka handles") {
    settings.restarts = {.at_most = 2, .within = 1min};
    const auto& seen = open();
    give({zero});
    for (int i = 0; i < 3; ++i)
      end_abruptly(named("coordinator"));
    // The group supervisor gives up. The connection restarts it as often as `restarts` allows.
    CHECK_FALSE(seen.ended.has_value());
    for (int i = 0; i < 20 && !seen.ended; ++i)
      if (const auto victim = named("coordinator"))
        end_abruptly(victim);
    REQUIRE(seen.ended.has_value());
    CHECK(handlers->alive == 0);
    CHECK(kafka->member == nullptr);
  }
}
