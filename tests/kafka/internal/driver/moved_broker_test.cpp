// A single broker that restarts at another address. The bootstrap address of the members leads to
// the new address.

#include <ottla/kafka/connection.hpp>
#include <ottla/supervision/application.hpp>

#include "kafka/internal/driver/event_pump.hpp"
#include "support/forwarder.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <array>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>

using namespace ottla;
using namespace ottla::kafka;
using namespace ottla::kafka::test;

namespace {

/// How many partitions each of two members owns, and how often each member was assigned partitions.
class assignments {
public:
  struct told {
    std::size_t times = 0;
    std::size_t partitions = 0;
  };
  using both = std::array<told, 2>;

  std::shared_ptr<observer> observer_of(std::size_t member) {
    return std::make_shared<one_member>(*this, member);
  }

  /// Waits until `wanted` accepts the assignments, and returns them. Returns nullopt after 45 s.
  std::optional<both> wait_until(const std::function<bool(const both&)>& wanted) {
    std::unique_lock guard{lock_};
    if (!changed_.wait_for(guard, 45s, [&] { return wanted(now_); }))
      return std::nullopt;
    return now_;
  }

private:
  struct one_member : observer {
    one_member(assignments& of, std::size_t member) : of_{of}, member_{member} {}

    void assigned(std::int32_t, std::span<const topic_partition> partitions) override {
      note([&](told& mine) {
        ++mine.times;
        mine.partitions += partitions.size();
      });
    }
    void revoked(std::span<const topic_partition> partitions, bool) override {
      note([&](told& mine) { mine.partitions -= partitions.size(); });
    }

    void note(const std::function<void(told&)>& what) {
      const std::scoped_lock guard{of_.lock_};
      what(of_.now_[member_]);
      of_.changed_.notify_all();
    }

    assignments& of_;
    std::size_t member_;
  };

  std::mutex lock_;
  std::condition_variable changed_;
  both now_;
};

struct idle_handler : batch_handler {
  verdict handle(batch) override { return ack(); }
};

std::uint16_t port_of(const embedded_cluster& cluster) {
  const auto address = cluster.brokers();
  return static_cast<std::uint16_t>(std::stoi(address.substr(address.find(':') + 1)));
}

} // namespace

TEST_SUITE("moved broker" * doctest::timeout(120)) {
  TEST_CASE("a member without partitions finds a single broker that restarted at another address") {
    const embedded_cluster::settings one_partition{.topics = {{"t", 1}}};
    auto first = std::make_unique<embedded_cluster>(one_partition);
    ottla::test::forwarder front{port_of(*first)};
    const auto brokers = fmt::format("127.0.0.1:{}", front.port());
    assignments seen; // outlives the application
    const auto member = [&](std::size_t which) {
      return connection{.name = std::to_string(which),
                        .brokers = brokers,
                        .group_consumer = group_consumer{.group = "g",
                                                         .topics = {"t"},
                                                         .handler = handler<idle_handler>(),
                                                         .session_timeout = 3300ms,
                                                         .heartbeat_interval = 300ms,
                                                         .strategy = assignor::cooperative_sticky},
                        .observer = seen.observer_of(which)};
    };
    const application app{{.id = "p", .children = {member(0), member(1)}}};
    const auto before = seen.wait_until([](const auto& now) {
      return now[0].times > 0 && now[1].times > 0 && now[0].partitions + now[1].partitions == 1;
    });
    REQUIRE(before.has_value());
    const embedded_cluster second{one_partition};
    front.lead_to(port_of(second));
    first.reset();
    const auto idle = (*before)[0].partitions == 0 ? 0U : 1U;
    CHECK(
      seen.wait_until([&](const auto& now) { return now[idle].times > (*before)[idle].times; }));
  }
}
