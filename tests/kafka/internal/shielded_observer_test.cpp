#include <ottla/kafka/internal/shielded_observer.hpp>

#include "support/group_stage.hpp"
#include "support/printed.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <stdexcept>
#include <string>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;
using ottla::test::printed;

namespace {

/// Throws in each of its functions.
struct thrower : observer {
  void assigned(std::int32_t, std::span<const topic_partition>) override { fail("assigned"); }
  void revoked(std::span<const topic_partition>, bool) override { fail("revoked"); }
  void acknowledged(const topic_partition&, std::int64_t) override { fail("acknowledged"); }
  void committed(const topic_partition&, std::int64_t) override { fail("committed"); }
  void failed(const error&) override { fail("failed"); }
  void left_unfinished(const unfinished&) override { fail("left_unfinished"); }
  void recovered() override { fail("recovered"); }
  void logged(const log_line&) override { throw 7; }

  void fail(const char* where) {
    ++calls;
    throw std::runtime_error{where};
  }

  int calls = 0;
};

} // namespace

TEST_SUITE("shielded_observer") {
  TEST_CASE("only the first exception of an observer is printed, and none propagates") {
    const auto inner = std::make_shared<thrower>();
    shielded_observer shielded{"orders", inner};
    CHECK(printed([&] {
            shielded.failed({.text = "x"});
            shielded.assigned(1, {});
            shielded.revoked({}, true);
            shielded.acknowledged({}, 1);
            shielded.committed({}, 1);
            shielded.left_unfinished({});
            shielded.recovered();
            shielded.logged({});
          })
          == "orders: the observer's function failed threw: failed; further exceptions of the "
             "observer are dropped\n");
    CHECK(inner->calls == 7);
  }

  TEST_CASE("an exception of an unknown type is printed too") {
    shielded_observer shielded{"orders", std::make_shared<thrower>()};
    CHECK(printed([&] { shielded.logged({}); })
          == "orders: the observer's function logged threw: an unknown exception; further "
             "exceptions of the observer are dropped\n");
  }

  TEST_CASE_FIXTURE(group_stage, "an observer that throws ends no process of its connection") {
    const auto inner = std::make_shared<thrower>();
    settings.observer = inner;
    const auto text = printed([&] {
      open_with({zero});
      const auto coordinator = named("coordinator");
      append(zero, 3);
      let_commit();
      kafka->push(handle_failed{{.code = errc::unreachable, .text = "gone"}});
      kafka->push(handle_logged{{.text = "line"}});
      kafka->take_back({zero});
      time.run();
      CHECK(named("coordinator") == coordinator);
    });
    CHECK(inner->calls >= 4);
    CHECK(kafka->happened() == "commit t/0@3, unassign t/0");
    CHECK(text.find("c: the observer's function ") == 0);
    CHECK(text.find('\n') == text.size() - 1);
  }
}
