#pragma once

#include <string>

namespace ottla::kafka {

/// One topic that a connection produces to.
struct topic_producer_settings {
  std::string topic = {};
};

} // namespace ottla::kafka
