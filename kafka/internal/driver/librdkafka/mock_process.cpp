#include <ottla/kafka/internal/driver/librdkafka/mock_cluster.hpp>
#include <ottla/kafka/internal/driver/librdkafka/mock_process.hpp>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace ottla::kafka {

namespace {

// Each message is a line. The child first sends `brokers <list>` or `error <text>`. After that, the
// child passes each order to mock_cluster::obey, and sends the answer.

/// Returns nullopt if the other end is closed.
std::optional<std::string> read_line(int channel) {
  std::string line;
  for (char one = 0;;) {
    const auto got = read(channel, &one, 1);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      return std::nullopt;
    if (one == '\n')
      return line;
    line += one;
  }
}

void write_line(int channel, const std::string& line) {
  const auto text = line + '\n';
  // The next read reports a broken channel.
  static_cast<void>(!send(channel, text.data(), text.size(), MSG_NOSIGNAL));
}

void serve(int channel, const embedded_cluster::settings& how) {
  mock_cluster cluster{how};
  write_line(channel, "brokers " + cluster.brokers());
  while (const auto line = read_line(channel))
    write_line(channel, cluster.obey(*line));
}

[[noreturn]] void be_the_cluster(int channel, const embedded_cluster::settings& how) {
  // Ctrl-C goes to the whole process group. The program still needs the cluster while it drains.
  std::signal(SIGINT, SIG_IGN);
  std::signal(SIGTERM, SIG_IGN);
  try {
    serve(channel, how);
  } catch (const std::exception& error) {
    write_line(channel, std::string{"error "} + error.what());
  }
  _exit(0);
}

} // namespace

mock_process::mock_process(const embedded_cluster::settings& how) {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    throw std::runtime_error{std::string{"cannot open a channel to an embedded cluster: "}
                             + std::strerror(errno)};
  child_ = fork();
  if (child_ == 0) {
    close(ends[0]);
    be_the_cluster(ends[1], how);
  }
  close(ends[1]);
  channel_ = ends[0];
  const auto answer = child_ < 0 ? std::nullopt : read_line(channel_);
  constexpr std::string_view good = "brokers ";
  if (!answer || !answer->starts_with(good)) {
    if (child_ > 0)
      waitpid(child_, nullptr, 0);
    close(channel_);
    throw std::runtime_error{answer ? *answer : "the embedded cluster's process did not start"};
  }
  brokers_ = answer->substr(good.size());
}

mock_process::~mock_process() {
  // The cluster keeps everything in memory, so there is nothing to wait for.
  ::kill(child_, SIGKILL);
  waitpid(child_, nullptr, 0);
  close(channel_);
}

std::string mock_process::obey(const std::string& order) {
  const std::scoped_lock guard{one_at_a_time_};
  write_line(channel_, order);
  return read_line(channel_).value_or("");
}

} // namespace ottla::kafka
