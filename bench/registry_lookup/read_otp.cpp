#include "registry_lookup/questions.hpp"
#include "registry_lookup/reading.hpp"

#include <fmt/format.h>

namespace bench {

// A quarter of the reads is enough: each takes several times as long as one of ours.
double read_otp(otp_peer& otp, std::string_view kind, const read_run& how) {
  return otp.ask(fmt::format("read {} {} {} {}", kind, how.names, how.readers, how.reads / 4))
    .at(0);
}

} // namespace bench
