#pragma once

#include "broker/cluster_script.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

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

  /// Restarts killed nodes with their old data. Does not wait for the restart.
  void bring_back() {
    coming_back_ = std::async(std::launch::async, [] { return run("start"); });
  }

  /// Waits for the restart that bring_back() began, if any. False if the restart failed.
  bool is_back() { return !coming_back_.valid() || !coming_back_.get().empty(); }

private:
  static std::string run(const std::string& arguments) {
    return cluster_script{.folder = OTTLA_OWN_CLUSTER, .port = 22'092}.run(arguments);
  }

  std::string brokers_;
  std::future<std::string> coming_back_;
};

} // namespace ottla::kafka::test
