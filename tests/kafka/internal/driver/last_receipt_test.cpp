#include <ottla/kafka/internal/driver/librdkafka/last_receipt.hpp>

#include "support/patience.hpp"

#include <doctest/doctest.h>

#include <array>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace ottla::kafka;

namespace {

/// A file descriptor that the test owns.
struct descriptor {
  explicit descriptor(int opened) : number{opened} {}
  ~descriptor() { close(number); }
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;

  int number;
};

/// A TCP connection of the machine to itself.
struct connection {
  connection() {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* const address = reinterpret_cast<sockaddr*>(&at);
    socklen_t size = sizeof at;
    REQUIRE(bind(listener.number, address, size) == 0);
    REQUIRE(listen(listener.number, 1) == 0);
    REQUIRE(getsockname(listener.number, address, &size) == 0);
    REQUIRE(connect(client.number, address, size) == 0);
  }

  descriptor listener{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  descriptor client{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
};

} // namespace

TEST_SUITE("last_receipt") {
  TEST_CASE("time_since_receipt() is empty for a file descriptor that is not a TCP socket") {
    std::array<int, 2> ends{};
    REQUIRE(pipe(ends.data()) == 0);
    const descriptor reader{ends[0]};
    const descriptor writer{ends[1]};
    CHECK_FALSE(time_since_receipt(reader.number));
    const descriptor datagrams{socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    CHECK_FALSE(time_since_receipt(datagrams.number));
    CHECK_FALSE(time_since_receipt(-1));
  }

#ifdef __linux__
  TEST_CASE("a TCP socket that has just received data reports a short time") {
    const connection on;
    const descriptor server{accept(on.listener.number, nullptr, nullptr)};
    REQUIRE(send(server.number, "x", 1, 0) == 1);
    pollfd ready{on.client.number, POLLIN, 0};
    const auto wait = static_cast<int>(ottla::test::patience().count());
    REQUIRE(poll(&ready, 1, wait) == 1);
    const auto time = time_since_receipt(on.client.number);
    REQUIRE(time);
    CHECK(time->count() >= 0);
    CHECK(*time <= ottla::test::patience());
  }
#endif
}
