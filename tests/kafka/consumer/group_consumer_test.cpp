#include <ottla/actors/root_directory.hpp>
#include <ottla/kafka/consumer/group_consumer.hpp>

#include "support/group_stage.hpp"

#include <doctest/doctest.h>

using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

group_consumer good() {
  return {.group = "g",
          .topics = {"t"},
          .handler = handler<scripted_handler>(std::make_shared<script>())};
}

template <class Change>
std::string complaint(Change change) {
  auto settings = good();
  change(settings);
  std::string text;
  for (const auto& line : validate(settings))
    text += (text.empty() ? "" : "; ") + line;
  return text;
}

} // namespace

TEST_SUITE("group_consumer") {
  TEST_CASE("the default settings are valid if the required fields are set") {
    CHECK(validate(good()).empty());
  }

  TEST_CASE("validation names each invalid setting of a group and its value") {
    CHECK(complaint([](auto& spec) { spec.group.clear(); })
          == "group \"\": group must not be empty, got \"\"");
    CHECK(complaint([](auto& spec) { spec.topics.clear(); })
          == "group \"g\": topics must not be empty");
    CHECK(complaint([](auto& spec) { spec.topics.emplace_back(); })
          == "group \"g\": a topic must not be empty, got \"\"");
    CHECK(complaint([](auto& spec) { spec.handler = nullptr; })
          == "group \"g\": handler is not set");
    CHECK(complaint([](auto& spec) { spec.batch_size = 0; })
          == "group \"g\": batch_size must be from 1 to 1000000, got 0");
    CHECK(complaint([](auto& spec) { spec.batch_size = 2'000'000'000; }).find("batch_size must be")
          != std::string::npos);
    CHECK(complaint([](auto& spec) {
            spec.topics = {"t", "t"};
          })
          == "group \"g\": topic \"t\" is listed twice");
    CHECK(complaint([](auto& spec) {
            spec.topics = {std::string{"t\0u", 3}};
          })
          == "group \"g\": a topic must not contain control characters");
    CHECK(complaint([](auto& spec) { spec.topics = {"^orders"}; })
          == "group \"g\": topic \"^orders\" must have at most 249 characters of A-Z, a-z, 0-9, "
             "'.', '_' and '-', and must not be \".\" or \"..\"");
    for (const auto& topic : {std::string{"a b"}, std::string{".."}, std::string(250, 'x')}) {
      CAPTURE(topic);
      CHECK(complaint([&](auto& spec) { spec.topics = {topic}; }).find("must have at most 249")
            != std::string::npos);
    }
    CHECK(complaint([](auto& spec) { spec.topics = {"A.z_0-9", std::string(249, 'x')}; }).empty());
    CHECK(complaint([](auto& spec) { spec.commit_interval = std::chrono::milliseconds::max(); })
          == "group \"g\": commit_interval must be from 1ms to 2147483647ms, got "
             "9223372036854775807ms");
    CHECK(complaint([](auto& spec) { spec.max_unacknowledged = 999; })
          == "group \"g\": max_unacknowledged must be at least batch_size (1000), got 999");
    CHECK(complaint([](auto& spec) { spec.commit_interval = 0ms; })
          == "group \"g\": commit_interval must be from 1ms to 2147483647ms, got 0ms");
    CHECK(complaint([](auto& spec) { spec.drain_within = -1ms; })
          == "group \"g\": drain_within must be from 1ms to 2147483647ms, got -1ms");
    CHECK(complaint([](auto& spec) { spec.drain_within = 5min; })
          == "group \"g\": drain_within must be below max_poll_interval (300000ms), got "
             "300000ms; brokers evict the member after max_poll_interval");
    CHECK(
      complaint([](auto& spec) { spec.heartbeat_interval = 20s; })
      == "group \"g\": heartbeat_interval must be at most a third of session_timeout (45000ms), "
         "got 20000ms");
    CHECK(complaint([](auto& spec) { spec.max_poll_interval = 1s; })
          == "group \"g\": max_poll_interval must be at least session_timeout (45000ms), got "
             "1000ms; group "
             "\"g\": drain_within must be below max_poll_interval (1000ms), got 5000ms; "
             "brokers evict the "
             "member after max_poll_interval");
    CHECK(complaint([](auto& spec) { spec.fetch_wait = -1ms; })
          == "group \"g\": fetch_wait must be from 0ms to 300000ms, got -1ms");
    CHECK(complaint([](auto& spec) { spec.handle_within = -1ms; })
          == "group \"g\": handle_within must not be negative, got -1ms");
    CHECK(complaint([](auto& spec) { spec.rebalance_delay = -1s; })
          == "group \"g\": rebalance_delay must be from 0ms to 2147483647ms, got -1000ms");
    CHECK(complaint([](auto& spec) { spec.memory_bytes = 1000; })
          == "group \"g\": memory_bytes must be at least 1048576, got 1000");
    CHECK(complaint([](auto& spec) { spec.begin = at_offset{-2}; })
          == "group \"g\": begin: an offset must not be negative, got -2");
    CHECK(complaint([](auto& spec) { spec.when_missing = at_offset{-1}; })
          == "group \"g\": when_missing: an offset must not be negative, got -1");
    CHECK(complaint([](auto& spec) { spec.instance = "a\n"; })
          == "group \"g\": instance must not contain control characters");
    CHECK(complaint([](auto& spec) { spec.instance = " "; })
          == "group \"g\": instance must not be blank, got \" \"");
    CHECK(complaint([](auto& spec) { spec.group = "  "; })
          == "group \"  \": group must not be blank");
    CHECK(complaint([](auto& spec) { spec.worker_restarts.first = -1ms; })
          == "group \"g\": worker_restarts: first must not be negative, got -1ms");
  }

  TEST_CASE("an invalid name or a null handle of a handler process is rejected in one line") {
    const auto refused
      = [](handler_process who) { return complaint([&](auto& spec) { spec.handler = who; }); };
    CHECK(refused(handled_by("")) == "group \"g\": handler: a name must not be empty, got \"\"");
    CHECK(refused(handled_by("  "))
          == "group \"g\": handler: a name must not be blank, got \"  \"");
    CHECK(refused(handled_by("\u00a0"))
          == "group \"g\": handler: a name must not be blank, got \"\u00a0\"");
    CHECK(refused(handled_by(std::string{"a\nb"}))
          == "group \"g\": handler: a name must not contain control characters, got \"a\\nb\"");
    CHECK(refused(handled_by(std::string{"a\0b", 3}))
          == "group \"g\": handler: a name must not contain control characters, got \"a\\x00b\"");
    CHECK(refused(handled_by(std::string(301, 'a'))).find("a name must have at most 300 bytes")
          != std::string::npos);
    CHECK(refused(handled_by(ottla::process_ref{}))
          == "group \"g\": handler: the process handle is null");
    const auto names = std::make_shared<ottla::root_directory>();
    CHECK(refused(handled_by(ottla::process_ref{names, ""}))
          == "group \"g\": handler: a name must not be empty, got \"\"");
    CHECK(refused(handled_by("judge")) == "");
    CHECK(refused(handled_by(std::string(300, 'a'))) == "");
    CHECK(refused(handled_by(ottla::process_ref{names, "carts/\n"})) == "");
  }

  TEST_CASE("names that are too long for a request are rejected and quoted only in part") {
    CHECK(complaint([](auto& spec) { spec.group = std::string(32'767, 'g'); }) == "");
    const auto told = complaint([](auto& spec) { spec.group = std::string(32'768, 'g'); });
    CHECK(told
          == "group \"" + std::string(300, 'g')
               + "…\": group must have at most 32767 bytes, got 32768");
    CHECK(complaint([](auto& spec) { spec.instance = std::string(249, 'i'); }) == "");
    CHECK(complaint([](auto& spec) { spec.instance = std::string(250, 'i'); })
          == "group \"g\": instance must have at most 249 bytes, got 250");
    CHECK(complaint([](auto& spec) {
            spec.instance = std::string{"a\0", 2};
          })
          == "group \"g\": instance must not contain control characters");
    CHECK(complaint([](auto& spec) { spec.topics = {std::string(1'000'000, 't')}; }).size() < 500);
    CHECK(complaint([](auto& spec) { spec.group = "a\nb"; })
          == "group \"a\\nb\": group must not contain control characters");
    CHECK(complaint([](auto& spec) {
            spec.group = std::string{"a\0b", 3};
          })
          == "group \"a\\x00b\": group must not contain control characters");
  }

  TEST_CASE("values that librdkafka would reject at the start are rejected by validation") {
    CHECK(complaint([](auto& spec) { spec.session_timeout = spec.max_poll_interval = 2h; })
          == "group \"g\": session_timeout must be from 1ms to 3600000ms, got 7200000ms");
    CHECK(complaint([](auto& spec) { spec.max_poll_interval = 25h; })
          == "group \"g\": max_poll_interval must be from 1ms to 86400000ms, got 90000000ms");
    CHECK(complaint([](auto& spec) { spec.fetch_wait = 301s; })
          == "group \"g\": fetch_wait must be from 0ms to 300000ms, got 301000ms");
    CHECK(complaint([](auto& spec) { spec.heartbeat_interval = 2h; })
          == "group \"g\": heartbeat_interval must be from 1ms to 3600000ms, got 7200000ms");
  }

  TEST_CASE("validation reports all faults of a group together") {
    auto settings = good();
    settings.topics.clear();
    settings.commit_interval = 0ms;
    settings.batch_size = 0;
    CHECK(validate(settings).size() == 3);
  }
}
