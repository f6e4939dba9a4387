#include <ottla/kafka/client/librdkafka/mock_cluster.hpp>
#include <ottla/kafka/client/librdkafka/mock_process.hpp>
#include <ottla/kafka/embedded_cluster.hpp>

#include <optional>

namespace ottla::kafka {

struct embedded_cluster::implementation {
  std::optional<mock_cluster> here;
  std::optional<mock_process> elsewhere;

  void set_up(int broker_id, bool up) {
    if (here)
      here->set_up(broker_id, up);
    else
      elsewhere->set_up(broker_id, up);
  }
};

embedded_cluster::embedded_cluster(settings how) : it_{std::make_unique<implementation>()} {
  if (how.where == place::own_process)
    it_->elsewhere.emplace(how);
  else
    it_->here.emplace(how);
}

embedded_cluster::~embedded_cluster() = default;

std::string embedded_cluster::brokers() const {
  return it_->here ? it_->here->brokers() : it_->elsewhere->brokers();
}

void embedded_cluster::take_broker_down(int broker_id) {
  it_->set_up(broker_id, false);
}

void embedded_cluster::bring_broker_up(int broker_id) {
  it_->set_up(broker_id, true);
}

} // namespace ottla::kafka
