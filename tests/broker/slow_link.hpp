#pragma once

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <list>
#include <mutex>
#include <netinet/in.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace ottla::kafka::test {

/// A slow link to a broker on loopback, which limits the bytes per second towards the broker. The
/// link replaces the broker's address in all responses, so that clients stay on the link.
class slow_link {
public:
  slow_link(const std::string& broker, double bytes_per_second)
    : target_{address_of(broker)}, rate_{bytes_per_second} {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto own = address_of("127.0.0.1:0");
    socklen_t size = sizeof own;
    if (listener_ < 0 || bind(listener_, reinterpret_cast<sockaddr*>(&own), size) != 0
        || listen(listener_, 16) != 0
        || getsockname(listener_, reinterpret_cast<sockaddr*>(&own), &size) != 0)
      throw std::system_error{errno, std::generic_category(), "slow_link"};
    port_ = ntohs(own.sin_port);
    accepting_ = std::thread{[this] { accept_all(); }};
  }

  ~slow_link() {
    {
      const std::lock_guard lock{guard_};
      over_ = true;
      for (const auto each : sockets_)
        shutdown(each, SHUT_RDWR);
      changed_.notify_all();
    }
    shutdown(listener_, SHUT_RDWR);
    accepting_.join();
    for (auto& each : threads_)
      each.join();
    for (const auto each : sockets_)
      ::close(each);
    ::close(listener_);
  }
  slow_link(const slow_link&) = delete;
  slow_link& operator=(const slow_link&) = delete;

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  /// Waits until `bytes` bytes were sent to the broker.
  bool wait_passed(std::size_t bytes, std::chrono::milliseconds within) {
    std::unique_lock lock{guard_};
    return changed_.wait_for(lock, within, [&] { return passed_ >= bytes; });
  }

  /// Holds back all further bytes towards the broker. Connections stay open.
  void stop_passing() {
    const std::lock_guard lock{guard_};
    rate_ = 1e-6;
  }

  /// Removes the limit.
  void become_fast() {
    const std::lock_guard lock{guard_};
    rate_ = 1e12;
    changed_.notify_all();
  }

private:
  static sockaddr_in address_of(const std::string& broker) {
    sockaddr_in result{};
    result.sin_family = AF_INET;
    result.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    result.sin_port
      = htons(static_cast<std::uint16_t>(std::stoul(broker.substr(broker.rfind(':') + 1))));
    return result;
  }

  void accept_all() {
    for (;;) {
      const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (client < 0)
        return;
      const int broker = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
      const std::lock_guard lock{guard_};
      sockets_.insert(sockets_.end(), {client, broker});
      if (over_
          || connect(broker, reinterpret_cast<const sockaddr*>(&target_), sizeof target_) != 0) {
        shutdown(client, SHUT_RDWR);
        continue;
      }
      threads_.emplace_back([this, client, broker] { pump(client, broker, true); });
      threads_.emplace_back([this, client, broker] { pump(broker, client, false); });
    }
  }

  void pump(int from, int to, bool slowly) {
    std::array<char, 65536> bytes;
    for (;;) {
      const auto got = recv(from, bytes.data(), bytes.size(), 0);
      if (got <= 0)
        break;
      if (slowly)
        wait_for(got);
      else
        change_address(bytes.data(), static_cast<std::size_t>(got));
      if (send(to, bytes.data(), static_cast<std::size_t>(got), MSG_NOSIGNAL) != got)
        break;
    }
    shutdown(to, SHUT_RDWR);
  }

  void wait_for(ssize_t bytes) {
    std::unique_lock lock{guard_};
    const auto slow = rate_;
    // Waits at most a century, because a longer wait would overflow the clock.
    const std::chrono::duration<double> takes{std::min(static_cast<double>(bytes) / slow, 3e9)};
    changed_.wait_for(lock, takes, [&] { return over_ || rate_ > slow; });
    passed_ += static_cast<std::size_t>(bytes);
    changed_.notify_all();
  }

  void change_address(char* bytes, std::size_t size) const {
    const auto named = [](std::uint16_t port) {
      std::string text = "127.0.0.1";
      const auto number = htonl(port);
      text.append(reinterpret_cast<const char*>(&number), sizeof number);
      return text;
    };
    const auto wanted = named(ntohs(target_.sin_port));
    const auto own = named(port_);
    const std::string_view all{bytes, size};
    for (auto at = all.find(wanted); at != std::string_view::npos; at = all.find(wanted, at + 1))
      std::memcpy(bytes + at, own.data(), own.size());
  }

  const sockaddr_in target_;
  std::uint16_t port_ = 0;
  int listener_ = -1;
  std::mutex guard_;
  std::condition_variable changed_;
  double rate_;
  bool over_ = false;
  std::size_t passed_ = 0;
  std::list<int> sockets_;
  std::list<std::thread> threads_;
  std::thread accepting_;
};

} // namespace ottla::kafka::test
