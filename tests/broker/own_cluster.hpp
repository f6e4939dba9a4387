#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <future>
#include <string>

namespace ottla::kafka::test {

/// Three nodes of Apache Kafka for one test, which may kill and restart nodes. Other tests use
/// another cluster. The destructor ends the nodes.
class own_cluster {
public:
  own_cluster() : brokers_{run("start --nodes 3")} { REQUIRE_FALSE(brokers_.empty()); }
  ~own_cluster() {
    if (coming_back_.valid())
      coming_back_.wait();
    run("stop");
  }
  own_cluster(const own_cluster&) = delete;
  own_cluster& operator=(const own_cluster&) = delete;

  const std::string& brokers() const noexcept { return brokers_; }

  /// Sends SIGKILL to a node. The first node is 1.
  void kill(int node) { run(fmt::format("kill {}", node)); }

  /// Restarts killed nodes with their old data. Does not wait for them.
  void bring_back() {
    coming_back_ = std::async(std::launch::async, [] { return run("start"); });
  }

  /// Waits for the restart that bring_back() began, if any. False if the restart failed.
  bool is_back() { return !coming_back_.valid() || !coming_back_.get().empty(); }

private:
  /// Runs the script, and returns the first line of its output.
  static std::string run(const std::string& what) {
    const auto command = fmt::format("OTTLA_BROKER_PORT=22092 OTTLA_BROKER_FOLDER='{}' '{}' {}",
                                     OTTLA_OWN_CLUSTER, OTTLA_BROKER_SCRIPT, what);
    std::string printed;
    auto* output = popen(command.c_str(), "re");
    if (output == nullptr)
      return printed;
    std::array<char, 512> bytes{};
    while (std::fgets(bytes.data(), static_cast<int>(bytes.size()), output) != nullptr)
      printed += bytes.data();
    pclose(output);
    return printed.substr(0, printed.find('\n'));
  }

  std::string brokers_;
  std::future<std::string> coming_back_;
};

} // namespace ottla::kafka::test
