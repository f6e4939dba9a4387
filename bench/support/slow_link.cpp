#include "support/slow_link.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <deque>
#include <list>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdexcept>
#include <string_view>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace bench {

namespace {

using clock = std::chrono::steady_clock;

constexpr std::string_view host = "127.0.0.1";

sockaddr_in at_port(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

/// An address in Kafka's wire format: the host, then the port in 4 bytes.
std::string written(std::uint16_t port) {
  const auto wide = htonl(port);
  std::string text{host};
  text.append(reinterpret_cast<const char*>(&wide), sizeof wide);
  return text;
}

void set_no_delay(int socket) {
  const int on = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

/// The bytes in flight in one direction of a connection.
struct lane {
  struct parcel {
    clock::time_point due;
    std::string bytes;
  };
  int from = -1;
  int to = -1;
  std::deque<parcel> under_way;
};

} // namespace

/// Serves all connections with one thread.
class slow_link::proxy {
public:
  proxy(const std::string& broker, std::chrono::milliseconds one_way) : one_way_{one_way} {
    const auto colon = broker.rfind(':');
    if (colon == std::string::npos || broker.substr(0, colon) != host)
      throw std::runtime_error{"the broker of a slow link must be 127.0.0.1:PORT"};
    target_ = static_cast<std::uint16_t>(std::stoi(broker.substr(colon + 1)));
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto address = at_port(0);
    socklen_t size = sizeof address;
    if (bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0
        || listen(listener_, 64) != 0
        || getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
      throw std::runtime_error{fmt::format("a slow link cannot listen: {}", std::strerror(errno))};
    port_ = ntohs(address.sin_port);
    brokers_ = fmt::format("{}:{}", host, port_);
    thread_ = std::thread{[this] { run(); }};
  }

  ~proxy() {
    stopped_ = true;
    thread_.join();
    for (const auto& one : lanes_)
      ::close(one.from);
    ::close(listener_);
  }
  proxy(const proxy&) = delete;
  proxy& operator=(const proxy&) = delete;

  const std::string& brokers() const noexcept { return brokers_; }

private:
  void run() {
    while (!stopped_) {
      std::vector<pollfd> waits{{listener_, POLLIN, 0}};
      for (const auto& one : lanes_)
        waits.push_back({one.from, POLLIN, 0});
      poll(waits.data(), waits.size(), milliseconds_to_next());
      auto wait = waits.begin() + 1;
      std::vector<int> ended;
      for (auto& one : lanes_)
        if ((wait++)->revents != 0 && !read(one))
          ended.push_back(one.from);
      if (waits.front().revents != 0)
        accept();
      for (auto& one : lanes_)
        if (!hand_on(one))
          ended.push_back(one.to);
      for (const auto one : ended)
        drop(one);
    }
  }

  int milliseconds_to_next() const {
    auto next = clock::now() + std::chrono::milliseconds{50};
    for (const auto& one : lanes_)
      if (!one.under_way.empty())
        next = std::min(next, one.under_way.front().due);
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(next - clock::now()).count();
    return static_cast<int>(std::max<decltype(left)>(left, 0));
  }

  void accept() {
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    const int broker = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto address = at_port(target_);
    if (connect(broker, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      ::close(client);
      ::close(broker);
      return;
    }
    set_no_delay(client);
    set_no_delay(broker);
    lanes_.push_back({client, broker, {}});
    lanes_.push_back({broker, client, {}});
  }

  bool read(lane& of) {
    std::array<char, 65'536> buffer{};
    const auto size = recv(of.from, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (size < 0)
      return errno == EAGAIN || errno == EINTR;
    if (size == 0)
      return false;
    std::string bytes(buffer.data(), static_cast<std::size_t>(size));
    const auto direct = written(target_);
    const auto slow = written(port_);
    for (auto found = bytes.find(direct); found != std::string::npos; found = bytes.find(direct))
      bytes.replace(found, direct.size(), slow);
    of.under_way.push_back({clock::now() + one_way_, std::move(bytes)});
    return true;
  }

  static bool hand_on(lane& of) {
    while (!of.under_way.empty() && of.under_way.front().due <= clock::now()) {
      std::string_view left = of.under_way.front().bytes;
      while (!left.empty()) {
        const auto sent = send(of.to, left.data(), left.size(), MSG_NOSIGNAL);
        if (sent <= 0)
          return false;
        left.remove_prefix(static_cast<std::size_t>(sent));
      }
      of.under_way.pop_front();
    }
    return true;
  }

  void drop(int socket) {
    const auto which
      = std::ranges::find_if(lanes_, [&](const auto& one) { return one.from == socket; });
    if (which == lanes_.end())
      return;
    const auto other = which->to;
    ::close(socket);
    ::close(other);
    lanes_.remove_if([&](const auto& one) { return one.from == socket || one.from == other; });
  }

  const std::chrono::milliseconds one_way_;
  std::uint16_t target_ = 0;
  std::uint16_t port_ = 0;
  int listener_ = -1;
  std::string brokers_;
  std::list<lane> lanes_;
  std::atomic<bool> stopped_ = false;
  std::thread thread_;
};

slow_link::slow_link(const std::string& broker, std::chrono::milliseconds one_way)
  : proxy_{std::make_unique<proxy>(broker, one_way)} {}

slow_link::~slow_link() = default;

const std::string& slow_link::brokers() const noexcept {
  return proxy_->brokers();
}

} // namespace bench
