#include <ottla/kafka/internal/driver/librdkafka/last_receipt.hpp>

#ifdef __linux__
#  include <netinet/in.h>
#  include <netinet/tcp.h>
#  include <sys/socket.h>
#endif

namespace ottla::kafka {

std::optional<std::chrono::milliseconds> time_since_receipt([[maybe_unused]] int socket) {
#ifdef __linux__
  tcp_info state{};
  socklen_t size = sizeof state;
  if (getsockopt(socket, IPPROTO_TCP, TCP_INFO, &state, &size) == 0)
    return std::chrono::milliseconds{state.tcpi_last_data_recv};
#endif
  return std::nullopt;
}

} // namespace ottla::kafka
