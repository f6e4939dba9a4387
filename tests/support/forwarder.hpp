#pragma once

#include <arpa/inet.h>
#include <atomic>
#include <cstdint>
#include <list>
#include <mutex>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace ottla::test {

/// Accepts TCP connections on its own loopback port and forwards their bytes to another loopback
/// port. lead_to changes the target port.
///
/// Thread safety: call lead_to from any thread.
class forwarder {
public:
  explicit forwarder(std::uint16_t to) : to_{to} {
    listening_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto here = loopback(0);
    auto size = socklen_t{sizeof here};
    bind(listening_, reinterpret_cast<sockaddr*>(&here), sizeof here);
    listen(listening_, 64);
    getsockname(listening_, reinterpret_cast<sockaddr*>(&here), &size);
    port_ = ntohs(here.sin_port);
    accepting_ = std::thread{[this] { accept_all(); }};
  }

  ~forwarder() {
    ended_ = true;
    accepting_.join();
    for (auto& each : passing_)
      each.join();
    close(listening_);
  }

  forwarder(const forwarder&) = delete;
  forwarder& operator=(const forwarder&) = delete;

  std::uint16_t port() const noexcept { return port_; }

  /// Later connections go to `port`. Open connections keep their target.
  void lead_to(std::uint16_t port) { to_ = port; }

  /// Number of connections that were accepted.
  int accepted() const noexcept { return accepted_; }

private:
  static sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    return address;
  }

  static bool is_readable(int which) {
    pollfd waiting{which, POLLIN, 0};
    return poll(&waiting, 1, 50) > 0;
  }

  void accept_all() {
    while (!ended_) {
      if (!is_readable(listening_))
        continue;
      const int from = accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
      if (from < 0)
        continue;
      ++accepted_;
      const int to = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
      const auto there = loopback(to_);
      if (connect(to, reinterpret_cast<const sockaddr*>(&there), sizeof there) == 0) {
        passing_.emplace_back([this, from, to] { pass(from, to); });
      } else {
        close(from);
        close(to);
      }
    }
  }

  void pass(int one, int other) {
    while (!ended_ && copy(one, other) && copy(other, one)) {
    }
    close(one);
    close(other);
  }

  /// Forwards the bytes that have arrived. Returns false if either end is closed.
  static bool copy(int from, int to) {
    pollfd waiting{from, POLLIN, 0};
    if (poll(&waiting, 1, 2) <= 0)
      return true;
    char bytes[65'536];
    const auto got = recv(from, bytes, sizeof bytes, 0);
    for (ssize_t sent = 0; sent < got;) {
      const auto more = send(to, bytes + sent, static_cast<std::size_t>(got - sent), MSG_NOSIGNAL);
      if (more <= 0)
        return false;
      sent += more;
    }
    return got > 0;
  }

  std::atomic<std::uint16_t> to_;
  std::atomic<bool> ended_ = false;
  std::atomic<int> accepted_ = 0;
  int listening_ = -1;
  std::uint16_t port_ = 0;
  std::thread accepting_;
  std::list<std::thread> passing_;
};

} // namespace ottla::test
