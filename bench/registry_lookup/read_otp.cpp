#include "registry_lookup/questions.hpp"
#include "registry_lookup/reading.hpp"

#include <fmt/format.h>

namespace bench {

// A quarter of the reads is enough, since each read takes several times as long as ottla's.
double read_otp(otp_peer& otp, std::string_view kind, const read_run& how) {
  return otp.ask(fmt::format("read {} {} {} {}", kind, how.names, how.readers, how.reads / 4))
    .at(0);
}

} // namespace bench
