#include <ottla/kafka/internal/groupless/offset_store.hpp>

#include "support/fake_driver.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

struct stored_offsets {
  std::shared_ptr<fake_kafka> kafka = std::make_shared<fake_kafka>();
  fake_driver seam{kafka};
  std::vector<std::string> calls;
  std::string failure;
  std::shared_ptr<offset_store> store
    = std::make_shared<offset_store>([this](std::span<const next_offset> offsets) {
        for (const auto& one : offsets)
          calls.push_back(to_string(one.where) + '@' + std::to_string(one.offset));
        if (!failure.empty())
          throw std::runtime_error{failure};
      });

  void put(std::int64_t offset) {
    store->put(seam, {{{"t", 0}, offset}}, [this](const std::optional<error>& failed) {
      calls.push_back(failed ? to_string(*failed) : "stored");
    });
  }
};

} // namespace

TEST_SUITE("offset_store") {
  TEST_CASE_FIXTURE(stored_offsets, "requests that arrive during a call are stored after the call, "
                                    "in order and on the same thread") {
    kafka->look_ups = reply::withheld();
    put(1);
    put(2);
    put(3);
    CHECK(kafka->withheld_look_ups.size() == 1);
    kafka->run_look_ups();
    CHECK(calls
          == std::vector<std::string>{"t/0@1", "stored", "t/0@2", "stored", "t/0@3", "stored"});
    put(4);
    CHECK(kafka->withheld_look_ups.size() == 1);
    kafka->run_look_ups();
    CHECK(calls.back() == "stored");
  }

  TEST_CASE_FIXTURE(
    stored_offsets,
    "an exception of the function becomes an error, and the next request is stored") {
    failure = "no\ndatabase";
    put(1);
    CHECK(calls.back().starts_with("other: store_offsets threw: no"));
    CHECK(calls.back().find('\n') == std::string::npos);
    failure.clear();
    put(2);
    CHECK(calls.back() == "stored");
  }
}
